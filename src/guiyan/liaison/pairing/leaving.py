"""A contact person is on leave from a day to a day: nobody new is proposed, the members stay, and
somebody stands in, to whom contact and dues go for those days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from guiyan.field import commands as field_commands
from guiyan.flows import queries as flow_queries
from guiyan.liaison.models import ContactPerson, HelpNote, Leave
from guiyan.liaison.pairing import queries, rules
from guiyan.liaison.pairing.types import Carer
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.clock import today
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, refuse
from guiyan.platform.jobs import job
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import Scope, beyond_scope

AWAY = "whoever is away is away, in whichever part of the tree it was planned"
MEMBERS_OF_THE_PART = "the contact persons of members here may belong to another part of the tree"


@command(Permission.PAIR_MEMBERS)
def plan_leave(
    *,
    by: Actor,
    account_id: UUID,
    organisation_id: UUID,
    starts_on: date,
    ends_on: date,
    stand_in_account_id: UUID,
    note: str = "",
    instead_account_id: UUID | None = None,
) -> UUID:
    """From a day to a day somebody else stands in; on the day after all is as before.

    It is for the members of the actor's part of the tree: nobody opens another part's files to
    somebody of theirs. A member elsewhere is given a stand-in there.

    Whoever stands in for others in those days needs somebody to do that instead
    (`instead_account_id`); those of another part of the tree find it in their own list.

    Raises what `may_leave`, `may_stand_in` and `may_stop_standing_in` say against.
    """
    carer = queries.carer_for(by, account_id, organisation_id)
    overlaps = _between(account_id, starts_on, ends_on)
    refuse(rules.may_leave(starts_on, ends_on, today=by.today, overlaps=overlaps))
    found = {one.account_id: one for one in queries.carers_for(by, by.path)}
    stand_in = _fit_to_stand_in(found, stand_in_account_id, account_id, starts_on, ends_on)
    for other in queries.stood_in_for(account_id, starts_on, ends_on):
        refuse(rules.may_stop_standing_in(has_other=instead_account_id is not None))
        assert instead_account_id is not None  # refused above
        change_stand_in(by=by, leave_id=other.id, stand_in_account_id=instead_account_id)
    leave = Leave.objects.create(
        account_id=account_id,
        name=carer.name,
        organisation_id=carer.organisation_id,
        path=carer.path,
        reach=by.path,
        starts_on=starts_on,
        ends_on=ends_on,
        stand_in_account_id=stand_in_account_id,
        stand_in_name=stand_in.name,
        note=note.strip()[:300],
        by_name=by.name,
    )
    if starts_on <= by.today:
        _begin(leave, by.today)
    audit.note(
        subject_kind="account",
        subject_id=account_id,
        starts_on=starts_on.isoformat(),
        ends_on=ends_on.isoformat(),
        stand_in=str(stand_in_account_id),
    )
    return leave.id


@command(Permission.PAIR_MEMBERS)
def change_stand_in(*, by: Actor, leave_id: UUID, stand_in_account_id: UUID) -> None:
    """Somebody else stands in for the rest of a leave, because who did so can't.

    Raises what `may_stand_in` says against.
    """
    leave = Leave.objects.select_for_update().filter(id=leave_id).exclude(state="over").first()
    if leave is None:
        raise NotFound("leave")
    found = {one.account_id: one for one in queries.carers_for(by, by.path)}
    first = max(leave.starts_on, by.today)
    one = _fit_to_stand_in(found, stand_in_account_id, leave.account_id, first, leave.ends_on)
    leave.stand_in_account_id, leave.stand_in_name = one.account_id, one.name
    leave.save(update_fields=["stand_in_account_id", "stand_in_name"])
    if leave.state == "running":
        _hand(leave, one.account_id, one.name, by.today)
    audit.note(
        subject_kind="account", subject_id=leave.account_id, stand_in=str(stand_in_account_id)
    )


def _fit_to_stand_in(
    found: Mapping[UUID, Carer], account_id: UUID, away_account_id: UUID, first: date, last: date
) -> Carer:
    one = found.get(account_id)
    refuse(
        rules.may_stand_in(
            is_somebody_else=one is not None and account_id != away_account_id,
            takes_members=one is not None and one.takes_members,
            is_there=not _between(account_id, first, last),
        )
    )
    assert one is not None  # refused above
    return one


@command(Permission.PAIR_MEMBERS)
def end_leave(*, by: Actor, leave_id: UUID) -> None:
    """Back before the day, or not gone at all: from today all is as before."""
    leave = Leave.objects.select_for_update().filter(id=leave_id).exclude(state="over").first()
    if leave is None:
        raise NotFound("leave")
    _end(leave, by.today)
    audit.note(subject_kind="account", subject_id=leave.account_id)


@job("liaison.follow_leaves", cron="10 16 * * *")
def follow_leaves() -> None:
    """Each night (00:10 in China): leaves that begin today begin, those that ended yesterday end."""
    day = today()
    for leave in Leave.objects.select_for_update().filter(state="running", ends_on__lt=day):
        _end(leave, day)
    for leave in Leave.objects.select_for_update().filter(state="planned", starts_on__lte=day):
        if leave.ends_on < day:
            _end(leave, day)
        else:
            _begin(leave, day)


def note_stand_ins(rows: Iterable[ContactPerson]) -> None:
    """Who is named while on leave: contact and dues go to whoever stands in from the first day."""
    listed = list(rows)
    with beyond_scope(AWAY):
        accounts = {row.account_id for row in listed}
        away = list(Leave.objects.filter(state="running", account_id__in=accounts))
        gone = {leave.account_id for leave in away}
        theirs = [row for row in listed if row.account_id in gone]
        at = flow_queries.host_paths([row.case_id for row in theirs]) if theirs else {}
    for row in theirs:
        for leave in away:
            if leave.account_id == row.account_id and _is_for(leave).covers(at.get(row.case_id)):
                row.stand_in_account_id = leave.stand_in_account_id
                row.stand_in_name = leave.stand_in_name


def _is_for(leave: Leave) -> Scope:
    return Scope.under(leave.reach)


def _between(account_id: UUID, starts_on: date, ends_on: date) -> bool:
    with beyond_scope(AWAY):
        rows = Leave.objects.filter(account_id=account_id).exclude(state="over")
        return rows.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists()


def _begin(leave: Leave, on: date) -> None:
    _hand(leave, leave.stand_in_account_id, leave.stand_in_name, on)
    leave.state = "running"
    leave.save(update_fields=["state"])


def _end(leave: Leave, on: date) -> None:
    if leave.state == "running":
        _hand(leave, None, "", on)
    leave.state, leave.ends_on = "over", min(leave.ends_on, on - timedelta(days=1))
    leave.save(update_fields=["state", "ends_on"])


def _hand(leave: Leave, account_id: UUID | None, name: str, on: date) -> None:
    """Contact and dues of the members it is for go to whoever stands in, or back."""
    part = _is_for(leave)
    with beyond_scope(MEMBERS_OF_THE_PART):
        rows = ContactPerson.objects.filter(
            account_id=leave.account_id,
            valid_to__isnull=True,
            case__host_path__gte=part.low,
            case__host_path__lt=part.high,
        )
        cases = list(rows.values_list("case_id", flat=True))
        rows.update(stand_in_account_id=account_id, stand_in_name=name)
        if account_id is not None and leave.note:  # read where the contact is recorded
            HelpNote.objects.bulk_create(
                HelpNote(case_id=case_id, how="note", note=leave.note, by_name=leave.name)
                for case_id in cases
            )
        field_commands.give_dues(
            by=replace(Actor.system("liaison.leave"), today=on),
            owners=dict.fromkeys(cases, account_id or leave.account_id),
        )
