"""The page of a case and its steps; a step over what somebody changed first shows what changed."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from guiyan.flows import commands, offering, panels, queries, showing, words
from guiyan.flows.forms import LostForm, MoveOnForm, NotifyForm, StepForm
from guiyan.flows.rules import CaseAct
from guiyan.flows.types import CaseFacts
from guiyan.members import queries as member_queries
from guiyan.orgs import queries as org_queries
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Conflict, NotFound
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission


@staff(Permission.SEE_CASES)
def case(request: Request, case_id: UUID) -> HttpResponse:
    """Who answers and by when on top, then what this person may do, the stay, its steps."""
    return _case_page(request, queries.get_case_for(request.actor, case_id))


def _case_page(
    request: Request, facts: CaseFacts, *, status: int = 200, conflict: str = ""
) -> HttpResponse:
    actor = request.actor
    offers = offering.offers_for(actor, facts)
    org_queries.know_standings([facts.home_organisation_id, facts.host_organisation_id])
    return page(
        request,
        "flows/case.html",
        status,
        case=facts,
        conflict=conflict,
        standing=showing.standing_of(actor, facts),
        state=words.STATE[facts.state],
        main=[offer for offer in offers if offer.tone == "primary"],
        more=[offer for offer in offers if offer.tone != "primary"],
        lines=[*_identifying(actor, facts), *showing.lines_of(facts)],
        steps=showing.steps_of(queries.events_of(actor, facts.id)),
        letters=queries.letters_of(actor, facts.id),
        kinds=words.KIND,
        replies=words.REPLY,
        panels=panels.panels_of(actor, facts),
        may_issue=actor.may(Permission.ISSUE_DOCUMENTS) and facts.is_open,
        may_mark_lost=actor.may(Permission.ANSWER_CASES) and facts.is_open,
        may_see_file=actor.may(Permission.SEE_MEMBERS),
    )


def _identifying(actor: Actor, facts: CaseFacts) -> list[showing.Line]:
    """Which of several of one name it is: the year of birth and the masked number."""
    if not actor.may(Permission.SEE_MEMBERS):
        return []
    member = member_queries.get_member_for(actor, facts.member_id)
    lines = (
        showing.Line(_("出生年份"), str(member.born_on.year) if member.born_on else ""),
        showing.Line(_("身份证号码"), member.id_mask),
    )
    return [line for line in lines if line.value]


def _or_what_changed(
    request: Request, case_id: UUID, write: Callable[[], CaseFacts]
) -> HttpResponse:
    """Go on to the case; where somebody was quicker, show it as it stands now, with their step."""
    try:
        done = write()
    except Conflict as conflict:
        current = queries.get_case_for(request.actor, case_id)
        return _case_page(request, current, status=409, conflict=str(conflict))
    return _to_case_or_answers(request, done.id)


def _to_case_or_answers(request: Request, case_id: UUID) -> HttpResponse:
    """A step may take the case out of sight (not here): then back to what is left to answer."""
    try:
        queries.get_case_for(request.actor, case_id)
    except NotFound:
        return see_other("flows:answers")
    return see_other("flows:case", case_id)


@staff(Permission.ANSWER_CASES)
def step(request: Request, case_id: UUID, act: str) -> HttpResponse:
    """A step of one tap, or one that asks for a word."""
    facts = queries.get_case_for(request.actor, case_id)
    if act not in set(CaseAct):
        raise NotFound("act")
    typed = request.POST.copy()
    if act in offering.AT_ONCE:
        typed.setdefault("reason", str(words.ACT[act]))
    form = StepForm(typed if request.method == "POST" else None, initial={"version": facts.version})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        write = commands.complete_transfer if act == CaseAct.COMPLETE_TRANSFER else None
        return _or_what_changed(
            request,
            case_id,
            lambda: (
                write(by=request.actor, case_id=case_id, **asked)
                if write
                else commands.take_step(by=request.actor, case_id=case_id, act=act, **asked)
            ),
        )
    return page(request, "flows/step.html", case=facts, form=form, act=act, label=words.ACT[act])


@staff(Permission.ANSWER_CASES)
def notify(request: Request, case_id: UUID) -> HttpResponse:
    """Home names the host, by search and choice."""
    facts = queries.get_case_for(request.actor, case_id)
    known = {name: getattr(facts, name) for name in ("version", "host_text", "is_abroad")}
    form = NotifyForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid() and not form.must_choose:
        host_id, is_abroad = form.host_organisation_id(), form.cleaned_data["is_abroad"]
        if host_id is None and (is_abroad or facts.is_abroad):
            return _or_what_changed(
                request,
                case_id,
                lambda: commands.note_abroad(
                    by=request.actor,
                    case_id=case_id,
                    is_abroad=is_abroad,
                    place=form.cleaned_data["host_text"],
                    version=form.cleaned_data["version"],
                ),
            )
        if host_id is not None:
            return _or_what_changed(
                request,
                case_id,
                lambda: commands.notify_host(
                    by=request.actor,
                    case_id=case_id,
                    host_organisation_id=host_id,
                    version=form.cleaned_data["version"],
                ),
            )
        return page(request, "flows/write_letter.html", case=facts, typed=form.cleaned_data)
    return page(request, "flows/notify.html", case=facts, form=form)


@staff(Permission.ANSWER_CASES)
def move_on(request: Request, case_id: UUID) -> HttpResponse:
    """This stay ends and the next begins; its history goes along."""
    facts = queries.get_case_for(request.actor, case_id)
    form = MoveOnForm(request.POST or None, initial={"version": facts.version})
    if request.method == "POST" and form.is_valid() and not form.must_choose:
        return _or_what_changed(
            request,
            case_id,
            lambda: commands.move_on(
                by=request.actor,
                case_id=case_id,
                stay=form.stay(),
                next_host_organisation_id=form.host_organisation_id(),
                version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
            ),
        )
    return page(request, "flows/move_on.html", case=facts, form=form)


@staff(Permission.ANSWER_CASES)
def contact_lost(request: Request, case_id: UUID) -> HttpResponse:
    """Somebody says that nobody reaches the member any more, or that contact is back."""
    facts = queries.get_case_for(request.actor, case_id)
    form = LostForm(
        request.POST or None,
        initial={"version": facts.version, "since": facts.contact_lost_since},
    )
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        return _or_what_changed(
            request,
            case_id,
            lambda: commands.mark_contact_lost(by=request.actor, case_id=case_id, **asked),
        )
    return page(request, "flows/contact_lost.html", case=facts, form=form)


@staff(Permission.SEE_CASES)
def answers(request: Request) -> HttpResponse:
    """What this organisation and those below it owe an answer, the earliest day first."""
    owed = queries.open_answers_for(request.actor)
    return page(request, "flows/answers.html", rows=showing.rows_of(request.actor, owed))
