"""A proposal for all members of an organisation at once: gathered, solved, and put into words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from uuid import UUID

from guiyan.flows import suggestions
from guiyan.flows.types import CaseFacts
from guiyan.kernel.assignment import NOBODY, Match, Solver
from guiyan.kernel.findings import Phrase
from guiyan.liaison.models import ContactPerson
from guiyan.liaison.pairing import rules
from guiyan.liaison.pairing.matching import Near, Wish, matched, weighed
from guiyan.liaison.pairing.rules import Liaison, Person
from guiyan.liaison.pairing.types import Carer, Other
from guiyan.members import queries as member_queries
from guiyan.orgs import queries as org_queries
from guiyan.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed for one member; without a carer they are left over."""

    case: CaseFacts
    present: ContactPerson | None
    carer: Carer | None
    km: float | None
    reasons: tuple[Phrase, ...]
    others: tuple[Other, ...] = ()
    is_pinned: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    pairs: list[Proposed]
    gap: float
    total_km: float


@dataclass(frozen=True, slots=True)
class Gathered:
    """Members and carers as pairing weighs them, in one order with the cases."""

    cases: Sequence[CaseFacts]
    people: Sequence[Person]
    carers: Sequence[Carer]
    liaisons: Sequence[Liaison]
    present: dict[UUID, ContactPerson]


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole that is to be solved: what was read of the house, and the pairs that stay."""

    gathered: Gathered
    wish: Wish
    kept: list[Proposed]
    held: Counter[UUID]


def asked(
    actor: Actor,
    cases: Sequence[CaseFacts],
    carers: Sequence[Carer],
    present: dict[UUID, ContactPerson],
    *,
    loads: Counter[UUID],
) -> Asked:
    """Pinned pairs stay as they are and use up their room, and so do those of a contact person who
    is on leave; all others are free. `loads` is what each carer has beside these cases."""
    by_account = {one.account_id: one for one in carers}
    stays = {
        case.id
        for case in cases
        if (row := present.get(case.id))
        and (row.is_pinned or _is_away(by_account.get(row.account_id)))
    }
    free = [case for case in cases if case.id not in stays]
    kept = [_kept(case, present[case.id], by_account) for case in cases if case.id in stays]
    held = loads + Counter(present[case_id].account_id for case_id in stays)
    here = [one for one in carers if not _is_away(one)]
    gathered = _gathered(actor, free, here, present)
    limits = [max(0, one.limit - held[one.account_id]) for one in here]
    wish = Wish(gathered.people, gathered.liaisons, limits, _present(gathered), _near(gathered))
    return Asked(gathered, wish, kept, held)


def answered(one: Asked, ready: Solver | None = None) -> Proposal:
    """The whole, solved and put into words; reads nothing."""
    found = matched(one.wish, ready)
    pairs = one.kept + _proposed(one.gathered, one.wish, found, one.held)
    km = sum(pair.km for pair in pairs if pair.km is not None)
    return Proposal(pairs, found.solution.gap, km)


def _is_away(carer: Carer | None) -> bool:
    return carer is not None and carer.is_away


def _gathered(
    actor: Actor,
    cases: Sequence[CaseFacts],
    carers: Sequence[Carer],
    present: dict[UUID, ContactPerson],
) -> Gathered:
    members = member_queries.members_by_id(actor, [case.member_id for case in cases])
    stays = suggestions.places_of_stay(cases)
    hosts = org_queries.organisations_by_id(
        {case.host_organisation_id for case in cases if case.host_organisation_id}
    )
    people = []
    for case in cases:
        member, host = (
            members.get(case.member_id),
            hosts.get(case.host_organisation_id or UUID(int=0)),
        )
        stay = stays.get(suggestions.place_code(case))
        if stay is None and host and host.longitude is not None and host.latitude is not None:
            stay = (host.longitude, host.latitude)
        people.append(
            Person(
                key=str(case.id),
                longitude=stay[0] if stay else None,
                latitude=stay[1] if stay else None,
                languages=tuple(member.languages) if member else (),
                trade=case.trade,
                reads=tuple(member.reads) if member else (),
                reads_little=bool(member and member.reads_little),
            )
        )
    liaisons = [
        Liaison(
            str(one.account_id),
            one.longitude,
            one.latitude,
            one.languages,
            one.trade,
            one.limit,
            one.reads,
        )
        for one in carers
    ]
    return Gathered(cases, people, carers, liaisons, present)


def _present(gathered: Gathered) -> list[int]:
    index = {one.account_id: number for number, one in enumerate(gathered.carers)}
    rows = (gathered.present.get(case.id) for case in gathered.cases)
    return [
        NOBODY if row is None or row.is_interim else index.get(row.account_id, NOBODY)
        for row in rows
    ]


def _near(gathered: Gathered) -> list[Near]:
    """Carers of the member's own branch are no way off; those of a body above come by."""
    by_path: dict[str, list[int]] = {}
    for number, one in enumerate(gathered.carers):
        by_path.setdefault(one.path, []).append(number)
    near = []
    for person, case in enumerate(gathered.cases):
        host = case.host_path or ""
        near += [Near(person, one, rules.OWN_BRANCH_M) for one in by_path.get(host, ())]
        if gathered.people[person].longitude is None:
            for path in org_queries.ancestor_paths(host):
                if path != host:
                    near += [Near(person, one, rules.BODY_ABOVE_M) for one in by_path.get(path, ())]
    return near


