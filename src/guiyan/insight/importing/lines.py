"""Rows on their way in: read, judged against what is there, and written or left out."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Generic, Literal, Protocol, TypeVar
from uuid import UUID

from guiyan.insight.importing.cells import CellFinding, RecordReader
from guiyan.insight.importing.places import OrganisationBook, PlaceBook
from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.workbooks.kinds import Kind
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor

R = TypeVar("R")
Verdict = Literal["new", "changed", "duplicate", "wrong", "skipped"]
VERDICTS: Final[tuple[Verdict, ...]] = ("new", "changed", "duplicate", "wrong", "skipped")
AT_ONCE: Final = 2_000
Progress = Callable[[int, int], None]

TWICE: Final = Finding("twice", _("文件里前面已有同一人（同一单位）的一行，这一行不再导入。"))
KNOWN: Final = Finding("known", _("系统里已有相同的登记，这一行不再导入。"))


@dataclass(slots=True)
class Line(Generic[R]):
    """One row of the sheet. `known` is what it was found to be the same as."""

    number: int
    row: R | None
    findings: list[CellFinding]
    verdict: Verdict
    known: object | None = None

    def note(self, key: str, finding: Finding, *, is_error: bool = False) -> None:
        severity: Literal["error", "warning"] = "error" if is_error else "warning"
        self.findings.append(CellFinding(key, finding.code, finding.message, severity))


@dataclass(slots=True)
class Context:
    """For whom and where a workbook comes in, with what was looked up so far."""

    by: Actor
    organisation: OrganisationFacts
    places: PlaceBook
    organisations: OrganisationBook
    batch_id: UUID | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def today(self) -> date:
        return self.by.today


@dataclass(frozen=True, slots=True)
class Undone:
    """What the taking back removed, and what stays because somebody has touched it since."""

    removed: int
    kept: int


class Importer(Protocol[R]):
    """One kind of workbook: how its rows are read, judged, written and taken back."""

    @property
    def kind(self) -> Kind: ...

    def read(self, reader: RecordReader) -> R | None:
        """The row as the rules understand it; None when it is wrong. Knows no database."""

    def key(self, row: R) -> str:
        """Equal for two rows of one file that are about the same thing."""

    def judge(self, lines: Sequence[Line[R]], context: Context) -> None:
        """Say of each new line whether it is known already; a few statements for any number."""

    def write(self, lines: Sequence[Line[R]], context: Context) -> None:
        """Write the new and changed lines of one chunk."""

    def undo(
        self, *, by: Actor, batch_id: UUID, changes: Sequence[dict[str, Any]], reason: str
    ) -> Undone:
        """Remove what the batch brought and nobody has touched since."""

    def shown(self, row: R) -> dict[str, str]:
        """The row as a preview shows it, by column key; identity masked."""


def judge(importer: Importer[R], lines: Sequence[Line[R]], context: Context) -> None:
    """Rows said twice in the file first, then in chunks what the database knows."""
    seen: set[str] = set()
    fresh: list[Line[R]] = []
    for line in lines:
        if line.verdict != "new" or line.row is None:
            continue
        key = importer.key(line.row)
        if key in seen:
            line.verdict = "duplicate"
            line.note("", TWICE)
        else:
            seen.add(key)
            fresh.append(line)
    for chunk in chunks(fresh):
        importer.judge(chunk, context)


def write(
    importer: Importer[R], lines: Iterable[Line[R]], context: Context, progress: Progress
) -> None:
    """New and changed lines, chunk by chunk; the caller's transaction holds them together."""
    wanted = [line for line in lines if line.verdict in ("new", "changed")]
    done = 0
    for chunk in chunks(wanted):
        importer.write(chunk, context)
        done += len(chunk)
        progress(done, len(wanted))


def counts(lines: Iterable[Line[R]]) -> dict[str, int]:
    """Rows of people or things, and of these how many of each verdict; skipped rows beside."""
    found = Counter(line.verdict for line in lines)
    rows = sum(found.values()) - found["skipped"]
    return {"rows": rows, **{verdict: found[verdict] for verdict in VERDICTS}}


def chunks(lines: Sequence[Line[R]]) -> Iterator[Sequence[Line[R]]]:
    """At most `AT_ONCE` lines each."""
    for start in range(0, len(lines), AT_ONCE):
        yield lines[start : start + AT_ONCE]
