"""The ledger of taps: a one-time notice may go once for each time that its reader allowed it."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from guiyan.channels.models import Binding, SubscriptionCredit
from guiyan.channels.types import Outgoing
from guiyan.platform.clock import now
from guiyan.platform.scope import Scope, scoped


def balance(binding: Binding, template: str) -> int:
    found = SubscriptionCredit.objects.filter(binding=binding, template=template)
    return int(found.aggregate(left=Sum("change"))["left"] or 0)


def balances(binding_ids: Sequence[UUID], template: str) -> dict[UUID, int]:
    """The same for many bindings at once."""
    found = SubscriptionCredit.objects.filter(binding_id__in=binding_ids, template=template)
    return dict(
        found.values("binding_id").annotate(left=Sum("change")).values_list("binding_id", "left")
    )


def take(message: Outgoing) -> bool:
    """Take one tap for this message; False when none is left. A commit of its own, before it is
    sent: a crash afterwards loses a tap, it never sends one message too many."""
    with transaction.atomic(), scoped(Scope.everywhere()):
        binding = _binding_of(message)
        if binding is None or balance(binding, message.template) < 1:
            return False
        return _note(binding, message.template, -1, "sent", f"sent:{message.id}:{_try(message)}")


def give_back(message: Outgoing) -> None:
    """Nothing was sent after all."""
    with transaction.atomic(), scoped(Scope.everywhere()):
        if binding := _binding_of(message):
            source = f"returned:{message.id}:{_try(message) - 1}"
            _note(binding, message.template, +1, "returned", source)


def refused(message: Outgoing) -> None:
    """The reader has withdrawn the subscription: no tap counts any more."""
    with transaction.atomic(), scoped(Scope.everywhere()):
        if binding := _binding_of(message):
            void(binding, message.template, f"refused:{message.id}")


def tapped(binding: Binding, template: str, source: str) -> bool:
    """The reader allowed one message; the same event counts once."""
    return _note(binding, template, +1, "tap", source)


def void(binding: Binding, template: str, source: str) -> None:
    left = balance(binding, template)
    if left > 0:
        _note(binding, template, -left, "refused", source)


def _binding_of(message: Outgoing) -> Binding | None:
    """Locked, so that two messages never take the same tap."""
    if message.recipient_id is None:
        return None
    return (
        Binding.objects.select_for_update()
        .filter(
            channel=message.channel,
            recipient_kind=message.recipient_kind,
            recipient_id=message.recipient_id,
            bound_at__isnull=False,
            ended_at__isnull=True,
        )
        .first()
    )


def _try(message: Outgoing) -> int:
    return SubscriptionCredit.objects.filter(source__startswith=f"sent:{message.id}:").count()


def _note(binding: Binding, template: str, change: int, why: str, source: str) -> bool:
    _, is_new = SubscriptionCredit.objects.get_or_create(
        source=source[:100],
        defaults={
            "binding": binding,
            "template": template,
            "change": change,
            "why": why,
            "at": now(),
        },
    )
    return is_new
