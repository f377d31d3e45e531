"""Tables of the cadence: what was declared, who is relieved of it, and how far dues are put."""

import uuid

from django.db import models


class CadencePolicy(models.Model):
    """What an organisation declares of one kind from a day on; only added, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    kind = models.CharField(max_length=20)
    cycle = models.CharField(max_length=20)
    is_on = models.BooleanField(default=True)
    keep_days = models.SmallIntegerField(help_text="asked for so long after it is due")
    valid_from = models.DateField()
    source = models.CharField(max_length=200)
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["path", "kind", "valid_from"], name="cadence_once_a_day"
            )
        ]


class Relief(models.Model):
    """Nothing is demanded of a member: for good (old, ill: R-18), or in a pause with an end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    is_exempt = models.BooleanField(help_text="R-18; otherwise a pause")
    reason = models.CharField(max_length=100)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="null: until it is ended")
    by_name = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["member", "ends_on"], name="relief_member")]


class CadenceStanding(models.Model):
    """How far the dues of a stay are put, kind by kind, and when a night must look at it again."""

    case = models.OneToOneField(
        "flows.Case", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    through = models.JSONField(default=dict, help_text="{kind: the last day put}")
    look_on = models.DateField(help_text="the next night that has something to put")
    host_path = models.CharField(max_length=80, db_collation="C")
    owner_account_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["look_on", "case"], name="cadence_look")]


class HelpNote(models.Model):
    """The secretary helps a contact person to reach somebody: a word, or going together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("flows.Case", on_delete=models.CASCADE, related_name="+")
    how = models.CharField(max_length=12, help_text="note, together, take_over")
    note = models.CharField(max_length=300, blank=True)
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["case", "-at"], name="help_note_case")]
