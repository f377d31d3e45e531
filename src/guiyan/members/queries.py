"""The only ways to turn an id, a number or a name into files; row-level security answers.

Every query runs in the caller's transaction under its scope: outside it there are no rows, and
nothing tells "elsewhere" from "nowhere".
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from guiyan.kernel.findings import Finding
from guiyan.kernel.names import fold_name, given_name, name_pinyin
from guiyan.members import rules, vault
from guiyan.members.models import Member, MemberInterval, VaultField
from guiyan.members.types import Interval, MemberFacts, VaultFacts
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound
from guiyan.platform.reading import read_once

_LAST_CHARACTER = "\U0010ffff"
_AT_ONCE = 5_000  # values of one `in (…)` list
# Whose number stands on the card when there are several.
_WHOSE_FIRST = {"own": 0, "shared": 1, "relative": 2}


kind_of_number = rules.kind_of_number


@dataclass(frozen=True, slots=True)
class SearchKeys:
    """The columns under which a name is found and sorted, wherever a name is kept."""

    name_key: str
    pinyin: str
    initials: str
    given_key: str
    given_pinyin: str


@lru_cache(maxsize=4_096)  # a file and its stay ask for the same name one after the other
def search_keys(name: str) -> SearchKeys:
    """Folded name; pinyin without tones, then the folded name, so that one prefix serves search
    and order; initials; the given name alone, since people are called by it."""
    key, reading, given = fold_name(name), name_pinyin(name), given_name(name)
    return SearchKeys(
        name_key=key[:60],
        pinyin=f"{reading.full} {key}"[:120],
        initials=reading.initials[:20],
        given_key=given.key[:60],
        given_pinyin=given.pinyin[:120],
    )


def member_row(actor: Actor, member_id: UUID, *, lock: bool = False) -> Member:
    """For this room's commands. Raises NotFound outside the scope of the transaction."""
    rows = Member.objects.select_for_update() if lock else Member.objects.all()
    row = rows.filter(pk=member_id).first()
    if row is None or (actor.is_member and actor.member_id != member_id):
        raise NotFound("member")
    return row


@read_once
def get_member_for(actor: Actor, member_id: UUID) -> MemberFacts:
    """One file, masked. One query. Raises NotFound outside the scope."""
    fields = VaultField.objects.filter(member_id=OuterRef("pk"), valid_to=None)
    listed = ArraySubquery(fields.values_list(JSONObject(kind="kind", mask="mask", whose="whose")))
    row = Member.objects.filter(pk=member_id).annotate(in_force=listed).first()
    if row is None or (actor.is_member and actor.member_id != member_id):
        raise NotFound("member")
    masks = _masks_of((one["kind"], one["mask"], one["whose"]) for one in row.in_force)
    return _facts(row, masks)


def members_by_id(actor: Actor, member_ids: Iterable[UUID]) -> dict[UUID, MemberFacts]:
    """Those of the files that lie in scope. Two queries for any number."""
    rows = list(Member.objects.filter(pk__in=list(member_ids)))
    return {facts.id: facts for facts in facts_of(rows)}


def members_of_batch(actor: Actor, import_batch_id: UUID) -> list[MemberFacts]:
    """The files that an import opened."""
    return facts_of(Member.objects.filter(import_batch_id=import_batch_id).order_by("created_at"))


def find_by_id_number(actor: Actor, text: str) -> list[MemberFacts]:
    """The files in scope with exactly this ID number; none for what is not an ID number."""
    return _found("id_number", text, actor.today)


def files_with_number_of(actor: Actor, member_id: UUID) -> list[MemberFacts]:
    """Other files in scope that bear the ID number of this one: one person twice. Three queries."""
    numbers = VaultField.objects.filter(
        member_id=member_id, kind="id_number", valid_to__isnull=True, blind__isnull=False
    )
    rows = _present().filter(
        vault__kind="id_number",
        vault__blind__in=[blind for row in numbers for blind in vault.blinds_of_row(row)],
        vault__valid_to__isnull=True,
    )
    return facts_of(rows.exclude(pk=member_id).distinct().order_by("created_at"))


def find_by_phone(actor: Actor, text: str) -> list[MemberFacts]:
    """The files in scope that hold exactly this number, as own, a relative's or shared."""
    return _found("phone", text, actor.today)


def find_by_id_numbers(actor: Actor, texts: Iterable[str]) -> dict[str, MemberFacts]:
    """Each of the texts that is the ID number of a file in scope, with that file.

    Two statements for every 5,000 numbers.
    """
    return _found_many("id_number", texts, actor.today)


