"""What other rooms get to know of organisations, places and parameters."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """One organisation as everybody may know it; `abilities` are those of its kind."""

    id: UUID
    name: str
    short_name: str
    code: str
    kind_code: str
    kind_name: str
    abilities: frozenset[str]
    path: str
    parent_id: UUID | None
    division_code: str
    stands_in_code: str
    longitude: float | None
    latitude: float | None
    coordinates_origin: str
    address: str
    phone: str
    trades: tuple[str, ...]
    languages: tuple[str, ...]
    is_open: bool
    check_in_code: str
    opened_on: date
    closed_on: date | None
    merged_into_id: UUID | None
    version: int

    def can(self, ability: str) -> bool:
        return ability in self.abilities


@dataclass(frozen=True, slots=True)
class Standing:
    """The little that is asked of an organisation at each request of its staff."""

    id: UUID
    name: str
    path: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Poster:
    """What the page behind a poster's code says of its organisation."""

    id: UUID
    name: str
    path: str
    check_in_code: str


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """An organisation to be opened; `parent_code` None makes a root."""

    parent_code: str | None
    kind: str
    name: str
    code: str
    division_code: str
    stands_in_code: str = ""
    short_name: str = ""
    address: str = ""
    phone: str = ""
    trades: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    longitude: float | None = None
    latitude: float | None = None
    coordinates_origin: str = ""


@dataclass(frozen=True, slots=True)
class NewServicePoint:
    """A desk, service centre or hotline to be listed for the organisation with this code."""

    organisation_code: str
    kind: str
    name: str
    duty_hours: tuple[tuple[int, str, str], ...]
    phone: str = ""
    address: str = ""
    division_code: str = ""
    longitude: float | None = None
    latitude: float | None = None
    coordinates_origin: str = ""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What an organisation was called and where it hung, from a day until a day."""

    organisation_id: UUID
    name: str
    kind_code: str
    parent_id: UUID | None
    parent_name: str
    act: str
    reason: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Place:
    """A division that was read from an address; coordinates are those of an organisation there."""

    division_code: str
    name: str
    full_name: str
    level: int
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True)
class ServicePointFacts:
    """Where somebody is there for members, and when."""

    id: UUID
    organisation_id: UUID
    organisation_name: str
    kind: str
    name: str
    address: str
    phone: str
    division_code: str
    longitude: float | None
    latitude: float | None
    coordinates_origin: str
    duty_hours: tuple[tuple[int, str, str], ...]
    duty_text: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number from a rule that holds here and now, and where it comes from."""

    name: str
    value: int
    unit: str
    source: str
    valid_from: date
    set_by_path: str
    set_by_name: str


@dataclass(frozen=True, slots=True)
class BoundaryFacts:
    """Where a division ends: rings of x, y, x, y … in hundred-thousandths of a degree, and where
    its name is written."""

    code: str
    rings: tuple[tuple[int, ...], ...]
    longitude: float
    latitude: float
    credit: str


@dataclass(frozen=True, slots=True)
class LoadedBoundaries:
    """How many boundaries are new, and how many took the place of an older one."""

    new: int
    replaced: int
