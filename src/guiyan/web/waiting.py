"""What waits for a person on their start page, asked of each room in turn."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guiyan.access import queries as access
from guiyan.access.roles import ROLES
from guiyan.channels import queries as channels
from guiyan.field import queries as field
from guiyan.field.words import in_words as field_in_words
from guiyan.flows import queries as flows
from guiyan.flows.types import CaseFacts
from guiyan.flows.words import STATE
from guiyan.insight import export_queries
from guiyan.liaison import queries as liaison
from guiyan.liaison.cadence import queries as cadence
from guiyan.liaison.cadence.queries import TodayRow
from guiyan.liaison.pairing import queries as pairing
from guiyan.liaison.six_clears import queries as six_clears
from guiyan.members import queries as member_queries
from guiyan.members import queues as members
from guiyan.messaging import queries as messaging
from guiyan.outreach.census import queries as census_queries
from guiyan.outreach.hotline import queries as hotline_queries
from guiyan.outreach.hotline.words import KINDS as CALL_KINDS
from guiyan.outreach.screening import queries as screening_queries
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission
from guiyan.web import queries
from guiyan.web.navigation import own_url
from guiyan.web.short_lists import holds


@dataclass(frozen=True, slots=True)
class Thing:
    """One of the things that wait: whose, what is known of it, by which day, and where it is done."""

    name: str
    url: str
    note: str = ""
    due: date | None = None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of work that waits for this person: how many, the first few, and where it is done.

    `label` names the task with its number in it ("核实 %(n)s 条线索").
    `count` stops at what a page holds (`is_more`), because nothing is counted over a county.
    """

    label: str | Promise
    count: int
    url: str
    overdue: int = 0
    is_more: bool = False
    first: tuple[Thing, ...] = ()

    @property
    def task(self) -> str:
        return str(self.label) % {"n": f"{self.count}+" if self.is_more else self.count}


Provider = Callable[[Actor], Iterator[Waiting]]
LIMIT = 50
A_WEEK = 7  # days without a word from a phone
FIELD_LISTS = (
    ("quarantined", _("接办 %(n)s 条外出记录"), "field:inbox"),
    ("conflict", _("选定 %(n)s 条填法不同的记录"), "field:conflicts"),
)
SHOWN = 3  # what one reads at a glance; the rest stands on the page of its own


def _of(
    label: str | Promise,
    found: Sequence[object],
    url: str,
    first: Sequence[Thing],
    overdue: int = 0,
) -> Waiting:
    return Waiting(label, len(found), url, overdue, len(found) >= LIMIT, tuple(first))


def _cases(actor: Actor, cases: Sequence[CaseFacts]) -> list[Thing]:
    return [
        Thing(
            case.member_name,
            reverse("flows:case", args=[case.id]),
            str(STATE.get(case.state, "")),
            case.answer_by,
            flows.is_overdue(case, actor.today),
        )
        for case in cases[:SHOWN]
    ]


def answers(actor: Actor) -> Iterator[Waiting]:
    """Cases at whose next step this organisation, or one below it, must answer."""
    may_act = actor.may(Permission.ANSWER_CASES) or actor.may(Permission.DECLARE_CASES)
    if actor.may(Permission.SEE_CASES) and may_act:
        owed = flows.open_answers_for(actor, limit=LIMIT)
        late = sum(flows.is_overdue(case, actor.today) for case in owed)
        url = own_url("flows:answers")
        yield _of(_("办理 %(n)s 名党员的流动记录"), owed, url, _cases(actor, owed), late)


def leads(actor: Actor) -> Iterator[Waiting]:
    """Reports from posters, hotline and desks that nobody has verified yet."""
    if holds(actor, "leads"):
        found = flows.leads_for(actor, limit=LIMIT)
        first = [
            Thing(
                lead.shown_name or gettext("没有留姓名"),
                reverse("flows:lead", args=[lead.id]),
                due=lead.answer_by,
                is_late=lead.answer_by < actor.today,
            )
            for lead in found[:SHOWN]
        ]
        late = sum(lead.answer_by < actor.today for lead in found)
        yield _of(_("核实 %(n)s 条线索"), found, own_url("flows:leads"), first, late)


