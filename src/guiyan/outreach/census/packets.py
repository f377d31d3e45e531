"""The census in the field: what a phone takes along of an area, and what it brings back.

A record is one premises: its id is the standing's, its version that of the area when it last
changed; no manager, no telephone number, no ID number. What is said of a found person arrives
sealed and goes to the leads. Shapes: docs/census.md.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from guiyan.field.offline import (
    AreaFacts,
    AreaOwner,
    KindWords,
    Operation,
    OperationKind,
    Outcome,
    PacketContent,
    PacketKind,
    register_operation_kind,
    register_packet_kind,
)
from guiyan.flows.types import LeadSaid
from guiyan.kernel.calendar import day_of
from guiyan.outreach.census import brought, commands, queries
from guiyan.outreach.census.commands.visiting import turn_down
from guiyan.outreach.census.holding import hold_touched
from guiyan.outreach.census.types import NewDoor, NewVisit, StandingFacts, VisitOutcome
from guiyan.outreach.census.words import area_name
from guiyan.outreach.models import Area, HandOver, Standing, TeamPerson, Visit
from guiyan.platform.actor import Actor
from guiyan.platform.clock import today
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope

CODE = "census"
_CLOCK_IS_WRONG, _LONGEST_OUT = timedelta(days=1), timedelta(days=60)
_OWNER = "whose an area is now, asked for work that comes too late"


class VisitBody(BaseModel):
    """What was found at a door."""

    model_config = ConfigDict(extra="forbid")
    state: str = Field(max_length=20)
    reason: str = Field("", max_length=200)
    come_back_on: date | None = None
    duplicate_of: UUID | None = None
    visited_on: date | None = None


class FoundBody(BaseModel):
    """At which door somebody was found; who it was is in the sealed part alone."""

    model_config = ConfigDict(extra="forbid")
    standing_id: UUID
    search_method: str = Field("door", max_length=20)
    visited_on: date | None = None


class DoorBody(BaseModel):
    """Premises that no list knew."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=200)
    address: str = Field("", max_length=200)
    credit_code: str = Field("", max_length=30)
    type: str = Field("", max_length=40)
    is_another: bool = False


def areas_for(actor: Actor) -> list[AreaFacts]:
    return [
        AreaFacts(area.id, area_name(area.number, area.name), area.total, area.version)
        for area in queries.my_areas(actor)
    ]


def build(actor: Actor, area_id: UUID) -> PacketContent:
    """The whole area in the order of the walk, and what left it."""
    if area_id not in queries.own_area_ids(actor):
        raise NotFound("area")
    area = queries.get_area_for(actor, area_id)
    records = [record_of(one) for one in queries.standings_of_area(actor, area_id)]
    with beyond_scope(queries.OWN_TEAM):
        gone = HandOver.objects.filter(area_id=area_id, standing_id__isnull=False)
        rows = gone.order_by("area_version").values_list("standing_id", "area_version")
        tombstones = {one: at for one, at in rows if one is not None}
    present = {one["id"] for one in records}
    left = {one: at for one, at in tombstones.items() if str(one) not in present}
    return PacketContent(records, area.version, left)


def record_of(one: StandingFacts) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "version": one.area_version,
        "code": one.code,
        "name": one.name,
        "address": one.address,
        "type": one.type,
        "noted": one.noted,
        "street": one.street,
        "house": one.house,
        "state": one.state,
        "reason": one.reason,
        "come_back_on": one.come_back_on.isoformat() if one.come_back_on else None,
        "visited_on": one.visited_on.isoformat() if one.visited_on else None,
        "visit_id": str(one.visit_id) if one.visit_id else None,
        "has_conflict": one.has_conflict,
    }


def owner_of(area_id: UUID) -> AreaOwner | None:
    with beyond_scope(_OWNER):
        row = Area.objects.filter(pk=area_id).first()
    return AreaOwner(row.organisation_id, row.path) if row else None


def workers(actor: Actor) -> frozenset[UUID]:
    """Who goes, or went, in a team of an open round, for who runs it there. One query."""
    if not actor.may(Permission.MANAGE_CENSUS):
        return frozenset()
    people = TeamPerson.objects.filter(team__round__state="open", account_id__isnull=False)
    return frozenset(one for one in people.values_list("account_id", flat=True) if one)


def apply_visits(by: Actor, operations: Sequence[Operation]) -> list[Outcome]:
    """A batch in one command. A version on a phone is the area's; a door that has not changed since
    is one that its visitor saw as it is. One that a person has decided is decided here."""
    seen = _doors([one.subject_id for one in operations])
    new = [_visit(one, seen) for one in operations if one.chosen is None]
    found = {one.visit_id: one for one in commands.record_visits(by=by, visits=new)} if new else {}
    present = _doors([one.standing_id for one in found.values()])
    return [
        _decided(by, one) if one.chosen is not None else _outcome(found[one.id], one, present)
        for one in operations
    ]


def _visit(one: Operation, seen: "dict[UUID, _Door]") -> NewVisit:
    body = one.body
    assert isinstance(body, VisitBody)
    wrong_by = clock_wrong_by(one, body.visited_on)
    return NewVisit(
        id=one.id,
        standing_id=one.subject_id,
        state=body.state,
        reason=body.reason,
        come_back_on=body.come_back_on and body.come_back_on - wrong_by,
        duplicate_of=body.duplicate_of,
        visited_on=body.visited_on and body.visited_on - wrong_by,
        base_version=_base(one.base_version, seen.get(one.subject_id)),
        supersedes=one.supersedes,
        source="device",
        area_id=one.area_id,
    )


