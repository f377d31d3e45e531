"""Values that other rooms get from the file of a member, and hand to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from guiyan.kernel.findings import Finding
from guiyan.platform.errors import Conflict, Refused


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A file as everybody with it in scope may see it: identity only as masks."""

    id: UUID
    name: str
    sex: str
    born_on: date | None
    ethnicity: str
    category: str
    joined_on: date | None
    joined_precision: str
    trade: str
    languages: tuple[str, ...]
    has_phone: bool
    reads_little: bool
    home_organisation_id: UUID | None
    home_path: str | None
    home_text: str
    host_organisation_id: UUID | None
    host_path: str | None
    phone_mask: str
    id_mask: str
    address_mask: str
    version: int
    merged_into_id: UUID | None = None
    import_batch_id: UUID | None = None
    warnings: tuple[Finding, ...] = ()
    reads: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Where the member belongs: the home side, or the host side of somebody from elsewhere."""
        return self.home_path or self.host_path or ""


@dataclass(frozen=True, slots=True)
class NewMember:
    """What is known of a person when the file is opened; identity as it was typed."""

    name: str
    id_number: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    phone_whose: str = "own"
    phone_relation: str = ""
    address: str | None = field(default=None, repr=False)
    ethnicity: str = ""
    category: str = "full"
    joined_on: date | None = None
    joined_precision: str = "day"
    trade: str = ""
    languages: Sequence[str] = ()
    home_organisation_id: UUID | None = None
    home_text: str = ""
    host_organisation_id: UUID | None = None
    has_phone: bool = True
    reads_little: bool = False
    import_batch_id: UUID | None = None
    sex: str = ""
    born_on: date | None = None
    reads: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Sides:
    """Where a member belongs and who looks after the stay now."""

    member_id: UUID
    home_organisation_id: UUID | None
    home_path: str | None
    home_text: str
    host_organisation_id: UUID | None
    host_path: str | None


@dataclass(frozen=True, slots=True)
class Revealed:
    """One value of the vault, opened for one reason; to be taken off the screen at `until`."""

    kind: str
    value: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class VaultFacts:
    """A contact point or number of the file by its mask: whose it is, and since when."""

    id: UUID
    kind: str
    mask: str
    whose: str
    relation: str
    valid_from: date
    valid_to: date | None
    signs_in_from: date | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """What held from a day until a day (the last day excluded; None: still)."""

    what: str
    value: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline: what happened, who did it for which body, and why."""

    at: datetime
    text: str
    who: str = ""
    organisation: str = ""
    reason: str = ""
    row_id: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A way from the page of a file to a page of another room."""

    label: str
    url: str


class Duplicate(Refused):
    """A file with this ID number exists where the actor sees it; `existing_id` leads there."""

    def __init__(self, existing_id: UUID, message: str) -> None:
        super().__init__("duplicate", message)
        self.existing_id = existing_id


class StaleFile(Conflict):
    """Somebody else changed the file first; `current` is what stands there now."""

    def __init__(self, current: MemberFacts, message: str) -> None:
        super().__init__(message)
        self.current = current


@dataclass(frozen=True, slots=True)
class Review:
    """A pair of files that may be one person, as the reviewer sees it."""

    id: UUID
    why: str
    noticed_at: datetime
    first: MemberFacts
    second: MemberFacts


@dataclass(frozen=True, slots=True)
class CorrectionFacts:
    """A member's request without its text, which is opened by itself."""

    id: UUID
    member_id: UUID
    field: str
    asked_at: datetime
    answer_by: date
    answer: str
    answer_reason: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """A yes to one purpose, since when, given how, and the day on which it was taken back."""

    purpose: str
    notice_version: str
    given_how: str
    given_on: date
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class MergeFacts:
    """A merge that may be undone."""

    id: UUID
    gone_id: UUID
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """Something that the member is told."""

    kind: str
    text: str
    at: datetime
