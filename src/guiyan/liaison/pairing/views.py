"""Pages of pairing: who has nobody, who can keep in touch, and a proposal before it is decided."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from guiyan.liaison.pairing import commands, queries
from guiyan.liaison.pairing.forms import AvailabilityForm, Corrections, HandOverForm
from guiyan.liaison.pairing.types import Carer, Draft, PairLine
from guiyan.platform.errors import Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission

ON_A_PAGE = 100
CARERS_SHOWN = 200
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
    first = _first(request.GET.get("from", ""))
    lines = queries.lines_of(actor, found.id, first=first, limit=ON_A_PAGE)
    carers = [one for one in queries.carers_for(actor, found.path) if one.takes_members]
    typed = Corrections(request.POST, lines, carers) if request.method == "POST" else None
    if typed is not None and request.POST.get("act") == "drop":
        commands.drop_pairs(by=actor, draft_id=found.id)
        return see_other("liaison:pairing")
    if typed is not None and typed.is_valid:
        commands.correct_pairs(
            by=actor, draft_id=found.id, chosen=typed.chosen, pinned=typed.pinned
        )
        if request.POST.get("act") == "commit":
            commands.commit_pairs(by=actor, draft_id=found.id)
        return see_other("liaison:pairing_draft", found.id)
    return page(
        request,
        "liaison/pairing/draft.html",
        422 if typed is not None else 200,
        draft=found,
        shown=[_shown(line, typed) for line in lines],
        carers=carers,
        has_errors=typed is not None,
        next_from=first + ON_A_PAGE if first + ON_A_PAGE < found.members else 0,
        previous_from=max(0, first - ON_A_PAGE) if first else None,
    )


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
    return page(
        request, "liaison/pairing/by_person.html", draft=found, people=_people(request, found)
    )


@dataclass(slots=True)
class Side:
    """One contact person in a proposal."""

    name: str
    keeps: list[PairLine]
    gives: list[PairLine]


def _people(request: Request, found: Draft) -> list[Side]:
    sides: dict[UUID, Side] = {}

    def side(account_id: UUID, name: str) -> Side:
        return sides.setdefault(account_id, Side(name, [], []))

    for line in queries.lines_of(request.actor, found.id):
        if line.account_id is not None:
            side(line.account_id, line.name).keeps.append(line)
        if line.moves and line.present_account_id is not None:
            side(line.present_account_id, line.present_name).gives.append(line)
    return sorted(sides.values(), key=lambda one: one.name)


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
    return page(request, "liaison/pairing/hand_over.html", carer=carer, form=form)
