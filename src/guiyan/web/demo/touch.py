"""Keeping in touch in the demo: a branch with a few members whom nobody has reached yet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from guiyan.field.jobs import recount_overdue
from guiyan.flows import queries as flow_queries
from guiyan.flows.types import CaseState
from guiyan.liaison import commands as liaison
from guiyan.liaison import queries as liaison_queries
from guiyan.liaison.cadence.materialising import tonight
from guiyan.members import own
from guiyan.members.sending import CONSENT
from guiyan.orgs import queries as orgs
from guiyan.platform.actor import Actor
from guiyan.platform.jobs import enqueue
from guiyan.platform.scope import scoped
from guiyan.web.demo import cast

# The members of the story were placed so long ago that last month's contact is overdue by today.
PLACED_BEFORE = timedelta(days=45)
MORE = 3


def tell(by: Actor) -> None:
    """Some members of the liaison's branch have a contact person, who has not reached them yet: the
    liaison herself where she is on the list of candidates, otherwise the first who is."""
    branch = orgs.organisation_by_code(cast.BAPU_EAST)
    name = cast.staff("liaison").name
    with scoped(by.scope):
        rows = flow_queries.cases_for(by).filter(
            host_path=branch.path, state=CaseState.PLACED, ended_on__isnull=True
        )
        stays = list(rows.order_by("pinyin", "id").values_list("id", "member_id"))
        case_ids = [case_id for case_id, _member_id in stays]
        taken = liaison_queries.contact_persons_of(by, case_ids)
    for case_id in [one for one in case_ids if one not in taken][:MORE]:
        with scoped(by.scope):
            people = liaison_queries.candidates_for(by, case_id)
        chosen = next((one for one in people if one.name == name), people[0])
        liaison.assign_contact_person(by=by, case_id=case_id, account_id=chosen.account_id)
    _agree(by, [member_id for _case_id, member_id in stays])
    for day in nights(by.today):
        tonight(day, replace(by, today=day))
    enqueue(recount_overdue)


def _agree(by: Actor, member_ids: Sequence[UUID]) -> None:
    """All but one have said at the desk that messages are welcome, so that some can be looked at."""
    for member_id in member_ids[:-1]:
        own.record_consent(by=by, member_id=member_id, purpose=CONSENT, how="spoken", is_given=True)


def nights(today: date) -> list[date]:
    """The nights since then on which something began: the first of each month, and today's."""
    days = [today - PLACED_BEFORE]
    while (first := _next_month(days[-1])) < today:
        days.append(first)
    return [*days, today]


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
