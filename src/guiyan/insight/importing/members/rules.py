"""A row of a roll of members: who, in which branch (domain 2.2)."""

from dataclasses import dataclass
from typing import Any

from guiyan.insight.importing.cells import RecordReader
from guiyan.insight.importing.persons import Person, read_person, shown_person


@dataclass(frozen=True, slots=True)
class RolledMember:
    """One member of a branch, as written."""

    person: Person
    organisation: str


def read_rolled(reader: RecordReader) -> RolledMember | None:
    """A member with the branch that holds the relation; None when wrong."""
    person = read_person(reader, trade_key="occupation")
    if person is None:
        return None
    return RolledMember(person, reader.word("organisation", longest=100))


def said(person: Person) -> dict[str, Any]:
    """The facts of a file on which the row says something; what it leaves empty stays."""
    facts: dict[str, Any] = {
        "ethnicity": person.ethnicity,
        "trade": person.trade,
        "languages": person.languages,
        "reads": person.reads,
        "reads_little": person.reads_little,
    }
    told = {name: value for name, value in facts.items() if value}
    if person.category != "full":
        told["category"] = person.category
    if person.joined_on is not None:
        told |= {"joined_on": person.joined_on, "joined_precision": person.joined_precision}
    return told


def shown_rolled(row: RolledMember) -> dict[str, str]:
    """The row as a preview shows it."""
    return shown_person(row.person, trade_key="occupation") | {"organisation": row.organisation}
