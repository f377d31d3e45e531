"""Tables of pairing: what a person of staff brings as contact person, and proposals not yet decided."""

import uuid

from django.db import models


class Availability(models.Model):
    """What somebody brings as a contact person at one organisation: languages, trade, how many."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account_id = models.UUIDField()
    organisation_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    languages = models.JSONField(default=list, help_text="spoken by this person, best first")
    reads = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        help_text="read and written by this person; empty: Han",
    )
    trade = models.CharField(max_length=60, blank=True)
    limit = models.SmallIntegerField(null=True, help_text="at most so many; null: the default")
    takes_members = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["path"], name="availability_path")]
        constraints = [
            models.UniqueConstraint(
                fields=["account_id", "organisation_id"], name="availability_once"
            )
        ]


class Leave(models.Model):
    """A contact person is away for some days: who stands in, and what there is to know."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account_id = models.UUIDField()
    name = models.CharField(max_length=80)
    organisation_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    reach = models.CharField(
        max_length=80,
        db_collation="C",
        db_default="",
        help_text="the part of the tree whose members it is for",
    )
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="the last day")
    stand_in_account_id = models.UUIDField()
    stand_in_name = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, default="planned", help_text="planned, running, over")
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "starts_on"], name="leave_account"),
            models.Index(
                fields=["state", "starts_on"],
                condition=models.Q(state__in=["planned", "running"]),
                name="leave_to_come",
            ),
        ]


class PairingDraft(models.Model):
    """A proposal for one organisation and all below it, looked at before anything is written."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    made_by_id = models.UUIDField(null=True)
    made_by_name = models.CharField(max_length=80)
    made_at = models.DateTimeField(auto_now_add=True)
    leaving_account_id = models.UUIDField(null=True, help_text="who hands over; null: a whole run")
    leaving_name = models.CharField(max_length=80, blank=True)
    hand_over_note = models.CharField(max_length=300, blank=True)
    state = models.CharField(
        max_length=10,
        default="open",
        help_text="working, failed, open, committing, committed, dropped",
    )
    trouble = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="why nothing could be proposed, or what changed before it was committed",
    )
    acting = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        help_text="as whom a job commits it",
    )
    gap = models.FloatField(default=0.0, help_text="proven distance to the optimum, a part of 1")
    total_km = models.FloatField(default=0.0)
    committed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["path", "-made_at"], name="pairing_draft_path")]


class DraftPair(models.Model):
    """One member in a proposal: who keeps in touch now, who is proposed and why, who else could."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(PairingDraft, on_delete=models.CASCADE, related_name="pairs")
    case = models.ForeignKey("flows.Case", on_delete=models.CASCADE, related_name="+")
    present_account_id = models.UUIDField(null=True)
    present_name = models.CharField(max_length=80, blank=True)
    account_id = models.UUIDField(null=True, help_text="null: left over")
    name = models.CharField(max_length=80, blank=True)
    km = models.FloatField(null=True)
    why = models.JSONField(default=list, help_text="phrases: [text, values]")
    others = models.JSONField(default=list, help_text="the next best: [{account, name, why}]")
    is_by_hand = models.BooleanField(default=False)
    is_pinned = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "case"], name="draft_pair_once"),
        ]
