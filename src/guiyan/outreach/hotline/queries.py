"""What waits at a hotline, who answers there, and what was passed on; never whether a caller is known."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from guiyan.field import queries as field
from guiyan.kernel.calendar import day_of
from guiyan.kernel.keyset import decode_cursor, encode_cursor
from guiyan.orgs import queries as orgs
from guiyan.orgs.types import ServicePointFacts
from guiyan.outreach.hotline import rules
from guiyan.outreach.hotline.types import (
    CallFacts,
    HandOverFacts,
    Lines,
    NewCall,
    PassedCall,
    ShiftFacts,
    Standing,
    StopFacts,
)
from guiyan.outreach.models import (
    Call,
    DutyException,
    DutyHandOver,
    DutyShift,
    NumberOpening,
    OperatorStop,
    PackAnswer,
)
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.errors import Forbidden, NotFound
from guiyan.platform.keys import key_ring
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope
from guiyan.platform.turns import wait_for_turn

ON_A_PAGE = 50
KIND = "call_back"  # of its due
_PASSED = "outreach.passed"
_MISSED = "outreach.missed"
_STANDINGS = "outreach.standings"
_ALL_LINES = 20_000
_FACTS = tuple(CallFacts.__dataclass_fields__)


def seal_context(column: str, call_id: UUID) -> str:
    return f"outreach_call.{column}.{call_id}"


def hotline_for(actor: Actor, point_id: UUID) -> tuple[ServicePointFacts, str]:
    """A hotline in the actor's scope, and the path of its organisation. Raises NotFound."""
    point = orgs.get_service_point_for(actor, point_id)
    if point.kind != "hotline":
        raise NotFound("hotline")
    return point, orgs.organisation(point.organisation_id).path


def own_hotlines(actor: Actor, *, limit: int = 200) -> list[ServicePointFacts]:
    """The hotlines that this person may answer, the own organisation's first, where this person
    stands on duty now before all others. Four queries."""
    listed = orgs.directory(actor.path, kinds=["hotline"], limit=limit)
    accounts = _accounts_on_duty([point.id for point in listed], now())

    def is_farther(point: ServicePointFacts) -> tuple[bool, bool]:
        is_mine = actor.account_id is not None and accounts.get(point.id) == actor.account_id
        return not is_mine, point.organisation_id != actor.organisation_id

    return sorted(listed, key=is_farther)


def lines_for(
    actor: Actor, asked: str, *, only: UUID | None = None, with_closed: bool = False
) -> Lines:
    """The line that this person answers now, with the others that may be switched to. Without a
    choice, or with one that is no longer theirs, it is the first. Who calls back also finds what
    is left of lines that were closed. Five queries, six with those."""
    points = own_hotlines(actor)
    waiting = Counter(Call.objects.filter(state="missed").values_list("point_id", flat=True))
    left = waiting.keys() - {point.id for point in points}
    if left and (with_closed or only in left):
        points += orgs.service_points_by_id(left)
    if only is not None:
        points = [point for point in points if point.id == only] or points
    chosen = next((point for point in points if str(point.id) == asked), None)
    others = tuple((point, waiting[point.id]) for point in points)
    return Lines(chosen or next(iter(points), None), others)


def missed_calls(actor: Actor, point_id: UUID, cursor: str = "") -> tuple[list[CallFacts], str]:
    """What is to be called back at this hotline, the longest waiting first, and where the next page
    begins. One query. Raises CursorBroken."""
    rows = Call.objects.filter(point_id=point_id, state="missed")
    if cursor:
        at, call_id = decode_cursor(cursor, of=_MISSED, shape=(datetime, UUID))
        rows = rows.filter(Q(received_at__gt=at) | Q(received_at=at, id__gt=call_id))
    found = _facts(rows.order_by("received_at", "id")[: ON_A_PAGE + 1])
    end = found[ON_A_PAGE - 1] if len(found) > ON_A_PAGE else None
    place = encode_cursor((end.received_at, end.id), of=_MISSED) if end else ""
    return found[:ON_A_PAGE], place


