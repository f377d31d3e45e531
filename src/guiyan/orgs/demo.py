"""Builds the demo's tree: Meigu with what is real about it, a neighbour, Guanshanhu, an outpost."""

from collections.abc import Callable
from dataclasses import dataclass

from guiyan.orgs import commands, demo_plan, queries
from guiyan.orgs.demo_plan import GUANSHANHU, MEIGU, ZHAOJUE, CountyDivisions
from guiyan.orgs.divisions.packed import DivisionLevel, counts
from guiyan.orgs.models import Organisation, ServicePoint
from guiyan.orgs.types import NewOrganisation
from guiyan.platform.actor import Actor

Progress = Callable[[str, int, int], None]
DIVISIONS, ORGANISATIONS, DIRECTORY = "divisions", "organisations", "directory"


def _silent(_step: str, _done: int, _all: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class DemoTree:
    """How many organisations and service points were new."""

    organisations: int
    service_points: int


def seed(by: Actor, progress: Progress = _silent) -> None:
    """Kinds, parameters, working days and divisions: what every deployment starts from.

    A second time changes nothing.
    """
    commands.seed_kinds(by=by)
    commands.seed_parameters(by=by)
    commands.seed_working_days(by=by)
    if not queries.divisions_are_loaded():
        whole = sum(counts().values())
        commands.load_divisions(by=by, progress=lambda done: progress(DIVISIONS, done, whole))


def build_demo_tree(by: Actor, progress: Progress = _silent) -> DemoTree:
    """Seed, then open the demo's organisations. `by` is the system; `progress` is told the step,
    how many are done and how many there are in all."""
    seed(by, progress)
    return open_demo_tree(by, progress)


def open_demo_tree(by: Actor, progress: Progress = _silent) -> DemoTree:
    """Open what lacks of the demo's organisations and list their desks and hotlines.

    Told apart by their codes, so a second run adds nothing, and what people have renamed or moved
    since stays as it is. Needs the kinds and the divisions in the tables.
    """
    plan = demo_organisations()
    codes = set(
        Organisation.objects.filter(code__in=[new.code for new in plan]).values_list(
            "code", flat=True
        )
    )
    new = [organisation for organisation in plan if organisation.code not in codes]
    commands.open_organisations(
        by=by,
        new=new,
        reason="演示数据",
        progress=lambda done, every: progress(ORGANISATIONS, done, every),
    )
    return DemoTree(len(new), _list_points(by, new, progress))


def demo_organisations() -> list[NewOrganisation]:
    """The plan in full, parents first; needs the divisions in the table."""
    meigu, zhaojue, guanshanhu = (_divisions(code) for code in (MEIGU, ZHAOJUE, GUANSHANHU))
    return [
        *demo_plan.upper_organisations(),
        *demo_plan.county_organisations(meigu),
        *demo_plan.meigus_own(),
        *demo_plan.centres_of_county(meigu),
        *demo_plan.county_organisations(zhaojue),
        *demo_plan.centres_of_county(zhaojue),
        *demo_plan.county_organisations(guanshanhu),
        *demo_plan.centres_of_guanshanhu(guanshanhu),
    ]


def _divisions(county: str) -> CountyDivisions:
    townships = queries.divisions_under(county, level=DivisionLevel.TOWNSHIP)
    villages: dict[str, list[tuple[str, str]]] = {code: [] for code, _name in townships}
    for code, name in queries.divisions_under(county, level=DivisionLevel.VILLAGE):
        villages[code[: DivisionLevel.TOWNSHIP.digits] + "000"].append((code, name))
    return CountyDivisions(county, townships, dict(villages))


def _list_points(by: Actor, new: list[NewOrganisation], progress: Progress) -> int:
    wanted = list(demo_plan.service_points(new))
    listed = set(
        ServicePoint.objects.filter(
            organisation__code__in={point.organisation_code for point in wanted}
        ).values_list("organisation__code", "name")
    )
    points = [point for point in wanted if (point.organisation_code, point.name) not in listed]
    commands.add_service_points(by=by, new=points, reason="演示数据")
    progress(DIRECTORY, len(points), len(points))
    return len(points)
