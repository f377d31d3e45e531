"""Tables of the hotline: who is on duty, calls that wait for an answer, who opened which number."""

import uuid

from django.db import models


class DutyShift(models.Model):
    """Every week on this day somebody answers; a shift that ends before it begins runs into the
    next day. `shown_as` is what callers read: a team, or a person as they wish to be called."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    point_id = models.UUIDField(db_index=True)
    path = models.CharField(max_length=80, db_collation="C")
    weekday = models.SmallIntegerField(help_text="0 Monday … 6 Sunday")
    starts = models.CharField(max_length=5)
    ends = models.CharField(max_length=5, help_text="24:00 is the end of the day")
    account_id = models.UUIDField(null=True, help_text="a person; null: a team")
    shown_as = models.CharField(max_length=40)


class DutyException(models.Model):
    """On this day somebody else answers, or nobody does; it holds against the week's shifts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    point_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    day = models.DateField()
    starts = models.CharField(max_length=5)
    ends = models.CharField(max_length=5)
    account_id = models.UUIDField(null=True)
    shown_as = models.CharField(max_length=40, blank=True, help_text="empty: nobody answers")

    class Meta:
        indexes = [models.Index(fields=["point_id", "day"], name="duty_exception_day")]


class DutyHandOver(models.Model):
    """Somebody took the duty over, with all that was open. Only ever added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    point_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    at = models.DateTimeField(auto_now_add=True)
    to_account_id = models.UUIDField(null=True)
    to_name = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)
    open_calls = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["point_id", "-at"], name="duty_hand_over_at")]


class Call(models.Model):
    """A call that was missed, passed on, or dealt with. Number and words are sealed; how long it
    took is not stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    point_id = models.UUIDField()
    organisation_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    kind = models.CharField(max_length=10, help_text="hotline.rules.KINDS")
    state = models.CharField(max_length=10, help_text="missed, passed, done")
    outcome = models.CharField(max_length=12, blank=True, help_text="hotline.rules.OUTCOMES")
    times = models.IntegerField(default=1, help_text="how often it was missed")
    received_at = models.DateTimeField(auto_now_add=True)
    last_at = models.DateTimeField()
    number_sealed = models.BinaryField(null=True)
    number_blind = models.BinaryField(null=True)
    number_mask = models.CharField(max_length=40, blank=True)
    said_sealed = models.BinaryField(null=True)
    lead_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    member_id = models.UUIDField(null=True)
    owner_account_id = models.UUIDField(
        null=True, help_text="who calls back what was missed; of what was passed on its due says"
    )
    tries = models.SmallIntegerField(default=0)
    by_account_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=80)
    closed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["path", "state", "last_at"], name="call_path_state"),
            models.Index(
                fields=["case_id"], name="call_passed_case", condition=models.Q(state="passed")
            ),
            models.Index(
                fields=["member_id"],
                name="call_member",
                condition=models.Q(member_id__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["point_id", "number_blind"],
                condition=models.Q(state="missed"),
                name="one_missed_call",
            )
        ]


class NumberOpening(models.Model):
    """Somebody opened the number of a missed call; `accounted_at` when they said what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    account_id = models.UUIDField()
    at = models.DateTimeField(auto_now_add=True)
    accounted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account_id", "-at"], name="number_opening_account")]


class OperatorStop(models.Model):
    """An operator who opened many numbers without calling is stopped until security looked into it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    path = models.CharField(max_length=80, db_collation="C")
    account_id = models.UUIDField()
    name = models.CharField(max_length=80)
    at = models.DateTimeField(auto_now_add=True)
    opened = models.IntegerField()
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account_id"],
                condition=models.Q(released_at__isnull=True),
                name="one_open_stop",
            )
        ]


class PackAnswer(models.Model):
    """What a member answered to “did you get your study pack?”; who was not reached has no row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField("flows.Case", on_delete=models.CASCADE, related_name="+")
    has_it = models.BooleanField()
    asked_on = models.DateField()
    contact_id = models.UUIDField()
