"""What waits from work outside: rounds of the census, phones, and calls of the hotline."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from guiyan.field import queries as field
from guiyan.field.words import in_words as field_in_words
from guiyan.flows import queries as flows
from guiyan.outreach.census import queries as census_queries
from guiyan.outreach.hotline import queries as hotline_queries
from guiyan.outreach.hotline.words import KINDS as CALL_KINDS
from guiyan.outreach.screening import queries as screening_queries
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission
from guiyan.web.navigation import own_url
from guiyan.web.short_lists import holds
from guiyan.web.waiting.rows import COUNTED, LIMIT, SHOWN, Thing, Waiting, listed

A_WEEK = 7  # days without a word from a phone
FIELD_LISTS = (
    (
        "quarantined",
        ngettext_lazy("接办 %(n)s 条外出记录", "接办 %(n)s 条外出记录", COUNTED),
        "field:inbox",
    ),
    (
        "conflict",
        ngettext_lazy("选定 %(n)s 条填法不同的记录", "选定 %(n)s 条填法不同的记录", COUNTED),
        "field:conflicts",
    ),
)


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
                yield listed(_("说法不一的走访"), found, url, first)


def field_work(actor: Actor) -> Iterator[Waiting]:
    """What phones brought that a person has to look at, and phones not heard of for a week."""
    if holds(actor, "brought"):
        for state, label, address in FIELD_LISTS:
            found, url = field.waiting_for(actor, (state,), limit=LIMIT), own_url(address)
            shown = field_in_words(actor, found[:SHOWN])
            yield listed(
                label, found, url, [Thing(o.said, url, o.facts.account_name) for o in shown]
            )
    if holds(actor, "phones"):
        silent = [one for one in field.phones_for(actor) if one.silent_days >= A_WEEK]
        url, label = (
            own_url("field:devices"),
            ngettext_lazy("问问 %(n)s 部没有音信的手机", "问问 %(n)s 部没有音信的手机", COUNTED),
        )
        yield listed(label, silent, url, [Thing(one.account_name, url) for one in silent[:SHOWN]])


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
        yield listed(
            ngettext_lazy("回拨 %(n)s 个未接来电", "回拨 %(n)s 个未接来电", COUNTED),
            missed,
            url,
            first,
            sum(late),
        )
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
        yield listed(
            ngettext_lazy(
                "给 %(n)s 名打过热线的党员回电话", "给 %(n)s 名打过热线的党员回电话", COUNTED
            ),
            passed,
            url,
            first,
            late_ones,
        )
    stopped = hotline_queries.stops_for(actor, limit=LIMIT)
    url = own_url("outreach:hotline_stops")
    first = [Thing(stop.name, url) for stop in stopped[:SHOWN]]
    yield listed(
        ngettext_lazy("问 %(n)s 名停用的话务员", "问 %(n)s 名停用的话务员", COUNTED),
        stopped,
        url,
        first,
    )


def lists(actor: Actor) -> Iterator[Waiting]:
    """Branches that still have to confirm their list, in rounds that are open."""
    found = screening_queries.branches_left(actor) if holds(actor, "rosters") else []
    first = [
        Thing(one.name, reverse("outreach:branch_list", args=[one.id]), "") for one in found[:SHOWN]
    ]
    yield listed(
        ngettext_lazy("核对 %(n)s 个支部的名册", "核对 %(n)s 个支部的名册", COUNTED),
        found,
        own_url("outreach:my_lists"),
        first,
    )


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
    yield listed(
        ngettext_lazy(
            "找到 %(n)s 名不知道在哪里的党员", "找到 %(n)s 名不知道在哪里的党员", COUNTED
        ),
        found,
        own_url("outreach:my_lists"),
        first,
        late,
    )
