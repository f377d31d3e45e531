"""Values of a census that pages, packets and other rooms get, and hand to it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from guiyan.outreach.census.codes import written_code
from guiyan.outreach.census.rules import UNEXPLAINED


@dataclass(frozen=True, slots=True)
class RoundFacts:
    id: UUID
    path: str
    organisation_id: UUID
    kind: str
    title: str
    purpose: str
    starts_on: date
    ends_on: date
    letter: str
    state: str
    opened_on: date | None
    closed_on: date | None
    without_back_check: str
    version: int

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class StandingFacts:
    """One premises in one round, as who walks there sees it: nobody's name, no telephone number."""

    id: UUID
    round_id: UUID
    path: str
    organisation_id: UUID
    premises_id: UUID | None
    area_id: UUID | None
    number: int
    name: str
    address: str
    type: str
    noted: str  # what the register says: closed, moved, or nothing
    village: str
    street: str
    house: int
    state: str
    reason: str
    come_back_on: date | None
    duplicate_of: UUID | None
    visited_on: date | None
    visit_id: UUID | None
    has_conflict: bool
    version: int
    area_version: int

    @property
    def code(self) -> str:
        return written_code(self.number)

    @property
    def is_left(self) -> bool:
        return self.state in UNEXPLAINED


@dataclass(frozen=True, slots=True)
class NewVisit:
    """One visit, from a page, a typed sheet or a phone. `id` is its maker's: twice is once."""

    id: UUID
    standing_id: UUID
    state: str
    reason: str = ""
    come_back_on: date | None = None
    duplicate_of: UUID | None = None
    visited_on: date | None = None
    base_version: int | None = None
    supersedes: UUID | None = None
    source: str = "page"
    area_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class VisitOutcome:
    """`state` is applied, merged, conflict, refused, not-found or again (it was there already)."""

    visit_id: UUID
    standing_id: UUID
    state: str
    version: int | None = None
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class VisitFacts:
    id: UUID
    standing_id: UUID
    state: str
    reason: str
    come_back_on: date | None
    visited_on: date
    source: str
    outcome: str
    supersedes: UUID | None
    by_name: str
    team_id: UUID | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class NewDoor:
    """Premises met on the street that no list knows. Nobody's name is asked."""

    name: str
    address: str = ""
    credit_code: str = ""
    type: str = ""
    is_another: bool = False  # the person has seen the one that looks alike


@dataclass(frozen=True, slots=True)
class PersonFacts:
    id: UUID
    kind: str
    name: str
    account_id: UUID | None


@dataclass(frozen=True, slots=True)
class TeamFacts:
    id: UUID
    round_id: UUID
    path: str
    organisation_id: UUID
    name: str
    ended_on: date | None
    people: tuple[PersonFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """A part of a township, with how many premises it has and how many are left."""

    id: UUID
    round_id: UUID
    path: str
    organisation_id: UUID
    name: str
    number: int
    team_id: UUID | None
    team_name: str
    is_confirmed: bool
    version: int
    total: int = 0
    left: int = 0

    @property
    def done(self) -> int:
        return self.total - self.left


@dataclass(frozen=True, slots=True)
class Tally:
    """Standings of one body, area or street, by state; they add up to its register."""

    name: str
    counts: dict[str, int] = field(default_factory=dict)
    done_on: dict[date, int] = field(default_factory=dict)
    id: UUID | None = None
    path: str = ""
    people: dict[str, int] = field(default_factory=dict)  # answers about people of branches' lists

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def left(self) -> int:
        return sum(self.counts.get(state, 0) for state in UNEXPLAINED)

    @property
    def done(self) -> int:
        return self.total - self.left

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 is said only when nothing is left."""
        return self.done * 100 // self.total if self.total else 0

    @classmethod
    def sum_of(cls, name: str, parts: "Iterable[Tally]", of: UUID) -> "Tally":
        """Several added up, under one name."""
        counts: Counter[str] = Counter()
        days: Counter[date] = Counter()
        people: Counter[str] = Counter()
        for one in parts:
            counts.update(one.counts)
            days.update(one.done_on)
            people.update(one.people)
        return cls(name, dict(counts), dict(days), id=of, people=dict(people))


@dataclass(frozen=True, slots=True)
class Affected:
    """One area of a team that falls out, and who could take it over."""

    area: AreaFacts
    to_team_id: UUID | None
    to_team_name: str
