"""A call is written down: it becomes a lead, is passed on, or is answered at once."""

import json
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from guiyan.field import commands as dues
from guiyan.flows import commands as flows
from guiyan.flows.types import LeadSaid
from guiyan.kernel.phones import Phone
from guiyan.outreach.hotline import queries, rules
from guiyan.outreach.hotline.commands.back import close_missed
from guiyan.outreach.hotline.due import blinds_of, number_in, put_call_back
from guiyan.outreach.hotline.queries import KIND
from guiyan.outreach.hotline.types import NewCall, Recipient
from guiyan.outreach.models import Call, DutyHandOver, NumberOpening, PackAnswer
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import Forbidden, NotFound, Refused, refuse
from guiyan.platform.keys import key_ring
from guiyan.platform.permissions import Permission


@command(Permission.ANSWER_HOTLINE)
def take_call(
    *, by: Actor, point_id: UUID, call: NewCall, passes_to: Recipient | None = None
) -> UUID:
    """What was said becomes a lead, a call-back for who may speak about the file, or is answered.

    Without a recipient a request is a lead: the operator gets the same answer either way.
    Raises Refused naming what this kind of call still needs.
    """
    point, path = queries.hotline_for(by, point_id)
    if call.kind not in rules.KINDS:
        raise Refused("kind", "请选择对方为什么来电。")
    after = _missed(call.after_id)
    number = queries.number_of(by, call)
    phone = number_in(number) if number and rules.is_called_back(call.kind) else None
    lacking = rules.missing(call.kind, number=number, name=call.name, said=call.said)
    refuse(lacking[1] if lacking else None)
    passed = passes_to if call.kind in rules.PASSED else None
    row = Call(
        id=uuid4(),
        point_id=point.id,
        organisation_id=passed.organisation_id if passed else point.organisation_id,
        path=passed.path if passed else path,
        kind=call.kind,
        last_at=now(),
        by_account_id=by.account_id,
        by_name=by.name,
    )
    if passed:
        _pass_on(row, call, passed)
        put_call_back(by, row, passed.account_id, "call" if passed.is_host else "home")
    else:
        _deal_with(by, row, call, number)
    row.save(force_insert=True)
    if after is None and phone is not None:
        after = _missed_of(point.id, phone)  # who called in vain before has now been spoken to
    if after is not None:
        close_missed(by, after, "reached")
    audit.note(subject_kind="call", subject_id=row.id, kind=call.kind)
    return row.id


def _missed(call_id: UUID | None) -> Call | None:
    if call_id is None:
        return None
    row = Call.objects.select_for_update().filter(id=call_id, state="missed").first()
    if row is None:
        raise NotFound("call")
    return row


def _missed_of(point_id: UUID, phone: Phone) -> Call | None:
    rows = Call.objects.select_for_update().filter(
        point_id=point_id, number_blind__in=blinds_of(phone), state="missed"
    )
    return rows.first()


def _pass_on(row: Call, call: NewCall, to: Recipient) -> None:
    said = json.dumps({"name": call.name, "said": call.said}, ensure_ascii=False)
    row.state, row.outcome = "passed", "passed"
    row.case_id, row.member_id = to.case_id, to.member_id
    row.said_sealed = key_ring().seal(said.encode(), context=queries.seal_context("said", row.id))


def _deal_with(by: Actor, row: Call, call: NewCall, number: str) -> None:
    """A lead, or nothing but the fact that somebody called."""
    row.state, row.closed_at = "done", row.last_at
    row.outcome = "refused" if call.kind == "other" else "answered"
    if call.kind in rules.LEADS or call.kind in rules.PASSED:
        lead = flows.take_lead(
            by=by,
            organisation_id=row.organisation_id,
            door="hotline",
            search_method=rules.LEADS.get(call.kind, "self"),
            said=LeadSaid(name=call.name, phone=number, now_at=call.place, note=call.said),
        )
        row.lead_id = lead.id
        row.outcome = "passed" if call.kind in rules.PASSED else "lead"


@command(Permission.RECORD_CONTACT)
def close_passed(*, by: Actor, call_id: UUID, outcome: str, contact_id: UUID | None = None) -> None:
    """The member was called back on the number on file: it was them, or somebody had used their
    name or number ("not_them", which security may read in the audit). Without a contact where the
    stay is over, and nobody keeps a list of contacts any more."""
    queries.passed_call_for(by, call_id)
    if outcome not in ("reached", "not_them"):
        raise Refused("outcome", "请按一个按钮：是本人打的，或者不是本人打的。")
    row = Call.objects.select_for_update().get(id=call_id)
    row.state, row.outcome, row.closed_at = "done", outcome, now()
    row.tries += 1
    row.save(update_fields=["state", "outcome", "closed_at", "tries"])
    ended_by = contact_id or call_id
    dues.close_dues(by=by, subject_id=call_id, kinds=[KIND], closed_by=ended_by, on=by.today)
    audit.note(subject_kind="call", subject_id=call_id, member_id=row.member_id, outcome=outcome)


@command(Permission.RECORD_CONTACT)
def note_passed_try(*, by: Actor, call_id: UUID) -> None:
    """Nobody picked up: it is still owed."""
    found = queries.passed_call_for(by, call_id)
    Call.objects.filter(id=call_id).update(tries=found.tries + 1)
    audit.note(subject_kind="call", subject_id=call_id)


@command(Permission.RECORD_CONTACT)
def record_pack_answer(*, by: Actor, case_id: UUID, has_it: bool, contact_id: UUID) -> None:
    """“Did you get your study pack?” as it was answered last; yes ends the asking."""
    PackAnswer.objects.update_or_create(
        case_id=case_id,
        defaults={
            "has_it": has_it, "asked_on": by.today, "contact_id": contact_id,
        },
    )  # fmt: skip
    audit.note(subject_kind="case", subject_id=case_id, has_it=has_it)


@command(None)
def forget_old_calls(*, by: Actor) -> int:
    """Number and words of a call that is done go after 30 days; the rest after a year."""
    if by.kind != "system":
        raise Forbidden("hotline.forget_old_calls")
    erased = Call.objects.filter(
        state="done", erased_at__isnull=True, closed_at__lt=_ago(rules.ERASE_AFTER_DAYS)
    ).update(
        number_sealed=None, number_blind=None, number_mask="", said_sealed=None,
        case_id=None, member_id=None, erased_at=now(),
    )  # fmt: skip
    Call.objects.filter(state="done", closed_at__lt=_ago(rules.KEEP_DAYS)).delete()
    PackAnswer.objects.filter(asked_on__lt=by.today - timedelta(days=rules.PACK_KEEP_DAYS)).delete()
    NumberOpening.objects.filter(at__lt=_ago(rules.ERASE_AFTER_DAYS)).delete()
    DutyHandOver.objects.filter(at__lt=_ago(rules.KEEP_DAYS)).delete()
    audit.note(subject_kind="call", erased=erased)
    return erased


def _ago(days: int) -> datetime:
    return now() - timedelta(days=days)
