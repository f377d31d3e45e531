"""Writes of the cadence: what is declared, who is relieved, how the secretary helps."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from guiyan.field import commands as field_commands
from guiyan.field.types import NewDue
from guiyan.flows import queries as flow_queries
from guiyan.liaison import naming
from guiyan.liaison.cadence import jobs, materialising, rules
from guiyan.liaison.cadence.kinds import NAMES
from guiyan.liaison.models import CadencePolicy, CadenceStanding, ContactPerson, HelpNote, Relief
from guiyan.liaison.pairing.committing import release_interim
from guiyan.members import queries as member_queries
from guiyan.orgs import queries as org_queries
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused, refuse
from guiyan.platform.jobs import enqueue
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope
from guiyan.platform.turns import wait_for_turn

TOGETHER_WITHIN = timedelta(days=14)
_KEEP_TOGETHER = timedelta(days=14)


@command(Permission.SET_CADENCE)
def declare_policy(
    *,
    by: Actor,
    organisation_id: UUID,
    kind: str,
    cycle: str,
    is_on: bool,
    keep_days: int,
    valid_from: date,
    source: str,
) -> None:
    """From a day on this organisation and those below it owe it so; periods that run are kept.

    Raises Refused with what `may_declare` says against, or "already" for a second one of one day.
    """
    organisation = org_queries.get_organisation_for(by, organisation_id)
    refuse(
        rules.may_declare(
            kind, cycle, keep_days=keep_days, valid_from=valid_from, today=by.today, source=source
        )
    )
    wait_for_turn(f"liaison.cadence.{organisation.path}")
    same_day = CadencePolicy.objects.filter(
        path=organisation.path, kind=kind, valid_from=valid_from
    )
    if same_day.exists():
        raise Refused("already", "这一项在这一天起已经定过一次。请从另一天起改。")
    CadencePolicy.objects.create(
        organisation_id=organisation.id,
        path=organisation.path,
        kind=kind,
        cycle=cycle,
        is_on=is_on,
        keep_days=keep_days,
        valid_from=valid_from,
        source=source.strip()[:200],
        by_name=by.name,
    )
    enqueue(jobs.look_again, path=organisation.path, day=valid_from.isoformat())
    audit.note(
        subject_kind="organisation",
        subject_id=organisation.id,
        kind=kind,
        cycle=cycle,
        is_on=is_on,
        valid_from=valid_from.isoformat(),
    )


@command(Permission.SET_CADENCE)
def exempt_member(*, by: Actor, member_id: UUID, reason_code: str) -> None:
    """Old, ill or unable members owe nothing and nothing is counted of them (R-18); visits are
    still welcome. What was open for them is asked for no more."""
    member = member_queries.get_member_for(by, member_id)
    if reason_code not in rules.RELIEF_REASONS:
        raise Refused("no-reason", "请选择不作硬性要求的原因。")
    _refuse_second(member.id, by.today)
    relief = Relief.objects.create(
        member_id=member.id, is_exempt=True, reason=reason_code, starts_on=by.today, by_name=by.name
    )
    _stop(by, relief)
    audit.note(
        subject_kind="member", subject_id=member.id, member_id=member.id, reason_code=reason_code
    )


@command(Permission.SET_CADENCE)
def pause_member(*, by: Actor, member_id: UUID, ends_on: date, reason: str) -> None:
    """For a reason and until a day nothing is asked; what is due after that day stays."""
    member = member_queries.get_member_for(by, member_id)
    refuse(rules.may_pause(ends_on, reason, today=by.today))
    _refuse_second(member.id, by.today)
    relief = Relief.objects.create(
        member_id=member.id,
        is_exempt=False,
        reason=reason.strip()[:100],
        starts_on=by.today,
        ends_on=ends_on,
        by_name=by.name,
    )
    _stop(by, relief)
    audit.note(
        subject_kind="member",
        subject_id=member.id,
        member_id=member.id,
        ends_on=ends_on.isoformat(),
    )


@command(Permission.SET_CADENCE)
def end_relief(*, by: Actor, member_id: UUID) -> None:
    """From today on the member is kept in touch with as the others are."""
    member = member_queries.get_member_for(by, member_id)
    relief = Relief.objects.filter(member_id=member.id).exclude(ends_on__lt=by.today).first()
    if relief is None:
        raise Refused("no-relief", "这名党员现在没有暂停，也没有免除。")
    relief_id = relief.id
    if relief.starts_on == by.today:
        relief.delete()  # one that began today never was
    else:
        Relief.objects.filter(id=relief_id).update(ends_on=by.today - timedelta(days=1))
    both = _both_sides(by)
    case = flow_queries.open_case_of_member(by, member.id)
    if case is not None:
        # About a stay that ended meanwhile nothing is owed.
        field_commands.reopen_dues(
            by=both, closed_by=relief_id, due_from=by.today, subject_ids=[case.id]
        )
        with beyond_scope("home and host ask again alike"):
            materialising.one_stay(both, case.id)
    audit.note(subject_kind="member", subject_id=member.id, member_id=member.id)


@command(Permission.ASSIGN_CONTACT_PERSON)
def help_to_reach(*, by: Actor, case_id: UUID, how: str, note: str = "") -> None:
    """The secretary helps: leaves a word, goes along on a visit, or takes over.

    Going along stands in the secretary's own list for two weeks.
    """
    case = flow_queries.get_case_for(by, case_id)
    if how not in ("note", "together", "take_over"):
        raise Refused("unknown-help", "请选择怎样帮助。")
    if how == "note" and not note.strip():
        raise Refused("empty", "请写一句话给联系人。")
    if how != "note" and by.account_id is None:
        raise NotFound("account")
    if how == "take_over":
        _take_over(by, case_id, note)
    if how == "together" and case.host_organisation_id and case.host_path:
        until = by.today + TOGETHER_WITHIN
        due = NewDue(
            kind="together",
            case_id=case_id,
            subject_kind="visit",
            subject_id=case_id,
            organisation_id=case.host_organisation_id,
            path=case.host_path,
            owner_account_id=by.account_id,
            opens_on=by.today,
            due_on=until,
            expires_on=until + _KEEP_TOGETHER,
            period=by.today.isoformat(),
            source=NAMES["together"],
        )
        field_commands.put_dues(by=by, dues=[due])
    HelpNote.objects.create(case_id=case_id, how=how, note=note.strip()[:300], by_name=by.name)
    audit.note(subject_kind="case", subject_id=case_id, member_id=case.member_id, how=how)


def _take_over(by: Actor, case_id: UUID, note: str) -> None:
    """The one who helps becomes the contact person; what was open goes along."""
    case = flow_queries.get_case_for(by, case_id)
    if by.account_id is None:
        raise NotFound("account")
    if case.state != "placed":
        raise Refused("not-placed", "请先把这名党员编入支部，再接手联系。")
    present = ContactPerson.objects.select_for_update().filter(case_id=case_id, valid_to=None)
    if present.filter(account_id=by.account_id, is_interim=False).exists():
        raise Refused("already-yours", "您已经是这名党员的联系人。")
    present.update(valid_to=by.today, hand_over_note=note.strip()[:300])
    naming.name(
        ContactPerson(
            case_id=case_id,
            account_id=by.account_id,
            name=by.name,
            why="主动接手",
            valid_from=by.today,
        )
    )
    field_commands.give_dues(by=by, owners={case_id: by.account_id})
    release_interim([case_id], by)


def _refuse_second(member_id: UUID, today: date) -> None:
    wait_for_turn(f"liaison.relief.{member_id}")
    if Relief.objects.filter(member_id=member_id).exclude(ends_on__lt=today).exists():
        raise Refused("already-relieved", "这名党员已经暂停或免除。请先结束，再重新登记。")


def _stop(by: Actor, relief: Relief) -> None:
    """What is due while nothing is asked is cancelled; the nights leave the stay alone till then."""
    case = flow_queries.open_case_of_member(by, relief.member_id)
    if case is None:
        return
    until = relief.ends_on
    field_commands.cancel_dues(
        by=_both_sides(by), subject_ids=[case.id], due_until=until, closed_by=relief.id
    )
    look_on = date.max if until is None else until + timedelta(days=1)
    CadenceStanding.objects.filter(case_id=case.id).update(look_on=look_on)


def _both_sides(by: Actor) -> Actor:
    """Home and host ask nothing alike, so their dues are changed as the system's, on the same day;
    the command itself names who decided it."""
    return replace(Actor.system("liaison.relief"), today=by.today)
