"""What the doctor says of work without a line: what waits too long, links that nobody looks after."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min

from guiyan.field.commands import upkeep
from guiyan.field.models import DeviceState, WaitingOperation
from guiyan.field.rules import routing
from guiyan.kernel.crypto import KeyUse
from guiyan.kernel.key_files import KeyState, read_keys
from guiyan.platform.clock import now
from guiyan.platform.health.findings import Finding, check, graded
from guiyan.platform.metrics.readings import reading
from guiyan.platform.scope import Scope, scoped

UNDECIDED_FOR = timedelta(days=7)


@reading(
    "guiyan_sync_waiting", "Operations of phones that are not applied, by state.", label="state"
)
def waiting_by_state() -> dict[str, float]:
    waiting = WaitingOperation.objects.exclude(state="decided").values_list("state")
    return dict.fromkeys(("held", "quarantined", "conflict"), 0.0) | dict(
        waiting.annotate(Count("id"))
    )


@reading(
    "guiyan_oldest_unsynced_phone_seconds", "Silence of the phone with unsent work longest so."
)
def oldest_unsynced_phone() -> float:
    heard = DeviceState.objects.filter(unsent__gt=0).aggregate(at=Min("heard_at"))["at"]
    return (now() - heard).total_seconds() if heard else 0


@check("field decisions")
def decisions() -> Finding:
    with transaction.atomic(), scoped(Scope.everywhere()):
        late = WaitingOperation.objects.exclude(state="decided").filter(
            received_at__lt=now() - UNDECIDED_FOR
        )
        count = late.count()
    return graded(
        "field decisions", count == 0, f"{count} operations wait for more than a week",
        "Let who answers for their areas decide at /w/field/inbox and /w/field/conflicts.",
        bad="warning",
    )  # fmt: skip


@check("field phones")
def phones() -> Finding:
    """A phone with work on it that has been silent for days is asked after while the work is fresh."""
    with transaction.atomic(), scoped(Scope.everywhere()):
        silent = DeviceState.objects.filter(
            heard_at__lt=now() - routing.SILENT_AFTER, unsent__gt=0
        ).count()
    return graded(
        "field phones", silent == 0, f"{silent} phones with unsent work are silent for three days",
        "See /w/field/devices; a hand-over file brings the work in without a line.", bad="warning",
    )  # fmt: skip


@check("field key")
def sealing_key() -> Finding:
    there = any(
        key.use is KeyUse.FIELD and key.state is KeyState.ACTIVE
        for key in read_keys(settings.KEYS_DIR)
    )
    with transaction.atomic(), scoped(Scope.everywhere()):
        needed = upkeep.keys_waited_for() - {""}
    active = {key.id for key in read_keys(settings.KEYS_DIR) if key.state is KeyState.ACTIVE}
    lost = sorted(needed - active)
    return graded(
        "field key", not lost, "made" if there else "none yet: made when the first phone asks",
        f"Restore from the backup of the keys: {', '.join(lost)}; what waits is sealed to them.",
    )  # fmt: skip
