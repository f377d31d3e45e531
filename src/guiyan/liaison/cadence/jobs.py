"""The clock's work of the cadence, and what follows when a stay moves or a policy changes."""

from datetime import date
from uuid import UUID, uuid5

from guiyan.field import commands as field_commands
from guiyan.flows import queries as flow_queries
from guiyan.flows.types import CaseFacts
from guiyan.liaison.cadence import materialising, rules
from guiyan.liaison.cadence.kinds import KINDS, side_of
from guiyan.liaison.models import CadenceStanding, ContactPerson, Relief
from guiyan.orgs.queries import path_range
from guiyan.platform.actor import Actor
from guiyan.platform.clock import today
from guiyan.platform.jobs import job, long_job

# What a stay begins with, and what its home side owes, is not carried to the next stay.
_OF_THE_STAY = frozenset({"first_week", "spring", "abroad"})


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
        _go_on(by, case, standing)
        field_commands.cancel_dues(by=by, subject_ids=[case.id])
        if standing is not None:
            standing.delete()
        return
    if standing is not None and case.host_path and standing.host_path != case.host_path:
        _go_along(by, case.id, case.host_organisation_id, case.host_path)
        CadenceStanding.objects.filter(case_id=case.id).update(host_path=case.host_path)
    # Who went abroad is owed nothing of what is for those in the country, and the other way round.
    others = [kind for kind in KINDS if not rules.concerns(kind, is_abroad=case.is_abroad)]
    here, abroad = (uuid5(case.id, place) for place in ("here", "abroad"))
    gone, back = (here, abroad) if case.is_abroad else (abroad, here)
    field_commands.cancel_dues(by=by, subject_ids=[case.id], kinds=others, closed_by=gone)
    if field_commands.reopen_dues(by=by, closed_by=back, due_from=by.today):
        _stand_again(by, case)
    materialising.one_stay(by, case.id)


def _stand_again(by: Actor, case: CaseFacts) -> None:
    """What the tick "abroad" took away is owed again after it was taken out within one period: the
    same due, never a second one; by whom and where the stay is now, and of nobody who is relieved."""
    if case.host_path:
        _go_along(by, case.id, case.host_organisation_id, case.host_path)
    reliefs = Relief.objects.filter(member_id=case.member_id, starts_on__lte=by.today)
    for relief in reliefs.exclude(ends_on__lt=by.today):
        field_commands.cancel_dues(
            by=by, subject_ids=[case.id], due_until=relief.ends_on, closed_by=relief.id
        )


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


def _go_on(by: Actor, case: CaseFacts, standing: CadenceStanding | None) -> None:
    """The member moved on: what is still open goes to the next stay with its days, and periods that
    are owed already are not owed twice. The week of arrival begins anew."""
    onward = flow_queries.following_case(case.id)
    if onward is None or not onward.is_open:
        return
    organisation_id = onward.host_organisation_id or onward.home_organisation_id
    path = onward.host_path or onward.home_path
    if organisation_id is None or path is None:
        return
    kinds = [kind for kind in KINDS if kind not in _OF_THE_STAY]
    field_commands.carry_dues(
        by=by,
        case_id=case.id,
        next_case_id=onward.id,
        organisation_id=organisation_id,
        path=path,
        kinds=[*kinds, "next"],
    )
    if standing is not None:
        through = {kind: day for kind, day in standing.through.items() if kind in kinds}
        CadenceStanding.objects.get_or_create(
            case_id=onward.id,
            defaults={"through": through, "look_on": by.today, "host_path": onward.host_path or ""},
        )


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
        owner_account_id=owner.acting_account_id if owner else None,
        kinds=[*kinds, "next"],
    )
