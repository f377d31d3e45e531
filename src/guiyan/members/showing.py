"""The file as lines on a page: what is written in codes and ids comes out in words."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guiyan.members import words
from guiyan.members.types import Interval, MemberFacts, VaultFacts
from guiyan.orgs import queries as orgs


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: what it is, and its value in words."""

    label: str | Promise
    value: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A number or address by its mask, with whose it is."""

    id: UUID
    kind: str
    label: str | Promise
    mask: str
    whose: str
    signs_in_from: date | None = None
    can_sign_in: bool = False


def lines_of(facts: MemberFacts) -> list[Line]:
    """The facts that are not in the vault; "—" where nothing is known."""
    said = [words.LANGUAGE.get(code, code) for code in facts.languages]
    read = [words.SCRIPT.get(code, code) for code in facts.reads]
    lines = [
        Line(_("性别"), _word(words.SEX, facts.sex)),
        Line(_("出生年份"), day(facts.born_on, "year")),
        Line(_("民族"), _word(words.ETHNICITY, facts.ethnicity)),
        Line(_("人员类别"), _word(words.CATEGORY, facts.category)),
        Line(_("入党日期"), day(facts.joined_on, facts.joined_precision)),
        Line(_("从事行业"), facts.trade),
        Line(_("会说的语言"), "、".join(str(word) for word in said)),
        Line(_("会读的文字"), "、".join(str(word) for word in read)),
        Line(_("读写"), _("不便，请当面或电话说明") if facts.reads_little else _("方便")),
        Line(_("手机"), _("有") if facts.has_phone else _("没有")),
        Line(_("流出地党组织"), side_name(facts.home_organisation_id, facts.home_text)),
        Line(_("流入地党组织"), side_name(facts.host_organisation_id, "")),
    ]
    return [Line(line.label, line.value or "—") for line in lines]


def contacts_of(fields: list[VaultFacts]) -> list[Contact]:
    """Numbers and addresses in force, each with whose it is."""
    return [
        Contact(
            field.id,
            field.kind,
            words.KIND[field.kind],
            field.mask,
            _whose(field),
            field.signs_in_from,
            can_sign_in=field.kind == "phone" and field.whose == "own",
        )
        for field in fields
    ]


def history_of(intervals: list[Interval]) -> list[tuple[Interval, str | Promise, str]]:
    """Each interval with what it is and its value in words."""
    return [
        (interval, words.INTERVAL.get(interval.what, interval.what), interval_value(interval))
        for interval in intervals
    ]


def interval_value(interval: Interval) -> str:
    """Organisations by their names, codes by their words, other text as it is."""
    if interval.what == "category":
        return _word(words.CATEGORY, interval.value)
    if interval.what not in ("home", "host"):
        return interval.value
    try:
        return side_name(UUID(interval.value), interval.value)
    except ValueError:
        return interval.value


def side_name(organisation_id: UUID | None, text: str) -> str:
    """The organisation's name; for one outside this deployment, what was written."""
    if organisation_id is None:
        return text
    found = orgs.standing_of(organisation_id)
    return found.name if found else text


def day(value: date | None, precision: str = "day") -> str:
    """A date as exactly as it is known."""
    if value is None:
        return ""
    pattern = {"year": _("Y年"), "month": _("Y年n月")}.get(precision, _("Y年n月j日"))
    return date_format(value, pattern)


def _whose(field: VaultFacts) -> str:
    if field.kind != "phone":
        return ""
    shown = str(words.WHOSE[field.whose])
    return f"{shown}（{field.relation}）" if field.relation else shown


def _word(table: words.Words, code: str) -> str:
    return str(table.get(code, code))


def printed_identity(rows: list[dict[str, Any]]) -> list[Line]:
    """Numbers and addresses in full with their days, for the member's own paper copy."""
    return [Line(words.KIND[row["kind"]], _with_days(row)) for row in rows]


def _with_days(row: dict[str, Any]) -> str:
    known = {"value": row["value"], "from": day(row["valid_from"]), "to": day(row["valid_to"])}
    if row["valid_to"]:
        return _("%(value)s（%(from)s起，至%(to)s）") % known
    return _("%(value)s（%(from)s起）") % known
