"""Tables of the file: the person, the vault, consents, corrections, messages to them, merges."""

import uuid

from django.db import models


class Member(models.Model):
    """A person, once. Names stay readable for search (ADR 0006); what identifies is in the vault.

    `home_path` is where the member belongs (the branch), `host_path` the organisation that looks
    after the present stay, or the last one did; both sides see the file.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=50)
    name_key = models.CharField(max_length=60, db_collation="C", help_text="folded; search")
    pinyin = models.CharField(max_length=120, db_collation="C", help_text="sort key and search")
    initials = models.CharField(max_length=20, db_collation="C")
    given_key = models.CharField(max_length=60, db_collation="C", db_default="")
    given_pinyin = models.CharField(max_length=120, db_collation="C", db_default="")
    sex = models.CharField(max_length=10, blank=True, help_text="male, female, or unknown")
    born_on = models.DateField(null=True)
    ethnicity = models.CharField(max_length=2, blank=True, help_text="GB/T 3304")
    category = models.CharField(max_length=20, default="full", help_text="full, probationary")
    joined_on = models.DateField(null=True)
    joined_precision = models.CharField(max_length=5, default="day", help_text="day, month, year")
    trade = models.CharField(max_length=60, blank=True)
    languages = models.JSONField(default=list)
    reads = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        help_text="written languages, the best first; empty: nobody said",
    )
    reads_little = models.BooleanField(default=False)
    has_phone = models.BooleanField(default=True)
    home_organisation_id = models.UUIDField(null=True)
    home_path = models.CharField(max_length=80, null=True, db_collation="C")
    home_text = models.CharField(
        max_length=200, blank=True, help_text="a home outside this deployment"
    )
    host_organisation_id = models.UUIDField(null=True)
    host_path = models.CharField(max_length=80, null=True, db_collation="C")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    import_batch_id = models.UUIDField(null=True, db_index=True)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["home_path", "pinyin"], name="member_home"),
            models.Index(fields=["host_path", "pinyin"], name="member_host"),
            models.Index(fields=["name_key", "born_on"], name="member_name_birth"),
            models.Index(fields=["pinyin", "id"], name="member_pinyin"),
            models.Index(fields=["initials"], name="member_initials"),
            models.Index(fields=["given_key", "id"], name="member_given"),
            models.Index(fields=["given_pinyin", "id"], name="member_given_pinyin"),
        ]


class VaultField(models.Model):
    """An ID number, phone number or address, sealed; found by a keyed hash, shown by its mask."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, related_name="vault", db_index=False
    )  # vault_member below begins with it
    kind = models.CharField(max_length=12, help_text="id_number, phone, address")
    sealed = models.BinaryField()
    blind = models.BinaryField(null=True, help_text="null for addresses, which are not searched")
    mask = models.CharField(max_length=60)
    whose = models.CharField(max_length=10, default="own", help_text="own, relative, shared")
    relation = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    signs_in_from = models.DateField(
        null=True, help_text="a number that staff put in later waits until this day (ADR 8)"
    )

    class Meta:
        indexes = [
            models.Index(fields=["kind", "blind"], name="vault_blind"),
            models.Index(fields=["member", "kind"], name="vault_member"),
        ]


class MemberInterval(models.Model):
    """A fact of the file that held from a day until a day: home organisation, trade, category."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="intervals")
    what = models.CharField(max_length=20)
    value = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class Consent(models.Model):
    """The member's yes to one purpose, with the notice they were shown; withdrawn on a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=30)
    notice_version = models.CharField(max_length=20)
    given_how = models.CharField(max_length=20, help_text="page, paper, spoken")
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True)


class Correction(models.Model):
    """What the member says is wrong in their file, and what was answered, by a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=30)
    sealed_wish = models.BinaryField()
    asked_at = models.DateTimeField(auto_now_add=True)
    answer_by = models.DateField()
    answer = models.CharField(max_length=10, blank=True, help_text="accepted, refused")
    answer_reason = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)


class Notice(models.Model):
    """Something that the member is told on their own page (an unusual opening of their file)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=30)
    text = models.CharField(max_length=300)
    at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)


class Merge(models.Model):
    """Two files were one person: which was kept, why, and what it takes to undo it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="merges")
    gone_id = models.UUIDField()
    reason = models.CharField(max_length=300)
    before = models.JSONField(
        help_text="ids of rows moved and values overwritten; sealed values stay sealed"
    )
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)


class DuplicateReview(models.Model):
    """Two files may be one person and nobody below sees both: a reviewer above decides."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    path = models.CharField(
        max_length=80, db_collation="C", help_text="the nearest body above both"
    )
    first_member_id = models.UUIDField()
    second_member_id = models.UUIDField()
    why = models.CharField(max_length=40, help_text="id_number, name_and_birth")
    noticed_at = models.DateTimeField(auto_now_add=True)
    decision = models.CharField(max_length=10, blank=True, help_text="same, different")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["first_member_id", "second_member_id"], name="review_pair")]