def first_with(values: Sequence[vault.VaultValue]) -> MemberFacts | None:
    """A file in scope that holds one of these ID numbers, already read. One query for 5,000."""
    blinds = [blind for value in values for blind in vault.blinds_of(value)]
    for start in range(0, len(blinds), _AT_ONCE):
        # From the number to the file. Asked for the first file with such a number, PostgreSQL reads
        # the files one after the other: with a million of them, eight seconds for an import's step.
        found = VaultField.objects.filter(
            kind="id_number",
            blind__in=blinds[start : start + _AT_ONCE],
            valid_to__isnull=True,
            member__merged_into__isnull=True,
        ).values_list("member_id", flat=True)
        if ids := list(found):
            return facts_of(Member.objects.filter(pk=min(ids)))[0]
    return None


def find_by_phones(actor: Actor, texts: Iterable[str]) -> dict[str, MemberFacts]:
    """Each of the texts that is the own phone number of a file in scope, with that file."""
    return _found_many("phone", texts, actor.today, whose="own")


def find_by_name(actor: Actor, text: str, *, limit: int = 20) -> list[MemberFacts]:
    """Files in scope whose whole or given name, its pinyin or initials begin with the text."""
    key = fold_name(text)
    if not key:
        return []
    by_reading = ("pinyin", "initials", "given_pinyin")
    columns = ("name_key", *(by_reading if key.isascii() else ("given_key",)))
    found: dict[UUID, Member] = {}
    for column in columns:  # each along its own index; an "or" of them would read every file
        beginning = {f"{column}__gte": key, f"{column}__lt": key + _LAST_CHARACTER}
        rows = _in_reach(actor).filter(**beginning).order_by(column, "id")
        found |= {row.id: row for row in rows[: limit - len(found)]}
    first = sorted(found.values(), key=lambda row: (row.pinyin, row.id))
    return facts_of(first[:limit])


def _in_reach(actor: Actor) -> QuerySet[Member]:
    """What row-level security leaves of the files anyway, said again so that it can be planned."""
    scope, rows = actor.scope, _present()
    if not actor.is_staff:
        return rows
    return rows.filter(
        Q(home_path__gte=scope.low, home_path__lt=scope.high)
        | Q(host_path__gte=scope.low, host_path__lt=scope.high)
    )


def possible_same_persons(actor: Actor, name: str, born_on: date | None) -> list[MemberFacts]:
    """Files in scope with this name and birth date; without a date, with this name.

    A person decides whether it is the same one.
    """
    rows = _present().filter(name_key=fold_name(name))
    if born_on is not None:
        rows = rows.filter(Q(born_on=born_on) | Q(born_on__isnull=True))
    return facts_of(rows.order_by("pinyin", "id")[:20])


def vault_of(actor: Actor, member_id: UUID, *, with_ended: bool = False) -> list[VaultFacts]:
    """Numbers and addresses of a file by their masks, those in force first."""
    rows = VaultField.objects.filter(member_id=member_id)
    if not with_ended:
        rows = rows.filter(valid_to__isnull=True)
    return [
        VaultFacts(
            r.id, r.kind, r.mask, r.whose, r.relation, r.valid_from, r.valid_to, r.signs_in_from
        )
        for r in sorted(rows, key=lambda r: (r.valid_to is not None, r.kind, _WHOSE_FIRST[r.whose]))
    ]


