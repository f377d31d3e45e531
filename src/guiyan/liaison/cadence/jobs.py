"""The clock's work of the cadence, and what follows when a stay moves or a policy changes."""

from datetime import date
from uuid import UUID

from guiyan.field import commands as field_commands
from guiyan.flows import queries as flow_queries
from guiyan.liaison.cadence import materialising
from guiyan.liaison.cadence.kinds import KINDS, side_of
from guiyan.liaison.models import CadenceStanding, ContactPerson
from guiyan.orgs.queries import path_range
from guiyan.platform.actor import Actor
from guiyan.platform.clock import today
from guiyan.platform.jobs import job, long_job


@long_job("liaison.put_dues", cron="20 16 * * *")
def put_dues() -> None:
    """Each night (00:20 in China): periods that begin today are owed from today."""
    materialising.tonight(today(), Actor.system("liaison.put_dues"))


@job("liaison.follow_case")
def follow_case(case_id: str) -> None:
    """After a step of a case: its dues are opened, go along to the new host, or are owed no more."""
    by = Actor.system("liaison.follow_case")
    case = flow_queries.get_case_for(by, UUID(case_id))
    standing = CadenceStanding.objects.filter(case_id=case.id).first()
    if not case.is_open:
        field_commands.cancel_dues(by=by, subject_ids=[case.id])
        if standing is not None:
            standing.delete()
        return
    if standing is not None and case.host_path and standing.host_path != case.host_path:
        _go_along(by, case.id, case.host_organisation_id, case.host_path)
        CadenceStanding.objects.filter(case_id=case.id).update(host_path=case.host_path)
    materialising.one_stay(by, case.id)


@job("liaison.forget_cases")
def forget_cases(case_ids: list[str]) -> None:
    """Cases were taken back or erased: nothing is owed about them any more."""
    by = Actor.system("liaison.forget_cases")
    field_commands.cancel_dues(by=by, subject_ids=[UUID(case_id) for case_id in case_ids])


@job("liaison.look_again")
def look_again(path: str, day: str) -> None:
    """A policy changes on a day: the stays below it are looked at in the night of that day."""
    low, high = path_range(path)
    from_day = date.fromisoformat(day)
    late = CadenceStanding.objects.filter(look_on__gt=from_day, look_on__lt=date.max)
    for column in ("host_path", "case__home_path"):
        some = late.filter(**{f"{column}__gte": low, f"{column}__lt": high})
        some.update(look_on=from_day)


def _go_along(by: Actor, case_id: UUID, organisation_id: UUID | None, path: str) -> None:
    if organisation_id is None:
        return
    owner = ContactPerson.objects.filter(case_id=case_id, valid_to__isnull=True).first()
    kinds = [kind for kind in KINDS if side_of(kind, is_abroad=False) == "host"]
    field_commands.move_dues(
        by=by,
        case_id=case_id,
        organisation_id=organisation_id,
        path=path,
        owner_account_id=owner.account_id if owner else None,
        kinds=[*kinds, "next"],
    )
