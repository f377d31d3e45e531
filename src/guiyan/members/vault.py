"""The identity vault: the only place in Guiyan that seals, opens and indexes identity (trust 2.2).

A value is sealed for one kind of one member: copied to another row, it does not open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from guiyan.kernel.findings import Finding
from guiyan.kernel.id_numbers import IdNumber, mask_id_number, read_id_number
from guiyan.kernel.phones import PhoneProblem, masked, national_form, read_phone
from guiyan.members import rules
from guiyan.members.models import Correction, VaultField
from guiyan.platform.bulk import insert_columns
from guiyan.platform.keys import key_ring

SEARCHED_KINDS = ("id_number", "phone")
_EXTENSION = ";ext="


@dataclass(frozen=True, slots=True)
class VaultValue:
    """A value that the kernel has read: its one form, its mask, what else it says."""

    kind: str
    plain: str = field(repr=False)
    mask: str
    whose: str = "own"
    relation: str = ""
    id_number: IdNumber | None = None
    warnings: tuple[Finding, ...] = ()

    @property
    def searched(self) -> str:
        """What the blind index is made of: a telephone number without its extension."""
        return self.plain.partition(_EXTENSION)[0]


def read_value(
    kind: str, text: str, *, today: date, whose: str = "own", relation: str = ""
) -> VaultValue | Finding:
    """Read what was typed by the kernel's rules; a Finding says what is wrong with it."""
    if kind == "id_number":
        number = read_id_number(text, today=today)
        if not isinstance(number, IdNumber):
            return number
        mask = mask_id_number(number.text)
        return VaultValue(kind, number.text, mask, id_number=number, warnings=number.warnings)
    if kind == "phone":
        phone = read_phone(text)
        if isinstance(phone, PhoneProblem):
            return phone
        plain = phone.normal + (f"{_EXTENSION}{phone.extension}" if phone.extension else "")
        mask = masked(phone)
        return VaultValue(kind, plain, mask, whose, relation, warnings=phone.warnings)
    address = rules.read_address(text)
    if isinstance(address, Finding):
        return address
    return VaultValue("address", address, rules.mask_address(address))


def new_row(member_id: UUID, value: VaultValue, *, on: date) -> VaultField:
    """A row for this value, sealed, not yet saved."""
    return VaultField(
        id=uuid4(),
        member_id=member_id,
        kind=value.kind,
        sealed=key_ring().seal(value.plain.encode(), context=seal_context(value.kind, member_id)),
        blind=blind_of(value),
        mask=value.mask,
        whose=value.whose,
        relation=value.relation.strip()[:20],
        valid_from=on,
    )


def insert_new(values: Sequence[tuple[UUID, VaultValue]], *, on: date) -> None:
    """The rows of many values, each with its member, sealed and written in one statement."""
    ring = key_ring()
    insert_columns(
        VaultField,
        {
            "member_id": [member_id for member_id, _ in values],
            "kind": [value.kind for _, value in values],
            "sealed": [
                ring.seal(value.plain.encode(), context=seal_context(value.kind, member_id))
                for member_id, value in values
            ],
            "blind": [blind_of(value) for _, value in values],
            "mask": [value.mask for _, value in values],
            "whose": [value.whose for _, value in values],
            "relation": [value.relation.strip()[:20] for _, value in values],
            "valid_from": [on] * len(values),
        },
    )


def blind_of(value: VaultValue) -> bytes | None:
    """The keyed hash under which the value is found; addresses are not searched."""
    if value.kind not in SEARCHED_KINDS:
        return None
    return key_ring().blind_index(value.searched, purpose=value.kind)


def blinds_of(value: VaultValue) -> tuple[bytes, ...]:
    """The hashes under every active key, for searching while keys rotate."""
    return key_ring().blind_indexes(value.searched, purpose=value.kind)


def blinds_of_row(row: VaultField) -> tuple[bytes, ...]:
    """The same of a number that is stored: rows of before and after a rotation find each other."""
    return key_ring().blind_indexes(number_of(row), purpose=row.kind)


def open_value(row: VaultField) -> str:
    """The value as people write it: for `commands.reveal`, the member's own copy, and reckoning."""
    plain = _plain(row)
    if row.kind != "phone":
        return plain
    number, _, extension = plain.partition(_EXTENSION)
    return national_form(number) + (f" 转 {extension}" if extension else "")


def number_of(row: VaultField) -> str:
    """A number in its one form, without its extension: for sending, and for its blind index."""
    return _plain(row).partition(_EXTENSION)[0]


def sealed_for(row: VaultField, member_id: UUID) -> bytes:
    """The same value sealed for another file: when two files are merged, or parted again."""
    return key_ring().seal(_plain(row).encode(), context=seal_context(row.kind, member_id))


def seal_wish(correction_id: UUID, text: str) -> bytes:
    """What a member says is wrong may name a number, so it is sealed too."""
    return key_ring().seal(text.encode(), context=wish_context(correction_id))


def open_wish(correction: Correction) -> str:
    """For the member, and for the person who answers."""
    sealed = bytes(correction.sealed_wish)
    return key_ring().open_sealed(sealed, context=wish_context(correction.id)).decode()


def _plain(row: VaultField) -> str:
    context = seal_context(row.kind, row.member_id)
    return key_ring().open_sealed(bytes(row.sealed), context=context).decode()


def seal_context(kind: str, member_id: UUID) -> str:
    return f"members_vaultfield.{kind}.{member_id}"


def wish_context(correction_id: UUID) -> str:
    return f"members_correction.sealed_wish.{correction_id}"
