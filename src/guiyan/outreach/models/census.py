"""The tables of a census: a round, what is known of each of its premises, areas, teams, visits."""

import uuid

from django.db import models


class Round(models.Model):
    """One census: a purpose, a period, an organisation; over premises, or over branches.

    Seen by everybody at, above and below its organisation, because those below do the work."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    path = models.CharField(max_length=80, db_collation="C", db_index=True)
    organisation_id = models.UUIDField()
    kind = models.CharField(max_length=10, default="premises", help_text="premises, branches")
    title = models.CharField(max_length=80)
    purpose = models.CharField(max_length=300)
    starts_on = models.DateField()
    ends_on = models.DateField()
    letter = models.TextField(blank=True, help_text="the opening letter, paragraph by paragraph")
    state = models.CharField(max_length=10, default="planned", help_text="planned, open, closed")
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    without_back_check = models.CharField(
        max_length=200,
        blank=True,
        help_text="why it was closed although the back-check is not done",
    )
    last_number = models.IntegerField(default=0, help_text="of its premises, on printed sheets")
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)


class RoundOpening(models.Model):
    """That the worker opens a round over a large register: who asked for it, and how far it is.

    Gone when the round is open; `refusal` says why it could not be opened."""

    round = models.OneToOneField(
        Round, primary_key=True, on_delete=models.CASCADE, related_name="opening"
    )
    path = models.CharField(max_length=80, db_collation="C")
    acting = models.JSONField(help_text="the actor who asked, as they stood then")
    total = models.IntegerField()
    done = models.IntegerField(default=0)
    refusal = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(auto_now=True)


class Team(models.Model):
    """Who goes together: officials, village cadres, resident work teams, volunteers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="teams")
    path = models.CharField(max_length=80, db_collation="C", db_index=True)
    organisation_id = models.UUIDField()
    name = models.CharField(max_length=60)
    ended_on = models.DateField(null=True, help_text="fell out")
    created_at = models.DateTimeField(auto_now_add=True)


class TeamPerson(models.Model):
    """One person of a team: somebody with an account, or a volunteer by name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="people")
    kind = models.CharField(max_length=12, help_text="official, cadre, resident, volunteer")
    name = models.CharField(max_length=80)
    account_id = models.UUIDField(null=True, db_index=True)
    left_on = models.DateField(null=True)


class Area(models.Model):
    """A part of a township that one team walks; premises are in at most one area of a round."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="areas")
    path = models.CharField(max_length=80, db_collation="C", db_index=True)
    organisation_id = models.UUIDField()
    name = models.CharField(max_length=60)
    number = models.IntegerField(help_text="within its township")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="areas")
    is_confirmed = models.BooleanField(default=False)
    version = models.IntegerField(default=1, help_text="grows with whatever changes in the area")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "organisation_id", "number"], name="area_no")
        ]


class Standing(models.Model):
    """What a round knows of one thing of its register: exactly one state, with a reason.

    In a round over premises the thing is `premises`, in one over branches the organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="standings")
    path = models.CharField(max_length=80, db_collation="C")
    organisation_id = models.UUIDField()
    premises = models.ForeignKey(
        "outreach.Premises", null=True, on_delete=models.PROTECT, related_name="standings"
    )
    area = models.ForeignKey(Area, null=True, on_delete=models.SET_NULL, related_name="standings")
    number = models.IntegerField(help_text="its code on printed sheets, without the check digit")
    village = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=80, blank=True, help_text="village and road")
    house = models.IntegerField(default=0, help_text="its number in the street; 0: none")
    state = models.CharField(max_length=20, default="not_visited")
    reason = models.CharField(max_length=200, blank=True)
    come_back_on = models.DateField(null=True)
    duplicate_of = models.UUIDField(null=True, help_text="the standing that this one repeats")
    visited_on = models.DateField(null=True)
    visit_id = models.UUIDField(null=True, help_text="the visit that gave the present state")
    has_conflict = models.BooleanField(default=False, help_text="two visits that disagree")
    version = models.IntegerField(default=1)
    area_version = models.IntegerField(default=1, help_text="of its area, when it last changed")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "premises"],
                condition=models.Q(premises__isnull=False),
                name="standing_premises",
            ),
            models.UniqueConstraint(
                fields=["round", "organisation_id"],
                condition=models.Q(premises__isnull=True),
                name="standing_branch",
            ),
            models.UniqueConstraint(fields=["round", "number"], name="standing_number"),
        ]
        indexes = [
            models.Index(fields=["round", "path", "street", "house"], name="standing_street"),
            models.Index(fields=["area", "street", "house"], name="standing_area"),
            # In the order of the lists, with the path, so that a list ends with its page and what
            # lies elsewhere is passed over without being looked at.
            models.Index(
                fields=["round", "come_back_on", "number", "path"],
                condition=models.Q(state="closed"),
                name="standing_shut",
            ),
            models.Index(
                fields=["round", "number", "path"],
                condition=models.Q(has_conflict=True),
                name="standing_disagreed",
            ),
        ]


class Visit(models.Model):
    """One visit as it was reported; only ever added. A correction is a visit that supersedes."""

    id = models.UUIDField(primary_key=True, editable=False)
    standing = models.ForeignKey(Standing, on_delete=models.PROTECT, related_name="visits")
    path = models.CharField(max_length=80, db_collation="C")
    state = models.CharField(max_length=20)
    reason = models.CharField(max_length=200, blank=True)
    come_back_on = models.DateField(null=True)
    duplicate_of = models.UUIDField(null=True)
    visited_on = models.DateField()
    source = models.CharField(max_length=10, help_text="page, paper, device, decision")
    outcome = models.CharField(max_length=10, help_text="applied, merged, conflict")
    supersedes = models.UUIDField(null=True)
    base_version = models.IntegerField(
        null=True, help_text="of the standing, as the visitor saw it"
    )
    team_id = models.UUIDField(null=True)
    account_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=80)
    lead_id = models.UUIDField(null=True, help_text="what was said, in the room of leads")
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["standing", "received_at"], name="visit_standing"),
            models.Index(
                fields=["lead_id"], condition=models.Q(lead_id__isnull=False), name="visit_lead"
            ),
        ]


class HandOver(models.Model):
    """That premises left an area, or an area its team: what a phone with the old list must be told."""

    id = models.BigAutoField(primary_key=True)
    path = models.CharField(max_length=80, db_collation="C")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="hand_overs")
    area_version = models.IntegerField(help_text="from which the area was without it")
    standing_id = models.UUIDField(null=True, help_text="null: the whole area went to another team")
    from_team_id = models.UUIDField(null=True)
    to_area_id = models.UUIDField(null=True)
    to_team_id = models.UUIDField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["area", "area_version"], name="hand_over_area")]


class StandingDelta(models.Model):
    """A change of a count, folded into StandingCount by the worker within seconds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    area_id = models.UUIDField(null=True)
    cell = models.CharField(max_length=20, help_text="a state, or a day on which so many were done")
    change = models.IntegerField()


class StandingCount(models.Model):
    """How many standings a body and all below it, or one area, have in a state or did on a day.

    The column is not called `path`, because a move of the tree makes the sums anew."""

    round_id = models.UUIDField()
    body_path = models.CharField(max_length=80, db_collation="C")
    area_id = models.UUIDField(null=True, help_text="null: of the whole body")
    cell = models.CharField(max_length=20)
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round_id", "body_path", "area_id", "cell"],
                name="standing_count_key",
                nulls_distinct=False,
            )
        ]
