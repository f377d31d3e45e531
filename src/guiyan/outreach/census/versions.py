"""The version of an area grows with whatever changes in it, so that a phone asks for what is new."""

from collections.abc import Iterable
from uuid import UUID

from guiyan.outreach.models import Area, HandOver, Standing


def next_versions(area_ids: Iterable[UUID | None]) -> dict[UUID, int]:
    """Each area one version on, locked in one order; returns the new versions."""
    wanted = {one for one in area_ids if one is not None}
    rows = list(Area.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    for row in rows:
        row.version += 1
    Area.objects.bulk_update(rows, ["version"])
    return {row.id: row.version for row in rows}


def stamp(rows: Iterable[Standing]) -> None:
    """Each standing bears the new version of the area in which it now is (not saved here)."""
    listed = list(rows)
    versions = next_versions(row.area_id for row in listed)
    for row in listed:
        if row.area_id is not None:
            row.area_version = versions[row.area_id]


def bury(left: Iterable[tuple[Standing, UUID, UUID | None]]) -> None:
    """Standings that left an area for another, or for none: a tombstone each, in the area's new
    version. Areas that were only proposed were in nobody's hands, and keep none."""
    listed = list(left)
    areas = Area.objects.filter(pk__in={area for _row, area, _to in listed}, is_confirmed=True)
    by_id = {area.id: area for area in areas}
    versions = next_versions(by_id)
    HandOver.objects.bulk_create(
        HandOver(
            path=by_id[area].path,
            area_id=area,
            area_version=versions[area],
            standing_id=row.id,
            from_team_id=by_id[area].team_id,
            to_area_id=to,
        )
        for row, area, to in listed
        if area in by_id
    )
