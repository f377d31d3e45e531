"""Every write to a member's file: opening it, facts, identity, sides, and opening the vault."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from guiyan.kernel.findings import Finding
from guiyan.members import changing, openings, queries, registering, rules, vault
from guiyan.members.at_desk import print_copy, take_correction
from guiyan.members.ending import erase_files
from guiyan.members.models import Member, Notice, VaultField
from guiyan.members.numbers import allow_codes, confirm_number, own_number_changed
from guiyan.members.opening_many import open_identity_of_many
from guiyan.members.own import record_consent
from guiyan.members.reviewing import join_same_number, merge_members, undo_merge
from guiyan.members.sides import set_sides, set_sides_of_many
from guiyan.members.types import MemberFacts, NewMember, Revealed, StaleFile
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused, refuse
from guiyan.platform.permissions import Permission

__all__ = [
    "allow_codes",
    "change_member",
    "confirm_number",
    "end_identity",
    "erase_files",
    "erase_imported",
    "erase_member",
    "join_same_number",
    "merge_members",
    "open_identity_of_many",
    "print_copy",
    "record_consent",
    "register_member",
    "register_members",
    "reveal",
    "search_identity",
    "set_identity",
    "set_sides",
    "set_sides_of_many",
    "take_correction",
    "undo_merge",
]  # fmt: skip

_ERASED_AT_ONCE = 1_000


@command(Permission.CHANGE_MEMBERS)
def register_member(*, by: Actor, new: NewMember, reason: str = "") -> MemberFacts:
    """A person gets one file. Raises Refused with the kernel's words for a wrong number or name,
    and Duplicate when the ID number has a file in scope.

    A file elsewhere is told to the reviewer above both, and nothing of it to the clerk. To enter a
    number is to ask for it, so it counts as a search.
    """
    if new.id_number:
        openings.count_search(by)
    return _register([new], by=by)[0]


@command(Permission.CHANGE_MEMBERS)
def register_members(*, by: Actor, new: Sequence[NewMember], reason: str = "") -> list[MemberFacts]:
    """Many files in a few statements, in the order given; all or none."""
    return _register(new, by=by)


@command(Permission.CHANGE_MEMBERS)
def change_member(
    *, by: Actor, member_id: UUID, version: int, reason: str, **fields: Any
) -> MemberFacts:
    """Facts change for a reason, and only over the version that the person saw.

    Raises StaleFile, which carries what stands there now, when somebody was quicker.
    """
    row = queries.member_row(by, member_id, lock=True)
    if row.version != version:
        current = queries.facts_of([row])[0]
        raise StaleFile(current, _("这份档案刚被别人改过。下面并列两种内容，请核对后再保存。"))
    unknown = set(fields) - set(changing.CHANGEABLE)
    if unknown:
        raise TypeError(f"not facts of a file: {sorted(unknown)}")
    read = changing.read_fields(fields)
    before = registering.interval_values(row)
    changed = [name for name, value in read.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, read[name])
    if changed:
        changing.save(row, by.today, before)
    audit.note(subject_kind="member", subject_id=row.id, member_id=row.id, changed=changed)
    return queries.facts_of([row])[0]


@command(Permission.CHANGE_MEMBERS)
def set_identity(
    *,
    by: Actor,
    member_id: UUID,
    kind: str,
    value: str,
    whose: str = "own",
    relation: str = "",
    reason: str,
) -> MemberFacts:
    """A new number or address takes effect today; the one before it of the same person ends today.

    An ID number brings birth date and sex. Raises Refused for what the kernel can't read and
    Duplicate for an ID number that has a file in scope.
    """
    row = queries.member_row(by, member_id, lock=True)
    refuse(rules.may_choose("kind", kind, rules.VAULT_KINDS))
    if kind == "phone":
        refuse(rules.may_phone_be(whose, relation))
    read = vault.read_value(kind, value, today=by.today, whose=whose, relation=relation)
    if isinstance(read, Finding):
        raise registering.refused(read)
    if kind == "id_number":
        openings.count_search(by)
        registering.refuse_known_number(by, read, except_id=member_id)
    ended = VaultField.objects.filter(
        member_id=member_id, kind=kind, whose=read.whose, valid_to__isnull=True
    )
    replaced = ended.update(valid_to=by.today)
    written = vault.new_row(member_id, read, on=by.today)
    if kind == "phone" and read.whose == "own":
        written.signs_in_from = rules.signs_in_from(by.today)
    written.save(force_insert=True)
    if kind == "phone" and (replaced or read.whose == "own"):
        own_number_changed(by, member_id)
    if read.id_number is not None:
        row.born_on, row.sex = read.id_number.birth, read.id_number.sex
    if kind == "phone" and read.whose == "own":
        row.has_phone = True
    changing.save(row, by.today, registering.interval_values(row))
    if kind == "id_number":
        registering.note_duplicates_elsewhere([member_id])
    audit.note(subject_kind="member", subject_id=row.id, member_id=row.id, kind=kind, whose=whose)
    return registering.with_warnings(queries.facts_of([row])[0], read.warnings)


@command(Permission.CHANGE_MEMBERS)
def end_identity(*, by: Actor, member_id: UUID, field_id: UUID, reason: str) -> MemberFacts:
    """A number or address that no longer holds ends today; after the time in `fields` it goes."""
    row = queries.member_row(by, member_id, lock=True)
    field = VaultField.objects.filter(
        pk=field_id, member_id=member_id, valid_to__isnull=True
    ).first()
    if field is None:
        raise NotFound("vault field")
    field.valid_to = by.today
    field.save(update_fields=["valid_to"])
    changing.save(row, by.today, registering.interval_values(row))
    audit.note(subject_kind="member", subject_id=row.id, member_id=row.id, kind=field.kind)
    return queries.facts_of([row])[0]


@command(Permission.REVEAL_IDENTITY)
def reveal(
    *,
    by: Actor,
    member_id: UUID,
    kind: str,
    reason: str,
    case_number: str = "",
    field_id: UUID | None = None,
) -> Revealed:
    """One field is opened for one reason, for 60 seconds; the member reads who opened it and why.

    The audit row is in the transaction before the value leaves it. At most 50 a day for one
    person; an opening out of the ordinary is told to the member besides.
    """
    row = queries.member_row(by, member_id)
    opened_at = now()
    already = openings.count_today(by, opened_at)
    refuse(openings.translated(rules.may_reveal(reason, case_number, already)))
    fields = VaultField.objects.filter(member_id=member_id, kind=kind, valid_to__isnull=True)
    if field_id is not None:
        fields = fields.filter(pk=field_id)
    field = queries.first_of_own(fields)
    if field is None:
        raise NotFound("vault field")
    unusual = openings.unusual(by, row, opened_at, already)
    if unusual:
        Notice.objects.create(
            member_id=member_id, kind="opening", text=openings.notice_text(by, kind, unusual)
        )
    audit.note(
        subject_kind="member",
        subject_id=member_id,
        member_id=member_id,
        kind=kind,
        case_number=case_number,
        unusual=list(unusual),
    )
    return Revealed(kind, vault.open_value(field), opened_at + rules.REVEAL_LASTS)


@command(Permission.SEE_MEMBERS)
def search_identity(*, by: Actor, kind: str, value: str, reason: str) -> list[MemberFacts]:
    """Files found by exactly this ID number or phone number; each one found learns of it.

    At most 60 an hour for one person, wherever they ask (F31). Raises Refused for what is not a
    whole number: there is no search by a part of one.
    """
    refuse(openings.translated(rules.may_reveal(reason, "", 0)))
    read = vault.read_value(kind, value, today=by.today)
    if kind not in vault.SEARCHED_KINDS or isinstance(read, Finding):
        raise Refused("not-whole", _("请填写完整的身份证号码或电话号码；不能用号码的一部分查找。"))
    openings.count_search(by)
    find = queries.find_by_id_number if kind == "id_number" else queries.find_by_phone
    found = find(by, value)
    for facts in found:
        audit.note(subject_kind="member", subject_id=facts.id, member_id=facts.id, kind=kind)
    if not found:
        audit.note(subject_kind="search", kind=kind, found=0)
    return found


@command(Permission.CHANGE_MEMBERS)
def erase_member(*, by: Actor, member_id: UUID, reason: str) -> None:
    """A file opened by an import goes again with the import, if nothing else hangs on it.

    Raises Refused when the member has written, agreed to, or been merged with anything.
    """
    row = queries.member_row(by, member_id, lock=True)
    hangs = (
        row.import_batch_id is None
        or row.version > 1
        or row.consents.exists()
        or row.corrections.exists()
        or row.merges.exists()
        or Member.objects.filter(merged_into=row).exists()
    )
    if hangs:
        raise Refused("in-use", _("这份档案导入后已有别的内容，不能随导入一起撤销；请单独办理。"))
    registering.forget_reviews([member_id])
    audit.note(subject_kind="member", subject_id=member_id, member_id=member_id)
    row.delete()


@command(Permission.CHANGE_MEMBERS)
def erase_imported(*, by: Actor, member_ids: Sequence[UUID], reason: str) -> dict[str, int]:
    """Files that an import opened go again with it, those that nobody has touched since.

    Returns {"removed": n, "kept": n}. Few statements for every thousand files.
    """
    untouched = registering.untouched_since_import(member_ids)
    for start in range(0, len(untouched), _ERASED_AT_ONCE):
        some = untouched[start : start + _ERASED_AT_ONCE]
        registering.forget_reviews(some)
        Member.objects.filter(pk__in=some).delete()
    for member_id in untouched:
        audit.note(subject_kind="member", subject_id=member_id, member_id=member_id)
    return {"removed": len(untouched), "kept": len(member_ids) - len(untouched)}


def _register(new: Sequence[NewMember], *, by: Actor) -> list[MemberFacts]:
    sides = registering.Sides()
    drafts = [registering.read_new(one, by=by, sides=sides) for one in new]
    written = registering.write_drafts(drafts, by=by)
    for facts in written:
        audit.note(subject_kind="member", subject_id=facts.id, member_id=facts.id)
    return written
