"""What the clock does with work without a line: late links, old receipts, the sealing key."""

import itertools
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef

from guiyan.field import receipts
from guiyan.field.commands.receiving import release_followers
from guiyan.field.models import DeviceState, Receipt, SpokenNote, WaitingOperation
from guiyan.field.receipts import Result
from guiyan.field.rules import routing, spoken
from guiyan.kernel.crypto import KeyUse
from guiyan.kernel.key_files import KeyState, read_keys
from guiyan.orgs.commands import keep_tree_still
from guiyan.platform import audit, clock
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.keys import key_ring

KEY_WRITES_FOR = timedelta(days=90)
OLD_KEY_OPENS_FOR = timedelta(days=30)
AT_A_TIME = 1000


@command(None)
def release_held(*, by: Actor) -> int:
    """Held operations whose predecessor came meanwhile from elsewhere are applied; those that have
    waited for five days go before a person. Answers how many were applied."""
    keep_tree_still()
    done = Receipt.objects.filter(id=OuterRef("after"), state__in=routing.IS_DONE)
    ready = WaitingOperation.objects.filter(Exists(done), state="held")
    named = ready.values_list("after", flat=True).distinct()[:AT_A_TIME]
    released = release_followers(by=by, of=[key for key in named if key])
    late = WaitingOperation.objects.select_for_update(skip_locked=True).filter(
        state="held", received_at__lt=clock.now() - routing.HELD_FOR
    )
    ids = [row.id for row in late[:AT_A_TIME]]
    WaitingOperation.objects.filter(id__in=ids).update(state="conflict", code="predecessor-missing")
    receipts.settle({key: Result("conflict", None, "predecessor-missing") for key in ids})
    for key in ids:
        audit.note(subject_kind="operation", subject_id=key, code="predecessor-missing")
    return released


@command(None)
def tidy(*, by: Actor) -> None:
    """Receipts go after 200 days, what was sent 30 days after its decision; the sealing key is
    renewed, and an old one ends when it is 30 days out of use and nothing waits for it."""
    now = clock.now()
    over = WaitingOperation.objects.filter(
        state="decided", decided_at__lt=now - routing.SENT_KEPT_AFTER_DECISION, sent__isnull=False
    )
    emptied = over.update(sent=None, kept={}, told="", key_id="")
    Receipt.objects.filter(received_at__lt=now - routing.RECEIPTS_KEPT).exclude(
        id__in=WaitingOperation.objects.exclude(state="decided").values("id")
    ).delete()
    WaitingOperation.objects.filter(
        state="decided", received_at__lt=now - routing.RECEIPTS_KEPT
    ).delete()
    _forget_notes_without_a_record(now)
    DeviceState.objects.filter(heard_at__lt=now - routing.RECEIPTS_KEPT).delete()
    _renew_key()
    audit.note(subject_kind="sync", emptied=emptied)


def _forget_notes_without_a_record(now: datetime) -> None:
    """What never came whole, and what was said beside something that was turned down or replaced."""
    SpokenNote.objects.filter(
        ended_at__isnull=True, received_at__lt=now - spoken.AWAITED_FOR
    ).delete()
    over = WaitingOperation.objects.filter(
        state="decided",
        decision__in=("declined", "superseded"),
        decided_at__lt=now - routing.SENT_KEPT_AFTER_DECISION,
    )
    SpokenNote.objects.filter(operation_id__in=over.values("id")).delete()


def keys_waited_for() -> set[str]:
    """Which sealing keys something waits for that was sealed to them."""
    waiting = WaitingOperation.objects.exclude(state="decided")
    notes = SpokenNote.objects.filter(box__isnull=False, ended_at__isnull=False)
    return {*waiting.values_list("key_id", flat=True), *notes.values_list("key_id", flat=True)}


def _renew_key() -> None:
    """The age of a key counts from the day on which the next one took over."""
    now = clock.now()
    keys = sorted(
        (k for k in read_keys(settings.KEYS_DIR)
         if k.use is KeyUse.FIELD and k.state is KeyState.ACTIVE),
        key=lambda key: key.serial,
    )  # fmt: skip
    if keys and now - keys[-1].created > KEY_WRITES_FOR:
        key_ring().rotate(KeyUse.FIELD)
    needed = keys_waited_for()
    for old, following in itertools.pairwise(keys):
        if now - following.created > OLD_KEY_OPENS_FOR and old.id not in needed:
            key_ring().retire(old.id)
