"""Tables of access: accounts of staff, factors, grants, devices, elevated sessions, codes."""

import uuid

from django.db import models


class Account(models.Model):
    """A member of staff who signs in. Accounts are people; nobody shares one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    login = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    password = models.CharField(max_length=200)
    password_changed_at = models.DateTimeField(null=True)
    must_change_password = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    failed_attempts = models.IntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_signed_in_at = models.DateTimeField(null=True)


class Grant(models.Model):
    """An account holds a role at an organisation, from a day until a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=40)
    organisation_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    granted_by = models.CharField(max_length=80)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["path", "role"], name="grant_path_role")]


class GrantProposal(models.Model):
    """A grant that waits for a second security administrator; it counts for nothing until then."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="proposals")
    role = models.CharField(max_length=40)
    organisation_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    proposed_by_id = models.UUIDField()
    proposed_by = models.CharField(max_length=80)
    proposed_by_path = models.CharField(max_length=80, db_collation="C")
    proposed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "organisation_id"], name="grantproposal_once"
            )
        ]


class TotpDevice(models.Model):
    """An authenticator app; the secret is sealed, a code counts once."""

    account = models.OneToOneField(
        Account, primary_key=True, on_delete=models.CASCADE, related_name="totp"
    )
    sealed_secret = models.BinaryField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0, help_text="30-second step of the last code taken")


class Passkey(models.Model):
    """A WebAuthn credential."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)


class Device(models.Model):
    """A signed-in browser, of staff or of a member; ended here, it is out at its next request."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        Account, null=True, on_delete=models.CASCADE, related_name="devices"
    )
    member_id = models.UUIDField(null=True, db_index=True)
    session_key = models.CharField(max_length=40, unique=True)
    description = models.CharField(max_length=120)
    signed_in_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Elevation(models.Model):
    """More than the everyday role, for a short time and a written reason; every act bears it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="elevations")
    organisation_id = models.UUIDField()
    reason = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class MemberCode(models.Model):
    """A code sent to a member's own phone; five tries, ten minutes, one use."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    phone_blind = models.BinaryField(db_index=True)
    member_id = models.UUIDField(null=True, help_text="null: nobody has this number; same answer")
    code_hash = models.BinaryField()
    tries = models.SmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class DevelopmentMessage(models.Model):
    """What the development channel would have sent: shown on a page of the demo, sent to nobody."""

    id = models.BigAutoField(primary_key=True)
    recipient_mask = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    at = models.DateTimeField(auto_now_add=True)


class Handset(models.Model):
    """A phone's own program, signed in for one person at one organisation by a token of its own.

    Only a keyed hash of the token is kept. It lasts 21 days since it was last used.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="handsets")
    organisation_id = models.UUIDField()
    path = models.CharField(max_length=80, db_collation="C")
    token_hash = models.BinaryField(unique=True)
    public_key = models.BinaryField(
        help_text="P-256 point with which the phone signs hand-over files; empty when it can't"
    )
    description = models.CharField(max_length=120)
    issued_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["path", "seen_at"], name="handset_path")]
