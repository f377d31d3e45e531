"""What is asked of work without a line: areas, receipts, what waits and for whom, phones."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from guiyan.field.models import DeviceState, PulledArea, Receipt, WaitingOperation
from guiyan.field.offline import AreaFacts, PacketKind, operation_kinds, packet_kinds
from guiyan.field.rules import reading, routing
from guiyan.field.types import PhoneFacts, WaitingFacts, WaitingPage, WorkCounts
from guiyan.kernel.keyset import decode_cursor, encode_cursor
from guiyan.platform import clock
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, NotFound
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope

PAGE = 200
_WAITING = "field.waiting"


def refuse_outsiders(actor: Actor) -> None:
    """These pages are for those who work in the field and those who answer for it. Raises Forbidden."""
    if not any(
        map(actor.may, (Permission.MANAGE_CENSUS, Permission.CANVASS, Permission.RECORD_CONTACT))
    ):
        raise Forbidden("field")


def areas_for(
    actor: Actor, device_id: UUID
) -> tuple[list[tuple[PacketKind, AreaFacts]], list[tuple[str, UUID]]]:
    """The areas that this person works in, and those that this phone holds and are theirs no more."""
    found = [
        (kind, area)
        for kind in packet_kinds.values()
        if actor.may(kind.permission)
        for area in kind.areas_for(actor)
    ]
    own = {(kind.code, area.id) for kind, area in found}
    with beyond_scope("a phone is told of the areas that it holds, wherever these are now"):
        held = PulledArea.objects.filter(device_id=device_id).values_list("kind", "area_id")
        return found, sorted(set(held) - own)


def receipt_for(actor: Actor, operation_id: UUID) -> Receipt:
    """The receipt of an operation, for its own sender and in scope. Raises NotFound. One query."""
    with beyond_scope("a sender reads the receipts of their own operations"):
        found = Receipt.objects.filter(id=operation_id).exclude(state="").first()
    if found is None or not (
        found.account_id == actor.account_id or actor.scope.covers(found.path)
    ):
        raise NotFound(operation_id)
    return found


def waiting_of_phone(device_id: UUID) -> list[WaitingFacts]:
    """What a phone sent and is not decided. One query; a page at most."""
    with beyond_scope("a phone is told what became of its own operations"):
        rows = WaitingOperation.objects.filter(device_id=device_id).exclude(state="decided")
        return [_facts(row, may_decide=False) for row in rows.order_by("received_at", "id")[:PAGE]]


def declined_of_phone(device_id: UUID) -> list[tuple[WaitingFacts, str]]:
    """What a phone sent and a person turned down of late, with the reason. One query."""
    with beyond_scope("a phone is told what became of its own operations"):
        rows = WaitingOperation.objects.filter(device_id=device_id, decision="declined")
        found = list(rows.exclude(sent=None).order_by("-decided_at", "id")[:PAGE])
    return [(_facts(row, may_decide=False), row.told) for row in found]


def waiting_page(
    actor: Actor, states: Iterable[str], cursor: str = "", *, limit: int = PAGE
) -> WaitingPage:
    """What waits in this actor's part of the tree and is theirs to see, the oldest first.

    A manager sees all of it; who works in an area sees what came for that area.
    One query besides those for the areas.
    """
    rows = WaitingOperation.objects.filter(_theirs(actor), state__in=list(states))
    if cursor:
        at, last_id = decode_cursor(cursor, of=_WAITING, shape=(datetime, UUID))
        rows = rows.filter(Q(received_at__gt=at) | Q(received_at=at, id__gt=last_id))
    above = _decided_above(actor)
    found = [
        _facts(row, may_decide=row.state != "conflict" or row.kind not in above)
        for row in rows.order_by("received_at", "id")[: limit + 1]
    ]
    if len(found) <= limit:
        return WaitingPage(found)
    last = found[limit - 1]
    return WaitingPage(found[:limit], encode_cursor((last.received_at, last.id), of=_WAITING))


def waiting_for(
    actor: Actor,
    states: Iterable[str] = ("held", "quarantined", "conflict"),
    *,
    limit: int = PAGE,
) -> list[WaitingFacts]:
    """The first page of it."""
    return waiting_page(actor, states, limit=limit).rows


def brought_back(actor: Actor) -> QuerySet[WaitingOperation]:
    """The rows in scope that a person has to look at, to be asked whether there are any."""
    return WaitingOperation.objects.filter(state__in=("quarantined", "conflict"))


def decidable(actor: Actor, ids: Iterable[UUID], states: Iterable[str]) -> list[WaitingOperation]:
    """These operations, locked, for deciding; NotFound when one is not the actor's or decided."""
    wanted = set(ids)
    rows = WaitingOperation.objects.select_for_update().filter(
        _theirs(actor), id__in=wanted, state__in=list(states)
    )
    theirs = rows.exclude(state="conflict", kind__in=_decided_above(actor))
    found = list(theirs.order_by("id"))  # in one order, so that two never wait in a ring
    if {row.id for row in found} != wanted:
        raise NotFound("operation")
    return sorted(found, key=lambda row: (row.received_at, row.id))


