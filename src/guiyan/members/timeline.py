"""The history of a file as sentences: acts on it, and what upper rooms add through `sources`."""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.members import rules, words
from guiyan.members.queues import merges_of
from guiyan.members.types import Entry, Link, MemberFacts
from guiyan.platform.actor import Actor
from guiyan.platform.models import AuditRow
from guiyan.platform.reading import read_once
from guiyan.platform.scope import beyond_scope

Source = Callable[[Actor, UUID], list[Entry]]
LinkSource = Callable[[Actor, MemberFacts], list[Link]]

# Upper rooms add theirs in `ready()`: sources of further entries, links to their own pages about
# a member (for staff, and on the member's own page), sentences for their own acts, and which of
# these open identity (an export with full numbers).
sources: list[Source] = []
file_links: list[LinkSource] = []
own_links: list[LinkSource] = []
SENTENCES: dict[str, str | Promise] = {
    "members.register_member": gettext_lazy("建立了档案"),
    "members.register_members": gettext_lazy("随名册建立了档案"),
    "members.change_member": gettext_lazy("修改了档案内容"),
    "members.set_identity": gettext_lazy("登记了新的%(kind)s"),
    "members.end_identity": gettext_lazy("停用了旧的%(kind)s"),
    "members.set_sides_of_many": gettext_lazy("变更了流出地或流入地党组织"),
    "members.set_sides": gettext_lazy("变更了流出地或流入地党组织"),
    "members.reveal": gettext_lazy("查看了完整的%(kind)s"),
    "members.search_identity": gettext_lazy("用完整的%(kind)s查到了这份档案"),
    "members.merge_members": gettext_lazy("合并了两份重复的档案"),
    "members.undo_merge": gettext_lazy("撤销了档案合并"),
    "members.say_different": gettext_lazy("核对后认定与另一份档案不是同一人"),
    "members.say_same": gettext_lazy("核对后认定与另一份档案是同一人"),
    "members.ask_correction": gettext_lazy("本人提出了更正申请"),
    "members.read_wish": gettext_lazy("查看了更正申请的内容"),
    "members.answer_correction": gettext_lazy("答复了更正申请"),
    "members.give_consent": gettext_lazy("本人同意了一个事项"),
    "members.withdraw_consent": gettext_lazy("本人撤回了一个同意"),
    "members.record_consent": gettext_lazy("代为记录了本人的意愿"),
    "members.copy_own_file": gettext_lazy("本人取走了档案副本"),
    "members.print_copy": gettext_lazy("为本人打印了档案副本"),
    "members.take_correction": gettext_lazy("在窗口代收了更正申请"),
    "members.open_identity_of_many": gettext_lazy("随名册导出了完整的身份证号码和电话号码"),
    "members.take_numbers_along": gettext_lazy("把%(kind)s带到了手机上，没有信号时好联系您"),
    "members.mark_notices_seen": gettext_lazy("本人看过了提醒"),
}
OPENINGS: set[str] = {
    "members.reveal",
    "members.search_identity",
    "members.read_wish",
    "members.print_copy",
    "members.open_identity_of_many",
    "members.take_numbers_along",
}
_NOT_SHOWN = ("members.mark_notices_seen",)
AT_ONCE = 100


def timeline_of(actor: Actor, member_id: UUID, *, limit: int = AT_ONCE) -> list[Entry]:
    """Everything in scope that happened to a file, newest first; two queries and the sources'."""
    entries = _entries(_newest(actor, member_id, limit))
    for source in sources:
        entries += source(actor, member_id)
    return sorted(entries, key=_at, reverse=True)[:limit]


def openings_of(
    actor: Actor, member_id: UUID, *, before: int | None = None, limit: int = 20
) -> list[Entry]:
    """Who opened identity in this file and why, newest first; page on with the last `row_id`.

    Staff read those of their own part of the tree, the member reads all of them.
    """
    if before is None and len(newest := _newest(actor, member_id, AT_ONCE)) < AT_ONCE:
        return _entries([row for row in newest if row.action in OPENINGS][:limit])
    return _entries(_rows(actor, member_id, Q(action__in=OPENINGS), before, limit))


@read_once
def _newest(actor: Actor, member_id: UUID, limit: int) -> tuple[AuditRow, ...]:
    return _rows(actor, member_id, Q(), None, limit)


def _rows(
    actor: Actor, member_id: UUID, wish: Q, before: int | None, limit: int
) -> tuple[AuditRow, ...]:
    """Of the file and of those that went into it; a merge that was undone parts them again."""
    ids = [member_id, *(merge.gone_id for merge in merges_of(actor, member_id))]
    rows = AuditRow.objects.filter(wish, member_id__in=ids).exclude(action__in=_NOT_SHOWN)
    if before is not None:
        rows = rows.filter(id__lt=before)
    is_own = actor.member_id == member_id and len(ids) > 1
    own = beyond_scope("a member reads who opened any of their files") if is_own else nullcontext()
    with own:
        return tuple(rows.order_by("-id")[:limit])


def _entries(rows: Iterable[AuditRow]) -> list[Entry]:
    return [_entry(row) for row in rows]


def _entry(row: AuditRow) -> Entry:
    kind = words.KIND.get(str(row.facts.get("kind", "")), _("身份信息"))
    sentence = SENTENCES.get(row.action)
    reason = rules.REVEAL_REASONS.get(row.reason)
    why = _(reason) if reason else row.reason
    if case_number := row.facts.get("case_number"):
        why = f"{why}（{case_number}）"
    return Entry(
        at=row.at,
        text=str(sentence) % {"kind": kind} if sentence else _("办理了一件与您档案有关的事"),
        who=row.actor_name or _("系统"),
        organisation=row.organisation_name,
        reason=why,
        row_id=row.id,
    )


def _at(entry: Entry) -> datetime:
    return entry.at