def my_call_backs(actor: Actor, *, limit: int = ON_A_PAGE) -> list[CallFacts]:
    """Missed calls that this person owes, or that nobody does yet, in scope. One query."""
    return _facts(calls_to_return(actor).order_by("received_at")[:limit])


def calls_to_return(actor: Actor) -> QuerySet[Call]:
    """Their rows, to be asked whether there are any."""
    mine = Q(owner_account_id=actor.account_id) | Q(owner_account_id__isnull=True)
    return Call.objects.filter(mine, state="missed")


def missed_call_for(actor: Actor, call_id: UUID) -> CallFacts:
    """One of them. Raises NotFound."""
    found = _facts(Call.objects.filter(id=call_id, state="missed"))
    if not found:
        raise NotFound("call")
    return found[0]


def _facts(rows: QuerySet[Call]) -> list[CallFacts]:
    return [CallFacts(*row) for row in rows.values_list(*_FACTS)]


def number_of(actor: Actor, call: NewCall) -> str:
    """The caller's number as it was typed, or of the missed call that is answered; for commands,
    never for a page. Raises NotFound for a call that is not missed any longer."""
    if call.after_id is None:
        return call.number
    row = Call.objects.filter(id=call.after_id, state="missed").first()
    if row is None:
        raise NotFound("call")
    context = seal_context("number", row.id)
    return key_ring().open_sealed(bytes(row.number_sealed or b""), context=context).decode()


def is_overdue(call: CallFacts | PassedCall, today: date) -> bool:
    """The day on which it was to be called back is over."""
    due = day_of(call.received_at) + timedelta(days=rules.CALL_BACK_DAYS)
    return due < today


def passed_calls(actor: Actor, *, limit: int = ON_A_PAGE) -> list[PassedCall]:
    """The first page of calls that wait for this person. One query."""
    return passed_page(actor, limit=limit)[0]


def passed_page(
    actor: Actor, cursor: str = "", *, limit: int = ON_A_PAGE
) -> tuple[list[PassedCall], str]:
    """Calls that wait for this person as contact person, the longest waiting first, and where the
    next page begins; for who assigns contact persons also those of others. Whose a call is, its
    due says. One query. Raises CursorBroken."""
    rows = calls_passed_on(actor)
    if cursor:
        at, call_id = decode_cursor(cursor, of=_PASSED, shape=(datetime, UUID))
        rows = rows.filter(Q(received_at__gt=at) | Q(received_at=at, id__gt=call_id))
    found = list(rows.order_by("received_at", "id")[: limit + 1])
    end = found[limit - 1] if len(found) > limit else None
    place = encode_cursor((end.received_at, end.id), of=_PASSED) if end else ""
    return [_passed_facts(row) for row in found[:limit]], place


def passed_call_for(actor: Actor, call_id: UUID) -> PassedCall:
    """One of them, with what was said. Raises NotFound."""
    row = calls_passed_on(actor).filter(id=call_id).first()
    if row is None:
        raise NotFound("call")
    return _passed_facts(row)


def calls_passed_on(actor: Actor) -> QuerySet[Call]:
    """The rows of calls that wait for this person; also to be asked whether there are any."""
    rows = Call.objects.filter(state="passed", case_id__isnull=False)
    if not actor.may(Permission.RECORD_CONTACT):
        return rows.none()
    if actor.may(Permission.ASSIGN_CONTACT_PERSON):
        return rows
    return rows.filter(id__in=field.subjects_owed_by(actor, KIND))


def _passed_facts(row: Call) -> PassedCall:
    said = {"name": "", "said": ""}
    if row.said_sealed:
        context = seal_context("said", row.id)
        said = json.loads(key_ring().open_sealed(bytes(row.said_sealed), context=context))
    assert row.case_id is not None
    return PassedCall(
        row.id,
        row.kind,
        row.case_id,
        row.path,
        row.received_at,
        said["name"],
        said["said"],
        row.tries,
    )


