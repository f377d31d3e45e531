"""The only way to a lead or a case: every function takes the actor, and scope is the database's."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date
from operator import attrgetter
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from guiyan.flows import rules
from guiyan.flows.models import Case, CaseEvent, Lead, Letter, RegisterCount, Sitting
from guiyan.flows.types import (
    CaseFacts,
    LeadFacts,
    LetterFacts,
    Placing,
    RegisterPage,
    SittingFacts,
)
from guiyan.kernel.keyset import decode_cursor, encode_cursor
from guiyan.orgs.queries import path_range
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, NotFound
from guiyan.platform.keys import key_ring
from guiyan.platform.permissions import Permission
from guiyan.platform.planning import many_in_scope
from guiyan.platform.reading import read_once
from guiyan.platform.scope import beyond_scope

_UNPLACED = "flows.unplaced"
# Up to so many rows are collected and sorted for a page; of more, an index is read in order.
SORTED_AT_ONCE = 8_000


# The facts of a case bear the names of its columns, so rows become facts without a model between:
# that costs more than all the rest of a list.
CASE_COLUMNS = tuple(field.name for field in fields(CaseFacts))
_columns_of = attrgetter(*CASE_COLUMNS)


def case_facts(case: Case) -> CaseFacts:
    return CaseFacts(*_columns_of(case))


def facts_of(rows: QuerySet[Case]) -> list[CaseFacts]:
    """Reads the rows as facts."""
    return [CaseFacts(*row) for row in rows.values_list(*CASE_COLUMNS)]


def lead_facts(lead: Lead) -> LeadFacts:
    return LeadFacts(
        id=lead.id,
        organisation_id=lead.organisation_id,
        path=lead.path,
        door=lead.door,
        search_method=lead.search_method,
        state=lead.state,
        shown_name=lead.shown_name,
        phone_mask=lead.phone_mask,
        suspicion=lead.suspicion,
        dead_reason=lead.dead_reason,
        answer_by=lead.answer_by,
        received_at=lead.received_at,
        case_id=lead.case_id,
    )


def _require(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise Forbidden(permission)


def cases_for(actor: Actor) -> QuerySet[Case]:
    """Every case that the actor may see; the database narrows it to the scope."""
    if not actor.is_member:
        _require(actor, Permission.SEE_CASES)
    return Case.objects.all()


@read_once
def get_case_for(actor: Actor, case_id: UUID) -> CaseFacts:
    """One query. Out of scope is NotFound."""
    found = facts_of(cases_for(actor).filter(id=case_id))
    if not found:
        raise NotFound("case")
    return found[0]


def require_case(actor: Actor, case_id: UUID) -> None:
    """Before what hangs on a case is read. One query, none for a case that the page has read
    already. Out of scope is NotFound."""
    get_case_for(actor, case_id)


def locked_case(actor: Actor, case_id: UUID) -> Case:
    """The row itself, locked, for this room's commands."""
    case = cases_for(actor).select_for_update().filter(id=case_id).first()
    if case is None:
        raise NotFound("case")
    return case


def hold_cases(case_ids: Collection[UUID]) -> None:
    """For who writes beside many: locked in one order, wherever they lie, until the transaction
    ends. Nobody reads them by it."""
    with beyond_scope(
        "stays are locked before a batch about them, each of which is then asked for"
    ):
        rows = Case.objects.select_for_update(no_key=True).filter(id__in=case_ids)
        list(rows.order_by("id").values_list("id"))


def sides_of(actor: Actor, case: CaseFacts | Case) -> rules.Sides:
    """Which sides of the case the actor stands on or above."""
    return rules.Sides(
        is_home=actor.scope.covers(case.home_path), is_host=actor.scope.covers(case.host_path)
    )


def events_of(actor: Actor, case_id: UUID) -> list[CaseEvent]:
    """The case's steps, newest first. Two queries."""
    require_case(actor, case_id)
    return list(CaseEvent.objects.filter(case_id=case_id).order_by("-at"))


