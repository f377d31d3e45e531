"""How a file is opened: what was typed is read by the kernel's rules and becomes rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from guiyan.kernel.findings import Finding, gettext_noop
from guiyan.kernel.names import NameProblem, read_name
from guiyan.members import queries, rules, vault
from guiyan.members.models import DuplicateReview, Member, MemberInterval
from guiyan.members.types import Duplicate, MemberFacts, NewMember
from guiyan.members.vault import VaultValue
from guiyan.orgs import queries as orgs
from guiyan.platform.actor import Actor
from guiyan.platform.bulk import insert_columns, insert_rows
from guiyan.platform.errors import Refused, refuse
from guiyan.platform.referring import written_about
from guiyan.platform.scope import beyond_scope

_BIRTH_DIFFERS = Finding(
    "birth-differs",
    gettext_noop("填写的出生日期与身份证号码里的不同，已按身份证号码登记，请核对。"),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A file read and ready to be written."""

    member: Member
    values: tuple[VaultValue, ...]
    warnings: tuple[Finding, ...]


class Sides:
    """Paths of the organisations that a batch names, each looked up once."""

    def __init__(self) -> None:
        self._paths: dict[UUID, str] = {}

    def path(self, organisation_id: UUID | None) -> str | None:
        if organisation_id is None:
            return None
        if organisation_id not in self._paths:
            self._paths[organisation_id] = orgs.organisation(organisation_id).path
        return self._paths[organisation_id]


def read_new(new: NewMember, *, by: Actor, sides: Sides) -> Draft:
    """Raises Refused with the kernel's own words for the first thing that is wrong."""
    name = read_name(new.name)
    if isinstance(name, NameProblem):
        raise refused(name)
    refuse(rules.may_choose("category", new.category, rules.CATEGORIES))
    refuse(rules.may_choose("sex", new.sex, rules.SEXES))
    refuse(rules.may_choose("precision", new.joined_precision, rules.PRECISIONS))
    values = _read_values(new, by.today)
    number = next((value.id_number for value in values if value.id_number), None)
    warnings = tuple(warning for value in values for warning in value.warnings)
    if number is not None and new.born_on not in (None, number.birth):
        warnings += (_BIRTH_DIFFERS,)
    keys = queries.search_keys(name)
    member = Member(
        id=uuid4(),
        name=name,
        name_key=keys.name_key,
        pinyin=keys.pinyin,
        initials=keys.initials,
        given_key=keys.given_key,
        given_pinyin=keys.given_pinyin,
        sex=number.sex if number else new.sex,
        born_on=number.birth if number else new.born_on,
        ethnicity=new.ethnicity,
        category=new.category,
        joined_on=new.joined_on,
        joined_precision=new.joined_precision,
        trade=new.trade.strip()[:60],
        languages=list(new.languages),
        reads=list(new.reads),
        reads_little=new.reads_little,
        has_phone=new.has_phone,
        home_organisation_id=new.home_organisation_id,
        home_path=sides.path(new.home_organisation_id),
        home_text=new.home_text.strip()[:200],
        host_organisation_id=new.host_organisation_id,
        host_path=sides.path(new.host_organisation_id),
        import_batch_id=new.import_batch_id,
    )
    _refuse_without_a_side(by, member)
    return Draft(member, values, warnings)


def write_drafts(drafts: Sequence[Draft], *, by: Actor) -> list[MemberFacts]:
    """A few statements for any number: files, vault, intervals, and the check elsewhere."""
    _refuse_duplicates(drafts, by)
    insert_rows([draft.member for draft in drafts])
    vault.insert_new(
        [(draft.member.id, value) for draft in drafts for value in draft.values], on=by.today
    )
    _insert_first_intervals([draft.member for draft in drafts], by.today)
    note_duplicates_elsewhere([draft.member.id for draft in drafts])
    return [queries.new_facts(draft.member, draft.values, draft.warnings) for draft in drafts]


def _insert_first_intervals(members: Sequence[Member], on: date) -> None:
    """What holds from the first day on: sides, trade, category."""
    held = [
        (member.id, what, value)
        for member in members
        for what, value in interval_values(member).items()
        if value
    ]
    insert_columns(
        MemberInterval,
        {
            "member_id": [member_id for member_id, _, _ in held],
            "what": [what for _, what, _ in held],
            "value": [value for _, _, value in held],
            "valid_from": [on] * len(held),
        },
    )


