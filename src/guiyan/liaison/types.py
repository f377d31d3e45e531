"""What the room of keeping in touch hands to others."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from guiyan.kernel.findings import Phrase
from guiyan.platform.wording import on_record, sentence


@dataclass(frozen=True, slots=True)
class ContactPersonFacts:
    account_id: UUID
    name: str
    why: str
    valid_from: date
    stand_in_name: str = ""


@dataclass(frozen=True, slots=True)
class ContactFacts:
    at: datetime
    how: str
    was_reached: bool
    by_name: str
    note: str
    id: UUID | None = None
    by_account_id: UUID | None = None
    was_talk: bool = False
    why_not: str = ""
    next_on: date | None = None
    noted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who could keep in touch, and the reason in one sentence."""

    account_id: UUID
    name: str
    reasons: tuple[Phrase, ...]
    load: int

    @property
    def why(self) -> str:
        return sentence(self.reasons)

    @property
    def why_on_record(self) -> str:
        return on_record(self.reasons)
