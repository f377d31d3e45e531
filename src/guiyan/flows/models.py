"""Tables of the case: leads, cases with their events, sittings of placement, letters, certificates."""

import uuid

from django.db import models
from django.utils import timezone


class Lead(models.Model):
    """There may be a member: who said so, what, where. Never proof; dies with a reason or becomes a case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    door = models.CharField(max_length=20, help_text="qr, desk, referral, hotline, import")
    search_method = models.CharField(
        max_length=20, help_text="ledger, door, telephone, letter, self, peer"
    )
    sealed = models.BinaryField(
        null=True, help_text="what was said, sealed; erased 30 days after death"
    )
    shown_name = models.CharField(max_length=50, blank=True)
    phone_blind = models.BinaryField(null=True, db_index=True)
    phone_mask = models.CharField(max_length=40, blank=True)
    notice_version = models.CharField(max_length=20, blank=True)
    state = models.CharField(
        max_length=20, default="to_verify", help_text="to_verify, became_case, dead"
    )
    dead_reason = models.CharField(max_length=30, blank=True)
    suspicion = models.CharField(
        max_length=20, blank=True, help_text="why it looks like a machine's"
    )
    case_id = models.UUIDField(null=True)
    answer_by = models.DateField()
    received_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["path", "state", "-received_at"], name="lead_inbox")]


class Case(models.Model):
    """One stay away from home, seen by both sides; at each moment one organisation answers.

    The registers are views of this table, so they balance. Name and pinyin are repeated here
    because a register sorts by them under row-level security.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, related_name="+", db_index=False
    )  # case_member below
    member_name = models.CharField(max_length=50)
    name_key = models.CharField(max_length=60, db_collation="C")
    pinyin = models.CharField(max_length=120, db_collation="C")
    initials = models.CharField(max_length=20, db_collation="C")
    given_key = models.CharField(max_length=60, db_collation="C", db_default="")
    given_pinyin = models.CharField(max_length=120, db_collation="C", db_default="")
    trade = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=20)
    opened_from = models.CharField(max_length=10, help_text="home, host")
    home_organisation_id = models.UUIDField(null=True)
    home_path = models.CharField(max_length=80, null=True, db_collation="C")
    home_text = models.CharField(max_length=200, blank=True)
    home_division_code = models.CharField(max_length=12, blank=True)
    host_organisation_id = models.UUIDField(null=True)
    host_path = models.CharField(max_length=80, null=True, db_collation="C")
    host_text = models.CharField(max_length=200, blank=True)
    host_division_code = models.CharField(max_length=12, blank=True)
    stay_division_code = models.CharField(
        max_length=12, blank=True, help_text="where the person lives"
    )
    left_on = models.DateField(null=True)
    left_precision = models.CharField(max_length=5, default="day")
    reason_away = models.CharField(max_length=60, blank=True)
    is_abroad = models.BooleanField(db_default=False, help_text="出国（境）, regulation art. 34")
    has_certificate = models.BooleanField(null=True)
    search_method = models.CharField(max_length=20, blank=True)
    answers = models.CharField(
        max_length=10, help_text="home, host, nobody: who owes the next step"
    )
    answer_by = models.DateField(null=True)
    contact_lost_since = models.DateField(
        null=True, help_text="said by a person; the program only asks"
    )
    previous_case = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="next_cases"
    )
    lead_id = models.UUIDField(null=True)
    import_batch_id = models.UUIDField(null=True, db_index=True)
    opened_on = models.DateField()
    claimed_on = models.DateField(null=True)
    placed_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=20, blank=True)
    version = models.IntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["home_path", "pinyin", "id"], name="case_home_sort"),
            models.Index(fields=["host_path", "pinyin", "id"], name="case_host_sort"),
            models.Index(fields=["pinyin", "id"], name="case_sort"),
            models.Index(fields=["name_key", "id"], name="case_name"),
            models.Index(fields=["initials", "pinyin", "id"], name="case_initials"),
            models.Index(fields=["given_key", "name_key", "id"], name="case_given"),
            models.Index(fields=["given_pinyin", "pinyin", "id"], name="case_given_pinyin"),
            models.Index(fields=["opened_on", "id"], name="case_opened"),
            models.Index(fields=["member"], name="case_member"),
            models.Index(
                fields=["state", "pinyin", "id"],
                name="case_rare_state",
                condition=models.Q(state__in=("declared", "notified", "claimed", "transferring")),
            ),
            models.Index(
                fields=["answer_by", "id"],
                name="case_unplaced",
                condition=models.Q(state="verified"),
            ),
            models.Index(
                fields=["pinyin", "id"],
                name="case_ended",
                condition=models.Q(ended_on__isnull=False),
            ),
            models.Index(
                fields=["answer_by"], name="case_due", condition=models.Q(ended_on__isnull=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(home_path__isnull=False) | models.Q(host_path__isnull=False),
                name="case_has_a_side",
            ),
            models.UniqueConstraint(
                fields=["member"], condition=models.Q(ended_on__isnull=True), name="case_one_open"
            ),
        ]


class CaseEvent(models.Model):
    """A step of the case, in words for the timeline; goes along whoever takes over."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    event = models.CharField(max_length=30)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    organisation_id = models.UUIDField(null=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    actor_name = models.CharField(max_length=80, blank=True)
    host_before_id = models.UUIDField(null=True, help_text="to whom a placement taken back returns")
    note = models.CharField(max_length=300, blank=True)
    on = models.DateField(help_text="the day it took effect")


class Sitting(models.Model):
    """A meeting (研判会) in which many are placed; its minutes write themselves."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    held_on = models.DateField()
    present = models.CharField(max_length=300)
    decisions = models.JSONField(default=list, help_text="[{case, branch, reason, suggested}]")
    closed_at = models.DateTimeField(null=True)


class CountDelta(models.Model):
    """A change of a register's count, folded into RegisterCount by the worker within seconds."""

    # A key made here, because the writer of a delta may not read it back.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    path = models.CharField(max_length=80, db_collation="C")
    side = models.CharField(max_length=4, help_text="out, in")
    state = models.CharField(max_length=20)
    change = models.SmallIntegerField()


class RegisterCount(models.Model):
    """How many cases a body and all below it have, by side and state."""

    path = models.CharField(max_length=80, db_collation="C")
    side = models.CharField(max_length=4)
    state = models.CharField(max_length=20)
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["path", "side", "state"], name="register_count_key")
        ]


class Letter(models.Model):
    """A letter (函), an introduction (介绍信) or a certificate (活动证) with its number and its slip."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=20, help_text="letter, introduction, certificate")
    number = models.CharField(max_length=40, unique=True)
    to_text = models.CharField(max_length=200, blank=True)
    issued_on = models.DateField()
    valid_until = models.DateField(null=True)
    issued_by = models.CharField(max_length=80)
    issuer_organisation_id = models.UUIDField()
    issuer_name = models.CharField(max_length=200)
    dues_paid_to = models.DateField(null=True, help_text="stated by an introduction")
    reply_by = models.DateField(null=True)
    replied_on = models.DateField(null=True)
    reply = models.CharField(max_length=20, blank=True, help_text="received, not_here, accepted")
    withdrawn_on = models.DateField(null=True)
