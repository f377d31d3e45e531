"""What was sent to a person, and their WeChat account, go along when two files become one.

Of one thing that was put to both, one message goes; the other rests with the file that goes and is
never sent while the two are one. Of two accounts the one that was bound last gets the notices: who
signed in last, bound it. All of it comes back when the merge is undone.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import QuerySet

from guiyan.channels import binding
from guiyan.channels.models import Binding, CallEntry, InboxMessage, OutboxMessage
from guiyan.platform.clock import now

# Why a message rests, and how a call that rests ended: the person is told by the other file's.
ONE_FILE = "one-file"
_NEVER = datetime.min.replace(tzinfo=UTC)


def hold_waiting(kind: str, recipient_ids: Sequence[UUID]) -> set[str]:
    """Nothing of theirs goes out until the transaction ends; the keys of what still waits."""
    rows = OutboxMessage.objects.filter(recipient_kind=kind, recipient_id__any=list(recipient_ids))
    waiting = rows.filter(state="waiting").select_for_update().order_by("id")
    return set(waiting.values_list("key", flat=True))


def move(
    kind: str, kept_id: UUID, gone_id: UUID, *, path: str, resting: Collection[str]
) -> list[str]:
    """Everything of the file that goes, without the messages that rest (by their keys); of those the
    kept file's go over to it. Returns what `move_back` needs: ids and paths."""
    theirs = _of(kind, gone_id).exclude(key__in=resting)
    rest = _of(kind, kept_id).filter(key__in=resting)
    there, back = _ids(theirs), _ids(rest)
    _rename(there, kind, gone_id, kept_id)
    _rename(back, kind, kept_id, gone_id)
    moved = [f"there:{one}" for one in there] + [f"back:{one}" for one in back]
    moved += _take_along(there, path)
    held = OutboxMessage.objects.filter(key__in=resting)
    held.filter(state="waiting").update(detail_code=ONE_FILE)
    CallEntry.objects.filter(id__in=_ids(held), done_at__isnull=True).update(
        outcome=ONE_FILE, done_at=now()
    )
    return moved + [f"held:{one}" for one in _ids(held)] + _move_accounts(kind, kept_id, gone_id)


def move_back(kind: str, kept_id: UUID, gone_id: UUID, moved: Sequence[str]) -> None:
    """Exactly those that went along go back, and what was put since for one of them: a later rung's
    key still begins with its first file."""
    since = _of(kind, kept_id).filter(key__startswith=f"{gone_id}:")
    _rename([*_said(moved, "there"), *_ids(since)], kind, kept_id, gone_id)
    _rename(_said(moved, "back"), kind, gone_id, kept_id)
    for one in _said(moved, "path"):
        row_id, _equals, path = one.partition("=")
        OutboxMessage.objects.filter(id=row_id, state="waiting").update(path=path)
        CallEntry.objects.filter(id=row_id, done_at__isnull=True).update(path=path)
    held = _said(moved, "held")
    rows = OutboxMessage.objects.filter(id__in=held, state="waiting", detail_code=ONE_FILE)
    rows.update(detail_code="")
    CallEntry.objects.filter(id__in=held, outcome=ONE_FILE).update(outcome="", done_at=None)
    _move_accounts_back(kind, kept_id, gone_id, moved)


def _of(kind: str, recipient_id: UUID) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(recipient_kind=kind, recipient_id=recipient_id)


def _ids(rows: QuerySet[OutboxMessage]) -> list[str]:
    return [str(one) for one in rows.values_list("id", flat=True)]


def _said(moved: Sequence[str], word: str) -> list[str]:
    return [one.partition(":")[2] for one in moved if one.startswith(f"{word}:")]


def _rename(ids: Sequence[str], kind: str, old: UUID, new: UUID) -> None:
    """A message, its entry on the own page and its call have one id."""
    for model in (OutboxMessage, InboxMessage, CallEntry):
        rows = model._default_manager.filter(id__in=ids, recipient_kind=kind, recipient_id=old)
        rows.update(recipient_id=new)


def _take_along(ids: Sequence[str], path: str) -> list[str]:
    """A call is made where the member is looked after now, made or still to come; returns where
    each stood before."""
    if not path:
        return []
    waiting = OutboxMessage.objects.filter(id__in=ids, state="waiting").exclude(path=path)
    calls = CallEntry.objects.filter(id__in=ids, done_at__isnull=True).exclude(path=path)
    before = [*waiting.values_list("id", "path"), *calls.values_list("id", "path")]
    for rows in (waiting, calls):
        rows.update(path=path)
    return [f"path:{row_id}={was}" for row_id, was in before]


def _move_accounts(kind: str, kept_id: UUID, gone_id: UUID) -> list[str]:
    ours, theirs = (binding.active("wechat", kind, one) for one in (kept_id, gone_id))
    if theirs is None or (ours and (theirs.bound_at or _NEVER) <= (ours.bound_at or _NEVER)):
        return []
    _exchange(theirs, kept_id, ours, gone_id)
    moved = [f"account:{theirs.id}={theirs.bound_at.isoformat() if theirs.bound_at else ''}"]
    return moved + ([f"rested:{ours.id}"] if ours else [])


def _move_accounts_back(kind: str, kept_id: UUID, gone_id: UUID, moved: Sequence[str]) -> None:
    """An account that was bound to the one file since stays there, and the one it replaced ends."""
    for one in _said(moved, "account"):
        row_id, _equals, bound_at = one.partition("=")
        present = binding.active("wechat", kind, kept_id)
        rested = Binding.objects.filter(
            id__in=_said(moved, "rested"), recipient_id=gone_id, ended_at__isnull=True
        ).first()
        was = present.bound_at.isoformat() if present and present.bound_at else ""
        if present is not None and (str(present.id), was) == (row_id, bound_at):
            _exchange(present, gone_id, rested, kept_id)
        elif rested is not None and present is not None:
            binding.close(rested)
        elif rested is not None:
            Binding.objects.filter(pk=rested.pk).update(recipient_id=kept_id)


def _exchange(one: Binding, to: UUID, other: Binding | None, then_to: UUID) -> None:
    """Nobody has two accounts in between: the index allows one of each."""
    kind = one.recipient_kind
    Binding.objects.filter(pk=one.pk).update(recipient_kind="", recipient_id=to)
    if other is not None:
        Binding.objects.filter(pk=other.pk).update(recipient_id=then_to)
    Binding.objects.filter(pk=one.pk).update(recipient_kind=kind)
