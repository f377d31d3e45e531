"""What waits of members and their cases, of messages, and of decisions that ask for a yes."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from guiyan.access import queries as access
from guiyan.access.roles import ROLES
from guiyan.channels import queries as channels
from guiyan.flows import queries as flows
from guiyan.flows.types import CaseFacts
from guiyan.flows.words import STATE
from guiyan.insight import export_queries
from guiyan.kernel.calendar import day_of
from guiyan.liaison import queries as liaison
from guiyan.liaison.cadence import queries as cadence
from guiyan.liaison.cadence.queries import TodayRow
from guiyan.liaison.pairing import queries as pairing
from guiyan.liaison.six_clears import queries as six_clears
from guiyan.members import queries as member_queries
from guiyan.members import queues as members
from guiyan.messaging import queries as messaging
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission
from guiyan.web import queries
from guiyan.web.navigation import own_url
from guiyan.web.short_lists import holds
from guiyan.web.waiting.rows import COUNTED, LIMIT, SHOWN, Thing, Waiting, listed


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
        yield listed(
            ngettext_lazy("办理 %(n)s 名党员的流动记录", "办理 %(n)s 名党员的流动记录", COUNTED),
            owed,
            url,
            _cases(actor, owed),
            late,
        )


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
        yield listed(
            ngettext_lazy("核实 %(n)s 条线索", "核实 %(n)s 条线索", COUNTED),
            found,
            own_url("flows:leads"),
            first,
            late,
        )


def placements(actor: Actor) -> Iterator[Waiting]:
    """Verified members who have no branch yet."""
    if actor.may(Permission.PLACE_MEMBERS) and actor.may(Permission.SEE_CASES):
        unplaced = flows.unplaced_for(actor, limit=LIMIT)
        late = sum(flows.is_overdue(case, actor.today) for case in unplaced)
        url = own_url("flows:placement")
        yield listed(
            ngettext_lazy("把 %(n)s 名党员编入支部", "把 %(n)s 名党员编入支部", COUNTED),
            unplaced,
            url,
            _cases(actor, unplaced),
            late,
        )


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
        yield listed(
            ngettext_lazy("答复 %(n)s 件更正申请", "答复 %(n)s 件更正申请", COUNTED),
            asked,
            own_url("members:corrections"),
            first,
            late,
        )


def duplicates(actor: Actor) -> Iterator[Waiting]:
    """Files that may be of one and the same person."""
    if holds(actor, "duplicates"):
        pairs = members.open_reviews(actor, limit=LIMIT)
        first = [
            Thing(pair.first.name, reverse("members:duplicate", args=[pair.id]))
            for pair in pairs[:SHOWN]
        ]
        yield listed(
            ngettext_lazy("核对 %(n)s 对可能重复的档案", "核对 %(n)s 对可能重复的档案", COUNTED),
            pairs,
            own_url("members:duplicates"),
            first,
        )


def contacts(actor: Actor) -> Iterator[Waiting]:
    """Whom this person is to contact, what is longest due first; when nothing is, the members
    whose contact person this is, who was reached longest ago first."""
    if actor.may(Permission.RECORD_CONTACT) and actor.may(Permission.SEE_CASES):
        if due := [*cadence.today_list(actor, limit=LIMIT).rows, *cadence.branch_list(actor)]:
            yield _contacts_due(due)
            return
        mine, _more = liaison.my_members(actor, limit=LIMIT)
        last = liaison.last_contacts_of(actor, [case.id for case in mine])
        reached = {case_id: day_of(contact.at) for case_id, contact in last.items()}
        first = [
            Thing(
                case.member_name,
                reverse("web:contact", args=[case.id]),
                _last_reached(case.id, reached),
            )
            for case in mine[:SHOWN]
        ]
        yield listed(
            ngettext_lazy("联系 %(n)s 名党员", "联系 %(n)s 名党员", COUNTED),
            mine,
            own_url("liaison:my_members"),
            first,
        )


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
    return listed(
        ngettext_lazy("今天联系 %(n)s 名党员", "今天联系 %(n)s 名党员", COUNTED),
        due,
        own_url("liaison:today"),
        first,
        late,
    )


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
        yield listed(
            ngettext_lazy("答复 %(n)s 条回复", "答复 %(n)s 条回复", COUNTED),
            back,
            own_url("messaging:replies"),
            first,
        )
    if holds(actor, "calls"):
        calls = messaging.calls_for(actor, limit=LIMIT)
        late = sum(day_of(call.call_by) < actor.today for call in calls)
        yield listed(
            ngettext_lazy("打 %(n)s 个电话", "打 %(n)s 个电话", COUNTED),
            calls,
            own_url("messaging:calls"),
            (),
            late,
        )
    if holds(actor, "unknown"):
        unknown = channels.unknown_for(actor, limit=LIMIT)
        yield listed(
            ngettext_lazy("认定 %(n)s 条消息发出没有", "认定 %(n)s 条消息发出没有", COUNTED),
            unknown,
            own_url("channels:messages"),
            (),
        )


def help_asked(actor: Actor) -> Iterator[Waiting]:
    """Members who told their contact person of a difficulty and would like help."""
    if holds(actor, "help"):
        asked = six_clears.help_asked(actor, limit=LIMIT)
        first = [
            Thing(one.member_name, reverse("liaison:answer_help", args=[one.id]))
            for one in asked[:SHOWN]
        ]
        url = own_url("liaison:unreached")
        yield listed(
            ngettext_lazy("答复 %(n)s 件困难诉求", "答复 %(n)s 件困难诉求", COUNTED),
            asked,
            url,
            first,
        )


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
        yield listed(
            ngettext_lazy("给 %(n)s 名党员指定联系人", "给 %(n)s 名党员指定联系人", COUNTED),
            found,
            url,
            _cases(actor, found),
        )


def stand_ins_away(actor: Actor) -> Iterator[Waiting]:
    """Contact persons on leave, of whom who stands in is away too."""
    if holds(actor, "leaves"):
        found = pairing.stand_ins_away(actor, limit=LIMIT)
        first = [
            Thing(
                one.name,
                reverse("liaison:leave", args=[one.account_id, one.organisation_id]),
                gettext("%(name)s也休假") % {"name": one.stand_in_name},
                one.starts_on,
            )
            for one in found[:SHOWN]
        ]
        url = own_url("liaison:pairing")
        yield listed(
            ngettext_lazy(
                "给 %(n)s 位休假的联系人另选代为联系的人",
                "给 %(n)s 位休假的联系人另选代为联系的人",
                COUNTED,
            ),
            found,
            url,
            first,
        )


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
        yield listed(
            ngettext_lazy("答复 %(n)s 条投诉与建议", "答复 %(n)s 条投诉与建议", COUNTED),
            said,
            url,
            first,
        )


def approvals(actor: Actor) -> Iterator[Waiting]:
    """Exports of full numbers that ask for a second person's yes."""
    if actor.may(Permission.APPROVE_EXPORTS):
        asked = export_queries.to_approve(actor, limit=LIMIT)
        url = own_url("insight:approvals")
        first = [
            Thing(str(one.title), url, f"{one.requested_by_name} · {one.organisation_name}")
            for one in asked[:SHOWN]
        ]
        yield listed(
            ngettext_lazy("审批 %(n)s 份导出", "审批 %(n)s 份导出", COUNTED), asked, url, first
        )


def grants(actor: Actor) -> Iterator[Waiting]:
    """Roles that another security administrator wishes to give: a second yes is needed."""
    asked = [wish for wish in access.proposals_for(actor, limit=LIMIT) if not wish.is_own]
    url = own_url("access:accounts")
    first = [
        Thing(wish.account_name, url, f"{ROLES[wish.role].name} · {wish.organisation_name}")
        for wish in asked[:SHOWN]
    ]
    yield listed(
        ngettext_lazy("答复 %(n)s 项授权", "答复 %(n)s 项授权", COUNTED), asked, url, first
    )
