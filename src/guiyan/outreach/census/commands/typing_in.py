"""Sheets of paper typed in: a code, a key, Enter."""

from datetime import date
from uuid import UUID, uuid5

from guiyan.flows.types import LeadSaid
from guiyan.outreach.census import queries, rules
from guiyan.outreach.census.codes import read_code
from guiyan.outreach.census.commands.visiting import record_found, record_visits
from guiyan.outreach.census.types import NewVisit, StandingFacts, VisitOutcome
from guiyan.outreach.models import Visit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope


def door_of_code(by: Actor, round_id: UUID, text: str) -> StandingFacts:
    """The premises behind a code on paper. Raises Refused with what is wrong with the code."""
    number = read_code(text)
    if not isinstance(number, int):
        raise Refused(number.code, number.message)
    try:
        return queries.standing_by_code(by, round_id, number)
    except NotFound:
        raise Refused("unknown", "这一轮没有这个编码，请对照纸上再输一次。") from None


def sheet_visit_id(standing_id: UUID, visited_on: date, state: str) -> UUID:
    """The same door, day and result is the same line of the same paper."""
    return uuid5(standing_id, f"{visited_on.isoformat()} {state}")


@command(Permission.CANVASS)
def type_in(
    *,
    by: Actor,
    standing_id: UUID,
    state: str,
    visited_on: date,
    reason: str = "",
    come_back_on: date | None = None,
    duplicate_of: UUID | None = None,
    is_correction: bool = False,
    said: LeadSaid | None = None,
) -> VisitOutcome:
    """One line of a sheet. Typed a second time it changes nothing; with another result on the same
    day it is refused until the typist says that it is a correction, which supersedes the first."""
    standing = queries.get_standing_for(by, standing_id)
    with beyond_scope(queries.OWN_TEAM):
        present = Visit.objects.filter(pk=standing.visit_id).first() if standing.visit_id else None
    first = None
    if present and present.source == "paper" and present.visited_on == visited_on:
        if present.state == state:
            return VisitOutcome(present.id, standing.id, "again", standing.version)
        if not is_correction:
            raise Refused("typed", TYPED_OTHERWISE, {"state": (rules.STATES[present.state],)})
        first = present.id
    visit = NewVisit(
        id=uuid5(standing.id, f"{standing.version} correction {state}")
        if is_correction
        else sheet_visit_id(standing.id, visited_on, state),
        standing_id=standing.id,
        state=state,
        reason=reason,
        come_back_on=come_back_on,
        duplicate_of=duplicate_of,
        visited_on=visited_on,
        base_version=_seen_on_paper(standing, visited_on),
        supersedes=first,
        source="paper",
    )
    if said is not None:
        return record_found(by=by, visit=visit, said=said)
    outcome = record_visits(by=by, visits=[visit])[0]
    if outcome.state == "refused":
        raise Refused(outcome.code, outcome.message)
    return outcome


def _seen_on_paper(standing: StandingFacts, visited_on: date) -> int:
    """Paper shows nothing that was found after its own day: a later visit of another team is not
    overwritten by an old sheet, and a newer sheet takes the place of what was before."""
    is_older = standing.visited_on is not None and visited_on <= standing.visited_on
    return standing.version - 1 if is_older else standing.version


TYPED_OTHERWISE = "同一天的这家已经录成“%(state)s”。是录错了要改，请勾选“更正”再保存。"
