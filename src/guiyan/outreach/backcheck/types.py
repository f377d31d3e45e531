"""Values of the back-check."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guiyan.outreach.backcheck.rules import Agreement
from guiyan.outreach.census.types import StandingFacts


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """One standing to be looked at again. What was said first is shown only when it is done."""

    id: UUID
    standing: StandingFacts
    first_state: str
    first_team_name: str
    second_team_id: UUID | None
    second_team_name: str
    state: str
    reason: str
    checked_on: date | None
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class DrawFacts:
    id: UUID
    seed: str
    share: int
    drawn_on: date
    by_name: str


@dataclass(frozen=True, slots=True)
class BackCheckFacts:
    """All of a round: its draws, what is left, and how far the two agree."""

    draws: tuple[DrawFacts, ...]
    drawn: int
    left: int
    agreement: Agreement

    @property
    def is_done(self) -> bool:
        return bool(self.draws) and self.left == 0
