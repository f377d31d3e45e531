"""Policies become dues: each night for the stays that have something new, at once for one stay.

Incremental: a stay is looked at again on the day on which its next period begins, and sooner when
its place, its policies or its relief change. What is there already is left as it was promised.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import attrgetter
from threading import Lock
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from guiyan.field import commands as field_commands
from guiyan.field.types import NewDue
from guiyan.flows import queries as flow_queries
from guiyan.flows.types import CaseState
from guiyan.kernel.calendar import WorkingDays, day_of
from guiyan.kernel.lunar import spring_festival
from guiyan.liaison.cadence import rules
from guiyan.liaison.cadence.kinds import KINDS, Side, done_by, side_of
from guiyan.liaison.models import CadencePolicy, CadenceStanding, Contact, ContactPerson, Relief
from guiyan.liaison.rules import noon_of
from guiyan.orgs import queries as org_queries
from guiyan.platform.actor import Actor
from guiyan.platform.bulk import insert_rows, update_rows
from guiyan.platform.planning import many_in_scope
from guiyan.platform.scope import scoped
from guiyan.platform.two_hands import by_two_hands

AT_ONCE = 5_000
_NEVER = date(9999, 1, 1)  # while nothing is declared; who is relieved for good has date.max
_A_YEAR = timedelta(days=366)
_HOSTED = (CaseState.PLACED, CaseState.TRANSFERRING)
_ABROAD = Q(home_path__isnull=False, is_abroad=True)
# Whom somebody keeps in touch with: hosted by a branch, or abroad with a home here.
KEPT_IN_TOUCH = Q(ended_on__isnull=True) & (Q(state__in=_HOSTED) | _ABROAD)

_STAY = (
    "id", "member_id", "home_organisation_id", "home_path", "host_organisation_id", "host_path",
    "is_abroad", "placed_on", "left_on", "opened_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stay:
    """What dues need of a case, in the order of `_STAY`."""

    id: UUID
    member_id: UUID
    home_organisation_id: UUID | None
    home_path: str | None
    host_organisation_id: UUID | None
    host_path: str | None
    is_abroad: bool
    placed_on: date | None
    left_on: date | None
    opened_on: date

    @property
    def arrived_on(self) -> date:
        return self.placed_on or self.left_on or self.opened_on

    def side(self, name: Side) -> tuple[UUID | None, str | None]:
        if name == "home":
            return self.home_organisation_id, self.home_path
        return self.host_organisation_id, self.host_path


@dataclass(frozen=True, slots=True)
class Owing:
    """What is new for all stays that are alike in everything but whose they are."""

    dues: tuple[tuple[str, Side, rules.Period, rules.Window], ...]
    through: dict[str, str]
    look_on: date


@dataclass(slots=True)
class Night:
    """What is the same for many stays of one night, reckoned once."""

    on: date
    declared: list[rules.Policy] = field(default_factory=list)
    working_days: WorkingDays = field(default_factory=WorkingDays)
    _declaring: frozenset[str] = frozenset()
    _along: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _chains: dict[tuple[str, ...], dict[str, list[rules.Policy]]] = field(default_factory=dict)
    _owing: dict[tuple[object, ...], Owing] = field(default_factory=dict)

    @classmethod
    def begun(cls, on: date) -> "Night":
        """Two queries."""
        own = declared()
        declaring = frozenset(policy.path for policy in own)
        return cls(on, [*rules.NATIONAL, *own], org_queries.working_days(), declaring)

    def owing(self, stay: Stay, through: dict[str, str], resumed: date | None) -> Owing:
        """What is owed of a stay that was not put yet, and when it is to be looked at again."""
        # Days of arrival that lie far back make no difference, so they are reckoned as one.
        last_year = date(self.on.year - 1, 1, 1)
        arrived_on = max(stay.arrived_on, min(self.on - _A_YEAR, last_year))
        along: dict[Side, tuple[str, ...] | None] = {
            "home": self._along_of(*stay.side("home")),
            "host": self._along_of(*stay.side("host")),
        }
        known = tuple(through.items())
        key = (stay.is_abroad, along["home"], along["host"], arrived_on, known, resumed)
        if key not in self._owing:
            self._owing[key] = self._reckon(stay.is_abroad, along, arrived_on, through, resumed)
        return self._owing[key]

    def _reckon(
        self,
        is_abroad: bool,
        along: dict[Side, tuple[str, ...] | None],
        arrived_on: date,
        known: dict[str, str],
        resumed: date | None,
    ) -> Owing:
        through, days = dict(known), [_NEVER]
        dues: list[tuple[str, Side, rules.Period, rules.Window]] = []
        for kind in KINDS:
            side = side_of(kind, is_abroad=is_abroad)
            above = along[side]
            if above is None or not rules.concerns(kind, is_abroad=is_abroad):
                continue
            policies = self._policies(kind, above)
            for period in rules.owed(
                policies,
                arrived_on=arrived_on,
                through=_day(through, kind),
                resumed_on=resumed,
                on=self.on,
                festival=spring_festival,
            ):
                dues.append((kind, side, period, rules.window(period, self.working_days)))
                through[kind] = period.last.isoformat()
            last = _day(through, kind)
            begins = rules.begins_next(policies, last, arrived_on, self.on, spring_festival)
            days += [begins] if begins is not None else []
        # Never today again.
        return Owing(tuple(dues), through, max(min(days), self.on + timedelta(days=1)))

    def _policies(self, kind: str, along: tuple[str, ...]) -> list[rules.Policy]:
        if along not in self._chains:
            self._chains[along] = rules.as_inherited(self.declared, along)
        return self._chains[along][kind]

    def _along_of(self, organisation_id: UUID | None, path: str | None) -> tuple[str, ...] | None:
        """Those above who have declared something, from the root down: whoever has the same ones
        owes the same. None where nobody of the program is on that side."""
        if path is None or organisation_id is None:
            return None
        if path not in self._along:
            above = (one for one in org_queries.ancestor_paths(path) if one in self._declaring)
            self._along[path] = tuple(sorted(above, key=len))
        return self._along[path]


def _day(through: dict[str, str], kind: str) -> date | None:
    return date.fromisoformat(through[kind]) if kind in through else None


def declared() -> list[rules.Policy]:
    """Everything that any organisation has declared; policies are public. One query."""
    columns = ("kind", "cycle", "is_on", "keep_days", "valid_from", "source", "path")
    return [rules.Policy(*row) for row in CadencePolicy.objects.values_list(*columns)]


def tonight(on: date, by: Actor) -> int:
    """All stays that have something to put on that day, in short transactions; returns how many
    dues are new. A night that was broken off goes on where it stopped."""
    with transaction.atomic(), scoped(by.scope):
        rest = _Rest(by, Night.begun(on))
    put = rest.put_some()
    return put if rest.is_over else put + sum(by_two_hands(rest.put_all))


class _Rest:
    """The stays of a night that were not looked at yet; whoever asks gets the next few."""

    def __init__(self, by: Actor, night: Night) -> None:
        self.by, self.night, self.is_over = by, night, False
        self._after: UUID | None = None
        self._turn = Lock()

    def put_all(self) -> int:
        put = 0
        while not self.is_over:
            put += self.put_some()
        return put

    def put_some(self) -> int:
        """The next few, in one transaction; returns how many dues are new."""
        with transaction.atomic(), scoped(self.by.scope):
            stays = self._take()
            return _put(self.by, self.night, stays) if stays else 0

    def _take(self) -> list[Stay]:
        with self._turn:
            if self.is_over:
                return []
            stays = _next_stays(self.by, self.night.on, self._after)
            self.is_over = len(stays) < AT_ONCE
            self._after = stays[-1].id if stays else None
            return stays


def one_stay(by: Actor, case_id: UUID) -> int:
    """The dues of one stay, at once: after it was placed, moved, relieved or resumed."""
    rows = flow_queries.cases_for(by).filter(KEPT_IN_TOUCH, id=case_id)
    stays = [Stay(*row) for row in rows.values_list(*_STAY)]
    if not stays:
        return 0
    return _put(by, Night.begun(by.today), stays)


def _next_stays(by: Actor, on: date, after: UUID | None) -> list[Stay]:
    """The next few stays that are new or due to be looked at, by id."""
    standing = CadenceStanding.objects.filter(case_id=OuterRef("id"))
    rows = flow_queries.cases_for(by).filter(KEPT_IN_TOUCH)
    rows = rows.filter(~Exists(standing.filter(look_on__gt=on))).order_by("id")
    if after is not None:
        rows = rows.filter(id__gt=after)
    # In the order of the key, so that each few are read once and not all that are left behind them.
    with many_in_scope(in_order=True):
        return [Stay(*row) for row in rows.values_list(*_STAY)[:AT_ONCE]]


def _put(by: Actor, night: Night, stays: Sequence[Stay]) -> int:
    ids = [stay.id for stay in stays]
    reliefs = _reliefs(night.on, [stay.member_id for stay in stays])
    standing = CadenceStanding.objects.filter(case_id__any=ids).values_list("case_id", "through")
    known: dict[UUID, dict[str, str]] = dict(standing)
    persons = ContactPerson.objects.filter(case_id__any=ids, valid_to__isnull=True)
    owners = dict(persons.values_list("case_id", Coalesce("stand_in_account_id", "account_id")))
    dues: list[NewDue] = []
    standings = []
    for stay in stays:
        through = known.get(stay.id, {})
        relief, owner = reliefs.get(stay.member_id), owners.get(stay.id)
        if relief is not None and relief[1] >= night.on >= relief[0]:
            look_on = relief[1] + timedelta(days=1) if relief[1] < date.max else date.max
        else:
            resumed = relief[1] + timedelta(days=1) if relief and relief[1] < night.on else None
            owing = night.owing(stay, through, resumed)
            dues += _dues_of(stay, owing, owner)
            through, look_on = owing.through, owing.look_on
        standings.append(
            CadenceStanding(
                case_id=stay.id,
                through=through,
                look_on=look_on,
                host_path=stay.host_path or "",
                owner_account_id=owner,
            )
        )
    # Of one kind and period beside each other: what they have in common is sent once.
    dues.sort(key=attrgetter("kind", "period"))
    many = field_commands.put_dues(by=by, dues=dues) if dues else 0
    _close_what_was_done(by, dues)
    insert_rows([row for row in standings if row.case_id not in known], unless_taken="case_id")
    update_rows(
        [row for row in standings if row.case_id in known],
        ["through", "look_on", "host_path", "owner_account_id"],
    )
    return many


def _close_what_was_done(by: Actor, dues: Sequence[NewDue]) -> None:
    """Nobody is asked for what they did before it was put: a member was placed and called on one
    day, and the month's due is put in the night. Two queries where nothing was done."""
    owners = {due.subject_id: due.owner_account_id for due in dues if due.subject_kind == "case"}
    if not owners:
        return
    kinds: dict[UUID, set[str]] = {}
    for due in dues:
        kinds.setdefault(due.subject_id, set()).add(due.kind)
    since = noon_of(min(due.opens_on for due in dues)) - timedelta(days=1)
    made = Contact.objects.filter(
        case_id__any=list(owners), was_reached=True, withdrawn_at__isnull=True, at__gte=since
    )
    for contact in made.order_by("at"):
        done = done_by(contact.how, was_reached=True, was_talk=contact.was_talk)
        if contact.by_account_id == owners[contact.case_id] and done & kinds[contact.case_id]:
            field_commands.close_dues(
                by=by,
                subject_id=contact.case_id,
                kinds=sorted(done & kinds[contact.case_id]),
                closed_by=contact.id,
                on=day_of(contact.at),
            )