def _kept(case: CaseFacts, row: ContactPerson, carers: Mapping[UUID, Carer]) -> Proposed:
    carer = carers.get(row.account_id)
    leave = carer.leave if carer and carer.is_away else None
    if leave is not None and not row.is_pinned:
        values = {"name": leave.stand_in_name, "day": leave.ends_on.isoformat()}
        return Proposed(case, row, carer, None, (Phrase(rules.ON_LEAVE, values),))
    reasons = (Phrase(rules.PINNED),)
    return Proposed(case, row, carer, None, reasons, is_pinned=carer is not None)


def _proposed(gathered: Gathered, wish: Wish, found: Match, held: Counter[UUID]) -> list[Proposed]:
    places = found.solution.place_of
    loads = Counter(places)
    pairs = []
    for index, case in enumerate(gathered.cases):
        offered = [
            (found.places[at], found.km[at])
            for at in range(index * found.offered, (index + 1) * found.offered)
        ]
        others = tuple(
            Other(gathered.carers[place].account_id, gathered.carers[place].name,
                  tuple(_reasons(gathered, index, place, km)))
            for place, km in offered[1:]
            if place != NOBODY
        )  # fmt: skip
        place, km = offered[0]
        row = gathered.present.get(case.id)
        if place == NOBODY:
            room = sum(wish.limits)
            why = (rules.why_left_over(len(gathered.cases), room),)
            pairs.append(Proposed(case, row, None, None, why, others))
            continue
        carer = gathered.carers[place]
        load = loads[place] + held[carer.account_id]
        reasons = tuple(_reasons(gathered, index, place, km, load=load))
        pairs.append(Proposed(case, row, carer, None if isnan(km) else km, reasons, others))
    return pairs


def _reasons(
    gathered: Gathered, person: int, place: int, km: float, *, load: int | None = None
) -> list[Phrase]:
    one, carer = gathered.people[person], gathered.carers[place]
    case = gathered.cases[person]
    row = gathered.present.get(case.id)
    pair = weighed(
        one,
        gathered.liaisons[place],
        km,
        is_present=row is not None and row.account_id == carer.account_id,
        is_of_the_branch=carer.organisation_id == case.host_organisation_id,
        load=load,
        limit=carer.limit,
    )
    return rules.reasons(pair, asks_language=bool(one.languages))


def reasons_by_hand(actor: Actor, case: CaseFacts, carer: Carer) -> list[Phrase]:
    """What speaks for a pair that a person chose."""
    gathered = _gathered(actor, [case], [carer], {})
    return [Phrase(rules.BY_HAND), *_reasons(gathered, 0, 0, float("nan"))]
