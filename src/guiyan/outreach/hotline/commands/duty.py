"""The rota is set, and the duty changes hands with all that is open."""

from datetime import date
from uuid import UUID

from guiyan.field import commands as dues
from guiyan.orgs.types import ServicePointFacts
from guiyan.outreach.hotline import queries, rules
from guiyan.outreach.hotline.queries import KIND
from guiyan.outreach.models import Call, DutyException, DutyHandOver, DutyShift
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused, refuse
from guiyan.platform.permissions import Permission


@command(Permission.CHANGE_DIRECTORY)
def add_shift(
    *,
    by: Actor,
    point_id: UUID,
    weekdays: list[int],
    starts: str,
    ends: str,
    shown_as: str,
    account_id: UUID | None = None,
) -> int:
    """A team or a person answers on these days of every week. Returns how many shifts are new."""
    point, path = queries.hotline_for(by, point_id)
    refuse(rules.may_stand(starts, ends))
    _refuse_strangers(point, path, account_id)
    standing = set(
        DutyShift.objects.filter(point_id=point.id, starts=starts, ends=ends, shown_as=shown_as)
        .values_list("weekday", flat=True)
    )  # fmt: skip
    new = [
        DutyShift(
            point_id=point.id, path=path, weekday=weekday, starts=starts, ends=ends,
            account_id=account_id, shown_as=shown_as,
        )
        for weekday in weekdays
        if weekday not in standing
    ]  # fmt: skip
    DutyShift.objects.bulk_create(new)
    audit.note(subject_kind="service_point", subject_id=point.id, shifts=len(new))
    return len(new)


@command(Permission.CHANGE_DIRECTORY)
def remove_shift(*, by: Actor, shift_id: UUID) -> UUID:
    """Nobody of this name answers then any more. Returns the hotline's id."""
    row = DutyShift.objects.select_for_update().filter(id=shift_id).first()
    if row is None:
        raise NotFound("shift")
    point_id = row.point_id
    row.delete()
    audit.note(subject_kind="service_point", subject_id=point_id)
    return point_id


@command(Permission.CHANGE_DIRECTORY)
def add_day(
    *,
    by: Actor,
    point_id: UUID,
    day: date,
    starts: str,
    ends: str,
    shown_as: str,
    account_id: UUID | None = None,
) -> UUID:
    """On this day somebody else answers, or nobody (`shown_as` empty)."""
    point, path = queries.hotline_for(by, point_id)
    refuse(rules.may_stand(starts, ends))
    if day < by.today:
        raise Refused("past", "这一天已经过去了。请写今天或以后的日子。")
    _refuse_strangers(point, path, account_id)
    standing = DutyException.objects.filter(point_id=point.id, day=day)
    refuse(rules.may_differ(list(standing.values_list("starts", "ends")), starts, ends))
    row = DutyException.objects.create(
        point_id=point.id, path=path, day=day, starts=starts, ends=ends,
        account_id=account_id, shown_as=shown_as,
    )  # fmt: skip
    audit.note(subject_kind="service_point", subject_id=point.id, day=day.isoformat())
    return row.id


@command(Permission.CHANGE_DIRECTORY)
def remove_day(*, by: Actor, day_id: UUID) -> UUID:
    """The week's rota holds again. Returns the hotline's id."""
    row = DutyException.objects.select_for_update().filter(id=day_id).first()
    if row is None:
        raise NotFound("day")
    point_id = row.point_id
    row.delete()
    audit.note(subject_kind="service_point", subject_id=point_id)
    return point_id


@command(Permission.ANSWER_HOTLINE)
def take_over(*, by: Actor, point_id: UUID, note: str = "") -> int:
    """The duty is mine from now, with every call that is still to be called back; the note is for
    whoever answers next. Returns how many calls came along."""
    point, path = queries.hotline_for(by, point_id)
    waiting = Call.objects.select_for_update().filter(point_id=point.id, state="missed")
    ids = [call.id for call in waiting]
    Call.objects.filter(id__in=ids).update(owner_account_id=by.account_id)
    dues.take_dues(by=by, subject_ids=ids, kinds=[KIND], owner_account_id=by.account_id)
    DutyHandOver.objects.create(
        point_id=point.id,
        path=path,
        to_account_id=by.account_id,
        to_name=by.name,
        note=note.strip()[:300],
        open_calls=len(ids),
    )
    audit.note(subject_kind="service_point", subject_id=point.id, calls=len(ids))
    return len(ids)


def _refuse_strangers(point: ServicePointFacts, path: str, account_id: UUID | None) -> None:
    """A person on the rota is one who may answer there."""
    if account_id and account_id not in {one.account_id for one in queries.people_of(path)}:
        raise Refused("not-an-operator", "这个人没有接听热线的授权。请先授权，或者写值班组。")
