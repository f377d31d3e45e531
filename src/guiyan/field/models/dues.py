"""Tables of dues: what somebody owes somebody by a day, and how many are overdue where."""

import uuid
from datetime import date

from django.db import models

STILL_OPEN = models.Q(closing="")


def asked_for(on: date) -> models.Q:
    """Open or overdue on that day: begun, not done, not expired."""
    lasting = models.Q(expires_on__isnull=True) | models.Q(expires_on__gte=on)
    return STILL_OPEN & models.Q(opens_on__lte=on) & lasting


class Due(models.Model):
    """Something owed within a window; whether it waits, is open or overdue follows from the dates.

    One for each kind, subject and period, for ever: putting it twice is putting it once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=30)
    case_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    organisation_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    owner_account_id = models.UUIDField(null=True, help_text="who of the staff owes it")
    opens_on = models.DateField()
    due_on = models.DateField(help_text="overdue from the day after")
    expires_on = models.DateField(null=True, help_text="nobody asks for it from the day after")
    period = models.CharField(max_length=40)
    source = models.CharField(max_length=200, blank=True)
    closing = models.CharField(max_length=10, blank=True, help_text="done, cancelled; empty: open")
    closed_on = models.DateField(null=True)
    closed_by = models.UUIDField(null=True, help_text="the contact or act that closed it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "kind", "period"], name="due_key")
        ]
        indexes = [
            models.Index(
                fields=["owner_account_id", "due_on", "subject_id"],
                name="due_owner",
                condition=STILL_OPEN,
            ),
            models.Index(fields=["path", "due_on", "id"], name="due_path", condition=STILL_OPEN),
            models.Index(fields=["case_id"], name="due_case", condition=STILL_OPEN),
            models.Index(
                fields=["closed_by"],
                name="due_closed_by",
                condition=models.Q(closed_by__isnull=False),
            ),
        ]


class OverdueDelta(models.Model):
    """A change of a count of overdue dues, folded into OverdueCount by the worker."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    path = models.CharField(max_length=80, db_collation="C")
    kind = models.CharField(max_length=30)
    change = models.IntegerField()


class OverdueCount(models.Model):
    """How many dues of a kind are overdue at a body and all below it."""

    path = models.CharField(max_length=80, db_collation="C")
    kind = models.CharField(max_length=30)
    count = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["path", "kind"], name="overdue_count_key")]


class CountedDay(models.Model):
    """As of which day the counts of overdue dues stand; a single row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    day = models.DateField()
