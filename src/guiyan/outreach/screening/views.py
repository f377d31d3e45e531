"""Pages of the screening: my lists, one list, its paper, lines typed in."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guiyan.outreach.census import queries as census
from guiyan.outreach.census.views.rounds import pdf
from guiyan.outreach.screening import commands, papers, queries, rules, words
from guiyan.outreach.screening.forms import BranchForm, LineForm, ListPage
from guiyan.outreach.screening.types import BranchList, PersonOnList
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission


@staff(Permission.SCREEN_ROSTER)
def my_lists(request: Request) -> HttpResponse:
    """The branches that one may confirm, in each open round."""
    after = request.GET.get("after", "")
    found = queries.lists_for(request.actor, after=int(after) if after.isdecimal() else 0)
    rounds = [
        (title, [(one, words.STATE.get(one.state, one.state), words.TONE.get(one.state, ""))
                 for one in lists], more)
        for title, lists, more in found
    ]  # fmt: skip
    searches = [(one, one.due_on < request.actor.today) for one in queries.searches(request.actor)]
    return page(request, "outreach/screening/my_lists.html", rounds=rounds, searches=searches)


@staff(Permission.SCREEN_ROSTER)
@require_POST
def found(request: Request, member_id: UUID) -> HttpResponse:
    """Somebody who was looked for is found, after their round was closed."""
    commands.note_found(by=request.actor, member_id=member_id)
    return see_other("outreach:my_lists")


@staff(Permission.SCREEN_ROSTER)
def branch_list(request: Request, list_id: UUID) -> HttpResponse:
    """One list: a tick for each person, all-here in one; what is refused comes back as it was."""
    actor = request.actor
    found = queries.list_of(actor, list_id)
    round_ = census.get_round_for(actor, found.standing.round_id)
    filled = ListPage(found, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        outcome = commands.answer_list(by=actor, standing_id=list_id, answers=filled.answers())
        filled.tell(outcome.refused)
        if not filled.has_errors:
            return see_other("outreach:branch_list", list_id)
        found = queries.list_of(actor, list_id)
    return page(
        request,
        "outreach/screening/list.html",
        found=found,
        round=round_,
        state=words.STATE.get(found.standing.state, found.standing.state),
        tone=words.TONE.get(found.standing.state, ""),
        lines=filled.lines,
        answers=[(code, word, code == rules.AWAY_LONG) for code, word in words.ANSWER.items()],
        has_errors=filled.has_errors,
        form=BranchForm(),
    )


@staff(Permission.SCREEN_ROSTER)
@require_POST
def say_of_branch(request: Request, list_id: UUID) -> HttpResponse:
    form = BranchForm(request.POST)
    if not form.is_valid():
        raise Refused("state", _("请选择支部的情况。"))
    commands.say_of_branch(by=request.actor, standing_id=list_id, **form.cleaned_data)
    return see_other("outreach:branch_list", list_id)


@staff(Permission.SCREEN_ROSTER)
@require_POST
def print_list(request: Request, list_id: UUID) -> HttpResponse:
    """Makes the lines first, so that each person on paper has a code."""
    queries.list_of(request.actor, list_id)
    commands.make_list(by=request.actor, standing_id=list_id)
    return pdf(papers.printed_list(request.actor, list_id), "branch-list")


@staff(Permission.SCREEN_ROSTER)
def type_in(request: Request, round_id: UUID) -> HttpResponse:
    """Lists typed in by keyboard alone: code, Enter, key, Enter; the line goes above."""
    actor = request.actor
    round_ = census.get_round_for(actor, round_id)
    form = LineForm(request.POST or None)
    known: tuple[BranchList, PersonOnList] | None = None
    typed: tuple[str, str, object] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            known = _person(actor, round_.id, form.number)
            if form.cleaned_data["key"] and not form.result:
                form.add_error("key", _("没有这个数字，请对照上面的说明。"))
            elif form.result:
                _type_one(actor, known, form)
                typed = (known[1].code, known[1].name, words.ANSWER[form.result])
                form, known = LineForm(), None
        except Refused as refusal:
            form.add_error(refusal.code if refusal.code in _BESIDE else "key", refusal.message)
        except NotFound:
            form.add_error("code", _("这一轮没有这个编码，请对照纸上再输一次。"))
    return page(
        request,
        "outreach/screening/type_in.html",
        round=round_,
        form=form,
        known=known,
        now_answer=words.ANSWER.get(known[1].answer, "") if known else "",
        typed=typed,
        keys=[(key, words.ANSWER[answer]) for key, answer in rules.KEYS.items()],
        asks_where=bool(known and form.is_bound and form.result == rules.AWAY_LONG),
    )


_BESIDE = {"where"}


def _person(actor: Actor, round_id: UUID, number: int) -> tuple[BranchList, PersonOnList]:
    standing_id, member_id = queries.person_of_code(actor, round_id, number)
    found = queries.list_of(actor, standing_id)
    person = next((one for one in found.people if one.member_id == member_id), None)
    if person is None:
        raise Refused("gone", _("这位党员已经不在这个支部的名册上，不用再核对。"))
    return found, person


def _type_one(actor: Actor, known: tuple[BranchList, PersonOnList], form: LineForm) -> None:
    found, person = known
    said = rules.Said(form.result, form.cleaned_data["where"], form.cleaned_data["left_on"])
    outcome = commands.answer_list(
        by=actor, standing_id=found.standing.id, answers={person.member_id: said}, source="paper"
    )
    for code, message in outcome.refused.values():
        raise Refused(code, message)
