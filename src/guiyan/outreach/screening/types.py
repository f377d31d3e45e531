"""Values of the screening that its pages, papers and commands pass around."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from guiyan.outreach.census.codes import written_code
from guiyan.outreach.census.types import StandingFacts
from guiyan.outreach.screening.rules import AWAY_LONG, SCREENED, Said, person_number


@dataclass(frozen=True, slots=True)
class PersonOnList:
    """One person of a branch's list, with what was said and what the program knows."""

    member_id: UUID
    name: str
    sex: str
    line: int  # 0: came after the list was made
    branch_number: int
    answer: str
    answered_on: date | None
    case_id: UUID | None  # an open case, whoever opened it
    case_where: str

    @property
    def suggested(self) -> str:
        """What to tick before anybody has: who has an open case is away for longer."""
        return self.answer or (AWAY_LONG if self.case_id else "")

    @property
    def code(self) -> str:
        return written_code(person_number(self.branch_number, self.line)) if self.line else ""


@dataclass(frozen=True, slots=True)
class BranchList:
    """A branch's list in one round."""

    standing: StandingFacts
    people: tuple[PersonOnList, ...]

    @property
    def answered(self) -> int:
        return sum(1 for one in self.people if one.answer)

    @property
    def has_newcomers(self) -> bool:
        """The branch was done, and people are on its list who came afterwards."""
        return self.standing.state == SCREENED and self.answered < len(self.people)


@dataclass(frozen=True, slots=True)
class Search:
    """A member whom nobody knows where to find, and by when they should have been found."""

    member_id: UUID
    name: str
    branch: str
    list_id: UUID
    round_is_open: bool
    due_on: date
    is_own: bool


@dataclass(frozen=True, slots=True)
class ListOutcome:
    """What became of a batch of answers; `refused` has the words for each person it did not take."""

    state: str
    taken: int
    opened: int
    refused: dict[UUID, tuple[str, str]] = field(default_factory=dict)


Answers = dict[UUID, Said]
