"""What pairing hands to pages: contact persons with their terms, members without one, proposals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from guiyan.kernel.findings import Phrase
from guiyan.platform.wording import on_record, sentence


@dataclass(frozen=True, slots=True)
class Carer:
    """Somebody of staff who can keep in touch with members: where, in which languages, how many."""

    account_id: UUID
    name: str
    organisation_id: UUID
    organisation_name: str
    path: str
    languages: tuple[str, ...]
    trade: str
    limit: int
    takes_members: bool
    load: int = 0
    longitude: float | None = None
    latitude: float | None = None
    has_own_limit: bool = False
    reads: tuple[str, ...] = ()
    leave: "LeaveFacts | None" = None

    @property
    def is_away(self) -> bool:
        """On leave today; the members stay, nobody new is proposed."""
        return self.leave is not None and self.leave.state == "running"

    @property
    def is_full(self) -> bool:
        return self.load >= self.limit


@dataclass(frozen=True, slots=True)
class LeaveFacts:
    """Somebody is away from a day to a day, and who stands in."""

    id: UUID
    account_id: UUID
    name: str
    starts_on: date
    ends_on: date
    stand_in_name: str
    note: str
    state: str
    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class OverLimit:
    """Somebody who was chosen by hand would have more members than the limit says."""

    account_id: UUID
    name: str
    load: int
    limit: int


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else who could keep in touch with this member."""

    account_id: UUID
    name: str
    reasons: tuple[Phrase, ...]

    @property
    def why(self) -> str:
        return sentence(self.reasons)


@dataclass(frozen=True, slots=True)
class PairLine:
    """One member of a proposal."""

    id: UUID
    case_id: UUID
    member_id: UUID
    member_name: str
    host_organisation_id: UUID | None
    present_account_id: UUID | None
    present_name: str
    account_id: UUID | None
    name: str
    km: float | None
    reasons: tuple[Phrase, ...]
    others: Sequence[Other]
    is_by_hand: bool
    is_pinned: bool
    trade: str = ""  # of two with one name, which

    @property
    def why(self) -> str:
        return sentence(self.reasons)

    @property
    def why_on_record(self) -> str:
        return on_record(self.reasons)

    @property
    def moves(self) -> bool:
        """The member had somebody and gets somebody else."""
        return self.present_account_id is not None and self.present_account_id != self.account_id

    @property
    def is_new(self) -> bool:
        return self.present_account_id is None and self.account_id is not None

    @property
    def is_left_over(self) -> bool:
        return self.account_id is None


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal before, or after, it was decided."""

    id: UUID
    organisation_id: UUID
    organisation_name: str
    path: str
    made_by_name: str
    made_at: datetime
    leaving_account_id: UUID | None
    leaving_name: str
    hand_over_note: str
    state: str
    gap: float
    total_km: float
    members: int = 0
    moving: int = 0
    new: int = 0
    left_over: int = 0
    trouble: str = ""

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def is_working(self) -> bool:
        return self.state == "working"

    @property
    def is_committing(self) -> bool:
        return self.state == "committing"

    @property
    def staying(self) -> int:
        return self.members - self.moving - self.new - self.left_over


@dataclass(frozen=True, slots=True)
class Keeping:
    """One stretch of a member's history of contact persons."""

    name: str
    why: str
    valid_from: date
    valid_to: date | None
    hand_over_note: str
    is_interim: bool