def clock_wrong_by(one: Operation, said: date | None) -> timedelta:
    """How many days a phone was wrong that had not heard so yet: its word is of a day that can't be.
    Nobody could mend it there, and to refuse it would lose the visit."""
    if said is None or one.at_device is None or said != day_of(one.at_device):
        return timedelta()
    skew = timedelta(seconds=one.skew_s)
    if abs(skew) <= _CLOCK_IS_WRONG or today() - _LONGEST_OUT <= said <= today():
        return timedelta()
    return said - min(day_of(one.at_device - skew), today())


class _Door(NamedTuple):
    """How a standing is now: its own version, that of its area, and its state."""

    version: int
    area_version: int
    state: str


def _doors(ids: Sequence[UUID]) -> dict[UUID, _Door]:
    """One query for a whole batch."""
    if not ids:
        return {}
    with beyond_scope(queries.OWN_TEAM):
        rows = Standing.objects.filter(pk__in=ids)
        listed = rows.values_list("id", "version", "area_version", "state")
        return {one: _Door(version, area, state) for one, version, area, state in listed}


def _base(area_version: int | None, present: _Door | None) -> int | None:
    """The standing's version that a phone saw which had its area at `area_version`. What a phone
    added itself has none, and its first word is believed where nothing was said before."""
    if present is None:
        return None
    is_seen = area_version is not None and area_version >= present.area_version
    return present.version if is_seen else present.version - 1


def _decided(by: Actor, one: Operation) -> Outcome:
    """A person chose between what stands here and what the phone says."""
    standing = queries.get_standing_for(by, one.subject_id)
    body = one.body
    assert isinstance(body, VisitBody)
    with beyond_scope(queries.OWN_TEAM):
        was_kept = Visit.objects.filter(pk=one.id).exists()
    takes = "state" in (one.chosen or ())
    if not was_kept:
        if not takes:
            return Outcome("merged", standing.area_version)
        new = _visit(one, {})
        return _outcome(commands.record_visits(by=by, visits=[new])[0], one, _doors([standing.id]))
    visit_id = one.id if takes else standing.visit_id
    try:
        if visit_id is not None:
            commands.decide_conflict(by=by, standing_id=standing.id, visit_id=visit_id)
    except Refused as refused:
        if refused.code != "decided":
            raise
    after = queries.get_standing_for(by, standing.id)
    return Outcome("applied" if takes else "merged", after.area_version)


def _outcome(found: VisitOutcome, one: Operation, doors: dict[UUID, _Door]) -> Outcome:
    if found.state == "not-found":
        return Outcome("refused", None, "not-found")
    if found.state == "refused":
        return Outcome("refused", None, found.code)
    door = doors[found.standing_id]
    if found.state == "conflict":
        kept = {"state": {"here": door.state, "phone": _said(one)}}
        return Outcome("conflict", door.area_version, "two-visits", kept)
    return Outcome("merged" if found.state == "merged" else "applied", door.area_version)


def _said(one: Operation) -> str:
    return one.body.state if isinstance(one.body, VisitBody) else "members_found"


def _each(act: Callable[[Actor, Operation], Outcome]) -> Callable[..., list[Outcome]]:
    """One after the other, where there are few: what a rule refuses holds up nobody."""

    def apply(by: Actor, operations: Sequence[Operation]) -> list[Outcome]:
        outcomes = []
        for one in operations:
            try:
                outcomes.append(act(by, one))
            except Refused as refused:
                outcomes.append(Outcome("refused", None, refused.code))
            except NotFound:
                outcomes.append(Outcome("refused", None, "not-found"))
        return outcomes

    return apply


def _find(by: Actor, one: Operation) -> Outcome:
    body = one.body
    assert isinstance(body, FoundBody)
    words = {name: one.opened.get(name, "").strip() for name in ("name", "phone", "home", "note")}
    seen = _doors([body.standing_id]).get(body.standing_id)
    visit = NewVisit(
        id=one.id,
        standing_id=body.standing_id,
        state="members_found",
        visited_on=body.visited_on and body.visited_on - clock_wrong_by(one, body.visited_on),
        base_version=_base(one.base_version, seen),
        source="device",
    )
    said = LeadSaid(**words, trade=one.opened.get("trade", "").strip())
    found = commands.record_found(by=by, visit=visit, said=said, search_method=body.search_method)
    return _outcome(found, one, _doors([found.standing_id]))


def _add(by: Actor, one: Operation) -> Outcome:
    body = one.body
    assert isinstance(body, DoorBody)
    if one.area_id is None:
        raise NotFound("area")
    area = queries.get_area_for(by, one.area_id)
    door = NewDoor(body.name, body.address, body.credit_code, body.type, body.is_another)
    added = commands.add_door(
        by=by, round_id=area.round_id, door=door, area_id=area.id, premises_id=one.subject_id
    )
    return Outcome("applied", added.area_version)


def register() -> None:
    """Once, when the application is ready."""
    register_packet_kind(
        PacketKind(CODE, str(_("摸排")), Permission.CANVASS, areas_for, build, owner_of, workers)
    )
    # What is said into the phone goes with a visit; a shop that is added has nobody to speak of.
    kinds: tuple[tuple[str, type[BaseModel], Callable[..., list[Outcome]], Any, KindWords], ...] = (
        ("census.visit", VisitBody, apply_visits, _("走访结果"), brought.VISIT),
        ("census.found", FoundBody, _each(_find), _("找到的党员"), brought.FOUND),
        ("census.add_premises", DoorBody, _each(_add), _("新登记的单位"), brought.ADDED),
    )
    for code, body, apply, title, words in kinds:
        register_operation_kind(
            OperationKind(
                code,
                1,
                body,
                Permission.CANVASS,
                apply,
                area_kind=CODE,
                title=title,
                words=words,
                turned_down=turn_down,
                conflicts_go_up=True,
                hold=hold_touched,
                takes_spoken=code != "census.add_premises",
            )
        )
