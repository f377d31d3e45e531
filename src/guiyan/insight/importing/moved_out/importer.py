"""Moved-out registers come in: files for those who are new, and a declared stay for each."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from guiyan.insight.importing.moved_out.rules import MovedOut, read_moved_out, shown_moved_out
from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.workbooks.kinds import MOVED_OUT, Kind
from guiyan.members import commands as member_commands
from guiyan.members.types import MemberFacts
from guiyan.orgs import queries as orgs
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor

UNKNOWN_PLACE: Final = Finding(
    "place", _("没有找到这个地方，先按原文登记；查明去向后请在登记上补填。")
)
UNKNOWN_HOME: Final = Finding(
    "home-organisation", _("没有找到这个党组织，先登记在所选组织名下；请核对名称。")
)
OTHER_HOME: Final = Finding(
    "other-home",
    _("系统里这位党员的流出地党组织与这一行不同，按系统里的登记；如有变动请办理转接。"),
)
_UNKNOWN: Final = frozenset({"不详", "未知", "不清楚", "不明"})
_REASON: Final = "import"


@dataclass(frozen=True, slots=True)
class _Sides:
    home: OrganisationFacts
    host: OrganisationFacts | None


class MovedOutImporter:
    """Home says: these members of ours are away (R-01); a host in this deployment is notified."""

    kind: Kind = MOVED_OUT

    def read(self, reader: RecordReader) -> MovedOut | None:
        return read_moved_out(reader)

    def key(self, row: MovedOut) -> str:
        return row.person.key

    def shown(self, row: MovedOut) -> dict[str, str]:
        return shown_moved_out(row)

    def judge(self, lines: Sequence[Line[MovedOut]], context: Context) -> None:
        members = member_lines.known_members(lines, lambda row: row.person, context)
        stays = flow_many.open_cases_of(context.by, [member.id for member in members.values()])
        context.organisations.learn(line.row.home_organisation for line in lines if line.row)
        for line in lines:
            if line.row is None:
                continue
            home = context.organisations.below(line.row.home_organisation)
            if home is None:
                line.note("home_organisation", UNKNOWN_HOME)
            destination = line.row.destination
            if destination not in _UNKNOWN and destination and not context.places.code(destination):
                line.note("destination", UNKNOWN_PLACE)
            member = members.get(line.number)
            if member is None:
                continue
            line.known = member
            line.verdict = "duplicate" if member.id in stays else "changed"
            if line.verdict == "duplicate":
                line.note("", KNOWN)
            elif home is not None and member.home_organisation_id not in (None, home.id):
                line.note("home_organisation", OTHER_HOME)

    def write(self, lines: Sequence[Line[MovedOut]], context: Context) -> None:
        rows = [(line, line.row) for line in lines if line.row is not None]
        sides = {line.number: _sides(row, context) for line, row in rows}
        fresh = [(line, row) for line, row in rows if line.known is None]
        opened = member_commands.register_members(
            by=context.by,
            new=[
                member_lines.new_member(
                    row.person,
                    home=sides[line.number].home,
                    host=sides[line.number].host,
                    home_text="",
                    batch_id=context.batch_id,
                )
                for line, row in fresh
            ],
            reason=_REASON,
        )
        members = {line.number: line.known for line, _row in rows}
        members |= {line.number: member for (line, _row), member in zip(fresh, opened, strict=True)}
        homes = orgs.organisations_by_id(
            member.home_organisation_id
            for member in members.values()
            if isinstance(member, MemberFacts) and member.home_organisation_id
        )
        openings = []
        for line, row in rows:
            member, side = members[line.number], sides[line.number]
            if isinstance(member, MemberFacts):
                home = homes.get(member.home_organisation_id or side.home.id, side.home)
                state = CaseState.NOTIFIED if side.host else CaseState.DECLARED
                stay = _stay(row, context)
                openings.append(Opening(member, state, stay, home, side.host))
        flow_commands.open_cases(by=context.by, openings=openings, import_batch_id=context.batch_id)

    def undo(
        self, *, by: Actor, batch_id: UUID, changes: Sequence[dict[str, Any]], reason: str
    ) -> Undone:
        return member_lines.undo_members(by=by, batch_id=batch_id, reason=reason)


def _sides(row: MovedOut, context: Context) -> _Sides:
    """The branch that is named, or else the organisation of the import; and the committee of the
    district that the member went to, when it is another one's of this deployment."""
    home = context.organisations.below(row.home_organisation) or context.organisation
    host = context.organisations.committee_of(context.places.find(row.destination))
    if host is not None and home.path.startswith(host.path):
        host = None
    return _Sides(home, host)


def _stay(row: MovedOut, context: Context) -> Stay:
    code = context.places.code(row.destination)
    return Stay(
        left_on=row.moved_out_on,
        left_precision=row.moved_out_precision,
        reason_away=row.reason,
        has_certificate=row.has_certificate,
        is_abroad=row.is_abroad,
        search_method="ledger",
        host_text=row.host_text,
        host_division_code=code,
        stay_division_code=code,
    )