def _dues_of(stay: Stay, owing: Owing, owner: UUID | None) -> list[NewDue]:
    dues = []
    for kind, side, period, window in owing.dues:
        organisation_id, path = stay.side(side)
        assert organisation_id is not None and path is not None  # otherwise nothing is owed there
        dues.append(
            NewDue(
                kind=kind,
                case_id=stay.id,
                subject_kind="case" if side == "host" else "home",
                subject_id=stay.id,
                organisation_id=organisation_id,
                path=path,
                owner_account_id=owner if side == "host" else None,
                opens_on=window.opens_on,
                due_on=window.due_on,
                expires_on=window.expires_on,
                period=period.key,
                source=period.policy.key,
            )
        )
    return dues


def _reliefs(on: date, member_ids: Sequence[UUID]) -> dict[UUID, tuple[date, date]]:
    """The latest relief of each member that has begun: its days, without an end the last there is."""
    rows: QuerySet[Relief] = Relief.objects.filter(member_id__any=member_ids, starts_on__lte=on)
    found: dict[UUID, tuple[date, date]] = {}
    for member_id, starts_on, ends_on in rows.values_list("member_id", "starts_on", "ends_on"):
        days = (starts_on, ends_on or date.max)
        if member_id not in found or days[1] > found[member_id][1]:
            found[member_id] = days
    return found