@read_once
def cases_of_member(actor: Actor, member_id: UUID) -> tuple[CaseFacts, ...]:
    """All stays of one person that the actor may see, newest first. One query."""
    found = facts_of(cases_for(actor).filter(member_id=member_id).order_by("-opened_on"))
    for case in found:
        get_case_for.put(case, actor, case.id)
    open_case_of_member.put(next((one for one in found if one.is_open), None), actor, member_id)
    return tuple(found)


@read_once
def open_case_of_member(actor: Actor, member_id: UUID) -> CaseFacts | None:
    """The stay that goes on; there is never a second one. One query."""
    found = facts_of(cases_for(actor).filter(member_id=member_id, ended_on__isnull=True))
    return found[0] if found else None


def open_answers_for(actor: Actor, *, limit: int = 50) -> list[CaseFacts]:
    """What this organisation and those below it owe, the earliest day first; at most one page.

    A case is owed by its home while `answers` is home, by its host while it is host.
    """
    wide = wide_sides(actor.path)
    sides = (("home", "out" in wide), ("host", "in" in wide))
    owed = [case for side, is_wide in sides for case in _owed_by(actor, side, is_wide, limit=limit)]
    owed.sort(key=lambda case: (case.answer_by or date.max, case.id))
    return owed[:limit]


def _owed_by(actor: Actor, side: str, is_wide: bool, *, limit: int) -> list[CaseFacts]:
    """One side's own, along the index of due days: an "or" of both sides would gather them all."""
    scope = actor.scope
    rows = cases_for(actor).filter(
        **{"answers": side, f"{side}_path__gte": scope.low, f"{side}_path__lt": scope.high},
        ended_on__isnull=True,
        answer_by__isnull=False,
    )
    rows = rows.order_by("answer_by", "id")[:limit]
    return read_in_order(rows, is_wide=is_wide)


@read_once
def wide_sides(path: str) -> frozenset[str]:
    """The sides, "out" or "in", on which an organisation and all below it have more stays, ended
    ones too, than are sorted for one page; from the kept counts. One query."""
    return frozenset(side for side, counts in _counts_at(path).items() if spans_many(counts))


def spans_many(counts: Mapping[str, int]) -> bool:
    """Whether there are more stays, by their kept counts, than are sorted for one page."""
    return sum(counts.values()) > SORTED_AT_ONCE


def read_in_order(rows: QuerySet[Case], *, is_wide: bool) -> list[CaseFacts]:
    """The rows, in a wide scope along the index of their order."""
    if not is_wide:
        return facts_of(rows)
    with many_in_scope(in_order=True):
        return facts_of(rows)


def unplaced_for(actor: Actor, *, limit: int = 200) -> list[CaseFacts]:
    """Members whom a host below the actor has verified and not yet placed in a branch."""
    rows = _unplaced(actor)[:limit]
    return read_in_order(rows, is_wide="in" in wide_sides(actor.path))


def unplaced_page(actor: Actor, *, cursor: str = "", limit: int = 25) -> RegisterPage:
    """One page of them, the earliest day first. At most four queries. Raises CursorBroken."""
    rows = _unplaced(actor)
    if cursor:
        last, last_id = decode_cursor(cursor, of=_UNPLACED, shape=(date, UUID))
        rows = rows.filter(
            Q(answer_by__gt=last) | Q(answer_by=last, id__gt=last_id), answer_by__gte=last
        )
    found = read_in_order(rows[: limit + 1], is_wide="in" in wide_sides(actor.path))
    following = ""
    if len(found) > limit:
        end = found[limit - 1]
        following = encode_cursor((end.answer_by, end.id), of=_UNPLACED)
    return RegisterPage(found[:limit], following)


def _unplaced(actor: Actor) -> QuerySet[Case]:
    scope = actor.scope
    rows = cases_for(actor).filter(
        state=rules.CaseState.VERIFIED, host_path__gte=scope.low, host_path__lt=scope.high
    )
    return rows.order_by("answer_by", "id")


