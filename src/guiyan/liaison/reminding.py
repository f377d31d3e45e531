"""The monthly reminder goes out by itself: each night, to whom a reminder has begun to be owed.

Only a contact closes what is due (kinds.DOES): a reminder that was sent closes nothing.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from guiyan.field import queries as field_queries
from guiyan.field.queries import DueFacts
from guiyan.flows import queries as flow_queries
from guiyan.messaging import commands as messaging
from guiyan.messaging import queries as message_queries
from guiyan.orgs import queries as org_queries
from guiyan.platform.actor import Actor
from guiyan.platform.clock import today
from guiyan.platform.jobs import long_job
from guiyan.platform.scope import scoped

PURPOSE, KIND = "meeting_reminder", "reminder"
# A night that was broken off, or a worker that stood still over a weekend, is made up for.
MADE_UP_FOR = timedelta(days=3)

Group = tuple[UUID, str, str]  # organisation, its path, the period


@long_job("liaison.remind", cron="50 16 * * *")
def remind() -> None:
    """Each night (00:50 in China); the messages themselves go out after eight."""
    tonight(today(), Actor.system("liaison.remind"))


def tonight(on: date, by: Actor) -> int:
    """Say the reminder to everybody who has not had that of the period; returns to how many.

    One saying for each branch and period, in a transaction of its own; a second run says nothing.
    """
    told = 0
    with transaction.atomic(), scoped(by.scope):
        groups = _groups(by, on)
    for (organisation_id, path, period), case_ids in groups.items():
        with transaction.atomic(), scoped(by.scope):
            cases = flow_queries.cases_for(by).filter(id__in=case_ids, ended_on__isnull=True)
            members = list(cases.values_list("member_id", flat=True))
            new = message_queries.not_yet_told(members, PURPOSE, period)
            name = org_queries.names_by_id([organisation_id]).get(organisation_id, "")
            if new:
                told += messaging.say(
                    by=by.standing_for(organisation_id, path, name),
                    purpose=PURPOSE,
                    slot=period,
                    member_ids=new,
                    facts={},
                ).count
    return told


def _groups(by: Actor, on: date) -> dict[Group, list[UUID]]:
    found: dict[Group, list[UUID]] = defaultdict(list)
    for due in _begun(by, on):
        if due.case_id is not None:
            found[due.organisation_id, due.path, due.period].append(due.case_id)
    return found


def _begun(by: Actor, on: date) -> Iterator[DueFacts]:
    yield from field_queries.begun_between(by, KIND, on - MADE_UP_FOR, on)
