"""What each register consists of when it leaves the house: its columns, and its rows in pages."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.flows.registers import RegisterSide, register_page
from guiyan.flows.showing import day
from guiyan.flows.types import RegisterFilter
from guiyan.insight.register_rows import TITLES, Row, columns_of, rows_of
from guiyan.kernel.workbooks.write import Column
from guiyan.liaison.pairing.queries import has_contact_person
from guiyan.members.rosters import roster_pages
from guiyan.members.types import MemberFacts
from guiyan.members.words import CATEGORY, SEX
from guiyan.orgs import queries as orgs
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission

AT_ONCE = 1_000
EVERY_ORGANISATION = 1_000_000

Identity = Mapping[UUID, Mapping[str, str]]
# Opens identity of the files of one page; empty for a masked export.
Opener = Callable[[Sequence[UUID]], Identity]


@dataclass(frozen=True, slots=True)
class Source:
    """A register that can be exported; `permission` is what reading it asks for."""

    title: str | Promise
    permission: Permission
    columns: Callable[[], Sequence[Column]]
    lines: Callable[[Actor, OrganisationFacts, RegisterFilter, Opener], Iterator[Sequence[str]]]
    holds_identity: bool = True


def filter_of(wanted: Mapping[str, Any]) -> RegisterFilter:
    """The filters as a request keeps them."""
    return RegisterFilter(
        states=tuple(wanted.get("states", ())),
        claimed=wanted.get("claimed"),
        trade=wanted.get("trade", ""),
        overdue=bool(wanted.get("overdue")),
        except_for=has_contact_person() if wanted.get("alone") else None,
        ended=bool(wanted.get("ended")),
    )


def register_rows_of(
    actor: Actor, side: RegisterSide, path: str, wanted: RegisterFilter
) -> Iterator[list[Row]]:
    """Every line of the register in name order, in pages, each looked up in a few queries."""
    cursor = ""
    while True:
        found = register_page(actor, side, path, wanted, cursor=cursor, limit=AT_ONCE)
        yield rows_of(actor, found.cases)
        cursor = found.next_cursor
        if not cursor:
            return


def first_rows(source_name: str, actor: Actor, path: str, wanted: RegisterFilter, many: int) -> int:
    """How many lines there are, counted no further than `many`."""
    if source_name == "members":
        return len(next(roster_pages(actor, path, at_once=many), []))
    side: RegisterSide = "in" if source_name == "moved-in" else "out"
    return len(register_page(actor, side, path, wanted, limit=many).cases)


def _register_lines(
    side: RegisterSide,
) -> Callable[[Actor, OrganisationFacts, RegisterFilter, Opener], Iterator[Sequence[str]]]:
    def lines(
        actor: Actor, organisation: OrganisationFacts, wanted: RegisterFilter, opened: Opener
    ) -> Iterator[Sequence[str]]:
        columns = columns_of(side)
        for rows in register_rows_of(actor, side, organisation.path, wanted):
            identity = opened([row.case.member_id for row in rows])
            for row in rows:
                plain = identity.get(row.case.member_id)
                shown = row if plain is None else _unmasked(row, plain)
                yield [str(column.value(shown)) for column in columns]

    return lines


def _unmasked(row: Row, plain: Mapping[str, str]) -> Row:
    return replace(
        row,
        identity=plain.get("id_number", row.identity),
        phone=plain.get("phone", row.phone),
    )


def _register_columns(side: RegisterSide) -> Callable[[], Sequence[Column]]:
    return lambda: [Column(str(column.title), column.width) for column in columns_of(side)]


def _member_columns() -> Sequence[Column]:
    titles = (
        (_("姓名"), 10), (_("性别"), 6), (_("出生年份"), 10), (_("身份证号码"), 22),
        (_("联系电话"), 16), (_("人员类别"), 10), (_("入党日期"), 14), (_("从事行业"), 12),
        (_("流出地党组织"), 28), (_("流入地党组织"), 28),
    )  # fmt: skip
    return [Column(str(title), width) for title, width in titles]


def _member_lines(
    actor: Actor, organisation: OrganisationFacts, wanted: RegisterFilter, opened: Opener
) -> Iterator[Sequence[str]]:
    for files in roster_pages(actor, organisation.path):
        identity = opened([facts.id for facts in files])
        sides = {facts.home_organisation_id for facts in files}
        sides |= {facts.host_organisation_id for facts in files}
        found = orgs.organisations_by_id(side for side in sides if side is not None)
        names = {organisation_id: one.name for organisation_id, one in found.items()}
        for facts in files:
            yield _member_line(facts, identity.get(facts.id, {}), names)


def _member_line(
    facts: MemberFacts, plain: Mapping[str, str], names: Mapping[UUID, str]
) -> Sequence[str]:
    home = names.get(facts.home_organisation_id) if facts.home_organisation_id else None
    host = names.get(facts.host_organisation_id) if facts.host_organisation_id else None
    return [
        facts.name,
        str(SEX.get(facts.sex, "")),
        day(facts.born_on, "year"),
        plain.get("id_number", facts.id_mask),
        plain.get("phone", facts.phone_mask),
        str(CATEGORY.get(facts.category, "")),
        day(facts.joined_on, facts.joined_precision),
        facts.trade,
        home or facts.home_text,
        host or "",
    ]


def _organisation_columns() -> Sequence[Column]:
    titles = (
        (_("代码"), 20), (_("名称"), 36), (_("类型"), 16), (_("上级代码"), 20),
        (_("区划代码"), 16), (_("所在区划代码"), 16), (_("地址"), 30), (_("电话"), 16),
    )  # fmt: skip
    return [Column(str(title), width) for title, width in titles]


def _organisation_lines(
    actor: Actor, organisation: OrganisationFacts, wanted: RegisterFilter, opened: Opener
) -> Iterator[Sequence[str]]:
    found = orgs.organisations_under(organisation.path, limit=EVERY_ORGANISATION)
    codes = {one.id: one.code for one in found}
    for one in found:
        above = codes.get(one.parent_id, "") if one.parent_id else ""
        yield [
            one.code, one.name, one.kind_name, above,
            one.division_code, one.stands_in_code, one.address, one.phone,
        ]  # fmt: skip


SOURCES: dict[str, Source] = {
    "moved-in": Source(
        TITLES["in"], Permission.SEE_REGISTERS, _register_columns("in"), _register_lines("in")
    ),
    "moved-out": Source(
        TITLES["out"], Permission.SEE_REGISTERS, _register_columns("out"), _register_lines("out")
    ),
    "members": Source(_("党员名册"), Permission.SEE_MEMBERS, _member_columns, _member_lines),
    "organisations": Source(
        _("组织名录"),
        Permission.SEE_ORGANISATIONS,
        _organisation_columns,
        _organisation_lines,
        holds_identity=False,
    ),
}
