"""Areas: proposed by the program, corrected and confirmed by people, given to teams."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.db.models import F, Max, Q, QuerySet

from guiyan.orgs import queries as orgs
from guiyan.orgs.commands import keep_tree_still
from guiyan.outreach.census import queries, rules
from guiyan.outreach.census.counts import Change, Place, note_changes
from guiyan.outreach.census.holding import hold_areas, hold_teams
from guiyan.outreach.census.splitting import Point, Stop, area_name, split
from guiyan.outreach.census.supervision import village_places
from guiyan.outreach.census.types import AreaFacts
from guiyan.outreach.census.versions import bury, stamp
from guiyan.outreach.models import Area, HandOver, Round, Standing, Team
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.bulk import update_rows
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused, refuse
from guiyan.platform.permissions import Permission

_MOST_AREAS = 60


@command(Permission.MANAGE_CENSUS)
def propose_areas(
    *, by: Actor, round_id: UUID, organisation_id: UUID, parts: int
) -> list[AreaFacts]:
    """A township's premises that stand in no confirmed area, split anew into so many.

    Only a proposal: nothing is said to any team before it is confirmed.
    """
    keep_tree_still()
    place = orgs.get_organisation_for(by, organisation_id)
    _open_round(round_id)
    if not 1 <= parts <= _MOST_AREAS:
        raise Refused("parts", "一个乡镇可以分成 1 到 60 片，请改一下片数。")
    drafts = Area.objects.filter(round_id=round_id, organisation_id=place.id, is_confirmed=False)
    rows = list(
        Standing.objects.select_for_update()
        .filter(Q(area=None) | Q(area__in=drafts), round_id=round_id, path=place.path)
        .order_by("pk")
    )
    if not rows:
        raise Refused("nothing", "这里没有要划片的单位：都已在确认过的片里，或名下没有单位。")
    stops = [Stop(row.village, row.street, row.house) for row in rows]
    part_of = split(stops, parts, _pins(place.division_code, {stop.village for stop in stops}))
    in_drafts = [row for row in rows if row.area_id is not None]
    if in_drafts:
        _put_into(in_drafts, [None] * len(in_drafts))
    drafts.delete()
    taken = Area.objects.filter(round_id=round_id, organisation_id=place.id)
    first = (taken.aggregate(last=Max("number"))["last"] or 0) + 1
    made = []
    for part in sorted(set(part_of)):
        own = [stop for stop, one in zip(stops, part_of, strict=True) if one == part]
        made.append(
            Area(
                id=uuid4(),
                round_id=round_id,
                path=place.path,
                organisation_id=place.id,
                number=first + part,
                name=area_name(own)[:60],
            )
        )
    Area.objects.bulk_create(made)
    by_part = {area.number - first: area.id for area in made}
    _put_into(rows, [by_part[part] for part in part_of])
    audit.note(subject_kind="organisation", subject_id=place.id, areas=len(made))
    return queries.areas_of(by, round_id, path=place.path)


@command(Permission.MANAGE_CENSUS)
def move_doors(
    *,
    by: Actor,
    area_id: UUID,
    standing_ids: Sequence[UUID] = (),
    street_of: tuple[UUID, str] | None = None,
) -> int:
    """Premises, or a whole street of another area, into this area of the same township."""
    keep_tree_still()
    area = _open_area(area_id)
    wanted = Q(pk__in=list(standing_ids))
    if street_of:
        wanted |= Q(area_id=street_of[0], street=street_of[1])
    rows = list(
        Standing.objects.select_for_update()
        .filter(wanted, round_id=area.round_id, path=area.path)
        .exclude(area_id=area.id)
        .order_by("pk")
    )
    if not rows:
        raise Refused("nothing-chosen", "没有选中要移动的单位。请先勾选单位，或选一条街道。")
    _put_into(rows, [area.id] * len(rows))
    audit.note(subject_kind="area", subject_id=area.id, premises=len(rows))
    return len(rows)


@command(Permission.MANAGE_CENSUS)
def confirm_areas(*, by: Actor, round_id: UUID, organisation_id: UUID) -> int:
    """The proposal becomes what is walked, when every premises of the township is in an area."""
    keep_tree_still()
    place = orgs.get_organisation_for(by, organisation_id)
    _open_round(round_id)
    outside = Standing.objects.filter(round_id=round_id, path=place.path, area=None).count()
    if outside:
        raise Refused("outside", "还有 %(n)s 家不在任何一片里，请先移入一片。", {"n": outside})
    rows = Area.objects.filter(round_id=round_id, organisation_id=place.id, is_confirmed=False)
    hold_areas(rows.values_list("id", flat=True))
    count = rows.update(is_confirmed=True, version=F("version") + 1)
    audit.note(subject_kind="organisation", subject_id=place.id, areas=count)
    return count


@command(Permission.MANAGE_CENSUS)
def give_area(*, by: Actor, area_id: UUID, team_id: UUID | None) -> AreaFacts:
    """Which team walks an area; a phone of the team before is told that the area moved away."""
    hold_teams([team_id])
    area = area_to_change(area_id)
    if team_id is not None:
        _team_of_round(area.round_id, team_id)
    hand_over(area, team_id)
    audit.note(subject_kind="area", subject_id=area.id, team=str(team_id or ""))
    return queries.get_area_for(by, area.id)


def area_to_change(area_id: UUID) -> Area:
    """Locked, for who changes no doors: these are locked before their areas."""
    return _open_area(area_id, Area.objects.select_for_update())


def _open_area(area_id: UUID, rows: QuerySet[Area] | None = None) -> Area:
    area = (Area.objects.all() if rows is None else rows).filter(pk=area_id).first()
    if area is None:
        raise NotFound("area")
    _open_round(area.round_id)
    return area


def hand_over(area: Area, team_id: UUID | None) -> None:
    """The area's new team, and the tombstone for the old one."""
    if area.team_id == team_id:
        return
    area.version += 1
    if area.team_id is not None:
        HandOver.objects.create(
            path=area.path,
            area_id=area.id,
            area_version=area.version,
            from_team_id=area.team_id,
            to_team_id=team_id,
        )
    area.team_id = team_id
    area.save(update_fields=["team", "version"])


