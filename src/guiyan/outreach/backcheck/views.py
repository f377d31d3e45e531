"""Pages of the back-check: draw, print, record, see."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from guiyan.outreach.backcheck import commands, papers, queries, rules
from guiyan.outreach.census import queries as census
from guiyan.outreach.census import words
from guiyan.outreach.census.types import RoundFacts
from guiyan.outreach.census.views.rounds import own_round, pdf
from guiyan.outreach.screening import words as screening_words
from guiyan.platform.errors import Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission


class DrawForm(forms.Form):
    share = forms.IntegerField(
        label=gettext_lazy("抽百分之几"), min_value=1, max_value=100, initial=rules.DEFAULT_SHARE
    )


def percent(share: float) -> str:
    return f"{share * 100:.1f}%"


def _words(round_: RoundFacts) -> words.Words:
    return screening_words.STATE if round_.kind == "branches" else words.STATE


@staff(Permission.MANAGE_CENSUS)
def back_check(request: Request, round_id: UUID) -> HttpResponse:
    """What was drawn and with which seed, what is left, how far the two agree; draws anew."""
    actor = request.actor
    round_ = own_round(actor, round_id)
    form = DrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.draw_back_check(by=actor, round_id=round_.id, **form.cleaned_data)
            return see_other("outreach:back_check", round_.id)
        except Refused as refusal:
            form.add_error("share" if refusal.code == "share" else None, refusal.message)
    facts = queries.of_round(actor, round_.id)
    return page(
        request,
        "outreach/backcheck/back_check.html",
        round=round_,
        facts=facts,
        rate=percent(facts.agreement.rate),
        low=percent(facts.agreement.low),
        high=percent(facts.agreement.high),
        form=form,
        left=queries.checks_of(actor, round_.id, is_done=False),
        done=[
            (one, _words(round_).get(one.first_state, ""), _words(round_).get(one.state, ""))
            for one in queries.checks_of(actor, round_.id, is_done=True)
            if not one.agrees
        ],
        choices=[(code, _words(round_)[code]) for code in commands.states_of(round_.kind)],
        teams=[one for one in census.teams_of(actor, round_.id, path=round_.path)
               if one.ended_on is None],
    )  # fmt: skip


@staff(Permission.MANAGE_CENSUS)
def sheet(request: Request, round_id: UUID) -> HttpResponse:
    round_ = own_round(request.actor, round_id)
    choices = [str(_words(round_)[code]) for code in commands.states_of(round_.kind)]
    return pdf(papers.printed_sheet(request.actor, round_, choices), "back-check")


@staff(Permission.MANAGE_CENSUS)
@require_POST
def record(request: Request, check_id: UUID) -> HttpResponse:
    """What others found at one of them."""
    team = request.POST.get("team", "")
    try:
        team_id = UUID(team) if team else None
        round_id = UUID(request.POST.get("round", ""))
    except ValueError as wrong:
        raise Refused("team", _("没有选定。请返回选一项再保存。")) from wrong
    commands.record_back_check(
        by=request.actor,
        check_id=check_id,
        state=request.POST.get("state", ""),
        reason=request.POST.get("reason", "")[:200],
        second_team_id=team_id,
    )
    return see_other("outreach:back_check", round_id)
