"""What waits for a person on their start page, asked of each room in turn."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.flows import queries as flows
from guiyan.insight import export_queries
from guiyan.liaison import queries as liaison
from guiyan.members import queues as members
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission
from guiyan.web import queries
from guiyan.web.navigation import own_url


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of work that waits for this person: how many, and where it is done.

    `count` stops at what a page holds (`is_more`), because nothing is counted over a county.
    """

    label: str | Promise
    count: int
    url: str
    overdue: int = 0
    is_more: bool = False


Provider = Callable[[Actor], Iterator[Waiting]]
LIMIT = 50


def _of(label: str | Promise, found: Sequence[object], url: str, overdue: int = 0) -> Waiting:
    return Waiting(label, len(found), url, overdue, is_more=len(found) >= LIMIT)


def answers(actor: Actor) -> Iterator[Waiting]:
    """Cases at whose next step this organisation, or one below it, must answer."""
    if actor.may(Permission.SEE_CASES):
        owed = flows.open_answers_for(actor, limit=LIMIT)
        late = sum(flows.is_overdue(case, actor.today) for case in owed)
        yield _of(_("等本单位办理的党员"), owed, own_url("flows:answers"), late)


def leads(actor: Actor) -> Iterator[Waiting]:
    """Reports from posters, hotline and desks that nobody has verified yet."""
    if actor.may(Permission.SCREEN_LEADS) and actor.may(Permission.TAKE_LEADS):
        open_leads = flows.leads_for(actor, limit=LIMIT)
        late = sum(lead.answer_by < actor.today for lead in open_leads)
        yield _of(_("待核实的线索"), open_leads, own_url("flows:leads"), late)


def placements(actor: Actor) -> Iterator[Waiting]:
    """Verified members who have no branch yet."""
    if actor.may(Permission.PLACE_MEMBERS) and actor.may(Permission.SEE_CASES):
        unplaced = flows.unplaced_for(actor, limit=LIMIT)
        late = sum(flows.is_overdue(case, actor.today) for case in unplaced)
        yield _of(_("待编入支部的党员"), unplaced, own_url("flows:placement"), late)


def corrections(actor: Actor) -> Iterator[Waiting]:
    """Members who asked for something in their file to be put right."""
    if actor.may(Permission.ANSWER_CORRECTIONS):
        asked = members.open_corrections(actor, limit=LIMIT)
        late = sum(correction.answer_by < actor.today for correction, _member in asked)
        yield _of(_("党员提出的更正"), asked, own_url("members:corrections"), late)


def duplicates(actor: Actor) -> Iterator[Waiting]:
    """Files that may be of one and the same person."""
    if actor.may(Permission.MERGE_MEMBERS):
        pairs = members.open_reviews(actor, limit=LIMIT)
        yield _of(_("可能重复的档案"), pairs, own_url("members:duplicates"))


def contacts(actor: Actor) -> Iterator[Waiting]:
    """The members whose contact person this is."""
    if actor.may(Permission.RECORD_CONTACT) and actor.may(Permission.SEE_CASES):
        mine = liaison.my_members(actor, limit=LIMIT)
        yield _of(_("由我联系的党员"), mine, own_url("liaison:my_members"))


def feedback(actor: Actor) -> Iterator[Waiting]:
    """Complaints and suggestions without an answer."""
    if actor.may(Permission.ANSWER_CORRECTIONS):
        said = queries.unanswered_feedback_for(actor, limit=LIMIT)
        yield _of(_("还没答复的投诉与建议"), said, own_url("web:feedback_list"))


def approvals(actor: Actor) -> Iterator[Waiting]:
    """Exports of full numbers that ask for a second person's yes."""
    if actor.may(Permission.APPROVE_EXPORTS):
        asked = export_queries.to_approve(actor, limit=LIMIT)
        yield _of(_("等您审批的导出"), asked, own_url("insight:approvals"))


# The order on the page, after what is overdue. A new room adds its provider here.
PROVIDERS: tuple[Provider, ...] = (
    answers, leads, placements, contacts, corrections, duplicates, approvals, feedback,
)  # fmt: skip


def waiting_for(actor: Actor) -> list[Waiting]:
    """What waits for this actor, what is overdue first; kinds without work are left out.

    A few short queries, each of at most one page.
    """
    found = [waiting for provider in PROVIDERS for waiting in provider(actor) if waiting.count]
    return sorted(found, key=lambda waiting: -waiting.overdue)
