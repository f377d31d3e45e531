"""Who answers when: the rota of a line, who is on duty at a moment, and where nobody is."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from guiyan.access import queries as access
from guiyan.access.types import StaffFacts
from guiyan.kernel.calendar import day_of
from guiyan.kernel.keyset import decode_cursor, encode_cursor
from guiyan.orgs import queries as orgs
from guiyan.outreach.hotline import rules
from guiyan.outreach.hotline.queries.calls import ON_A_PAGE, call_facts, is_overdue
from guiyan.outreach.hotline.types import HandOverFacts, ShiftFacts, Standing
from guiyan.outreach.models import Call, DutyException, DutyHandOver, DutyShift
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.permissions import Permission

_STANDINGS = "outreach.standings"
_ALL_LINES = 20_000


def rota_of(point_id: UUID) -> list[ShiftFacts]:
    """The week's shifts. One query."""
    rows = DutyShift.objects.filter(point_id=point_id).order_by("weekday", "starts", "ends")
    return [
        ShiftFacts(r.id, r.weekday, None, r.starts, r.ends, r.account_id, r.shown_as) for r in rows
    ]


def days_of(point_id: UUID, *, since: date) -> list[ShiftFacts]:
    """Days on which it is otherwise, from a day on, with the night before. One query."""
    runs_on = Q(day=since - timedelta(days=1), ends__lte=F("starts"))
    wanted = Q(point_id=point_id) & (Q(day__gte=since) | runs_on)
    rows = DutyException.objects.filter(wanted).order_by("day", "starts")
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


def accounts_on_duty(point_ids: Sequence[UUID], at: datetime) -> dict[UUID, UUID]:
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


def shifts_name(actor: Actor) -> set[UUID]:
    """The lines on whose rota this person stands, this week's or on a day to come. Two queries."""
    days = DutyException.objects.filter(
        account_id=actor.account_id, day__gte=actor.today - timedelta(days=1)
    )
    rows = DutyShift.objects.filter(account_id=actor.account_id)
    mine = [found.values_list("point_id", flat=True) for found in (rows, days)]
    return {point_id for found in mine for point_id in found} if actor.account_id else set()


def account_on_duty(point_id: UUID, path: str, at: datetime) -> UUID | None:
    """Who owes a call that is missed at this moment; None for a team, for nobody, and for somebody
    who stands on the rota but may not answer any more."""
    account_id = accounts_on_duty([point_id], at).get(point_id)
    return account_id if account_id in {one.account_id for one in people_of(path)} else None


def people_of(path: str) -> list[StaffFacts]:
    """Who may answer this hotline: operators of its organisation and of those above."""
    found = [
        one
        for organisation in orgs.ancestors_of(path)
        for one in access.staff_at(organisation.path, Permission.ANSWER_HOTLINE)
    ]
    return list({one.account_id: one for one in found}.values())


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
    waiting = call_facts(Call.objects.filter(point_id__in=ids, state="missed"))
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