def placements(actor: Actor) -> Iterator[Waiting]:
    """Verified members who have no branch yet."""
    if actor.may(Permission.PLACE_MEMBERS) and actor.may(Permission.SEE_CASES):
        unplaced = flows.unplaced_for(actor, limit=LIMIT)
        late = sum(flows.is_overdue(case, actor.today) for case in unplaced)
        url = own_url("flows:placement")
        yield _of(_("把 %(n)s 名党员编入支部"), unplaced, url, _cases(actor, unplaced), late)


def corrections(actor: Actor) -> Iterator[Waiting]:
    """Members who asked for something in their file to be put right."""
    if holds(actor, "corrections"):
        asked = members.open_corrections(actor, limit=LIMIT)
        first = [
            Thing(
                member.name,
                reverse("members:correction", args=[correction.id]),
                due=correction.answer_by,
                is_late=correction.answer_by < actor.today,
            )
            for correction, member in asked[:SHOWN]
        ]
        late = sum(correction.answer_by < actor.today for correction, _member in asked)
        yield _of(_("答复 %(n)s 件更正申请"), asked, own_url("members:corrections"), first, late)


def duplicates(actor: Actor) -> Iterator[Waiting]:
    """Files that may be of one and the same person."""
    if holds(actor, "duplicates"):
        pairs = members.open_reviews(actor, limit=LIMIT)
        first = [
            Thing(pair.first.name, reverse("members:duplicate", args=[pair.id]))
            for pair in pairs[:SHOWN]
        ]
        yield _of(_("核对 %(n)s 对可能重复的档案"), pairs, own_url("members:duplicates"), first)


def contacts(actor: Actor) -> Iterator[Waiting]:
    """Whom this person is to contact, what is longest due first; when nothing is, the members
    whose contact person this is, who was reached longest ago first."""
    if actor.may(Permission.RECORD_CONTACT) and actor.may(Permission.SEE_CASES):
        if due := [*cadence.today_list(actor, limit=LIMIT).rows, *cadence.branch_list(actor)]:
            yield _contacts_due(due)
            return
        mine, _more = liaison.my_members(actor, limit=LIMIT)
        last = liaison.last_contacts_of(actor, [case.id for case in mine])
        reached = {case_id: contact.at.date() for case_id, contact in last.items()}
        first = [
            Thing(
                case.member_name,
                reverse("web:contact", args=[case.id]),
                _last_reached(case.id, reached),
            )
            for case in mine[:SHOWN]
        ]
        yield _of(_("联系 %(n)s 名党员"), mine, own_url("liaison:my_members"), first)


def _contacts_due(due: Sequence[TodayRow]) -> Waiting:
    first = [
        Thing(
            row.case.member_name,
            reverse("web:contact", args=[row.case.id]),
            row.owed[0].label if row.owed else "",
            row.owed[0].due_on if row.owed else None,
            row.is_overdue,
        )
        for row in due[:SHOWN]
    ]
    late = sum(row.is_overdue for row in due)
    return _of(_("今天联系 %(n)s 名党员"), due, own_url("liaison:today"), first, late)


def messages(actor: Actor) -> Iterator[Waiting]:
    """Who wrote back, whom no message reaches so that somebody calls, and unknown outcomes."""
    if holds(actor, "replies"):
        back = messaging.open_replies(actor, limit=LIMIT)
        known = member_queries.members_by_id(actor, [one.member_id for one in back[:SHOWN]])
        first = [
            Thing(
                known[one.member_id].name,
                reverse("messaging:reply", args=[one.id]),
                date_format(one.at, "Y-m-d"),
            )
            for one in back[:SHOWN]
            if one.member_id in known
        ]
        yield _of(_("答复 %(n)s 条回复"), back, own_url("messaging:replies"), first)
    if holds(actor, "calls"):
        calls = messaging.calls_for(actor, limit=LIMIT)
        late = sum(call.call_by.date() < actor.today for call in calls)
        yield _of(_("打 %(n)s 个电话"), calls, own_url("messaging:calls"), (), late)
    if holds(actor, "unknown"):
        unknown = channels.unknown_for(actor, limit=LIMIT)
        yield _of(_("认定 %(n)s 条消息发出没有"), unknown, own_url("channels:messages"), ())


