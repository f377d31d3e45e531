"""A phone takes an area along: the packet is built, and that it was taken is written down."""

from uuid import UUID

from guiyan.field import packets
from guiyan.field.commands.receiving import note_phone
from guiyan.field.models import PulledArea
from guiyan.field.offline import PacketKind, packet_kinds
from guiyan.field.packets import Page
from guiyan.field.rules import packets as rules
from guiyan.field.types import Sender
from guiyan.orgs.commands import keep_tree_still
from guiyan.platform import audit, clock
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import Forbidden, NotFound


def kind_for(by: Actor, code: str) -> PacketKind:
    """Raises NotFound for a kind that there is not, Forbidden for one that the actor may not take."""
    kind = packet_kinds.get(code)
    if kind is None:
        raise NotFound(code)
    if not by.may(kind.permission):
        raise Forbidden(code)
    return kind


@command(None)
def pull(
    *, by: Actor, sender: Sender, kind_code: str, area_id: UUID, since: int, size: int
) -> Page:
    """The first page of an area; that this phone holds it is known from now on, so that it can be
    told when the area goes to somebody else. Raises NotFound, Forbidden, Refused."""
    keep_tree_still()
    kind, now = kind_for(by, kind_code), clock.now()
    content = kind.build(by, area_id)
    place = packets.beginning(content, since, now)
    note_phone(sender, now, pulled_at=now)
    PulledArea.objects.update_or_create(
        device_id=sender.device_id,
        kind=kind.code,
        area_id=area_id,
        defaults={"version": content.version, "pulled_at": now},
    )
    audit.note(subject_kind="area", subject_id=area_id, kind=kind.code, since=place.since)
    return packets.page_of(kind, area_id, content, place, size=min(size, rules.MOST_ON_A_PAGE))


def next_page(by: Actor, *, kind_code: str, area_id: UUID, cursor: str, size: int) -> Page:
    """The page after a cursor; only read, so it may be asked for again and again on a bad line."""
    kind = kind_for(by, kind_code)
    place = packets.read_cursor(cursor, kind.code, area_id)
    content = kind.build(by, area_id)
    return packets.page_of(kind, area_id, content, place, size=min(size, rules.MOST_ON_A_PAGE))
