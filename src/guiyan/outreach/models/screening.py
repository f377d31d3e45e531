"""The tables of a round's second half: lists of branches person by person, and the back-check."""

import uuid

from django.db import models


class Screened(models.Model):
    """One person on a branch's list in one round, and what the branch said last of them.

    Only the answer is kept here. Where somebody is stands in the case that opens."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    standing = models.ForeignKey(
        "outreach.Standing", on_delete=models.PROTECT, related_name="people"
    )
    path = models.CharField(max_length=80, db_collation="C")
    member_id = models.UUIDField()
    line = models.IntegerField(help_text="on the branch's printed list")
    answer = models.CharField(
        max_length=12, blank=True, help_text="here, away_short, away_long, not_known; empty: none"
    )
    case_id = models.UUIDField(null=True, help_text="the case that this answer opened")
    answered_on = models.DateField(null=True)
    source = models.CharField(max_length=10, blank=True, help_text="page, paper")
    account_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standing", "member_id"], name="screened_member"),
            models.UniqueConstraint(fields=["standing", "line"], name="screened_line"),
        ]


class Draw(models.Model):
    """A random sample of what a round has explained, to be looked at once more by others.

    Anybody can draw it again from the seed (rules.sample)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey("outreach.Round", on_delete=models.CASCADE, related_name="draws")
    path = models.CharField(max_length=80, db_collation="C")
    organisation_id = models.UUIDField()
    seed = models.CharField(max_length=32)
    share = models.IntegerField(help_text="percent of what each team explained")
    drawn_on = models.DateField()
    account_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)


class BackCheck(models.Model):
    """One standing of a draw: what was said first, and what others found."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="checks")
    standing = models.ForeignKey(
        "outreach.Standing", on_delete=models.PROTECT, related_name="checks"
    )
    path = models.CharField(max_length=80, db_collation="C")
    first_visit_id = models.UUIDField(null=True)
    first_state = models.CharField(max_length=20)
    first_team_id = models.UUIDField(null=True)
    first_account_id = models.UUIDField(null=True)
    second_team_id = models.UUIDField(null=True, help_text="who goes this time; never the first")
    state = models.CharField(max_length=20, blank=True, help_text="empty: not yet looked at")
    reason = models.CharField(max_length=200, blank=True)
    checked_on = models.DateField(null=True)
    agrees = models.BooleanField(null=True)
    account_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "standing"], name="back_check_once"),
        ]
        indexes = [
            models.Index(fields=["standing"], name="back_check_standing"),
            models.Index(fields=["draw"], condition=models.Q(state=""), name="back_check_left"),
        ]