def phone_masks(actor: Actor, member_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The masked telephone number of each member who has one: for registers. One query."""
    found = _masks(list(member_ids), kinds=("phone",))
    return {member_id: masks.phone for member_id, masks in found.items()}


def contact_points_of(actor: Actor, member_ids: Iterable[UUID]) -> dict[UUID, list[VaultFacts]]:
    """Numbers and addresses in force of many files, by their masks. One query."""
    found: dict[UUID, list[VaultFacts]] = defaultdict(list)
    rows = VaultField.objects.filter(
        member_id__in=list(member_ids), kind__in=("phone", "address"), valid_to__isnull=True
    )
    for row in sorted(rows, key=lambda row: (row.kind, _WHOSE_FIRST[row.whose], str(row.id))):
        found[row.member_id].append(
            VaultFacts(
                row.id, row.kind, row.mask, row.whose, row.relation, row.valid_from, row.valid_to
            )
        )
    return found


def languages_of(actor: Actor, member_ids: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The languages that these members speak. One query."""
    rows = Member.objects.filter(pk__in=list(member_ids)).values_list("id", "languages")
    return {member_id: tuple(languages) for member_id, languages in rows}


def intervals_of(actor: Actor, member_id: UUID) -> list[Interval]:
    """What held from when until when, newest first."""
    rows = MemberInterval.objects.filter(member_id=member_id).order_by("-valid_from", "what")
    return [Interval(row.what, row.value, row.valid_from, row.valid_to) for row in rows]


def first_of_own(fields: Iterable[VaultField]) -> VaultField | None:
    """Of several numbers the member's own, then a shared one, then a relative's."""
    return min(fields, key=lambda field: _WHOSE_FIRST[field.whose], default=None)


def facts_of(rows: Iterable[Member]) -> list[MemberFacts]:
    """Masks are fetched for all of the rows in one query."""
    members = list(rows)
    masks = _masks([member.id for member in members])
    return [_facts(member, masks[member.id]) for member in members]


@dataclass(frozen=True, slots=True)
class _Masks:
    id_number: str = ""
    phone: str = ""
    address: str = ""


def _masks(
    member_ids: Sequence[UUID], kinds: Sequence[str] = ("id_number", "phone", "address")
) -> dict[UUID, _Masks]:
    found: dict[UUID, list[tuple[str, str, str]]] = defaultdict(list)
    for start in range(0, len(member_ids), _AT_ONCE):
        rows = VaultField.objects.filter(
            member_id__any=member_ids[start : start + _AT_ONCE], kind__in=kinds, valid_to=None
        ).values_list("member_id", "kind", "mask", "whose")
        for member_id, kind, mask, whose in rows:
            found[member_id].append((kind, mask, whose))
    return defaultdict(_Masks, {one: _masks_of(fields) for one, fields in found.items()})


def _masks_of(fields: Iterable[tuple[str, str, str]]) -> _Masks:
    """Of each kind the member's own, then a shared one, then a relative's."""
    found: dict[str, str] = {}
    for kind, mask, _whose in sorted(fields, key=lambda field: _WHOSE_FIRST[field[2]]):
        found.setdefault(kind, mask)
    return _Masks(**found)


def _facts(row: Member, masks: _Masks) -> MemberFacts:
    return MemberFacts(
        id=row.id,
        name=row.name,
        sex=row.sex,
        born_on=row.born_on,
        ethnicity=row.ethnicity,
        category=row.category,
        joined_on=row.joined_on,
        joined_precision=row.joined_precision,
        trade=row.trade,
        languages=tuple(row.languages),
        has_phone=row.has_phone,
        reads_little=row.reads_little,
        home_organisation_id=row.home_organisation_id,
        home_path=row.home_path,
        home_text=row.home_text,
        host_organisation_id=row.host_organisation_id,
        host_path=row.host_path,
        phone_mask=masks.phone,
        id_mask=masks.id_number,
        address_mask=masks.address,
        version=row.version,
        merged_into_id=row.merged_into_id,
        import_batch_id=row.import_batch_id,
        reads=tuple(row.reads),
    )


def _present() -> QuerySet[Member]:
    """Files that have not gone into another one."""
    return Member.objects.filter(merged_into__isnull=True)


def _found(kind: str, text: str, today: date) -> list[MemberFacts]:
    value = vault.read_value(kind, text, today=today)
    if isinstance(value, Finding):
        return []
    rows = _present().filter(
        vault__kind=kind, vault__blind__in=vault.blinds_of(value), vault__valid_to__isnull=True
    )
    return facts_of(rows.distinct().order_by("pinyin", "id")[:20])


def _found_many(
    kind: str, texts: Iterable[str], today: date, whose: str | None = None
) -> dict[str, MemberFacts]:
    texts_by_blind: dict[bytes, list[str]] = defaultdict(list)
    for text in set(texts):
        value = vault.read_value(kind, text, today=today)
        if not isinstance(value, Finding):
            for blind in vault.blinds_of(value):
                texts_by_blind[blind].append(text)
    found: dict[str, UUID] = {}
    blinds = list(texts_by_blind)
    for start in range(0, len(blinds), _AT_ONCE):
        rows = VaultField.objects.filter(
            kind=kind,
            blind__in=blinds[start : start + _AT_ONCE],
            valid_to__isnull=True,
            member__merged_into__isnull=True,
        )
        if whose is not None:
            rows = rows.filter(whose=whose)
        for stored, member_id in rows.values_list("blind", "member_id"):
            found.update(dict.fromkeys(texts_by_blind[bytes(stored or b"")], member_id))
    ids = list(set(found.values()))
    members: dict[UUID, MemberFacts] = {}
    for start in range(0, len(ids), _AT_ONCE):
        rows_at_once = Member.objects.filter(pk__in=ids[start : start + _AT_ONCE])
        members |= {facts.id: facts for facts in facts_of(rows_at_once)}
    return {text: members[member_id] for text, member_id in found.items()}


def new_facts(
    row: Member, values: Iterable[vault.VaultValue], warnings: tuple[Finding, ...]
) -> MemberFacts:
    """The facts of a file that was opened in this moment, without asking the database again."""
    facts = _facts(row, _Masks(**{value.kind: value.mask for value in values}))
    return replace(facts, warnings=warnings) if warnings else facts
