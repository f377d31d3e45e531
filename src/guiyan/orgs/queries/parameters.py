"""Numbers from the rules, as they hold for an organisation on a day, and the working days."""

from datetime import date

from guiyan.kernel.calendar import WorkingDays
from guiyan.orgs import rules
from guiyan.orgs.models import RuleParameter, WorkdayException
from guiyan.orgs.types import Parameter
from guiyan.platform.errors import NotFound


def parameter(name: str, *, path: str, on: date) -> Parameter:
    """What holds at `path` on that day: the nearest organisation above that has set it decides,
    the country's own value where none has. One query. Raises NotFound for an unknown name."""
    found = _in_force(path, on, name=name)
    if not found:
        raise NotFound(f"parameter {name}")
    return found[0]


def parameters_at(path: str, on: date) -> list[Parameter]:
    """All that hold at `path` on that day, by name, with who has set them. One query."""
    return _in_force(path, on)


def _in_force(path: str, on: date, **wish: str) -> list[Parameter]:
    rows = (
        RuleParameter.objects.select_related("organisation")
        .filter(path__in=["", *rules.ancestor_paths(path)], valid_from__lte=on, **wish)
        .order_by("name", "-path", "-valid_from")
    )
    nearest: dict[str, Parameter] = {}
    for row in rows:
        if row.name not in nearest:
            nearest[row.name] = Parameter(
                name=row.name,
                value=row.value,
                unit=row.unit,
                source=row.source,
                valid_from=row.valid_from,
                set_by_path=row.path,
                set_by_name=row.organisation.name if row.organisation else "",
            )
    return list(nearest.values())


def working_days() -> WorkingDays:
    """Holidays and make-up days as the table has them, edited by people. One query."""
    rows = list(WorkdayException.objects.values_list("day", "is_working"))
    return WorkingDays(
        holidays=frozenset(day for day, is_working in rows if not is_working),
        make_up_days=frozenset(day for day, is_working in rows if is_working),
        years=frozenset(day.year for day, _ in rows),
    )
