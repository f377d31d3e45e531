"""Tables of the ways out: the outbox, its receipts, what was spent, tokens, bindings, credits."""

import uuid

from django.db import models


class OutboxMessage(models.Model):
    """One message on one channel. Its key is unique for ever, so the row stays; what it said and
    to which address is sealed and erased after its end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True, help_text="person:purpose:slot")
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default="waiting")
    priority = models.SmallIntegerField(help_text="0 codes, 5 all others")
    path = models.CharField(max_length=80, db_collation="C")
    recipient_kind = models.CharField(max_length=20)
    recipient_id = models.UUIDField(null=True)
    contents = models.BinaryField(null=True, help_text="address and text, sealed")
    address_index = models.BinaryField(null=True, help_text="blind index of the address")
    address_mask = models.CharField(max_length=40)
    put_at = models.DateTimeField()
    send_after = models.DateTimeField()
    expires_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    claim = models.UUIDField(null=True, help_text="which worker's try")
    claimed_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=100, default="")
    detail_code = models.CharField(max_length=60, default="")
    cost_fen = models.IntegerField(default=0)
    spent_on = models.DateField(null=True, help_text="the day on which its cost is counted")
    ended_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True, help_text="account that decided an unknown outcome")
    ask_at = models.DateTimeField(null=True, help_text="when the provider is asked how it ended")
    asks = models.SmallIntegerField(default=0, db_default=0)
    asked_at = models.DateTimeField(null=True)
    asked_word = models.CharField(
        max_length=10, default="", db_default="", help_text="what it said the last time"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["priority", "next_try_at"],
                name="outbox_due",
                condition=models.Q(state="waiting"),
            ),
            models.Index(
                fields=["expires_at"], name="outbox_expiring", condition=models.Q(state="waiting")
            ),
            models.Index(
                fields=["claimed_at"], name="outbox_claimed", condition=models.Q(state="claimed")
            ),
            models.Index(
                fields=["path", "-put_at"],
                name="outbox_unknown",
                condition=models.Q(state="unknown"),
            ),
            models.Index(fields=["path", "-put_at"], name="outbox_path"),
            models.Index(
                fields=["channel", "provider_id"],
                name="outbox_provider",
                condition=~models.Q(provider_id=""),
            ),
            models.Index(fields=["address_index", "-put_at"], name="outbox_address"),
            models.Index(
                fields=["recipient_id"],
                name="outbox_recipient",
                condition=models.Q(recipient_id__isnull=False),
            ),
            models.Index(
                fields=["ask_at"], name="outbox_to_ask", condition=models.Q(ask_at__isnull=False)
            ),
            models.Index(
                fields=["ended_at"],
                name="outbox_to_erase",
                condition=models.Q(contents__isnull=False, ended_at__isnull=False),
            ),
        ]


class DeliveryReceipt(models.Model):
    """What the provider reported of a message; added, never changed."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="receipts")
    at = models.DateTimeField()
    is_delivered = models.BooleanField()
    code = models.CharField(max_length=60)


class Spending(models.Model):
    """What a channel has sent and spent: one row for each day, one for each month."""

    id = models.BigAutoField(primary_key=True)
    channel = models.CharField(max_length=20)
    period = models.CharField(max_length=10, help_text="2026-11-22 or 2026-11")
    fen = models.BigIntegerField(default=0)
    messages = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "period"], name="spending_period")
        ]


class ChannelLimits(models.Model):
    """Limits that a person has set for a channel; without a row the defaults hold."""

    channel = models.CharField(max_length=20, primary_key=True)
    day_fen = models.BigIntegerField()
    month_messages = models.BigIntegerField()
    set_at = models.DateTimeField()


class ChannelToken(models.Model):
    """The access token of WeChat or WeCom, sealed, until it runs out."""

    channel = models.CharField(max_length=20, primary_key=True)
    token = models.BinaryField()
    expires_at = models.DateTimeField()


class Binding(models.Model):
    """Whose WeChat account this is: made by the person themselves while signed in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=20)
    recipient_kind = models.CharField(max_length=20)
    recipient_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C", default="")
    code = models.BinaryField(null=True, help_text="the code that waits to be exchanged, sealed")
    address = models.BinaryField(null=True, help_text="openid, sealed")
    address_index = models.BinaryField(null=True)
    begun_at = models.DateTimeField()
    bound_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "recipient_kind", "recipient_id"],
                condition=models.Q(ended_at__isnull=True),
                name="binding_of_one",
            ),
            models.UniqueConstraint(
                fields=["channel", "address_index"],
                condition=models.Q(ended_at__isnull=True, address_index__isnull=False),
                name="binding_to_one",
            ),
        ]


class SubscriptionCredit(models.Model):
    """One entry of the ledger: a tap adds one message, sending takes one, refusing takes all."""

    id = models.BigAutoField(primary_key=True)
    binding = models.ForeignKey(Binding, on_delete=models.CASCADE, related_name="credits")
    template = models.CharField(max_length=100)
    change = models.IntegerField()
    why = models.CharField(max_length=20, help_text="tap, sent, returned, refused")
    source = models.CharField(max_length=100, unique=True, help_text="which event or message")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["binding", "template"], name="credit_balance")]


class InboxMessage(models.Model):
    """A message on the member's own page."""

    id = models.UUIDField(primary_key=True, help_text="that of the outbox")
    recipient_kind = models.CharField(max_length=20)
    recipient_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    title = models.CharField(max_length=100)
    text = models.TextField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["recipient_id", "-at"], name="inbox_recipient")]


class CallEntry(models.Model):
    """A call that a person has to make, and how it ended."""

    id = models.UUIDField(primary_key=True, help_text="that of the outbox")
    recipient_kind = models.CharField(max_length=20)
    recipient_id = models.UUIDField(null=True)
    path = models.CharField(max_length=80, db_collation="C")
    text = models.TextField()
    at = models.DateTimeField()
    call_by = models.DateTimeField()
    outcome = models.CharField(max_length=20, default="")
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["path", "call_by"],
                name="call_open",
                condition=models.Q(done_at__isnull=True),
            )
        ]


class GroupText(models.Model):
    """A text that somebody copies into a group; it names nobody."""

    id = models.UUIDField(primary_key=True, help_text="that of the outbox")
    path = models.CharField(max_length=80, db_collation="C")
    title = models.CharField(max_length=100)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["path", "-at"], name="group_text_path")]
