"""Rolls of members come in: a file for each who is new; what a known file lacks is put right."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from guiyan.insight.importing import member_lines
from guiyan.insight.importing.cells import RecordReader
from guiyan.insight.importing.lines import KNOWN, Context, Line, Undone
from guiyan.insight.importing.members.rules import (
    RolledMember,
    read_rolled,
    said,
    shown_rolled,
)
from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.workbooks.kinds import MEMBERS, Kind
from guiyan.members import commands as member_commands
from guiyan.members.types import MemberFacts, StaleFile
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound

UNKNOWN_HOME: Final = Finding(
    "organisation", _("没有找到这个党组织，先登记在所选组织名下；请核对名称。")
)
OTHER_HOME: Final = Finding(
    "other-home",
    _("系统里这位党员的流出地党组织与这一行不同，按系统里的登记；如有变动请办理转接。"),
)
_REASON: Final = "import"


class MembersImporter:
    """The files of a branch's own members."""

    kind: Kind = MEMBERS

    def read(self, reader: RecordReader) -> RolledMember | None:
        return read_rolled(reader)

    def key(self, row: RolledMember) -> str:
        return row.person.key

    def shown(self, row: RolledMember) -> dict[str, str]:
        return shown_rolled(row)

    def judge(self, lines: Sequence[Line[RolledMember]], context: Context) -> None:
        members = member_lines.known_members(lines, lambda row: row.person, context)
        context.organisations.learn(line.row.organisation for line in lines if line.row)
        for line in lines:
            if line.row is None:
                continue
            home = context.organisations.below(line.row.organisation)
            if home is None and line.row.organisation:
                line.note("organisation", UNKNOWN_HOME)
            member = members.get(line.number)
            if member is None:
                continue
            line.known = member
            if home is not None and member.home_organisation_id not in (None, home.id):
                line.note("organisation", OTHER_HOME)
            line.verdict = "changed" if _differences(line.row, member) else "duplicate"
            if line.verdict == "duplicate":
                line.note("", KNOWN)

    def write(self, lines: Sequence[Line[RolledMember]], context: Context) -> None:
        fresh = [line.row for line in lines if line.row is not None and line.known is None]
        member_commands.register_members(
            by=context.by,
            new=[
                member_lines.new_member(
                    row.person,
                    home=context.organisations.below(row.organisation) or context.organisation,
                    host=None,
                    home_text="",
                    batch_id=context.batch_id,
                )
                for row in fresh
            ],
            reason=_REASON,
        )
        for line in lines:
            if line.row is not None and isinstance(line.known, MemberFacts):
                self._change(line.row, line.known, context)

    def undo(
        self, *, by: Actor, batch_id: UUID, changes: Sequence[dict[str, Any]], reason: str
    ) -> Undone:
        """Files that were opened go, changed ones say again what they said before; what somebody
        has touched since stays as it is."""
        opened = member_lines.undo_members(by=by, batch_id=batch_id, reason=reason)
        restored = sum(_restored(by, change, reason) for change in changes)
        return Undone(opened.removed + restored, opened.kept + len(changes) - restored)

    def _change(self, row: RolledMember, member: MemberFacts, context: Context) -> None:
        different = _differences(row, member)
        after = member_commands.change_member(
            by=context.by,
            member_id=member.id,
            version=member.version,
            reason=_REASON,
            **different,
        )
        context.changes.append(
            {
                "id": str(member.id),
                "version": after.version,
                "before": {name: _plain(getattr(member, name)) for name in different},
            }
        )


def _differences(row: RolledMember, member: MemberFacts) -> dict[str, Any]:
    told = said(row.person)
    different = {name: value for name, value in told.items() if getattr(member, name) != value}
    if "joined_on" in different or "joined_precision" in different:
        different |= {name: told[name] for name in ("joined_on", "joined_precision")}
    return different


def _restored(by: Actor, change: dict[str, Any], reason: str) -> bool:
    before = dict(change["before"])
    if before.get("joined_on"):
        before["joined_on"] = date.fromisoformat(before["joined_on"])
    try:
        member_commands.change_member(
            by=by,
            member_id=UUID(change["id"]),
            version=change["version"],
            reason=reason,
            **before,
        )
    except (NotFound, StaleFile):
        return False
    return True


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