def count_open_at(path: str) -> int:
    """Open stays of which the organisation at `path`, or one below it, is a side. One query over
    one organisation's cases, before it is closed; no page of everyday asks."""
    low, high = path_range(path)
    sides = Q(home_path__gte=low, home_path__lt=high) | Q(host_path__gte=low, host_path__lt=high)
    return Case.objects.filter(sides, ended_on__isnull=True).count()


def leads_for(actor: Actor, *, state: str = "to_verify", limit: int = 100) -> list[LeadFacts]:
    """The inbox of leads, newest first; at most one page."""
    _require(actor, Permission.TAKE_LEADS)
    rows = Lead.objects.filter(state=state).order_by("-received_at")[:limit]
    return [lead_facts(lead) for lead in rows]


def leads_to_verify(actor: Actor) -> QuerySet[Lead]:
    """The rows of that inbox, to be asked whether there are any."""
    _require(actor, Permission.TAKE_LEADS)
    return Lead.objects.filter(state="to_verify")


def get_lead_for(actor: Actor, lead_id: UUID) -> LeadFacts:
    _require(actor, Permission.TAKE_LEADS)
    lead = Lead.objects.filter(id=lead_id).first()
    if lead is None:
        raise NotFound("lead")
    return lead_facts(lead)


def leads_by_way(
    actor: Actor, path: str, since: date, until: date | None
) -> dict[tuple[str, str], int]:
    """How many leads came below a body from one day up to another, or up to now, by door and
    search method. One query."""
    _require(actor, Permission.SEE_CASES)
    rows = Lead.objects.filter(path__gte=path, path__lt=path + "~", received_at__date__gte=since)
    if until is not None:
        rows = rows.filter(received_at__date__lte=until)
    counted = rows.values_list("door", "search_method").annotate(many=Count("id")).order_by()
    return {(door, method): many for door, method, many in counted}


def members_per_branch(actor: Actor, paths: Sequence[str]) -> dict[str, int]:
    """How many placed members each of these branches hosts, from the kept counts: one query."""
    placed = RegisterCount.objects.filter(side="in", state=rules.CaseState.PLACED, path__in=paths)
    return dict(placed.values_list("path", "count"))


def register_counts(actor: Actor, path: str) -> dict[str, dict[str, int]]:
    """{"out": {state: n}, "in": {state: n}} of one organisation and all below, kept, not counted."""
    _require(actor, Permission.SEE_REGISTERS)
    return _counts_at(path)


def _counts_at(path: str) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {"out": {}, "in": {}}
    rows = RegisterCount.objects.filter(path=path).values_list("side", "state", "count")
    for side, state, count in rows:
        counts[side][state] = count
    return counts


def is_overdue(case: CaseFacts, today: date) -> bool:
    return case.is_open and case.answer_by is not None and case.answer_by < today


def cases_by_id(actor: Actor, case_ids: Sequence[UUID]) -> dict[UUID, CaseFacts]:
    """Those of the cases that lie in scope. One query."""
    rows = cases_for(actor).filter(id__in=list(case_ids))
    return {case.id: case for case in facts_of(rows)}


def page_by_name(
    actor: Actor, rows: QuerySet[Case], cursor: str, *, of: str, limit: int
) -> tuple[list[CaseFacts], str]:
    """One page of a list of cases by name, and where the next one begins; the place in the list is
    sealed, because it is a name. Two queries. Raises CursorBroken."""
    rows = rows.order_by("pinyin", "id")
    if cursor:
        pinyin, case_id = decode_cursor(cursor, of=of, shape=(str, UUID), ring=key_ring())
        rows = rows.filter(Q(pinyin__gt=pinyin) | Q(pinyin=pinyin, id__gt=case_id))
        rows = rows.filter(pinyin__gte=pinyin)
    keys = list(rows.values_list("pinyin", "id")[: limit + 1])
    kept = keys[:limit]
    cases = cases_by_id(actor, [case_id for _pinyin, case_id in kept])
    place = encode_cursor(kept[-1], of=of, ring=key_ring()) if len(keys) > limit else ""
    return [cases[case_id] for _pinyin, case_id in kept if case_id in cases], place


