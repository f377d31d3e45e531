"""Pages of pairing: who has nobody, who can keep in touch, and a proposal before it is decided."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from guiyan.liaison.pairing import commands, leaving, queries, rules
from guiyan.liaison.pairing.forms import (
    AvailabilityForm,
    Corrections,
    HandOverForm,
    LeaveForm,
    StandInForm,
)
from guiyan.liaison.pairing.types import Carer, Draft, LeaveFacts, OverLimit, PairLine
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Refused
from guiyan.platform.pages import Request, page, see_other, see_other_with, staff
from guiyan.platform.permissions import Permission

ON_A_PAGE = 100
CARERS_SHOWN = 200
PEOPLE_ON_A_PAGE = 50
NAMES_OFFERED = 500  # beyond them a name is written without being offered
LOOK_AGAIN_S = 3
WITHOUT_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of a proposal with what was typed beside it."""

    line: PairLine
    chosen: UUID | None
    is_pinned: bool
    other: str = ""
    error: str = ""


@staff(Permission.PAIR_MEMBERS)
def overview(request: Request) -> HttpResponse:
    """Who needs a contact person, who can be one, and the latest proposals. POST makes a new one."""
    actor = request.actor
    if actor.organisation_id is None:
        raise Refused("no-side", _("请先选择代表哪个单位办理。"))
    if request.method == "POST":
        draft_id = commands.propose_pairs(by=actor, organisation_id=actor.organisation_id)
        return see_other("liaison:pairing_draft", draft_id)
    carers = queries.carers_for(actor, actor.path)
    return page(
        request,
        "liaison/pairing/overview.html",
        without=queries.without_contact_person(actor, limit=WITHOUT_SHOWN),
        count_without=queries.count_without(actor),
        carers=carers[:CARERS_SHOWN],
        room=sum(max(0, one.limit - one.load) for one in carers if one.takes_members),
        limit=queries.default_limit(actor, actor.path),
        drafts=queries.drafts_for(actor),
    )


@staff(Permission.PAIR_MEMBERS)
def draft(request: Request, draft_id: UUID) -> HttpResponse:
    """The proposal, by member or by contact person; corrected by hand; then committed or dropped."""
    actor = request.actor
    found = queries.get_draft_for(actor, draft_id)
    if request.method == "POST" and request.POST.get("act") == "drop":
        commands.drop_pairs(by=actor, draft_id=found.id)
        return see_other("liaison:pairing")
    if found.is_working or found.is_committing:
        if request.method == "POST" and found.is_committing:
            commands.commit_pairs(by=actor, draft_id=found.id)
        return _not_yet(request, found)
    first = _first(request.GET.get("from", ""))
    lines = queries.lines_of(actor, found.id, first=first, limit=ON_A_PAGE)
    carers = [one for one in queries.carers_for(actor, found.path) if one.takes_members]
    typed = Corrections(request.POST, lines, carers) if request.method == "POST" else None
    if typed is not None and typed.is_valid:
        commands.correct_pairs(
            by=actor, draft_id=found.id, chosen=typed.chosen, pinned=typed.pinned
        )
        if request.POST.get("act") == "commit":
            if _is_known(request, found, carers):
                _commit(actor, found)
            return see_other("liaison:pairing_draft", found.id)
        turned = {"next": first + ON_A_PAGE, "previous": max(0, first - ON_A_PAGE)}
        onward = turned.get(request.POST.get("act", ""), first)
        return see_other_with("liaison:pairing_draft", found.id, **{"from": onward, "saved": 1})
    over = queries.over_limit(actor, found.id, carers) if found.is_open else []
    return page(
        request,
        "liaison/pairing/draft.html",
        422 if typed is not None else 200,
        draft=found,
        shown=[_shown(line, typed) for line in lines],
        carers=carers[:NAMES_OFFERED],
        over=over,
        over_known=queries.as_known(over),
        has_errors=typed is not None,
        is_saved=typed is None and "saved" in request.GET,
        shown_from=first + 1,
        shown_to=first + len(lines),
        next_from=first + ON_A_PAGE if first + ON_A_PAGE < found.members else 0,
        previous_from=max(0, first - ON_A_PAGE) if first else None,
    )


