"""Tables of what is said to members: sayings, to whom, stops, choices, counts, replies, texts."""

import uuid

from django.db import models


class MessageTemplate(models.Model):
    """One version of an organisation's own texts for a purpose; the newest holds, below it too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=30)
    organisation_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    version = models.IntegerField()
    title = models.CharField(max_length=40)
    short = models.CharField(max_length=200)
    neutral = models.CharField(max_length=200, blank=True)
    long = models.CharField(max_length=500)
    call = models.CharField(max_length=200, blank=True)
    sms_template = models.CharField(max_length=60, blank=True, help_text="the provider's code")
    neutral_sms_template = models.CharField(max_length=60, blank=True)
    wechat_template = models.CharField(max_length=60, blank=True)
    set_at = models.DateTimeField()
    set_by_name = models.CharField(max_length=50)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "path", "version"], name="template_version")
        ]


class Saying(models.Model):
    """One purpose said by one organisation at one time, with its texts as they were."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=30)
    slot = models.CharField(max_length=60)
    organisation_id = models.UUIDField(null=True)
    path = models.CharField(max_length=80, db_collation="C")
    said_by = models.UUIDField(null=True, help_text="account")
    said_by_name = models.CharField(max_length=50)
    at = models.DateTimeField()
    send_after = models.DateTimeField()
    expires_at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["path", "-at"], name="saying_path")]


class SayingTo(models.Model):
    """One saying and one member: at which rung it stands, which were passed over and why.

    The key (member, purpose, slot) is unique for ever: it is said once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    saying = models.ForeignKey(Saying, on_delete=models.PROTECT, related_name="recipients")
    key = models.CharField(max_length=140, unique=True, help_text="member:purpose:slot")
    member_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    state = models.CharField(max_length=12)
    rung = models.SmallIntegerField(default=0)
    channel = models.CharField(max_length=20, blank=True)
    whose = models.CharField(max_length=10, default="own")
    tried = models.JSONField(default=list)
    passed = models.JSONField(default=list, help_text="channels passed over, each with why")
    outbox_key = models.CharField(max_length=200, blank=True)
    counted_in = models.CharField(max_length=7, blank=True, help_text="the month it counts in")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["saying", "state"], name="saying_to_state"),
            models.Index(fields=["member_id", "-changed_at"], name="saying_to_member"),
            models.Index(
                fields=["outbox_key"],
                name="saying_to_outbox",
                condition=~models.Q(outbox_key=""),
            ),
        ]


class MonthCount(models.Model):
    """How many messages a member got in a month, codes and answers left out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=50, unique=True, help_text="member:month")
    member_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    month = models.CharField(max_length=7)
    messages = models.SmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["member_id", "month"], name="month_count_member")]


class Stop(models.Model):
    """The member said: no more; by a word that came back, or on their page."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    how = models.CharField(max_length=20, help_text="the channel of the reply, or page")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member_id"], condition=models.Q(ended_at__isnull=True), name="stop_of_one"
            )
        ]


class StoppedNumber(models.Model):
    """A number from which somebody wrote: no more. It holds for everybody who has this number, now
    or later; who they are is not written here. Sealed only while a file has the number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    blind = models.BinaryField(help_text="keyed hash of the number")
    sealed = models.BinaryField(null=True, help_text="the number; erased with the last file")
    how = models.CharField(max_length=20, help_text="the channel of the reply")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["blind"],
                condition=models.Q(ended_at__isnull=True),
                name="stop_of_number",
            )
        ]


class LadderChoice(models.Model):
    """By which way a member wants to hear of one purpose."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    purpose = models.CharField(max_length=30)
    choice = models.CharField(max_length=20)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member_id", "purpose"], name="choice_of_one")
        ]


class Reply(models.Model):
    """What a member wrote back, sealed, until somebody has answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    channel = models.CharField(max_length=20)
    is_own_number = models.BooleanField(default=True)
    text = models.BinaryField(null=True, help_text="sealed")
    at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["path", "at"],
                name="reply_open",
                condition=models.Q(answered_at__isnull=True),
            ),
            models.Index(fields=["member_id"], name="reply_member"),
        ]
