"""What the doctor says of the ways out. It asks no provider: it looks at how sending went."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Min

from guiyan.channels import contract, spending, ways
from guiyan.channels.models import ChannelToken, OutboxMessage
from guiyan.platform.clock import now, today
from guiyan.platform.health.findings import Finding, check, graded
from guiyan.platform.metrics.readings import reading
from guiyan.platform.scope import Scope, scoped

REGISTERED = ways  # importing it adds every channel
LATE = timedelta(minutes=10)
TRIES_OF_A_DEAD_LINE = 3


@reading("guiyan_messages_unknown", "Messages (SMS above all) whose outcome nobody knows.")
def unknown_count() -> float:
    return OutboxMessage.objects.filter(state="unknown").count()


@reading("guiyan_outbox_age_seconds", "How long the message that should go out longest has waited.")
def outbox_age() -> float:
    due = OutboxMessage.objects.filter(state="waiting", next_try_at__lt=now())
    oldest = due.aggregate(at=Min("next_try_at"))["at"]
    return (now() - oldest).total_seconds() if oldest else 0


@check("outbox")
def outbox() -> Finding:
    with transaction.atomic(), scoped(Scope.everywhere()):
        late = OutboxMessage.objects.filter(
            state="waiting", tries=0, next_try_at__lt=now() - LATE, expires_at__gt=now()
        ).count()
    return graded(
        "outbox", late == 0, f"{late} messages wait for more than ten minutes",
        "No worker sends, or a limit is reached: start guiyan worker; see 'spending'.",
        bad="warning",
    )  # fmt: skip


@check("unknown outcomes")
def unknown_outcomes() -> Finding:
    with transaction.atomic(), scoped(Scope.everywhere()):
        asked_of_people = OutboxMessage.objects.exclude(recipient_kind="forgotten")
        unknown = asked_of_people.filter(state="unknown").count()
    return graded(
        "unknown outcomes", unknown == 0, f"{unknown} messages whose outcome nobody knows",
        "Let who sent them decide each at /w/messages; the program never sends them again.",
        bad="warning",
    )  # fmt: skip


@check("channels")
def channels() -> Finding:
    """A configured channel whose messages are put off again and again does not answer."""
    configured = {channel.code for channel in contract.all_channels() if channel.is_configured()}
    with transaction.atomic(), scoped(Scope.everywhere()):
        dead = sorted(
            OutboxMessage.objects.filter(state="waiting", tries__gte=TRIES_OF_A_DEAD_LINE)
            .values_list("channel", flat=True)
            .distinct()
        )
        orphaned = sorted(
            set(OutboxMessage.objects.filter(state="waiting").values_list("channel", flat=True)
                .distinct()) - configured
        )  # fmt: skip
    bad = [f"{code} does not answer" for code in dead]
    bad += [f"{code} is not configured but messages wait" for code in orphaned]
    return graded(
        "channels", not bad, "; ".join(bad) or f"configured: {', '.join(sorted(configured))}",
        "See its settings (docs/channels.md) and the provider's own console.", bad="warning",
    )  # fmt: skip


@check("access tokens")
def access_tokens() -> Finding:
    with transaction.atomic(), scoped(Scope.everywhere()):
        late = sorted(
            ChannelToken.objects.filter(expires_at__lt=now()).values_list("channel", flat=True)
        )
    return graded(
        "access tokens", not late, "fresh" if not late else f"run out: {', '.join(late)}",
        "It is fetched anew with the next message; if not, see the channel's secret.",
        bad="warning",
    )  # fmt: skip


@check("spending")
def spending_today() -> Finding:
    tripped = []
    with transaction.atomic(), scoped(Scope.everywhere()):
        for channel in contract.all_channels():
            limits = spending.limits_of(channel.code)
            fen, _, month = spending.spent(channel.code, today())
            if fen and fen >= limits.day_fen:
                tripped.append(f"{channel.code}: the day's limit")
            if month and month >= limits.month_messages:
                tripped.append(f"{channel.code}: the month's quota")
    return graded(
        "spending", not tripped, "; ".join(tripped) or "below its limits",
        "Nothing is sent until it is raised at /w/channels, or the day or month is over.",
        bad="warning",
    )  # fmt: skip