def _is_known(request: Request, found: Draft, carers: list[Carer]) -> bool:
    """Who was given more by hand than their limit says was named on the page that is committed."""
    over = queries.over_limit(request.actor, found.id, carers)
    return request.POST.get("over", "") == queries.as_known(over)


def _commit(actor: Actor, found: Draft) -> None:
    """What changed since the preview is shown in the proposal, which stays as it was corrected."""
    try:
        commands.commit_pairs(by=actor, draft_id=found.id)
    except Refused as refused:
        if refused.code not in rules.ARE_LOOKED_AT_AGAIN:
            raise
        commands.set_aside_changed(by=actor, draft_id=found.id)


def _not_yet(request: Request, found: Draft) -> HttpResponse:
    """The page looks again by itself until the proposal is there, or has taken effect; it can be
    left and found again."""
    answer = page(request, "liaison/pairing/working.html", draft=found)
    answer.headers["Refresh"] = str(LOOK_AGAIN_S)
    return answer


def _shown(line: PairLine, typed: Corrections | None) -> Shown:
    if typed is None:
        return Shown(line, line.account_id, line.is_pinned)
    return Shown(
        line,
        typed.chosen[line.id],
        line.id in typed.pinned,
        typed.others.get(line.id, ""),
        typed.errors.get(line.id, ""),
    )


def _first(text: str) -> int:
    return min(int(text), 1_000_000) if text.isascii() and text.isdigit() and len(text) < 8 else 0


@staff(Permission.PAIR_MEMBERS)
def by_person(request: Request, draft_id: UUID) -> HttpResponse:
    """The same proposal seen from each contact person: how many, who comes and who goes."""
    found = queries.get_draft_for(request.actor, draft_id)
    if found.is_working or found.is_committing:
        return see_other("liaison:pairing_draft", found.id)
    first = _first(request.GET.get("from", ""))
    people = queries.people_of(found.id)
    return page(
        request,
        "liaison/pairing/by_person.html",
        draft=found,
        people=_sides(found, people[first : first + PEOPLE_ON_A_PAGE]),
        next_from=first + PEOPLE_ON_A_PAGE if first + PEOPLE_ON_A_PAGE < len(people) else 0,
        previous_from=max(0, first - PEOPLE_ON_A_PAGE) if first else None,
    )


@dataclass(slots=True)
class Side:
    """One contact person in a proposal."""

    name: str
    keeps: list[PairLine]
    gives: list[PairLine]


def _sides(found: Draft, people: list[tuple[str, UUID]]) -> list[Side]:
    sides = {account_id: Side(name, [], []) for name, account_id in people}
    for line in queries.lines_with(found.id, list(sides)):
        if line.account_id in sides:
            sides[line.account_id].keeps.append(line)
        if line.moves and line.present_account_id in sides:
            sides[line.present_account_id].gives.append(line)
    return list(sides.values())


@staff(Permission.PAIR_MEMBERS)
def availability(request: Request, account_id: UUID, organisation_id: UUID) -> HttpResponse:
    """What one contact person brings."""
    carer = queries.carer_for(request.actor, account_id, organisation_id)
    form = AvailabilityForm(request.POST or None, initial=_terms(carer))
    if request.method == "POST" and form.is_valid():
        commands.set_availability(
            by=request.actor,
            account_id=carer.account_id,
            organisation_id=carer.organisation_id,
            **form.cleaned_data,
        )
        return see_other("liaison:pairing")
    return page(request, "liaison/pairing/availability.html", carer=carer, form=form)


def _terms(carer: Carer) -> dict[str, object]:
    return {
        "takes_members": carer.takes_members,
        "languages": list(carer.languages),
        "reads": list(carer.reads),
        "trade": carer.trade,
        "limit": carer.limit if carer.has_own_limit else None,
    }


