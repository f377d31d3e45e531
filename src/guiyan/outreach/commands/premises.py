"""Every write on premises: lists of them come in, change, and are taken back."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from guiyan.kernel.names import fold_name
from guiyan.kernel.phones import Phone, mask_phone, read_phone
from guiyan.orgs.commands import keep_tree_still
from guiyan.outreach import queries
from guiyan.outreach.census import register
from guiyan.outreach.models import Premises
from guiyan.outreach.types import NewPremises
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.bulk import insert_rows
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound
from guiyan.platform.keys import key_ring
from guiyan.platform.permissions import Permission

_BATCH = 2_000


@command(Permission.IMPORT_WORKBOOKS)
def register_premises(
    *,
    by: Actor,
    new: Sequence[NewPremises],
    import_batch_id: UUID | None = None,
    reason: str = "",
) -> list[UUID]:
    """Many premises in a few statements, all or none; the manager and the number are sealed.

    Raises NotFound for an organisation outside the scope.
    """
    if any(not by.scope.covers(one.path) for one in new):
        raise NotFound("organisation")
    keep_tree_still()
    rows = [_said(Premises(id=uuid4(), import_batch_id=import_batch_id), one) for one in new]
    insert_rows(rows)
    register.take_up(rows)
    audit.note(subject_kind="import", subject_id=import_batch_id, premises=len(rows))
    return [row.id for row in rows]


@command(Permission.IMPORT_WORKBOOKS)
def change_premises(
    *, by: Actor, changes: Sequence[tuple[UUID, NewPremises]], reason: str = ""
) -> list[UUID]:
    """What a later list says of premises that are there already. Returns those that changed."""
    keep_tree_still()
    said = dict(changes)
    rows = list(Premises.objects.select_for_update().filter(pk__in=list(said)).order_by("pk"))
    for row in rows:
        _said(row, said[row.id])
        row.version += 1
        audit.note(subject_kind="premises", subject_id=row.id)
    Premises.objects.bulk_update(rows, [*_COLUMNS, "version"], batch_size=_BATCH)
    register.follow(rows)
    return [row.id for row in rows]


@command(Permission.IMPORT_WORKBOOKS)
def undo_batch(*, by: Actor, batch_id: UUID, reason: str) -> dict[str, int]:
    """Take back the premises of one import that nobody has changed or visited since; the others
    stay.

    Returns {"removed": n, "kept": n}.
    """
    keep_tree_still()
    brought = queries.batch_ids_of(by, batch_id)
    untouched = register.forget([one for one, version in brought if version == 1])
    for start in range(0, len(untouched), _BATCH):
        Premises.objects.filter(pk__in=untouched[start : start + _BATCH]).delete()
    kept = len(brought) - len(untouched)
    audit.note(subject_kind="import", subject_id=batch_id, removed=len(untouched), kept=kept)
    return {"removed": len(untouched), "kept": kept}


_COLUMNS = (
    "path", "organisation_id", "division_code", "serial", "name", "name_key", "credit_code",
    "licence", "type", "address", "manager_sealed", "phone_sealed", "phone_blind", "phone_mask",
    "state",
)  # fmt: skip


def _said(row: Premises, new: NewPremises) -> Premises:
    """The row with everything that the list says."""
    row.path, row.organisation_id = new.path, new.organisation_id
    row.division_code, row.serial = new.division_code, new.serial
    row.name, row.name_key = new.name, fold_name(new.name)[:200]
    row.credit_code, row.licence = new.credit_code, new.licence
    row.type, row.address, row.state = new.type, new.address, new.state
    row.manager_sealed = _sealed(row.id, "manager", new.manager)
    row.phone_sealed = _sealed(row.id, "phone", new.phone)
    phone = read_phone(new.phone) if new.phone else None
    if isinstance(phone, Phone):
        row.phone_blind = key_ring().blind_index(phone.normal, purpose="phone")
        row.phone_mask = mask_phone(phone.normal)
    else:
        row.phone_blind, row.phone_mask = None, ""
    return row


def number_of(row: Premises) -> tuple[str, str] | None:
    """The number that the blind index is made of, and the index's purpose."""
    if row.phone_sealed is None:
        return None
    context = seal_context("phone", row.id)
    text = key_ring().open_sealed(bytes(row.phone_sealed), context=context).decode()
    phone = read_phone(text)
    return (phone.normal, "phone") if isinstance(phone, Phone) else None


def _sealed(row_id: UUID, column: str, text: str) -> bytes | None:
    if not text:
        return None
    return key_ring().seal(text.encode(), context=seal_context(column, row_id))


def seal_context(column: str, row_id: UUID) -> str:
    return f"outreach_premises.{column}.{row_id}"
