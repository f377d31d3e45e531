"""A row of a moved-in register: who came, from where, since when and why (domain 2.3)."""

from dataclasses import dataclass
from datetime import date

from guiyan.insight.importing.cells import RecordReader
from guiyan.insight.importing.persons import Person, read_person, shown_date, shown_person


@dataclass(frozen=True, slots=True)
class MovedIn:
    """One member who stays here; places and organisations as written."""

    person: Person
    home_place: str
    home_organisation: str
    host_organisation: str
    moved_in_on: date | None
    moved_in_precision: str
    reason: str
    has_certificate: bool | None

    @property
    def home_text(self) -> str:
        """The home as a letter would address it."""
        return f"{self.home_place}{self.home_organisation}"[:200]


def read_moved_in(reader: RecordReader) -> MovedIn | None:
    """Somebody who stays here, from when on as exactly as it is written; None when wrong."""
    person = read_person(reader, trade_key="industry")
    if person is None:
        return None
    since = reader.day("moved_in_on", born_on=person.born_on)
    return MovedIn(
        person=person,
        home_place=reader.word("home_place", longest=100),
        home_organisation=reader.word("home_organisation", longest=100),
        host_organisation=reader.word("host_organisation", longest=100),
        moved_in_on=since.value if since else None,
        moved_in_precision=since.precision if since else "day",
        reason=reader.word("reason"),
        has_certificate=reader.yes("holds_certificate"),
    )


def shown_moved_in(row: MovedIn) -> dict[str, str]:
    """The row as a preview shows it."""
    return shown_person(row.person, trade_key="industry") | {
        "home_place": row.home_place,
        "home_organisation": row.home_organisation,
        "moved_in_on": shown_date(row.moved_in_on, row.moved_in_precision),
        "reason": row.reason,
    }
