"""The lists of the start page that are empty on most days: one statement says which are not."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from django.db.models import QuerySet

from guiyan.channels import queries as channels
from guiyan.field import queries as field
from guiyan.flows import queries as flows
from guiyan.liaison.pairing import queries as pairing
from guiyan.liaison.six_clears import queries as six_clears
from guiyan.members import queues as members
from guiyan.messaging import queries as messaging
from guiyan.outreach.census import queries as census
from guiyan.outreach.hotline import queries as hotline
from guiyan.outreach.screening import queries as screening
from guiyan.platform.actor import Actor
from guiyan.platform.holding import which_hold
from guiyan.platform.permissions import Permission as P
from guiyan.platform.reading import read_once
from guiyan.web import queries

Rows = Callable[[Actor], QuerySet[Any]]

# Name: what it asks of the person, and the rows that would stand in the list.
_LISTS: Final[dict[str, tuple[tuple[P, ...], Rows]]] = {
    "leads": ((P.SCREEN_LEADS, P.TAKE_LEADS), flows.leads_to_verify),
    "corrections": ((P.ANSWER_CORRECTIONS,), members.unanswered_corrections),
    "duplicates": ((P.MERGE_MEMBERS,), members.undecided_reviews),
    "replies": ((P.RECORD_CONTACT,), messaging.unanswered_replies),
    "calls": ((P.RECORD_CONTACT,), channels.calls_to_make),
    "unknown": ((P.SEND_MESSAGES,), channels.of_unknown_outcome),
    "help": ((P.ASSIGN_CONTACT_PERSON, P.SEE_CASES), six_clears.unanswered_wishes),
    "rounds": ((P.MANAGE_CENSUS,), partial(census.open_rounds, kind="premises")),
    "rosters": ((P.SCREEN_ROSTER,), partial(census.open_rounds, kind="branches")),
    "searches": ((P.SCREEN_ROSTER,), screening.searches_owed),
    "brought": ((P.MANAGE_CENSUS,), field.brought_back),
    "phones": ((P.MANAGE_CENSUS,), field.phones_seen_by),
    "missed": ((P.ANSWER_HOTLINE,), hotline.calls_to_return),
    "passed": ((P.RECORD_CONTACT, P.SEE_CASES), hotline.calls_passed_on),
    "leaves": ((P.PAIR_MEMBERS,), pairing.leaves_not_over),
    "feedback": ((P.ANSWER_CORRECTIONS,), queries.unanswered_feedback),
}


def holds(actor: Actor, name: str) -> bool:
    """Whether this person may see the list of this name and there is anything in it."""
    return name in _holding(actor)


@read_once
def _holding(actor: Actor) -> frozenset[str]:
    """One query for all of them."""
    theirs = {
        name: rows(actor) for name, (needs, rows) in _LISTS.items() if all(map(actor.may, needs))
    }
    return which_hold(theirs)
