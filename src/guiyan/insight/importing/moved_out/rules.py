"""A row of a moved-out register: who left which branch, for where, since when (domain 2.3)."""

from dataclasses import dataclass
from datetime import date

from guiyan.insight.importing.cells import RecordReader
from guiyan.insight.importing.persons import Person, read_person, shown_date, shown_person

_ABROAD = ("出国", "出境", "国外", "境外", "留学")


@dataclass(frozen=True, slots=True)
class MovedOut:
    """One member who is away; places and organisations as written."""

    person: Person
    home_organisation: str
    destination: str
    host_organisation: str
    moved_out_on: date | None
    moved_out_precision: str
    reason: str
    has_certificate: bool | None
    is_abroad: bool = False

    @property
    def host_text(self) -> str:
        """Where the member is, as a letter would address it."""
        return f"{self.destination}{self.host_organisation}"[:200]


def read_moved_out(reader: RecordReader) -> MovedOut | None:
    """Somebody who left, since when as exactly as it is written; None when wrong."""
    person = read_person(reader, trade_key="industry")
    if person is None:
        return None
    since = reader.day("moved_out_on", born_on=person.born_on)
    return MovedOut(
        person=person,
        home_organisation=reader.word("home_organisation", longest=100),
        destination=reader.text("destination", longest=100),
        host_organisation=reader.word("host_organisation", longest=100),
        moved_out_on=since.value if since else None,
        moved_out_precision=since.precision if since else "day",
        reason=reader.word("reason"),
        has_certificate=reader.yes("holds_certificate"),
        is_abroad=_says_abroad(reader),
    )


def _says_abroad(reader: RecordReader) -> bool:
    """What a column of its own says; else the kind of the stay, its reason, or a place that begins
    so (“中国外运” is a company in this country)."""
    said = reader.yes("is_abroad")
    if said is not None:
        return said
    kind = reader.text("flow_type", longest=100) + reader.word("reason")
    place = reader.text("destination", longest=100)
    return any(word in kind for word in _ABROAD) or place.startswith(_ABROAD)


def shown_moved_out(row: MovedOut) -> dict[str, str]:
    """The row as a preview shows it."""
    return shown_person(row.person, trade_key="industry") | {
        "home_organisation": row.home_organisation,
        "destination": row.destination,
        "moved_out_on": shown_date(row.moved_out_on, row.moved_out_precision),
        "reason": row.reason,
        "is_abroad": "是" if row.is_abroad else "",
    }
