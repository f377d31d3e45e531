"""One order in which rows of a census are locked (docs/offline.md, "One order of locks").

First nothing moves in the tree; then teams, rounds, doors, areas, each by id. A command locks at its
beginning all that it will change; what it locks again later it holds already.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from guiyan.field import commands as field_commands
from guiyan.field.offline import Touched
from guiyan.orgs.commands import keep_tree_still
from guiyan.orgs.queries import ancestor_paths
from guiyan.outreach.models import Area, Round, Standing, Team
from guiyan.platform.scope import beyond_scope

_HOLDING = "a door, its area and the rounds over it are locked wherever they lie"


def hold_rounds(paths: Iterable[str]) -> list[Round]:
    """The open rounds over premises that stand at or above any of these places."""
    keep_tree_still()
    above = {path for one in set(paths) for path in ancestor_paths(one)}
    with beyond_scope(_HOLDING):
        rows = Round.objects.select_for_update().filter(
            path__in=above, state="open", kind="premises"
        )
        return list(rows.order_by("pk"))


def hold_doors(standing_ids: Iterable[UUID], areas: Iterable[UUID | None] = ()) -> None:
    """These doors, then the areas in which they are and those named."""
    keep_tree_still()
    with beyond_scope(_HOLDING):
        rows = Standing.objects.select_for_update().filter(pk__in=set(standing_ids))
        inside = list(rows.order_by("pk").values_list("area_id", flat=True))
        hold_areas([*inside, *areas])


def hold_areas(area_ids: Iterable[UUID | None]) -> None:
    """After the doors, when all of them are known."""
    keep_tree_still()
    with beyond_scope(_HOLDING):
        rows = Area.objects.select_for_update().filter(pk__in={one for one in area_ids if one})
        list(rows.order_by("pk").values_list("pk"))


def hold_teams(team_ids: Iterable[UUID | None]) -> None:
    keep_tree_still()
    with beyond_scope(_HOLDING):
        rows = Team.objects.select_for_update().filter(pk__in={one for one in team_ids if one})
        list(rows.order_by("pk").values_list("pk"))


def hold_to_decide(standing_ids: Iterable[UUID]) -> None:
    """For a person's word over visits: what phones have brought about them is decided with it."""
    field_commands.begin_deciding()
    hold_doors(standing_ids)


def hold_touched(touched: Sequence[Touched]) -> None:
    """What a batch of a phone is about to touch, whatever its operations do."""
    doors = {getattr(one.body, "standing_id", one.subject_id) for one in touched}
    areas = {one.area_id for one in touched}
    adding = (one.area_id for one in touched if one.kind == "census.add_premises")
    added = {one for one in adding if one}
    if added:
        with beyond_scope(_HOLDING):
            paths = list(Area.objects.filter(pk__in=added).values_list("path", flat=True))
        hold_rounds(paths)
    hold_doors(doors, areas if added else ())
