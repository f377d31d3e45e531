"""Moved-in registers come in: files for those who are new, and a stay at the host for each."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from guiyan.flows import commands as flow_commands
from guiyan.flows import many as flow_many
from guiyan.flows.commands import Opening
from guiyan.flows.many import CaseState
from guiyan.flows.types import Stay
from guiyan.insight.importing import member_lines
from guiyan.insight.importing.cells import RecordReader
from guiyan.insight.importing.lines import KNOWN, Context, Line, Undone
from guiyan.insight.importing.moved_in.rules import MovedIn, read_moved_in, shown_moved_in
from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.workbooks.kinds import MOVED_IN, Kind
from guiyan.members import commands as member_commands
from guiyan.members.types import MemberFacts
from guiyan.orgs.kinds import Ability
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor

ALREADY_AWAY: Final = Finding(
    "already-away", _("这位党员已有一条正在办理的流动登记，请在那条登记上办理，不再导入。")
)
UNKNOWN_PLACE: Final = Finding("place", _("没有找到这个地方，先按原文登记；请核对地名。"))
UNKNOWN_HOST: Final = Finding(
    "host-organisation", _("没有找到这个流入地党组织，先登记在所选组织名下；请核对名称。")
)


class MovedInImporter:
    """The host says: these members of elsewhere are with us (R-01, R-02)."""

    kind: Kind = MOVED_IN

    def read(self, reader: RecordReader) -> MovedIn | None:
        return read_moved_in(reader)

    def key(self, row: MovedIn) -> str:
        return row.person.key

    def shown(self, row: MovedIn) -> dict[str, str]:
        return shown_moved_in(row)

    def judge(self, lines: Sequence[Line[MovedIn]], context: Context) -> None:
        members = member_lines.known_members(lines, lambda row: row.person, context)
        stays = flow_many.open_cases_of(context.by, [member.id for member in members.values()])
        for line in lines:
            if line.row is None:
                continue
            self._note_unknown(line, line.row, context)
            member = members.get(line.number)
            if member is None:
                continue
            stay = stays.get(member.id)
            line.known = member
            line.verdict = "duplicate" if stay else "changed"
            if stay:
                is_here = context.by.scope.covers(stay.host_path) and stay.host_path is not None
                line.note("", KNOWN if is_here else ALREADY_AWAY)

    def write(self, lines: Sequence[Line[MovedIn]], context: Context) -> None:
        rows = [(line, line.row) for line in lines if line.row is not None]
        homes = {line.number: _home(row, context) for line, row in rows}
        hosts = {line.number: _host(row, context) for line, row in rows}
        fresh = [(line, row) for line, row in rows if line.known is None]
        opened = member_commands.register_members(
            by=context.by,
            new=[
                member_lines.new_member(
                    row.person,
                    home=homes[line.number],
                    host=hosts[line.number],
                    home_text=row.home_text,
                    batch_id=context.batch_id,
                )
                for line, row in fresh
            ],
            reason=_REASON,
        )
        members = {line.number: line.known for line, _row in rows}
        members |= {line.number: member for (line, _row), member in zip(fresh, opened, strict=True)}
        openings = []
        for line, row in rows:
            member = members[line.number]
            if isinstance(member, MemberFacts):
                home = homes[line.number]
                stay = _stay(row, home, context)
                state = CaseState.CLAIMED if home else CaseState.VERIFIED
                openings.append(Opening(member, state, stay, home, hosts[line.number]))
        flow_commands.open_cases(by=context.by, openings=openings, import_batch_id=context.batch_id)

    def undo(
        self, *, by: Actor, batch_id: UUID, changes: Sequence[dict[str, Any]], reason: str
    ) -> Undone:
        return member_lines.undo_members(by=by, batch_id=batch_id, reason=reason)

    def _note_unknown(self, line: Line[MovedIn], row: MovedIn, context: Context) -> None:
        if row.home_place and context.places.find(row.home_place) is None:
            line.note("home_place", UNKNOWN_PLACE)
        if row.person.address and context.places.find(row.person.address) is None:
            line.note("address", UNKNOWN_PLACE)
        if row.host_organisation and context.organisations.below(row.host_organisation) is None:
            line.note("host_organisation", UNKNOWN_HOST)


_REASON: Final = "import"


def _home(row: MovedIn, context: Context) -> OrganisationFacts | None:
    """The home when it is part of this deployment: exactly this name, and in the place written."""
    found = context.organisations.anywhere(row.home_organisation)
    if found is None or Ability.HOLDS_MEMBERS not in found.abilities:
        return None
    place = context.places.code(row.home_place).rstrip("0")
    return (
        found if not row.home_place or (place and found.division_code.startswith(place)) else None
    )


def _host(row: MovedIn, context: Context) -> OrganisationFacts:
    return context.organisations.below(row.host_organisation) or context.organisation


def _stay(row: MovedIn, home: OrganisationFacts | None, context: Context) -> Stay:
    return Stay(
        left_on=row.moved_in_on,
        left_precision=row.moved_in_precision,
        reason_away=row.reason,
        has_certificate=row.has_certificate,
        search_method="ledger",
        home_text="" if home else row.home_text,
        home_division_code=context.places.code(row.home_place),
        stay_division_code=context.places.code(row.person.address),
    )
