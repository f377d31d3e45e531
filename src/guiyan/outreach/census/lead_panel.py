"""On the page of a lead that was met at a door: which visit it was, and what was said beside it."""

from guiyan.field import queries as field
from guiyan.flows.panels import Panel
from guiyan.flows.types import LeadFacts
from guiyan.outreach.census import queries, words
from guiyan.outreach.models import Visit
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope


def visit_panel(actor: Actor, lead: LeadFacts) -> Panel | None:
    """For who may see the visit, as on the page of its door. Two queries, for leads of a census."""
    if lead.door != "census" or not actor.may(Permission.CANVASS):
        return None
    with beyond_scope(queries.OWN_TEAM):
        visits = Visit.objects.select_related("standing__premises")
        visit = visits.filter(lead_id=lead.id).order_by("received_at").first()
    if visit is None:
        return None
    door = visit.standing
    if not (actor.scope.covers(door.path) or door.area_id in queries.own_area_ids(actor)):
        return None
    return "outreach/census/_visit_of_lead.html", {
        "door": queries.standing_facts(door),
        "visit": visit,
        "source": words.SOURCE[visit.source],
        "said": field.spoken_of([visit.id]).get(visit.id),
    }
