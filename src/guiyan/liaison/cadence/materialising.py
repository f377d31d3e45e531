"""Policies become dues: each night for the stays that have something new, at once for one stay.

Incremental: a stay is looked at again on the day on which its next period begins, and sooner when
its place, its policies or its relief change. What is there already is left as it was promised.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from guiyan.field import commands as field_commands
from guiyan.field.types import NewDue
from guiyan.flows import queries as flow_queries
from guiyan.flows.types import CaseState
from guiyan.kernel.calendar import WorkingDays
from guiyan.kernel.lunar import spring_festival
from guiyan.liaison.cadence import rules
from guiyan.liaison.cadence.kinds import ABROAD_WORDS, KINDS, is_abroad, side_of
from guiyan.liaison.models import CadencePolicy, CadenceStanding, ContactPerson, Relief
from guiyan.orgs import queries as org_queries
from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped

AT_ONCE = 5_000
_NEVER = date(9999, 1, 1)  # while nothing is declared; who is relieved for good has date.max
_HOSTED = (CaseState.PLACED, CaseState.TRANSFERRING)
_ABROAD = Q(home_path__isnull=False) & (
    Q(reason_away__regex="|".join(ABROAD_WORDS)) | Q(host_text__regex="|".join(ABROAD_WORDS))
)
# Whom somebody keeps in touch with: hosted by a branch, or abroad with a home here.
KEPT_IN_TOUCH = Q(ended_on__isnull=True) & (Q(state__in=_HOSTED) | _ABROAD)

_STAY = (
    "id", "member_id", "home_organisation_id", "home_path", "host_organisation_id", "host_path",
    "reason_away", "host_text", "placed_on", "left_on", "opened_on",
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
    reason_away: str
    host_text: str
    placed_on: date | None
    left_on: date | None
    opened_on: date

    @property
    def is_abroad(self) -> bool:
        return self.placed_on is None and is_abroad(self.reason_away, self.host_text)

    @property
    def arrived_on(self) -> date:
        return self.placed_on or self.left_on or self.opened_on

    def side(self, name: str) -> tuple[UUID | None, str | None]:
        if name == "home":
            return self.home_organisation_id, self.home_path
        return self.host_organisation_id, self.host_path


@dataclass(slots=True)
class Night:
    """What is the same for many stays of one night, reckoned once."""

    on: date
    declared: list[rules.Policy] = field(default_factory=list)
    working_days: WorkingDays = field(default_factory=WorkingDays)
    _declaring: frozenset[str] = frozenset()
    _along: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _chains: dict[tuple[str, ...], dict[str, list[rules.Policy]]] = field(default_factory=dict)
    _owed: dict[tuple[object, ...], list[tuple[rules.Period, rules.Window]]] = field(
        default_factory=dict
    )
    _next: dict[tuple[object, ...], date | None] = field(default_factory=dict)

    @classmethod
    def begun(cls, on: date) -> "Night":
        """Two queries."""
        own = declared()
        declaring = frozenset(policy.path for policy in own)
        return cls(on, [*rules.NATIONAL, *own], org_queries.working_days(), declaring)

    def policies(self, kind: str, along: tuple[str, ...]) -> list[rules.Policy]:
        if along not in self._chains:
            self._chains[along] = rules.as_inherited(self.declared, along)
        return self._chains[along][kind]

    def _along_of(self, path: str) -> tuple[str, ...]:
        """Those above who have declared something, from the root down: whoever has the same ones
        owes the same, so it is reckoned once for all of them."""
        if path not in self._along:
            above = (one for one in org_queries.ancestor_paths(path) if one in self._declaring)
            self._along[path] = tuple(sorted(above, key=len))
        return self._along[path]

    def owed(
        self, kind: str, path: str, arrived_on: date, through: date | None, resumed: date | None
    ) -> list[tuple[rules.Period, rules.Window]]:
        arrived_on = self._as_early_as_counts(kind, arrived_on)
        along = self._along_of(path)
        key = (kind, along, arrived_on, through, resumed)
        if key not in self._owed:
            found = rules.owed(
                self.policies(kind, along),
                arrived_on=arrived_on,
                through=through,
                resumed_on=resumed,
                on=self.on,
                festival=spring_festival,
            )
            self._owed[key] = [(one, rules.window(one, self.working_days)) for one in found]
        return self._owed[key]

    def next(self, kind: str, path: str, arrived_on: date, through: date | None) -> date | None:
        arrived_on = self._as_early_as_counts(kind, arrived_on)
        along = self._along_of(path)
        key = (kind, along, arrived_on, through)
        if key not in self._next:
            self._next[key] = rules.begins_next(
                self.policies(kind, along), through, arrived_on, self.on, spring_festival
            )
        return self._next[key]

    def _as_early_as_counts(self, kind: str, arrived_on: date) -> date:
        """Days of arrival that lie far back make no difference, so they are reckoned as one."""
        if KINDS[kind].code == "first_week":
            return max(arrived_on, self.on - timedelta(days=366))
        return max(arrived_on, date(self.on.year - 1, 1, 1))


def declared() -> list[rules.Policy]:
    """Everything that any organisation has declared; policies are public. One query."""
    columns = ("kind", "cycle", "is_on", "keep_days", "valid_from", "source", "path")
    return [rules.Policy(*row) for row in CadencePolicy.objects.values_list(*columns)]


def tonight(on: date, by: Actor) -> int:
    """All stays that have something to put on that day, in short transactions; returns how many
    dues are new. A night that was broken off goes on where it stopped."""
    with transaction.atomic(), scoped(by.scope):
        night = Night.begun(on)
    put, after = 0, None
    while True:
        with transaction.atomic(), scoped(by.scope):
            stays, standings = _next_stays(by, on, after)
            if stays:
                put += _put(by, night, stays, standings)
        if not stays:
            return put
        after = stays[-1].id


def one_stay(by: Actor, case_id: UUID) -> int:
    """The dues of one stay, at once: after it was placed, moved, relieved or resumed."""
    rows = flow_queries.cases_for(by).filter(KEPT_IN_TOUCH, id=case_id)
    stays = [Stay(*row) for row in rows.values_list(*_STAY)]
    if not stays:
        return 0
    known = CadenceStanding.objects.filter(case_id=case_id).values_list("case_id", "through")
    return _put(by, Night.begun(by.today), stays, dict(known))


def _next_stays(
    by: Actor, on: date, after: UUID | None
) -> tuple[list[Stay], dict[UUID, dict[str, str]]]:
    """The next few stays that are new or due to be looked at, by id."""
    standing = CadenceStanding.objects.filter(case_id=OuterRef("id"))
    rows = flow_queries.cases_for(by).filter(KEPT_IN_TOUCH)
    rows = rows.filter(~Exists(standing.filter(look_on__gt=on))).order_by("id")
    if after is not None:
        rows = rows.filter(id__gt=after)
    stays = [Stay(*row) for row in rows.values_list(*_STAY)[:AT_ONCE]]
    known = CadenceStanding.objects.filter(case_id__in=[stay.id for stay in stays])
    return stays, dict(known.values_list("case_id", "through"))


def _put(by: Actor, night: Night, stays: Sequence[Stay], known: dict[UUID, dict[str, str]]) -> int:
    reliefs = _reliefs(night.on, [stay.member_id for stay in stays])
    owners = dict(
        ContactPerson.objects.filter(
            case_id__in=[stay.id for stay in stays], valid_to__isnull=True
        ).values_list("case_id", "account_id")
    )
    dues: list[NewDue] = []
    standings = []
    for stay in stays:
        through = dict(known.get(stay.id, {}))
        relief = reliefs.get(stay.member_id)
        if relief is not None and relief[1] >= night.on >= relief[0]:
            look_on = relief[1] + timedelta(days=1) if relief[1] < date.max else date.max
        else:
            resumed = relief[1] + timedelta(days=1) if relief and relief[1] < night.on else None
            dues += _dues_of(night, stay, through, owners.get(stay.id), resumed)
            look_on = _look_on(night, stay, through)
        standings.append(
            CadenceStanding(
                case_id=stay.id,
                through=through,
                look_on=look_on,
                host_path=stay.host_path or "",
                owner_account_id=owners.get(stay.id),
            )
        )
    many = field_commands.put_dues(by=by, dues=dues) if dues else 0
    CadenceStanding.objects.bulk_create(
        standings,
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["through", "look_on", "host_path", "owner_account_id"],
    )
    return many


def _dues_of(
    night: Night,
    stay: Stay,
    through: dict[str, str],
    owner: UUID | None,
    resumed: date | None,
) -> list[NewDue]:
    """What is new for one stay; `through` is carried on."""
    dues = []
    for kind in KINDS:
        side = side_of(kind, is_abroad=stay.is_abroad)
        organisation_id, path = stay.side(side)
        if path is None or organisation_id is None:
            continue
        if not rules.concerns(kind, is_abroad=stay.is_abroad):
            continue
        last = date.fromisoformat(through[kind]) if kind in through else None
        for period, window in night.owed(kind, path, stay.arrived_on, last, resumed):
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
            through[kind] = period.last.isoformat()
    return dues


def _look_on(night: Night, stay: Stay, through: dict[str, str]) -> date:
    """The first day on which another period of any kind begins; never today again."""
    days = [_NEVER]
    for kind in KINDS:
        path = stay.side(side_of(kind, is_abroad=stay.is_abroad))[1]
        if path is None or not rules.concerns(kind, is_abroad=stay.is_abroad):
            continue
        last = date.fromisoformat(through[kind]) if kind in through else None
        day = night.next(kind, path, stay.arrived_on, last)
        if day is not None:
            days.append(day)
    return max(min(days), night.on + timedelta(days=1))


def _reliefs(on: date, member_ids: Sequence[UUID]) -> dict[UUID, tuple[date, date]]:
    """The latest relief of each member that has begun: its days, without an end the last there is."""
    rows: QuerySet[Relief] = Relief.objects.filter(member_id__in=member_ids, starts_on__lte=on)
    found: dict[UUID, tuple[date, date]] = {}
    for member_id, starts_on, ends_on in rows.values_list("member_id", "starts_on", "ends_on"):
        days = (starts_on, ends_on or date.max)
        if member_id not in found or days[1] > found[member_id][1]:
            found[member_id] = days
    return found
