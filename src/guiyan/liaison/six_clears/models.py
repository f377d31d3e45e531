"""Table of the six clears; sealed, because it says how a person lives and what troubles them."""

import uuid

from django.db import models


class SixClear(models.Model):
    """One fact as of a day, by somebody's word; the newest of a kind is shown, the rest is history."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=20)
    sealed = models.BinaryField()
    as_of = models.DateField()
    said_by = models.CharField(max_length=20, help_text="member, family, organisation, seen")
    by_account_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField(auto_now_add=True)
    contact_id = models.UUIDField(null=True, help_text="the contact in which it was said")
    case_id = models.UUIDField(null=True)
    asks_help = models.BooleanField(default=False)
    help_answer = models.CharField(max_length=300, blank=True)
    helped_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["member", "code", "-as_of", "-at"], name="clear_newest"),
            models.Index(fields=["contact_id"], name="clear_contact"),
            models.Index(
                fields=["at"],
                name="clear_help",
                condition=models.Q(asks_help=True, helped_on__isnull=True),
            ),
        ]
