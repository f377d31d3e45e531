"""The audit as its administrator reads it: by page, filtered, each row a sentence."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from guiyan.access.sentences import sentence_of
from guiyan.access.types import AuditLine
from guiyan.kernel.keyset import CursorBroken, decode_cursor, encode_cursor
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden
from guiyan.platform.models import AuditRow
from guiyan.platform.permissions import Permission

ROWS_ON_A_PAGE = 50
_LIST = "audit"


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page, the latest first; `next` is empty on the last."""

    lines: tuple[AuditLine, ...]
    next: str


def audit_page(
    actor: Actor,
    *,
    action: str = "",
    person: str = "",
    day: date | None = None,
    cursor: str = "",
    limit: int = ROWS_ON_A_PAGE,
) -> AuditPage:
    """What was done in the actor's part of the tree. One query by keyset; a page at most.

    Row-level security confines it to the scope; a broken cursor leads to the first page.
    Raises Forbidden without the permission to read the audit.
    """
    if not actor.may(Permission.READ_AUDIT):
        raise Forbidden("audit")
    rows = AuditRow.objects.order_by("-id")
    if action:
        rows = rows.filter(action=action)
    if person:
        rows = rows.filter(actor_name=person)
    if day:
        begins = timezone.make_aware(datetime.combine(day, time.min))
        rows = rows.filter(at__gte=begins, at__lt=begins + timedelta(days=1))
    if before := _place(cursor):
        rows = rows.filter(id__lt=before)
    found = list(rows[: limit + 1])
    shown = found[:limit]
    following = encode_cursor((shown[-1].id,), of=_LIST) if len(found) > limit else ""
    return AuditPage(tuple(_line(row) for row in shown), following)


def _place(cursor: str) -> int | None:
    if not cursor:
        return None
    try:
        (before,) = decode_cursor(cursor, of=_LIST, shape=(int,))
    except CursorBroken:
        return None
    return before if isinstance(before, int) else None


def _line(row: AuditRow) -> AuditLine:
    return AuditLine(
        id=row.id,
        at=row.at,
        actor=row.actor_name or row.actor_kind,
        organisation_name=row.organisation_name,
        sentence=sentence_of(row.action, row.facts),
        reason=row.reason,
    )