def _team_of_round(round_id: UUID, team_id: UUID) -> Team:
    team = Team.objects.filter(pk=team_id, round_id=round_id, ended_on=None).first()
    if team is None:
        raise NotFound("team")
    return team


def _open_round(round_id: UUID) -> Round:
    row = Round.objects.filter(pk=round_id).first()
    if row is None:
        raise NotFound("round")
    refuse(rules.may_visit(row.state))
    return row


def _put_into(rows: Sequence[Standing], areas: Sequence[UUID | None]) -> None:
    """Standings into areas (None: into none); counted there, and a tombstone where they left a
    confirmed one."""
    changes: list[Change] = []
    left: list[tuple[Standing, UUID, UUID | None]] = []
    for row, area_id in zip(rows, areas, strict=True):
        before = Place.of(row)
        if row.area_id is not None and row.area_id != area_id:
            left.append((row, row.area_id, area_id))
        row.area_id = area_id
        changes.append((before, Place.of(row), None))
    hold_areas([*areas, *(area for _row, area, _to in left)])
    bury(left)
    stamp(rows)
    update_rows(rows, ("area", "area_version"))
    note_changes(changes)


def _pins(division_code: str, villages: set[str]) -> dict[str, Point]:
    """Where the villages of a township lie, as far as a pin or a boundary says it."""
    pins = {}
    for village, place in village_places(division_code, villages).items():
        if place.pin:
            pins[village] = place.pin
        elif place.boundary:
            pins[village] = (place.boundary.longitude, place.boundary.latitude)
    return pins
