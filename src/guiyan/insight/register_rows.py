"""A register as people read it: each stay with names, masks, contact person, who answers by when.

Columns follow the flow registers in use (reference: 流出登记, 流入登记) without what we do not keep.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.flows.queries import is_overdue
from guiyan.flows.registers import RegisterSide
from guiyan.flows.showing import day
from guiyan.flows.types import CaseFacts
from guiyan.flows.words import STATE
from guiyan.liaison import queries as liaison
from guiyan.liaison.types import ContactPersonFacts
from guiyan.members import queries as members
from guiyan.members.types import MemberFacts
from guiyan.members.words import CATEGORY, SEX
from guiyan.orgs import queries as orgs
from guiyan.platform.actor import Actor
from guiyan.platform.pages import addresses

Text = str | Promise
TITLES: dict[str, Text] = {
    "in": gettext_lazy("流入党员台账"),
    "out": gettext_lazy("流出党员台账"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One stay with everything that a line of either register says of it."""

    case: CaseFacts
    member: MemberFacts | None
    home: str
    host: str
    contact_person: str
    state: Text
    answers: str
    is_overdue: bool
    days_open: int
    identity: str
    phone: str

    @property
    def is_unclaimed(self) -> bool:
        return self.case.is_open and not self.case.is_claimed

    @property
    def left(self) -> str:
        return day(self.case.left_on, self.case.left_precision)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, its width in characters, what stands in it."""

    title: Text
    width: int
    value: Callable[[Row], Text]
    on_paper: bool = True


def rows_of(actor: Actor, cases: Sequence[CaseFacts]) -> list[Row]:
    """Lines of one page of a register; four queries for any number."""
    files = members.members_by_id(actor, {case.member_id for case in cases})
    names = _names(cases)
    persons = liaison.contact_persons_of(actor, [case.id for case in cases])
    return [
        _row(actor.today, case, files.get(case.member_id), names, persons.get(case.id))
        for case in cases
    ]


def _names(cases: Sequence[CaseFacts]) -> dict[UUID, str]:
    sides = {case.home_organisation_id for case in cases}
    sides |= {case.host_organisation_id for case in cases}
    return orgs.names_by_id(side for side in sides if side is not None)


def _row(
    today: date,
    case: CaseFacts,
    member: MemberFacts | None,
    names: dict[UUID, str],
    person: ContactPersonFacts | None,
) -> Row:
    home = _side(names, case.home_organisation_id, case.home_text)
    host = _side(names, case.host_organisation_id, case.host_text)
    return Row(
        case=case,
        member=member,
        home=home,
        host=host,
        contact_person=person.name if person else "",
        state=STATE[case.state],
        answers={"home": home, "host": host}.get(case.answers, "") if case.is_open else "",
        is_overdue=is_overdue(case, today),
        days_open=(today - case.opened_on).days,
        identity=member.id_mask if member else "",
        phone=member.phone_mask if member else "",
    )


@dataclass(frozen=True, slots=True)
class Line:
    """What the page says of one stay, in words ready to be read."""

    url: str
    name: str
    phone: str
    home: str
    host: str
    contact_person: str
    left: str
    reason: str
    state: str
    unclaimed_days: str
    has_lost_contact: bool
    answers: str
    answer_by: str
    is_overdue: bool


def lines_of(actor: Actor, side: RegisterSide, cases: Sequence[CaseFacts]) -> list[Line]:
    """Lines of one page of a register on the screen; three queries for any number."""
    phones = members.phone_masks(actor, {case.member_id for case in cases})
    names = _names(cases)
    persons = liaison.contact_persons_of(actor, [case.id for case in cases])
    urls = addresses("flows:case")
    # Each word is looked up once a page: fifty rows would look it up fifty times.
    states = {state: str(STATE[state]) for state in {case.state for case in cases}}
    reasons = {why: _(why) if why else "" for why in {case.reason_away for case in cases}}
    rows = [_row(actor.today, case, None, names, persons.get(case.id)) for case in cases]
    return [
        Line(
            url=urls(row.case.id),
            name=row.case.member_name,
            phone=phones.get(row.case.member_id, ""),
            home=row.home,
            host=row.host,
            contact_person=row.contact_person,
            left=row.left,
            reason=reasons[row.case.reason_away],
            state=states[row.case.state],
            unclaimed_days=str(row.days_open) if row.is_unclaimed and side == "out" else "",
            has_lost_contact=row.case.contact_lost_since is not None,
            answers=row.answers,
            answer_by=str(row.case.answer_by or "") if row.answers else "",
            is_overdue=row.is_overdue,
        )
        for row in rows
    ]


def _side(names: dict[UUID, str], organisation_id: UUID | None, text: str) -> str:
    return names.get(organisation_id, text) if organisation_id else text


def columns_of(side: RegisterSide) -> tuple[Column, ...]:
    """The columns of one register, as an export and a print have them."""
    return (*_PERSON, *(_IN if side == "in" else _OUT), *_STANDING)


def _certificate(row: Row) -> str:
    has_one = row.case.has_certificate
    return "" if has_one is None else (_("有") if has_one else _("无"))


def _sex(row: Row) -> Text:
    return SEX.get(row.member.sex, "") if row.member else ""


def _category(row: Row) -> Text:
    return CATEGORY.get(row.member.category, "") if row.member else ""


_PERSON = (
    Column(gettext_lazy("姓名"), 10, lambda row: row.case.member_name),
    Column(gettext_lazy("性别"), 6, _sex, on_paper=False),
    Column(gettext_lazy("身份证号码"), 22, lambda row: row.identity, on_paper=False),
    Column(gettext_lazy("联系电话"), 16, lambda row: row.phone),
    Column(gettext_lazy("人员类别"), 10, _category, on_paper=False),
    Column(gettext_lazy("从事行业"), 12, lambda row: row.case.trade),
)  # fmt: skip
_IN = (
    Column(gettext_lazy("流出地党组织"), 28, lambda row: row.home),
    Column(gettext_lazy("流入地党组织"), 28, lambda row: row.host),
    Column(gettext_lazy("联系人"), 10, lambda row: row.contact_person),
    Column(gettext_lazy("离开流出地"), 14, lambda row: row.left, on_paper=False),
    Column(gettext_lazy("流入登记"), 14, lambda row: day(row.case.claimed_on)),
    Column(gettext_lazy("原因"), 10, lambda row: _(row.case.reason_away)),
    Column(gettext_lazy("活动证"), 8, _certificate, on_paper=False),
)
_OUT = (
    Column(gettext_lazy("流出地党组织"), 28, lambda row: row.home),
    Column(gettext_lazy("去向"), 28, lambda row: row.host),
    Column(gettext_lazy("联系人"), 10, lambda row: row.contact_person),
    Column(gettext_lazy("外出时间"), 14, lambda row: row.left),
    Column(gettext_lazy("原因"), 10, lambda row: _(row.case.reason_away)),
    Column(gettext_lazy("活动证"), 8, _certificate, on_paper=False),
    Column(gettext_lazy("失联时间"), 14, lambda row: day(row.case.contact_lost_since), on_paper=False),
)  # fmt: skip
_STANDING = (
    Column(gettext_lazy("状态"), 14, lambda row: row.state),
    Column(gettext_lazy("由谁办理"), 28, lambda row: row.answers),
    Column(gettext_lazy("办理期限"), 14, lambda row: day(row.case.answer_by)),
)