def help_asked(actor: Actor) -> Iterator[Waiting]:
    """Members who told their contact person of a difficulty and would like help."""
    if holds(actor, "help"):
        asked = six_clears.help_asked(actor, limit=LIMIT)
        first = [
            Thing(one.member_name, reverse("liaison:answer_help", args=[one.id]))
            for one in asked[:SHOWN]
        ]
        url = own_url("liaison:unreached")
        yield _of(_("答复 %(n)s 件困难诉求"), asked, url, first)


def not_reached(actor: Actor) -> Iterator[Waiting]:
    """How many contacts are overdue here and below, kind by kind: only where something is."""
    if actor.may(Permission.ASSIGN_CONTACT_PERSON) and actor.may(Permission.SEE_CASES):
        url = own_url("liaison:unreached")
        late = cadence.overdue_here(actor)
        first = [
            Thing(gettext(name), url, gettext("%(n)s 项已超期") % {"n": late[kind]})
            for kind, name in cadence.ASKED_NAMES.items()
            if kind in late
        ]
        many = sum(late.values())
        yield Waiting(_("帮助联系还没联系上的党员"), many, url, many, first=tuple(first[:SHOWN]))


def without_contact_person(actor: Actor) -> Iterator[Waiting]:
    """Placed members whom nobody of their branch keeps in touch with yet."""
    if actor.may(Permission.PAIR_MEMBERS) and actor.may(Permission.SEE_CASES):
        found = pairing.without_contact_person(actor, limit=LIMIT)
        url = own_url("liaison:pairing")
        yield _of(_("给 %(n)s 名党员指定联系人"), found, url, _cases(actor, found))


def _last_reached(case_id: UUID, reached: dict[UUID, date]) -> str:
    if case_id not in reached:
        return gettext("还没有联系上过")
    day = date_format(reached[case_id], "Y-m-d")
    return gettext("上次联系上 %(day)s") % {"day": day}


def feedback(actor: Actor) -> Iterator[Waiting]:
    """Complaints and suggestions without an answer."""
    if holds(actor, "feedback"):
        said = queries.unanswered_feedback_for(actor, limit=LIMIT)
        url = own_url("web:feedback_list")
        first = [
            Thing(f"{one.text[:24]}…" if len(one.text) > 24 else one.text, url)
            for one in said[:SHOWN]
        ]
        yield _of(_("答复 %(n)s 条投诉与建议"), said, url, first)


def approvals(actor: Actor) -> Iterator[Waiting]:
    """Exports of full numbers that ask for a second person's yes."""
    if actor.may(Permission.APPROVE_EXPORTS):
        asked = export_queries.to_approve(actor, limit=LIMIT)
        url = own_url("insight:approvals")
        first = [
            Thing(str(one.title), url, f"{one.requested_by_name} · {one.organisation_name}")
            for one in asked[:SHOWN]
        ]
        yield _of(_("审批 %(n)s 份导出"), asked, url, first)


def grants(actor: Actor) -> Iterator[Waiting]:
    """Roles that another security administrator wishes to give: a second yes is needed."""
    asked = [wish for wish in access.proposals_for(actor, limit=LIMIT) if not wish.is_own]
    url = own_url("access:accounts")
    first = [
        Thing(wish.account_name, url, f"{ROLES[wish.role].name} · {wish.organisation_name}")
        for wish in asked[:SHOWN]
    ]
    yield _of(_("答复 %(n)s 项授权"), asked, url, first)


def census(actor: Actor) -> Iterator[Waiting]:
    """Premises left in the areas of one's own teams, and visits that say different things."""
    if actor.may(Permission.CANVASS):
        mine = [area for area in census_queries.my_areas(actor) if area.left]
        first = [
            Thing(
                gettext("第 %(n)s 片 %(name)s") % {"n": area.number, "name": area.name},
                reverse("outreach:area", args=[area.id]),
                gettext("还剩 %(n)s 家") % {"n": area.left},
            )
            for area in mine[:SHOWN]
        ]
        left = sum(area.left for area in mine)
        yield Waiting(_("要走访的单位"), left, own_url("outreach:my_areas"), first=tuple(first))
    if holds(actor, "rounds"):
        for round_ in census_queries.rounds_for(actor, kind="premises"):
            if round_.is_open:
                found = census_queries.conflicts(actor, round_.id, limit=LIMIT)
                url = reverse("outreach:conflicts", args=[round_.id])
                first = [Thing(one.name, url, one.address) for one in found[:SHOWN]]
                yield _of(_("说法不一的走访"), found, url, first)


