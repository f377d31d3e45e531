"""Lists of premises come in, under the committee of the township that each row names."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from guiyan.insight.importing.cells import RecordReader
from guiyan.insight.importing.lines import KNOWN, Context, Line, Undone
from guiyan.insight.importing.premises.rules import (
    ListedPremises,
    read_premises,
    shown_premises,
)
from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.workbooks.kinds import PREMISES, Kind
from guiyan.orgs.kinds import Ability
from guiyan.orgs.types import OrganisationFacts
from guiyan.outreach import commands as outreach
from guiyan.outreach import queries as outreach_queries
from guiyan.outreach.types import NewPremises
from guiyan.platform.actor import Actor

UNKNOWN_TOWNSHIP: Final = Finding(
    "township", _("没有找到这个乡镇，先登记在所选组织名下；请核对乡镇名称。")
)


class PremisesImporter:
    """Shops, firms and social organisations, for the census."""

    kind: Kind = PREMISES

    def read(self, reader: RecordReader) -> ListedPremises | None:
        return read_premises(reader)

    def key(self, row: ListedPremises) -> str:
        return row.key

    def shown(self, row: ListedPremises) -> dict[str, str]:
        return shown_premises(row)

    def judge(self, lines: Sequence[Line[ListedPremises]], context: Context) -> None:
        townships = _Townships(context)
        wanted = {
            line.number: _new(line.row, townships.find(line.row.township) or context.organisation)
            for line in lines
            if line.row is not None
        }
        known = outreach_queries.find_same(context.by, context.organisation.path, wanted)
        for line in lines:
            if line.row is None:
                continue
            if line.row.township and townships.find(line.row.township) is None:
                line.note("township", UNKNOWN_TOWNSHIP)
            found = known.get(line.number)
            if found is None:
                line.known = wanted[line.number]
                continue
            line.known = (found, wanted[line.number])
            line.verdict = "changed" if found.differs_from(wanted[line.number]) else "duplicate"
            if line.verdict == "duplicate":
                line.note("", KNOWN)

    def write(self, lines: Sequence[Line[ListedPremises]], context: Context) -> None:
        new = [line.known for line in lines if isinstance(line.known, NewPremises)]
        outreach.register_premises(
            by=context.by, new=new, import_batch_id=context.batch_id, reason="import"
        )
        pairs = [line.known for line in lines if isinstance(line.known, tuple)]
        changed = outreach.change_premises(
            by=context.by, changes=[(found.id, wanted) for found, wanted in pairs], reason="import"
        )
        context.changes.extend({"changed": str(one)} for one in changed)

    def undo(
        self, *, by: Actor, batch_id: UUID, changes: Sequence[dict[str, Any]], reason: str
    ) -> Undone:
        """Premises that the batch brought go; those that it changed keep what it said."""
        gone = outreach.undo_batch(by=by, batch_id=batch_id, reason=reason)
        return Undone(gone["removed"], gone["kept"] + len(changes))


class _Townships:
    """The committee of each township below the organisation, by the township's name."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._found: dict[str, OrganisationFacts | None] = {}

    def find(self, name: str) -> OrganisationFacts | None:
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def _look_up(self, name: str) -> OrganisationFacts | None:
        if not name:
            return None
        code = self._context.places.code(name)
        for found in self._context.organisations.of_division(code, Ability.COMMITTEE):
            if found.path.startswith(self._context.organisation.path):
                return found
        return self._context.organisations.below(name)


def _new(row: ListedPremises, organisation: OrganisationFacts) -> NewPremises:
    return NewPremises(
        organisation_id=organisation.id,
        path=organisation.path,
        division_code=organisation.division_code,
        serial=row.serial,
        name=row.name,
        credit_code=row.credit_code,
        licence=row.licence,
        type=row.type,
        address=row.address,
        manager=row.manager,
        phone=row.phone,
        state=row.state,
    )