def rota_of(point_id: UUID) -> list[ShiftFacts]:
    """The week's shifts. One query."""
    rows = DutyShift.objects.filter(point_id=point_id).order_by("weekday", "starts", "ends")
    return [
        ShiftFacts(r.id, r.weekday, None, r.starts, r.ends, r.account_id, r.shown_as) for r in rows
    ]


def days_of(point_id: UUID, *, since: date) -> list[ShiftFacts]:
    """Days on which it is otherwise, from a day on. One query."""
    rows = DutyException.objects.filter(point_id=point_id, day__gte=since).order_by("day", "starts")
    return [ShiftFacts(r.id, None, r.day, r.starts, r.ends, r.account_id, r.shown_as) for r in rows]


def answering(point_ids: Sequence[UUID], at: datetime) -> dict[UUID, str]:
    """Who answers now, as callers may read it; hotlines without a rota are left out. Two queries."""
    shifts, days = _rotas(point_ids, at)
    local = timezone.localtime(at)
    return {
        point_id: rules.on_duty(
            [rules.Shift(r.weekday, r.starts, r.ends, r.shown_as) for r in shifts[point_id]],
            [rules.OneDay(r.day, r.starts, r.ends, r.shown_as) for r in days[point_id]],
            local,
        )
        for point_id in shifts.keys() | days.keys()
    }


def _accounts_on_duty(point_ids: Sequence[UUID], at: datetime) -> dict[UUID, UUID]:
    """The account of who answers now, where the rota names a person."""
    shifts, days = _rotas(point_ids, at)
    local = timezone.localtime(at)
    found = {}
    for point_id in shifts.keys() | days.keys():
        account = rules.on_duty(
            [rules.Shift(r.weekday, r.starts, r.ends, str(r.account_id)) for r in shifts[point_id]],
            [rules.OneDay(r.day, r.starts, r.ends, str(r.account_id)) for r in days[point_id]],
            local,
        )
        if account and account != "None":
            found[point_id] = UUID(account)
    return found


def account_on_duty(point_id: UUID, at: datetime) -> UUID | None:
    """Who owes a call that is missed at this moment; None for a team, or for nobody."""
    return _accounts_on_duty([point_id], at).get(point_id)


def _rotas(
    point_ids: Sequence[UUID], at: datetime
) -> tuple[dict[UUID, list[DutyShift]], dict[UUID, list[DutyException]]]:
    today = day_of(at)
    shifts: dict[UUID, list[DutyShift]] = defaultdict(list)
    days: dict[UUID, list[DutyException]] = defaultdict(list)
    for shift in DutyShift.objects.filter(point_id__in=point_ids):
        shifts[shift.point_id].append(shift)
    near = (today - timedelta(days=1), today)  # yesterday's may run past midnight
    for one in DutyException.objects.filter(point_id__in=point_ids, day__in=near):
        days[one.point_id].append(one)
    return shifts, days


def standings_page(actor: Actor, cursor: str = "") -> tuple[list[Standing], str]:
    """One page of them, and where the next begins; the order stays while one reads, unless a line
    comes to need help or needs none any more. Raises CursorBroken."""
    found = standings_for(actor)
    if cursor:
        after = decode_cursor(cursor, of=_STANDINGS, shape=(int, str, UUID))
        found = [one for one in found if _place(one) > after]
    end = found[ON_A_PAGE - 1] if len(found) > ON_A_PAGE else None
    return found[:ON_A_PAGE], encode_cursor(_place(end), of=_STANDINGS) if end else ""


def _place(one: Standing) -> tuple[int, str, UUID]:
    return int(not one.needs_help), one.point.name, one.point.id