def field_work(actor: Actor) -> Iterator[Waiting]:
    """What phones brought that a person has to look at, and phones not heard of for a week."""
    if holds(actor, "brought"):
        for state, label, address in FIELD_LISTS:
            found, url = field.waiting_for(actor, (state,), limit=LIMIT), own_url(address)
            shown = field_in_words(actor, found[:SHOWN])
            yield _of(label, found, url, [Thing(o.said, url, o.facts.account_name) for o in shown])
    if holds(actor, "phones"):
        silent = [one for one in field.phones_for(actor) if one.silent_days >= A_WEEK]
        url, label = own_url("field:devices"), _("问问 %(n)s 部没有音信的手机")
        yield _of(label, silent, url, [Thing(one.account_name, url) for one in silent[:SHOWN]])


def call_backs(actor: Actor) -> Iterator[Waiting]:
    """Missed calls to call back; calls passed on; operators who wait for a word of security."""
    if holds(actor, "missed"):
        url = own_url("outreach:call_backs")
        missed = hotline_queries.my_call_backs(actor, limit=LIMIT)
        late = [hotline_queries.is_overdue(call, actor.today) for call in missed]
        first = [
            Thing(call.number_mask, url, is_late=is_late)
            for call, is_late in zip(missed[:SHOWN], late, strict=False)
        ]
        yield _of(_("回拨 %(n)s 个未接来电"), missed, url, first, sum(late))
    if holds(actor, "passed"):
        passed = hotline_queries.passed_calls(actor, limit=LIMIT)
        cases = flows.cases_by_id(actor, [call.case_id for call in passed[:SHOWN]])
        first = [
            Thing(
                cases[call.case_id].member_name,
                reverse("web:hotline_passed_call", args=[call.id]),
                str(CALL_KINDS[call.kind]),
                is_late=hotline_queries.is_overdue(call, actor.today),
            )
            for call in passed[:SHOWN]
            if call.case_id in cases
        ]
        late_ones = sum(hotline_queries.is_overdue(call, actor.today) for call in passed)
        url = own_url("web:hotline_passed")
        yield _of(_("给 %(n)s 名打过热线的党员回电话"), passed, url, first, late_ones)
    stopped = hotline_queries.stops_for(actor, limit=LIMIT)
    url = own_url("outreach:hotline_stops")
    first = [Thing(stop.name, url) for stop in stopped[:SHOWN]]
    yield _of(_("问 %(n)s 名停用的话务员"), stopped, url, first)


def lists(actor: Actor) -> Iterator[Waiting]:
    """Branches that still have to confirm their list, in rounds that are open."""
    found = screening_queries.branches_left(actor) if holds(actor, "rosters") else []
    first = [
        Thing(one.name, reverse("outreach:branch_list", args=[one.id]), "") for one in found[:SHOWN]
    ]
    yield _of(_("核对 %(n)s 个支部的名册"), found, own_url("outreach:my_lists"), first)


def searches(actor: Actor) -> Iterator[Waiting]:
    """Members whom their branch does not know where to find, and who looks for them is this person."""
    owed = screening_queries.searches(actor) if holds(actor, "searches") else []
    found = [one for one in owed if one.is_own]
    first = [
        Thing(
            one.name,
            reverse("outreach:my_lists"),
            one.branch,
            one.due_on,
            one.due_on < actor.today,
        )
        for one in found[:SHOWN]
    ]
    late = sum(one.due_on < actor.today for one in found)
    yield _of(
        _("找到 %(n)s 名不知道在哪里的党员"), found, own_url("outreach:my_lists"), first, late
    )


# The order on the page, after what is overdue. A new room adds its provider here.
PROVIDERS: tuple[Provider, ...] = (
    answers, leads, placements, without_contact_person, contacts, messages, not_reached, help_asked,
    corrections, duplicates, approvals, grants, census, lists, searches, field_work, call_backs, feedback,
)  # fmt: skip


def waiting_for(actor: Actor) -> list[Waiting]:
    """What waits for this actor, what is overdue first; kinds without work are left out.

    A few short queries, each of at most one page.
    """
    found = [waiting for provider in PROVIDERS for waiting in provider(actor) if waiting.count]
    return sorted(found, key=lambda waiting: -waiting.overdue)
