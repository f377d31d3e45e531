"""Exports as their owner and the approver see them; row-level security answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.flows.types import RegisterFilter
from guiyan.flows.words import STATE
from guiyan.insight import export_rules as rules
from guiyan.insight.export_sources import SOURCES, filter_of
from guiyan.insight.models import ExportRequest
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.errors import Forbidden, NotFound
from guiyan.platform.permissions import Permission

STATES: dict[str, str | Promise] = {
    "waiting": _("等待审批"),
    "queued": _("排队中"),
    "writing": _("正在生成"),
    "ready": _("可以下载"),
    "declined": _("未批准"),
    "failed": _("没有做成"),
    "over": _("已过期"),
}
TONES = {"ready": "good", "waiting": "warn", "declined": "bad", "failed": "bad"}


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """A request as its page shows it."""

    id: UUID
    title: str | Promise
    organisation_name: str
    file_format: str
    is_unmasked: bool
    reason: str
    state: str
    state_name: str | Promise
    tone: str
    requested_by_name: str
    requested_at: datetime
    decided_by_name: str
    progress: int
    rows: int | None
    filters: tuple[str | Promise, ...]
    refusal: str
    until: datetime | None

    @property
    def is_beyond_count(self) -> bool:
        return self.state == "waiting" and (self.rows or 0) > rules.COUNTED_UP_TO

    @property
    def is_under_way(self) -> bool:
        return self.state in ("queued", "writing")


def my_exports(actor: Actor, *, limit: int = 50) -> list[ExportFacts]:
    """What this person asked for, the newest first. One query."""
    rows = ExportRequest.objects.filter(requested_by_id=actor.account_id or UUID(int=0))
    return [export_facts(row) for row in rows.order_by("-requested_at")[:limit]]


def get_export_for(actor: Actor, request_id: UUID) -> ExportFacts:
    """One's own request. One query. Raises NotFound for another's."""
    row = ExportRequest.objects.filter(
        id=request_id, requested_by_id=actor.account_id or UUID(int=0)
    ).first()
    if row is None:
        raise NotFound("export")
    return export_facts(row)


def to_approve(actor: Actor, *, limit: int = 50) -> list[ExportFacts]:
    """Requests in scope that wait for a second person, without one's own. One query."""
    if not actor.may(Permission.APPROVE_EXPORTS):
        raise Forbidden(Permission.APPROVE_EXPORTS)
    rows = ExportRequest.objects.filter(
        state="waiting", requested_at__gt=now() - rules.APPROVAL_LASTS
    ).exclude(requested_by_id=actor.account_id)
    return [export_facts(row) for row in rows.order_by("requested_at")[:limit]]


def filters_in_words(wanted: RegisterFilter) -> list[str | Promise]:
    """What the register was narrowed to; empty when it is the whole of it."""
    found: list[str | Promise] = [STATE[state] for state in wanted.states if state in STATE]
    if wanted.claimed is not None:
        found.append(_("已认领") if wanted.claimed else _("未认领"))
    if wanted.trade:
        found.append(wanted.trade)
    if wanted.overdue:
        found.append(_("只看超期"))
    if wanted.except_for is not None:
        found.append(_("只看没有联系人的"))
    if wanted.ended:
        found.append(_("只看已结束"))
    return found


def export_facts(row: ExportRequest) -> ExportFacts:
    until = row.ready_at + rules.FILE_LASTS if row.ready_at else None
    since = row.ready_at or row.requested_at
    is_over = row.state in ("waiting", "ready") and now() - since > rules.FILE_LASTS
    state = "over" if is_over else row.state
    return ExportFacts(
        id=row.id,
        title=SOURCES[row.register].title,
        organisation_name=row.organisation_name,
        file_format=row.file_format,
        is_unmasked=row.is_unmasked,
        reason=row.reason,
        state=state,
        state_name=STATES[state],
        tone=TONES.get(state, ""),
        requested_by_name=row.requested_by_name,
        requested_at=row.requested_at,
        decided_by_name=row.decided_by_name,
        progress=row.progress,
        rows=row.rows,
        filters=tuple(filters_in_words(filter_of(row.wanted))),
        refusal=row.refusal,
        until=until,
    )