def interval_values(member: Member) -> dict[str, str]:
    """The facts that are kept with their history, as text; organisations by their id."""
    return {
        "home": str(member.home_organisation_id or member.home_text),
        "host": str(member.host_organisation_id or ""),
        "trade": member.trade,
        "category": member.category,
    }


def note_duplicates_elsewhere(member_ids: Iterable[UUID]) -> None:
    """Have the database compare new files with those that the clerk may not see.

    A match goes to the reviewer above both. Nothing comes back, so that the clerk's answer and
    what the clerk may learn are the same either way.
    """
    with connection.cursor() as cursor:
        cursor.execute("select members_note_duplicates(%s)", [list(member_ids)])


def forget_reviews(member_ids: Sequence[UUID]) -> None:
    """Take back what was noted of files that go again with their import."""
    with beyond_scope("a review stands above the clerk; it goes with the file it was noted for"):
        DuplicateReview.objects.filter(
            Q(first_member_id__in=member_ids) | Q(second_member_id__in=member_ids), decision=""
        ).delete()


def untouched_since_import(member_ids: Sequence[UUID]) -> list[UUID]:
    """Those of the files that an import opened and on which nothing else hangs."""
    rows = Member.objects.select_for_update(of=("self",)).filter(
        pk__in=list(member_ids),
        import_batch_id__isnull=False,
        version=1,
        merged_into__isnull=True,
        consents__isnull=True,
        corrections__isnull=True,
        merges__isnull=True,
    )
    gone_into = set(
        Member.objects.filter(merged_into__in=list(member_ids)).values_list(
            "merged_into_id", flat=True
        )
    )
    held = gone_into | written_about(Member, member_ids)
    return [one for one in rows.values_list("pk", flat=True) if one not in held]


def refuse_known_number(by: Actor, value: VaultValue, *, except_id: UUID) -> None:
    """Raises Duplicate when another file in scope has this ID number."""
    for facts in queries.find_by_id_number(by, value.plain):
        if facts.id != except_id:
            raise _duplicate(facts)


def with_warnings(facts: MemberFacts, warnings: tuple[Finding, ...]) -> MemberFacts:
    """The facts, with what the kernel wants looked at again."""
    return replace(facts, warnings=warnings)


def refused(finding: Finding) -> Refused:
    """A finding of the kernel, in the reader's language."""
    return Refused(finding.code, _(finding.message))


def _read_values(new: NewMember, today: date) -> tuple[VaultValue, ...]:
    typed = {"id_number": new.id_number, "phone": new.phone, "address": new.address}
    values: list[VaultValue] = []
    for kind, text in typed.items():
        if text is None or not text.strip():
            continue
        if kind == "phone":
            refuse(rules.may_phone_be(new.phone_whose, new.phone_relation))
        value = vault.read_value(
            kind, text, today=today, whose=new.phone_whose, relation=new.phone_relation
        )
        if isinstance(value, Finding):
            raise refused(value)
        values.append(value)
    return tuple(values)


def _refuse_without_a_side(by: Actor, member: Member) -> None:
    scope = by.scope
    if not (scope.covers(member.home_path) or scope.covers(member.host_path)):
        raise Refused(
            "no-side",
            _("新档案的流出地支部或流入地组织至少有一个须在您所管的范围内，请重新选择。"),
        )


def _refuse_duplicates(drafts: Sequence[Draft], by: Actor) -> None:
    """An ID number belongs to one file: neither in scope nor in the same batch a second one."""
    numbers = [v for draft in drafts for v in draft.values if v.kind == "id_number"]
    if len(numbers) != len({value.plain for value in numbers}):
        raise Refused("duplicate", _("这一批里有两行是同一个身份证号码，请先去掉重复的一行。"))
    existing = queries.first_with(numbers)
    if existing is not None:
        raise _duplicate(existing)


def _duplicate(existing: MemberFacts) -> Duplicate:
    return Duplicate(existing.id, _("这个身份证号码已有档案，请打开原有档案办理，不要重复建档。"))