def host_paths(case_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Where the bodies stand that took these members in. One query, in whatever scope is set."""
    rows = Case.objects.filter(id__any=case_ids).values_list("id", "host_path")
    return {case_id: path for case_id, path in rows if path is not None}


def previous_cases(case_ids: Sequence[UUID]) -> list[UUID]:
    """The stays from which these members moved on. One query, in whatever scope is set."""
    rows = Case.objects.filter(id__any=case_ids, previous_case__isnull=False)
    return list(rows.values_list("previous_case_id", flat=True))


def following_case(case_id: UUID) -> CaseFacts | None:
    """The stay to which the member moved on from this one. One query, in whatever scope is set."""
    case = Case.objects.filter(previous_case_id=case_id).first()
    return case_facts(case) if case else None


def get_sitting_for(actor: Actor, sitting_id: UUID) -> SittingFacts:
    """A sitting with its decisions. One query."""
    _require(actor, Permission.PLACE_MEMBERS)
    sitting = Sitting.objects.filter(id=sitting_id).first()
    if sitting is None:
        raise NotFound("sitting")
    return _sitting_facts(sitting)


def sittings_for(actor: Actor, *, limit: int = 20) -> list[SittingFacts]:
    """The latest sittings at and below the actor's organisation. One query."""
    _require(actor, Permission.PLACE_MEMBERS)
    rows = Sitting.objects.order_by("-held_on", "id")[:limit]
    return [_sitting_facts(sitting) for sitting in rows]


def _sitting_facts(sitting: Sitting) -> SittingFacts:
    decisions = tuple(
        Placing(
            case_id=UUID(decision["case_id"]),
            branch_id=UUID(decision["branch_id"]),
            reason=decision["reason"],
            suggested_id=UUID(decision["suggested_id"]) if decision["suggested_id"] else None,
        )
        for decision in sitting.decisions
        if decision["branch_id"]
    )
    return SittingFacts(
        id=sitting.id,
        organisation_id=sitting.organisation_id,
        held_on=sitting.held_on,
        present=sitting.present,
        decisions=decisions,
        left_open=tuple(
            UUID(decision["case_id"]) for decision in sitting.decisions if not decision["branch_id"]
        ),
        is_closed=sitting.closed_at is not None,
    )


def letters_of(actor: Actor, case_id: UUID) -> list[LetterFacts]:
    """Letters, introductions and certificates of a case, the latest first. Two queries."""
    require_case(actor, case_id)
    rows = Letter.objects.filter(case_id=case_id).select_related("case")
    return [letter_facts(letter) for letter in rows.order_by("-issued_on", "-number")]


def get_letter_for(actor: Actor, letter_id: UUID) -> LetterFacts:
    """One letter. Out of scope is NotFound. One query."""
    if not actor.is_member:
        _require(actor, Permission.SEE_CASES)
    letter = Letter.objects.filter(id=letter_id).select_related("case").first()
    if letter is None:
        raise NotFound("letter")
    return letter_facts(letter)


def letter_facts(letter: Letter) -> LetterFacts:
    return LetterFacts(
        id=letter.id,
        case_id=letter.case_id,
        member_id=letter.case.member_id,
        member_name=letter.case.member_name,
        kind=letter.kind,
        number=letter.number,
        to_text=letter.to_text,
        issued_on=letter.issued_on,
        valid_until=letter.valid_until,
        issued_by=letter.issued_by,
        issuer_organisation_id=letter.issuer_organisation_id,
        issuer_name=letter.issuer_name,
        dues_paid_to=letter.dues_paid_to,
        reply_by=letter.reply_by,
        replied_on=letter.replied_on,
        reply=letter.reply,
        withdrawn_on=letter.withdrawn_on,
    )
