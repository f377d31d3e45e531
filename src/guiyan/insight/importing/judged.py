"""A workbook judged as a whole: the counts, the problems, and the lines to write."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from guiyan.insight.importing import lines as importing
from guiyan.insight.importing.lines import Context, Importer, Line
from guiyan.insight.importing.members.importer import MembersImporter
from guiyan.insight.importing.moved_in.importer import MovedInImporter
from guiyan.insight.importing.moved_out.importer import MovedOutImporter
from guiyan.insight.importing.organisations.importer import OrganisationsImporter
from guiyan.insight.importing.places import OrganisationBook, PlaceBook
from guiyan.insight.importing.premises.importer import PremisesImporter
from guiyan.insight.importing.workbook import Table, problems_of, read_lines
from guiyan.kernel.workbooks.problems import RowProblem
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission as P

IMPORTERS: Final[dict[str, Importer[Any]]] = {
    importer.kind.key: importer
    for importer in (
        OrganisationsImporter(),
        PremisesImporter(),
        MembersImporter(),
        MovedInImporter(),
        MovedOutImporter(),
    )
}
# Who may import writes what workbooks bring, within the own part of the tree and no further.
_WRITES: Final = frozenset(
    {P.CHANGE_ORGANISATIONS, P.CHANGE_MEMBERS, P.SEE_MEMBERS, P.SEE_CASES, P.DECLARE_CASES}
)
SAMPLE_ROWS: Final = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """What an import would do, or has done."""

    table: Table
    lines: list[Line[Any]]
    counts: dict[str, int]
    problems: list[RowProblem]


def context_for(by: Actor, organisation: OrganisationFacts) -> Context:
    """The person writes as an importer, for one organisation of their part of the tree."""
    importing_actor = replace(by, permissions=by.permissions | _WRITES)
    return Context(
        by=importing_actor,
        organisation=organisation,
        places=PlaceBook(organisation.division_code),
        organisations=OrganisationBook(organisation.path),
    )


def judge_table(table: Table, context: Context) -> Judged:
    """Read, then compare with the file itself and with the database."""
    importer = IMPORTERS[table.kind.key]
    lines = read_lines(table, importer, context.today)
    importing.judge(importer, lines, context)
    return Judged(table, lines, importing.counts(lines), list(problems_of(lines, table.layout)))


def sample_of(judged: Judged) -> list[dict[str, str]]:
    """The first rows that would be written, as understood; identity masked."""
    importer = IMPORTERS[judged.table.kind.key]
    wanted = [line for line in judged.lines if line.verdict in ("new", "changed")]
    return [
        {"row": str(line.number), "verdict": line.verdict, **importer.shown(line.row)}
        for line in wanted[:SAMPLE_ROWS]
    ]


def packed(problems: Iterable[RowProblem]) -> dict[str, Any]:
    """Problems small enough to keep: each sentence once, then row, column and its number."""
    says: dict[tuple[str, str, str], int] = {}
    at = [
        [
            each.row,
            each.column,
            says.setdefault((each.code, each.severity, each.message), len(says)),
        ]
        for each in problems
    ]
    return {"says": [list(said) for said in says], "at": at}


def unpacked(kept: Mapping[str, Any]) -> list[RowProblem]:
    """The problems again, in the reader's language."""
    says = kept.get("says", [])
    return [
        RowProblem(row, column, says[n][0], _(says[n][2]), says[n][1])
        for row, column, n in kept.get("at", [])
    ]
