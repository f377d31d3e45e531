"""The audit as its administrator reads it: by page, filtered, each row a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from guiyan.access.sentences import actions_called_like, sentence_of, subject_word
from guiyan.access.types import AuditLine
from guiyan.kernel.keyset import CursorBroken, decode_cursor, encode_cursor
from guiyan.orgs import queries as orgs
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
        rows = rows.filter(action__in=actions_called_like(action))
    if person:
        rows = rows.filter(actor_name=person)
    if day:
        begins = timezone.make_aware(datetime.combine(day, time.min))
        rows = rows.filter(at__gte=begins, at__lt=begins + timedelta(days=1))
    if before := _place(cursor):
        rows = rows.filter(id__lt=before)
    found = list(rows[: limit + 1])
    shown = found[:limit]
    places = _organisations(shown)
    following = encode_cursor((shown[-1].id,), of=_LIST) if len(found) > limit else ""
    return AuditPage(tuple(_line(row, places) for row in shown), following)


def _place(cursor: str) -> int | None:
    if not cursor:
        return None
    try:
        (before,) = decode_cursor(cursor, of=_LIST, shape=(int,))
    except CursorBroken:
        return None
    return before if isinstance(before, int) else None


def _organisations(rows: Sequence[AuditRow]) -> dict[UUID, str]:
    """Names of the organisations that were acted on; bodies are no secret from the auditor."""
    ids = {row.subject_id for row in rows if row.subject_kind == "organisation" and row.subject_id}
    return {place_id: facts.name for place_id, facts in orgs.organisations_by_id(ids).items()}


def _line(row: AuditRow, places: Mapping[UUID, str]) -> AuditLine:
    return AuditLine(
        id=row.id,
        at=row.at,
        actor=row.actor_name or row.actor_kind,
        organisation_name=row.organisation_name,
        sentence=sentence_of(row.action, row.facts),
        reason=row.reason,
        subject=_subject(row, places),
        organisation_id=row.subject_id if row.subject_id in places else None,
    )


def _subject(row: AuditRow, places: Mapping[UUID, str]) -> str:
    """On whom: a body by its name; a person's file or case by kind and the beginning of its id,
    since who reads the audit does not read files."""
    if row.subject_id is not None and row.subject_id in places:
        return places[row.subject_id]
    short = str(row.subject_id or row.member_id or "")[:8]
    return f"{subject_word(row.subject_kind)} {short}".strip()
