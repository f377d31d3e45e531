"""What access tells other rooms: people of staff, their grants, their devices, and audit lines."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

# Under this purpose a phone number's blind index is computed, in the vault and at sign-in alike.
PHONE_INDEX_PURPOSE = "phone"


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """An account holds `role` at an organisation on every day from `valid_from` to `valid_to`."""

    role: str
    organisation_id: UUID
    path: str
    valid_from: date
    valid_to: date | None
    id: UUID | None = None
    organisation_name: str = ""
    granted_by: str = ""
    reason: str = ""
    awaits_second: bool = False

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def overlaps(self, valid_from: date, valid_to: date | None) -> bool:
        """Both bounds are days on which the grant still holds; None is for ever."""
        ends_before = self.valid_to is not None and self.valid_to < valid_from
        begins_after = valid_to is not None and valid_to < self.valid_from
        return not (ends_before or begins_after)


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """Somebody of staff at one organisation, with the roles held there today."""

    account_id: UUID
    name: str
    organisation_id: UUID
    organisation_name: str
    roles: tuple[str, ...]
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account as an administrator of accounts sees it."""

    id: UUID
    login: str
    name: str
    is_active: bool
    is_locked: bool
    is_stale: bool
    has_second_factor: bool
    created_at: datetime
    last_signed_in_at: datetime | None
    grants: tuple[GrantFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """A signed-in browser."""

    id: UUID
    description: str
    signed_in_at: datetime
    seen_at: datetime
    is_this_one: bool


@dataclass(frozen=True, slots=True)
class PasskeyFacts:
    """A passkey that its owner may remove."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenedAccount:
    """A new or reset account, with the password that is shown this once and kept nowhere."""

    account_id: UUID
    login: str
    name: str
    initial_password: str
    awaits_second: bool = False


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """A role that somebody wishes to give and a second security administrator has to confirm."""

    id: UUID
    account_id: UUID
    account_name: str
    login: str
    role: str
    organisation_name: str
    valid_from: date
    valid_to: date | None
    proposed_by: str
    proposed_at: datetime
    reason: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One audit row as a sentence."""

    id: int
    at: datetime
    actor: str
    organisation_name: str
    sentence: str
    reason: str
    subject: str = ""
    organisation_id: UUID | None = None
