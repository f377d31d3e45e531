"""Lists of organisations come in: those that are new are opened under the one that is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from guiyan.insight.importing.cells import RecordReader
from guiyan.insight.importing.lines import KNOWN, Context, Line, Undone
from guiyan.insight.importing.organisations.rules import (
    ListedOrganisation,
    read_organisation,
    shown_organisation,
)
from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.names import fold_name
from guiyan.kernel.workbooks.kinds import ORGANISATIONS, Kind
from guiyan.orgs import commands as org_commands
from guiyan.orgs import queries as orgs
from guiyan.orgs.types import NewOrganisation, OrganisationFacts
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound, Refused

UNKNOWN_PARENT: Final = Finding(
    "parent", _("没有找到这个上级党组织；请核对名称，或把上级放在表里更靠前的行。")
)
WRONG_PARENT: Final = Finding(
    "wrong-parent", _("这类组织不能设在所写的上级之下；请核对类别或上级。")
)
CODE_TAKEN: Final = Finding("code-taken", _("这个代码已有别的组织在用或用过；请核对代码。"))


@dataclass(frozen=True, slots=True)
class _Parent:
    """Where a new organisation hangs: the code and kind of one that is there or comes before."""

    code: str
    kind: str
    division_code: str


class OrganisationsImporter:
    """The tree below one organisation, from a list."""

    kind: Kind = ORGANISATIONS

    def read(self, reader: RecordReader) -> ListedOrganisation | None:
        return read_organisation(reader)

    def key(self, row: ListedOrganisation) -> str:
        return row.code or f"{fold_name(row.parent)}|{fold_name(row.name)}"

    def shown(self, row: ListedOrganisation) -> dict[str, str]:
        return shown_organisation(row)

    def judge(self, lines: Sequence[Line[ListedOrganisation]], context: Context) -> None:
        tree = _Tree(context)
        for line in lines:
            if line.row is not None:
                self._judge_one(line, line.row, tree)

    def write(self, lines: Sequence[Line[ListedOrganisation]], context: Context) -> None:
        new = [line.known for line in lines if isinstance(line.known, NewOrganisation)]
        opened = org_commands.open_organisations(by=context.by, new=new, reason="import")
        context.changes.extend({"opened": str(facts.id)} for facts in opened)

    def undo(
        self, *, by: Actor, batch_id: UUID, changes: Sequence[dict[str, Any]], reason: str
    ) -> Undone:
        """Those that hold nobody and nothing are closed, the youngest first; a code is not given
        twice, so they stay in the history."""
        ids = [UUID(str(change["opened"])) for change in changes if "opened" in change]
        closed = 0
        for organisation_id in reversed(ids):
            try:
                org_commands.close(by=by, organisation_id=organisation_id, reason=reason)
            except (Refused, NotFound):
                continue
            closed += 1
        return Undone(removed=closed, kept=len(ids) - closed)

    def _judge_one(
        self, line: Line[ListedOrganisation], row: ListedOrganisation, tree: "_Tree"
    ) -> None:
        parent = tree.parent_of(row)
        if parent is None:
            _wrong(line, "parent", UNKNOWN_PARENT)
        elif tree.has(parent, row):
            line.verdict = "duplicate"
            line.note("", KNOWN)
        elif tree.is_taken(row.code):
            _wrong(line, "code", CODE_TAKEN)
        elif row.kind not in tree.kinds_under(parent.kind):
            _wrong(line, "level", WRONG_PARENT)
        else:
            line.known = tree.add(parent, row)


class _Tree:
    """The organisations below the one that imports, and those of the list so far."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._existing = orgs.organisations_under(context.organisation.path)
        self._names = {(each.parent_id, fold_name(each.name)) for each in self._existing}
        self._ids = {each.code: each.id for each in self._existing}
        self._new: dict[str, _Parent] = {}
        self._kinds: dict[str, set[str]] = {}
        self._numbers: dict[str, int] = {}

    def parent_of(self, row: ListedOrganisation) -> _Parent | None:
        if not row.parent:
            return _as_parent(self._context.organisation)
        if found := self._new.get(fold_name(row.parent)):
            return found
        below = self._context.organisations.below(row.parent)
        return _as_parent(below) if below else None

    def has(self, parent: _Parent, row: ListedOrganisation) -> bool:
        """It is there already under this name, or under this code and name."""
        return (self._ids.get(parent.code), fold_name(row.name)) in self._names

    def is_taken(self, code: str) -> bool:
        if not code:
            return False
        if code in {each.code for each in self._new.values()}:
            return True
        try:
            orgs.organisation_by_code(code)
        except NotFound:
            return False
        return True

    def kinds_under(self, kind: str) -> set[str]:
        if kind not in self._kinds:
            self._kinds[kind] = {code for code, _name in orgs.kinds_under(kind)}
        return self._kinds[kind]

    def add(self, parent: _Parent, row: ListedOrganisation) -> NewOrganisation:
        name = row.name.removeprefix("中共")
        division = (
            self._context.places.code(row.division)
            or self._context.places.code(name)
            or parent.division_code
        )
        code = row.code or self._next_code(parent.code)
        self._new[fold_name(row.name)] = _Parent(code, row.kind, division)
        return NewOrganisation(
            parent_code=parent.code,
            kind=row.kind,
            name=row.name,
            code=code,
            division_code=division,
            short_name=row.short_name,
            address=row.address,
            phone=row.phone,
        )

    def _next_code(self, parent_code: str) -> str:
        """A code for an organisation whose list has none: its parent's and a running number."""
        number = self._numbers.get(parent_code, 0)
        while True:
            number += 1
            code = f"{parent_code[:26]}-D{number}"
            if not self.is_taken(code):
                self._numbers[parent_code] = number
                return code


def _as_parent(facts: OrganisationFacts) -> _Parent:
    return _Parent(facts.code, facts.kind_code, facts.division_code)


def _wrong(line: Line[ListedOrganisation], key: str, finding: Finding) -> None:
    line.verdict = "wrong"
    line.note(key, finding, is_error=True)
