"""What waits for a person on their start page, asked of each room in turn."""

from guiyan.platform.actor import Actor
from guiyan.web.waiting import members, outside
from guiyan.web.waiting.rows import Provider, Thing, Waiting

__all__ = ["Thing", "Waiting", "waiting_for"]

# The order on the page, after what is overdue. A new room adds its provider here.
PROVIDERS: tuple[Provider, ...] = (
    members.answers,
    members.leads,
    members.placements,
    members.without_contact_person,
    members.stand_ins_away,
    members.contacts,
    members.messages,
    members.not_reached,
    members.help_asked,
    members.corrections,
    members.duplicates,
    members.approvals,
    members.grants,
    outside.census,
    outside.lists,
    outside.searches,
    outside.field_work,
    outside.call_backs,
    members.feedback,
)


def waiting_for(actor: Actor) -> list[Waiting]:
    """What waits for this actor, what is overdue first; kinds without work are left out.

    A few short queries, each of at most one page.
    """
    found = [waiting for provider in PROVIDERS for waiting in provider(actor) if waiting.count]
    return sorted(found, key=lambda waiting: -waiting.overdue)
