"""Writes of the six clears: a fact is noted, a request for help is answered, old ones go."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db.models import Q

from guiyan.liaison.models import SixClear
from guiyan.liaison.six_clears import rules
from guiyan.members import queries as member_queries
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused, refuse
from guiyan.platform.keys import key_ring
from guiyan.platform.permissions import Permission


@dataclass(frozen=True, slots=True)
class Said:
    """One of the six as it was said; the words do not show in a log."""

    code: str
    text: str = field(repr=False)
    said_by: str = "member"
    asks_help: bool = False


def seal_context(clear_id: UUID) -> str:
    return f"liaison.sixclear:{clear_id}"


@command(Permission.RECORD_CONTACT)
def note_clears(
    *,
    by: Actor,
    member_id: UUID,
    said: Sequence[Said],
    as_of: date,
    contact_id: UUID | None = None,
    case_id: UUID | None = None,
) -> list[UUID]:
    """What was said of some of the six, as of a day; what was known before stays as history.

    Raises Refused with what `may_note` says against.
    """
    member = member_queries.get_member_for(by, member_id)
    rows = []
    for one in said:
        refuse(rules.may_note(one.code, one.text, one.said_by, as_of, today=by.today))
        clear_id = uuid4()
        sealed = key_ring().seal(one.text.strip().encode(), context=seal_context(clear_id))
        rows.append(
            SixClear(
                id=clear_id,
                member_id=member.id,
                code=one.code,
                sealed=sealed,
                as_of=as_of,
                said_by=one.said_by,
                by_account_id=by.account_id,
                by_name=by.name,
                contact_id=contact_id,
                case_id=case_id,
                asks_help=one.asks_help and one.code == "difficulty",
            )
        )
        audit.note(subject_kind="member", subject_id=member.id, member_id=member.id, clear=one.code)
    SixClear.objects.bulk_create(rows)
    return [row.id for row in rows]


@command(Permission.ASSIGN_CONTACT_PERSON)
def answer_help(*, by: Actor, clear_id: UUID, answer: str) -> None:
    """A request for help is answered in a word, which stands on the file beside what was asked."""
    row = SixClear.objects.select_for_update().filter(id=clear_id, asks_help=True).first()
    if row is None:
        raise NotFound("request for help")
    if row.helped_on is not None:
        raise Refused("answered", "这件事已经有人答复了。请刷新页面。")
    if not answer.strip():
        raise Refused("empty", "请写一句：怎样帮了，或者谁在办。")
    row.help_answer, row.helped_on = answer.strip()[:300], by.today
    row.save(update_fields=["help_answer", "helped_on"])
    audit.note(subject_kind="member", subject_id=row.member_id, member_id=row.member_id)


@command(Permission.RECORD_CONTACT)
def withdraw_clears(*, by: Actor, contact_id: UUID) -> int:
    """What was noted in a contact that never was goes with it, unless somebody has answered it."""
    gone, _each = SixClear.objects.filter(contact_id=contact_id, helped_on__isnull=True).delete()
    audit.note(subject_kind="contact", subject_id=contact_id, withdrawn=gone)
    return gone


@command(None)
def forget_old_clears(*, by: Actor) -> int:
    """After a time (rules.KEEP_DAYS) what was said is nobody's business any more."""
    if by.kind != "system":
        raise NotFound("six clears")
    old = Q(pk__in=[])
    for code, days in rules.KEEP_DAYS.items():
        old |= Q(code=code, as_of__lt=by.today - timedelta(days=days))
    gone, _each = SixClear.objects.filter(old).delete()
    audit.note(subject_kind="six_clears", gone=gone)
    return gone
