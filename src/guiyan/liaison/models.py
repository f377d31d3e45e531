"""Tables of keeping in touch: who is whose contact person, and each contact."""

import uuid

from django.db import models

from guiyan.liaison.cadence.models import CadencePolicy, CadenceStanding, HelpNote, Relief
from guiyan.liaison.pairing.models import Availability, DraftPair, Leave, PairingDraft
from guiyan.liaison.six_clears.models import SixClear

__all__ = [
    "Availability",
    "CadencePolicy",
    "CadenceStanding",
    "Contact",
    "ContactPerson",
    "DraftPair",
    "HelpNote",
    "Leave",
    "PairingDraft",
    "Relief",
    "SixClear",
]


class ContactPerson(models.Model):
    """A person of staff keeps in touch with a member, from a day until a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("flows.Case", on_delete=models.CASCADE, related_name="+")
    account_id = models.UUIDField()
    name = models.CharField(max_length=80)
    why = models.CharField(max_length=200, help_text="the reason shown when the person was chosen")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    hand_over_note = models.CharField(max_length=300, blank=True)
    is_pinned = models.BooleanField(
        default=False,
        db_default=False,
        help_text="chosen by people who know better; a run keeps it",
    )
    is_interim = models.BooleanField(
        default=False, db_default=False, help_text="answers until the new side names its own"
    )
    stand_in_account_id = models.UUIDField(
        null=True, help_text="does it while the contact person is on leave"
    )
    stand_in_name = models.CharField(max_length=80, blank=True, default="", db_default="")

    @property
    def acting_account_id(self) -> uuid.UUID:
        """Who does it today: whoever stands in, else the contact person."""
        return self.stand_in_account_id or self.account_id

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "valid_to"], name="contact_person_account"),
            models.Index(
                fields=["stand_in_account_id"],
                condition=models.Q(stand_in_account_id__isnull=False),
                name="contact_person_stand_in",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(valid_to__isnull=True),
                name="one_contact_person",
            )
        ]


class Contact(models.Model):
    """A contact was tried; only one that reached the member counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("flows.Case", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    how = models.CharField(
        max_length=20, help_text="call, sms, wechat, visit, letter, told_by_other"
    )
    was_reached = models.BooleanField()
    by_account_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)
    was_talk = models.BooleanField(default=False, db_default=False, help_text="谈心谈话")
    why_not = models.CharField(
        max_length=20, blank=True, default="", db_default="", help_text="why nobody was reached"
    )
    next_on = models.DateField(null=True, help_text="the next day that was agreed on")
    noted_at = models.DateTimeField(auto_now_add=True, null=True)
    withdrawn_at = models.DateTimeField(null=True, help_text="recorded by a slip and taken back")

    class Meta:
        indexes = [models.Index(fields=["case", "-at"], name="contact_case")]