def phones_for(actor: Actor) -> list[PhoneFacts]:
    """Phones under this actor, by name; those who answer for the work see all, others their own."""
    now = clock.now()
    return [
        PhoneFacts(
            id=row.id,
            account_id=row.account_id,
            account_name=row.account_name,
            description=row.description,
            heard_at=row.heard_at,
            pulled_at=row.pulled_at,
            pushed_at=row.pushed_at,
            unsent=row.unsent,
            skew_s=row.skew_s,
            is_flagged=reading.is_flagged(row.skew_s),
            silent_days=(now - row.heard_at) // timedelta(days=1),
        )
        for row in phones_seen_by(actor).order_by("account_name", "id")[:PAGE]
    ]


def phones_seen_by(actor: Actor) -> QuerySet[DeviceState]:
    """Their rows, to be asked whether there are any."""
    rows = DeviceState.objects.all()
    if actor.may(Permission.MANAGE_CENSUS):
        return rows
    return rows.filter(Q(account_id=actor.account_id))


def workers_under(actor: Actor) -> frozenset[UUID]:
    """The accounts that go into the field for this actor, as each kind of packet knows them."""
    return frozenset[UUID]().union(*(kind.workers(actor) for kind in packet_kinds.values()))


def unsent_of(actor: Actor) -> list[dict[str, Any]]:
    """One's own phones that held work when they were last heard of, for setting up another. One
    query; a page at most."""
    if actor.account_id is None:
        return []
    with beyond_scope("one's own phones, wherever they were set up"):
        rows = DeviceState.objects.filter(account_id=actor.account_id, unsent__gt=0)
        named = rows.order_by("-heard_at", "id").values("description", "heard_at", "unsent")
        return [dict(row) for row in named[:PAGE]]


def work_counts(actor: Actor) -> WorkCounts:
    """How much waits under this actor, and how many phones are silent with work on them."""
    states = list(
        WaitingOperation.objects.exclude(state="decided").values_list("state", flat=True)[:10_000]
    )
    silent = DeviceState.objects.filter(
        heard_at__lt=clock.now() - routing.SILENT_AFTER,
        heard_at__gt=clock.now() - timedelta(days=60),
    )
    return WorkCounts(
        held=states.count("held"),
        quarantined=states.count("quarantined"),
        conflicts=states.count("conflict"),
        silent_phones=silent.count(),
    )


def _theirs(actor: Actor) -> Q:
    """Kinds that this person decides, and what came for the areas in which they work."""
    kinds = operation_kinds.values()
    decides = [kind.code for kind in kinds if actor.may(kind.decided_with)]
    does = [kind.code for kind in kinds if actor.may(kind.permission)]
    theirs = Q(kind__in=decides)
    others = Q(kind__in=[kind for kind in does if kind not in decides])
    # The areas cost a dozen queries: only where something came that they would show.
    if WaitingOperation.objects.filter(others).exclude(state="decided").exists():
        theirs |= others & Q(area_id__in=_own_areas(actor))
    return theirs


def _decided_above(actor: Actor) -> list[str]:
    """Kinds of which this person sees what disagrees, and somebody who answers for it chooses."""
    kinds = operation_kinds.values()
    return [one.code for one in kinds if one.conflicts_go_up and not actor.may(one.decided_with)]


def _own_areas(actor: Actor) -> list[UUID]:
    return [
        area.id
        for kind in packet_kinds.values()
        if actor.may(kind.permission)
        for area in kind.areas_for(actor)
    ]


def _facts(row: WaitingOperation, *, may_decide: bool) -> WaitingFacts:
    sent = row.sent or {}
    kind = operation_kinds.get(row.kind)
    return WaitingFacts(
        id=row.id,
        state=row.state,
        code=row.code,
        kind=row.kind,
        kind_title=kind.title if kind else row.kind,
        subject_id=row.subject_id,
        area_id=row.area_id,
        after=row.after,
        account_name=row.account_name,
        body=dict(sent.get("body") or {}),
        has_sealed=bool(sent.get("sealed")),
        kept=row.kept,
        skew_s=row.skew_s,
        is_flagged=reading.is_flagged(row.skew_s),
        at_device=reading.moment(str(sent.get("at_device", ""))),
        received_at=row.received_at,
        may_decide=may_decide,
    )
