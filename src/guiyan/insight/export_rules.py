"""When a register may leave the house, and with whose yes (design decision 4; GB/T 35273-2020 7.1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from guiyan.platform.errors import Refusal

APPROVAL_LASTS = timedelta(hours=24)
FILE_LASTS = timedelta(hours=24)
LONGEST_PDF = 5_000  # rows; beyond that a workbook is what people can use
COUNTED_UP_TO = 10_000  # rows, for the one who approves
FORMATS = ("xlsx", "csv", "pdf")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rules need to know of a request."""

    requested_by: UUID | None
    requested_at: datetime
    state: str
    is_unmasked: bool
    decided_at: datetime | None


def needs_second_person(*, rows: int, left_today: int, may_open: bool) -> bool:
    """Full numbers go alone to somebody who may open them, as far as the day's 50 reach; beyond
    that, and for everybody else, a second person says yes. Splitting does not help: it adds up."""
    return not may_open or rows > left_today


def may_ask(*, is_unmasked: bool, reason: str) -> Refusal | None:
    """Full numbers leave for a written reason only."""
    if is_unmasked and not reason.strip():
        return Refusal("reason", "导出完整号码须写明用途；审批人和本人都会看到。")
    return None


def may_decide(asked: Asked, *, by: UUID | None, at: datetime) -> Refusal | None:
    """A second person decides, never the one who asks; a request that waited a day is over."""
    if asked.state != "waiting":
        return Refusal("not-waiting", "这份申请已经有结果了。请回到列表查看。")
    if by is None or by == asked.requested_by:
        return Refusal("own-request", "不能审批自己的申请，请由另一位有审批权的同志办理。")
    if at - asked.requested_at > APPROVAL_LASTS:
        return Refusal("expired", "申请已超过24小时，作废了。需要的话请重新申请。")
    return None


def may_write(asked: Asked, *, at: datetime) -> Refusal | None:
    """A yes holds for a day."""
    if asked.decided_at is not None and at - asked.decided_at > APPROVAL_LASTS:
        return Refusal("expired", "批准已超过24小时，作废了。需要的话请重新申请。")
    return None


def may_download(asked: Asked, *, by: UUID | None, at: datetime, ready_at: datetime | None) -> bool:
    """Only the one who asked, while the file is there."""
    is_there = asked.state == "ready" and ready_at is not None and at - ready_at <= FILE_LASTS
    return is_there and by is not None and by == asked.requested_by
