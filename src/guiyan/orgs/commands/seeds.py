"""What ships with Guiyan and is put into the tables: kinds, parameters, working days, divisions."""

import tomllib
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from uuid import UUID

from guiyan.kernel.calendar import WorkingDays
from guiyan.kernel.findings import gettext_noop as _
from guiyan.orgs.commands.rows import locked
from guiyan.orgs.divisions.load import Loaded
from guiyan.orgs.divisions.load import load_divisions as load_into_table
from guiyan.orgs.kinds import packaged_kinds
from guiyan.orgs.models import OrganisationKind, RuleParameter, WorkdayException
from guiyan.orgs.queries.parameters import parameter
from guiyan.orgs.types import Parameter
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import Refused
from guiyan.platform.permissions import Permission

# National values hold since before Guiyan, so that a register can be asked for any past day.
SINCE_EVER = date(2000, 1, 1)
_PUBLISHED = "国务院办公厅放假通知（chinesecalendar）"


def _silent(_count: int) -> None:
    """Tells nobody."""


@command(Permission.ADMINISTER_SYSTEM)
def load_divisions(*, by: Actor, progress: Callable[[int], None] = _silent) -> Loaded:
    """Bring the packed divisions of the country into the table; a second time changes nothing."""
    loaded = load_into_table(progress=progress)
    audit.note(subject_kind="divisions", new=loaded.new, ended=loaded.ended)
    return loaded


@command(Permission.ADMINISTER_SYSTEM)
def seed_kinds(*, by: Actor) -> int:
    """Put the packaged kinds into the table; a site's own kinds stay. Returns how many."""
    kinds = packaged_kinds()
    OrganisationKind.objects.bulk_create(
        [
            OrganisationKind(
                code=kind.code,
                name=kind.name,
                allowed_parents=list(kind.parents),
                abilities=sorted(kind.abilities),
                source=kind.source,
                position=kind.position,
            )
            for kind in kinds
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "allowed_parents", "abilities", "source", "position"],
    )
    audit.note(subject_kind="kinds", count=len(kinds))
    return len(kinds)


@command(Permission.ADMINISTER_SYSTEM)
def seed_parameters(*, by: Actor) -> int:
    """Put the country's values of the rule parameters into the table where they lack."""
    table = tomllib.loads((files("guiyan.orgs") / "parameters.toml").read_text("utf-8"))
    known = set(RuleParameter.objects.filter(path="").values_list("name", flat=True))
    new = [
        RuleParameter(name=name, path="", valid_from=SINCE_EVER, **row)
        for name, row in table.items()
        if name not in known
    ]
    RuleParameter.objects.bulk_create(new)
    audit.note(subject_kind="parameters", count=len(new))
    return len(new)


@command(Permission.ADMINISTER_SYSTEM)
def seed_working_days(*, by: Actor) -> int:
    """Put the announced holidays and make-up days into the table; days that people have entered
    stay. Years that are not announced yet are left out: there only weekends are off."""
    years = range(SINCE_EVER.year, by.today.year + 2)
    published = WorkingDays.published(years)
    new = [
        WorkdayException(day=day, is_working=is_working, name=name, source=_PUBLISHED)
        for days, is_working, name in (
            (published.holidays, False, "法定节假日"),
            (published.make_up_days, True, "调休上班"),
        )
        for day in sorted(days)
    ]
    before = WorkdayException.objects.count()
    WorkdayException.objects.bulk_create(new, ignore_conflicts=True)
    added = WorkdayException.objects.count() - before
    audit.note(subject_kind="working_days", count=added)
    return added


@command(Permission.CHANGE_ORGANISATIONS)
def set_parameter(
    *,
    by: Actor,
    organisation_id: UUID,
    name: str,
    value: int,
    source: str,
    valid_from: date,
    reason: str = "",
) -> Parameter:
    """From a day on an organisation and all below it follow their own number; it names its source.

    Refuses: unknown-parameter, not-positive, no-source, in-the-past (what has held is history).
    """
    row = locked(by, organisation_id)
    national = RuleParameter.objects.filter(path="", name=name).order_by("-valid_from").first()
    if national is None:
        raise Refused("unknown-parameter", _("没有这个参数。请从列表里选择。"))
    if value < 1:
        raise Refused("not-positive", _("数值要大于零。请核对后重新填写。"))
    if not source.strip():
        raise Refused("no-source", _("请写明这个数值的依据，例如文件名称和条款。"))
    if valid_from < by.today:
        raise Refused("in-the-past", _("生效日期不能早于今天：已经执行过的规定不能改写。"))
    RuleParameter.objects.update_or_create(
        organisation=row,
        name=name,
        valid_from=valid_from,
        defaults={
            "path": row.path,
            "value": value,
            "unit": national.unit,
            "source": source.strip(),
        },
    )
    audit.note(subject_kind="organisation", subject_id=row.id, parameter=name, value=value)
    return parameter(name, path=row.path, on=valid_from)


@command(Permission.ADMINISTER_SYSTEM)
def set_workday(*, by: Actor, day: date, is_working: bool, name: str, source: str) -> None:
    """Say of one day that it is off, or worked though a weekend; a later word counts."""
    WorkdayException.objects.update_or_create(
        day=day, defaults={"is_working": is_working, "name": name, "source": source}
    )
    audit.note(subject_kind="working_days", day=day.isoformat(), is_working=is_working)