def standings_for(actor: Actor, *, limit: int = _ALL_LINES) -> list[Standing]:
    """The hotlines below, those that need help first, then by name: who answers now, gaps of the
    rota, what waits. Six queries; of operators nothing is counted."""
    points = orgs.directory(actor.path, kinds=["hotline"], limit=limit)
    ids = [point.id for point in points]
    answers = answering(ids, now())
    shifts: dict[UUID, list[rules.Shift]] = defaultdict(list)
    for row in DutyShift.objects.filter(point_id__in=ids):
        shifts[row.point_id].append(rules.Shift(row.weekday, row.starts, row.ends, row.shown_as))
    off: dict[UUID, list[ShiftFacts]] = defaultdict(list)
    until = actor.today + timedelta(days=rules.LOOK_AHEAD_DAYS)
    for one in DutyException.objects.filter(
        point_id__in=ids, shown_as="", day__gte=actor.today, day__lte=until
    ).order_by("day"):
        off[one.point_id].append(ShiftFacts(one.id, None, one.day, one.starts, one.ends, None, ""))
    waiting = _facts(Call.objects.filter(point_id__in=ids, state="missed"))
    many = Counter(call.point_id for call in waiting)
    late = Counter(call.point_id for call in waiting if is_overdue(call, actor.today))
    found = [
        Standing(
            point,
            answers.get(point.id, ""),
            tuple(rules.gaps(point.duty_hours, shifts[point.id])),
            tuple(off[point.id]),
            many[point.id],
            late[point.id],
        )
        for point in points
    ]
    return sorted(found, key=_place)


def last_hand_over(point_id: UUID) -> HandOverFacts | None:
    """The last change of duty, with its note. One query."""
    row = DutyHandOver.objects.filter(point_id=point_id).order_by("-at").first()
    return HandOverFacts(row.at, row.to_name, row.note, row.open_calls) if row else None


def stops_for(actor: Actor, *, limit: int = ON_A_PAGE) -> list[StopFacts]:
    """Operators who wait until security has looked into it, in scope. One query."""
    if not actor.may(Permission.ADMINISTER_ACCOUNTS):
        return []
    rows = OperatorStop.objects.filter(released_at__isnull=True).order_by("at")
    return [StopFacts(row.id, row.name, row.at, row.opened) for row in rows[:limit]]


def account_of(actor: Actor) -> UUID:
    """Numbers are opened by persons. Raises Forbidden for the program."""
    if actor.account_id is None:
        raise Forbidden("hotline")
    return actor.account_id


def is_stopped(actor: Actor) -> bool:
    with beyond_scope("a stop holds under every grant of the person"):
        return OperatorStop.objects.filter(
            account_id=account_of(actor), released_at__isnull=True
        ).exists()


def wait_for_own_openings(actor: Actor) -> None:
    """Two openings of one person wait for each other, so that each counts the one before."""
    wait_for_turn(f"hotline.openings.{account_of(actor)}")


def opened_without_a_call(actor: Actor, *, besides: UUID) -> int:
    """Of how many calls this person opened the number within the hour, and said nothing since."""
    with beyond_scope("a person's openings count together, whichever grant they act under"):
        rows = NumberOpening.objects.filter(
            account_id=account_of(actor),
            at__gt=now() - rules.OPENINGS_WITHIN,
            accounted_at__isnull=True,
        )
        return rows.exclude(call_id=besides).values("call_id").distinct().count()


def answered_packs(actor: Actor) -> "QuerySet[PackAnswer, UUID]":
    """The cases of members who have said that they got it, as a sub-query for lists of cases."""
    return PackAnswer.objects.filter(has_it=True).values_list("case_id", flat=True)


def packs_of(actor: Actor, case_ids: Sequence[UUID]) -> dict[UUID, date]:
    """On which day each of these said that it has not come. One query."""
    rows = PackAnswer.objects.filter(case_id__in=case_ids, has_it=False)
    return dict(rows.values_list("case_id", "asked_on"))
