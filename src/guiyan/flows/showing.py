"""A case as sentences and lines: who answers by when, the stay, its steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guiyan.flows import queries, rules, words
from guiyan.flows.models import CaseEvent
from guiyan.flows.types import CaseFacts
from guiyan.orgs import queries as org_queries
from guiyan.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    value: str | Promise


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the case as the timeline shows it."""

    on: date
    what: str | Promise
    who: str
    note: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The one sentence at the top: who answers, what for, by when."""

    sentence: str
    is_overdue: bool
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list, with the names of its sides."""

    case: CaseFacts
    home: str
    host: str
    state: str | Promise
    is_overdue: bool


def side_name(organisation_id: UUID | None, text: str) -> str:
    """The organisation's name; for one outside this deployment what was written of it."""
    if organisation_id is None:
        return text or _("不在本系统内")
    found = org_queries.standing_of(organisation_id)
    return found.name if found else text


def standing_of(actor: Actor, case: CaseFacts) -> Standing:
    """At each moment exactly one organisation answers, by a day (R-09). At most one query."""
    if not case.is_open:
        ended = words.STATE.get(case.end_reason, words.STATE[case.state])
        sentence = _("这次外出已于%(day)s结束：%(how)s。") % {
            "day": day(case.ended_on),
            "how": ended,
        }
        return Standing(sentence, is_overdue=False, is_ours=False)
    is_home = case.answers == "home"
    who = (
        side_name(case.home_organisation_id, case.home_text)
        if is_home
        else side_name(case.host_organisation_id, case.host_text)
    )
    facts = {"who": who, "day": day(case.answer_by), "what": words.OWED[case.state]}
    is_overdue = queries.is_overdue(case, actor.today)
    if case.answer_by is None:
        sentence = _("由%(who)s%(what)s。") % facts
    elif is_overdue:
        sentence = _("由%(who)s%(what)s，原定%(day)s前办结，已经超期。") % facts
    else:
        sentence = _("由%(who)s在%(day)s前%(what)s。") % facts
    sides = queries.sides_of(actor, case)
    return Standing(sentence, is_overdue, sides.is_home if is_home else sides.is_host)


def lines_of(case: CaseFacts) -> list[Line]:
    """The stay in lines; what is not known is left out. At most three queries."""
    lived = case.stay_division_code or case.host_division_code
    lines = [
        Line(_("流出地党组织"), side_name(case.home_organisation_id, case.home_text)),
        Line(_("流入地党组织"), side_name(case.host_organisation_id, case.host_text)),
        Line(_("现居住地"), org_queries.full_division_name(lived) if lived else ""),
        Line(_("去向说明"), case.host_text),
        Line(_("在国（境）外"), _("是，由流出地支部联系") if case.is_abroad else ""),
        Line(_("外出时间"), day(case.left_on, case.left_precision)),
        Line(_("外出原因"), _(case.reason_away)),
        Line(_("从事行业"), case.trade),
        Line(_("活动证"), _certificate(case.has_certificate)),
        Line(_("查找方式"), words.SEARCH_METHOD.get(case.search_method, "")),
        Line(_("认领日期"), day(case.claimed_on)),
        Line(_("编入支部日期"), day(case.placed_on)),
        Line(_("失去联系起始日"), day(case.contact_lost_since)),
    ]
    return [line for line in lines if line.value]


def steps_of(events: Iterable[CaseEvent]) -> list[Step]:
    """The steps in words, newest first as they come."""
    return [
        Step(
            on=event.on,
            what=words.EVENT.get(event.event, event.event),
            who=f"{event.organisation_name} {event.actor_name}".strip(),
            note=event.note,
        )
        for event in events
    ]


def rows_of(actor: Actor, cases: Iterable[CaseFacts]) -> list[Row]:
    """Cases of one page with the names of their sides. One query for all names."""
    listed = list(cases)
    ids = {case.home_organisation_id for case in listed} | {
        case.host_organisation_id for case in listed
    }
    names = org_queries.names_by_id(one for one in ids if one)

    def name(organisation_id: UUID | None, text: str) -> str:
        return names.get(organisation_id, text) if organisation_id else text

    return [
        Row(
            case=case,
            home=name(case.home_organisation_id, case.home_text),
            host=name(case.host_organisation_id, case.host_text),
            state=words.STATE[case.state],
            is_overdue=queries.is_overdue(case, actor.today),
        )
        for case in listed
    ]


def should_ask_for_lost(case: CaseFacts) -> bool:
    """Only a stay that goes on can be marked; the program asks, people decide."""
    return case.state not in rules.ENDED


def day(value: date | None, precision: str = "day") -> str:
    """A date as exactly as it is known; empty when it is not."""
    return "" if value is None else _day(value, precision, get_language())


@lru_cache(maxsize=8_192)  # a register writes fifty of them, most of them for the second time
def _day(value: date, precision: str, _language: str | None) -> str:
    pattern = {"year": _("Y年"), "month": _("Y年n月")}.get(precision, _("Y年n月j日"))
    return date_format(value, pattern)


def _certificate(has_certificate: bool | None) -> str:
    if has_certificate is None:
        return ""
    return _("持有") if has_certificate else _("没有")