@staff(Permission.PAIR_MEMBERS)
def hand_over(request: Request, account_id: UUID, organisation_id: UUID) -> HttpResponse:
    """A contact person leaves: their members, and only theirs, are proposed to others in one step."""
    actor = request.actor
    carer = queries.carer_for(actor, account_id, organisation_id)
    if actor.organisation_id is None:
        raise Refused("no-side", _("请先选择代表哪个单位办理。"))
    form = HandOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        draft_id = commands.propose_pairs(
            by=actor,
            organisation_id=actor.organisation_id,
            leaving_account_id=carer.account_id,
            hand_over_note=form.cleaned_data["hand_over_note"],
        )
        return see_other("liaison:pairing_draft", draft_id)
    room = sum(
        max(0, one.limit - one.load)
        for one in queries.carers_for(actor, actor.path)
        if one.takes_members and not one.is_away and one.account_id != carer.account_id
    )
    return page(
        request,
        "liaison/pairing/hand_over.html",
        carer=carer,
        form=form,
        room=room,
        without_room=max(0, carer.load - room),
    )


@staff(Permission.PAIR_MEMBERS)
def leave(request: Request, account_id: UUID, organisation_id: UUID) -> HttpResponse:
    """A contact person is away for some days: who stands in; or is back before."""
    actor = request.actor
    carer = queries.carer_for(actor, account_id, organisation_id)
    if request.method == "POST" and request.POST.get("act") == "end" and carer.leave:
        leaving.end_leave(by=actor, leave_id=carer.leave.id)
        return see_other("liaison:pairing")
    others = [
        one
        for one in queries.carers_for(actor, actor.path)
        if one.takes_members and one.account_id != carer.account_id
    ]
    if request.method == "POST" and request.POST.get("act") == "other" and carer.leave:
        return _change_stand_in(request, carer, others)
    for_others = queries.stood_in_for(carer.account_id, actor.today, date.max)
    form = LeaveForm(request.POST or None, carers=others, for_others=for_others)
    over: list[OverLimit] = []
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        instead = typed.get("instead_account_id", "")
        over = _taking_on(actor, typed["stand_in_account_id"], carer)
        over += _taking_on_instead(actor, instead, for_others)
        if over and request.POST.get("over", "") != queries.as_known(over):
            return _leave_page(request, carer, others, form, StandInForm(carers=others), over)
        try:
            leaving.plan_leave(
                by=actor,
                account_id=carer.account_id,
                organisation_id=carer.organisation_id,
                starts_on=typed["starts_on"],
                ends_on=typed["ends_on"],
                stand_in_account_id=UUID(typed["stand_in_account_id"]),
                note=typed["note"],
                instead_account_id=UUID(instead) if instead else None,
            )
            return see_other("liaison:pairing")
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return _leave_page(request, carer, others, form, StandInForm(carers=others), over)


def _taking_on(actor: Actor, account_id: str, away: Carer) -> list[OverLimit]:
    """Whether who stands in would have more than the limit with the members of who is away."""
    return queries.beyond_limit(actor, {UUID(account_id): away.load})


def _taking_on_instead(
    actor: Actor, account_id: str, for_others: list[LeaveFacts]
) -> list[OverLimit]:
    """The same for whoever goes on standing in for others."""
    loads = queries.loads_of(actor, [one.account_id for one in for_others])
    return queries.beyond_limit(actor, {UUID(account_id): loads.total()}) if account_id else []


def _change_stand_in(request: Request, carer: Carer, others: list[Carer]) -> HttpResponse:
    assert carer.leave is not None
    form = StandInForm(request.POST, carers=others)
    over: list[OverLimit] = []
    if form.is_valid():
        other = form.cleaned_data["other_account_id"]
        over = _taking_on(request.actor, other, carer)
        if not over or request.POST.get("over", "") == queries.as_known(over):
            try:
                leaving.change_stand_in(
                    by=request.actor, leave_id=carer.leave.id, stand_in_account_id=UUID(other)
                )
                return see_other("liaison:leave", carer.account_id, carer.organisation_id)
            except Refused as refusal:
                form.add_error(None, refusal.message)
    new = LeaveForm(carers=others, for_others=[])
    return _leave_page(request, carer, others, new, form, over)


def _leave_page(
    request: Request,
    carer: Carer,
    others: list[Carer],
    form: LeaveForm,
    other_form: StandInForm,
    over: list[OverLimit],
) -> HttpResponse:
    away = {one.id for one in queries.stand_ins_away(request.actor)}
    return page(
        request,
        "liaison/pairing/leave.html",
        carer=carer,
        form=form,
        other_form=other_form,
        others=others,
        over=over,
        over_known=queries.as_known(over),
        is_stand_in_away=carer.leave is not None and carer.leave.id in away,
    )
