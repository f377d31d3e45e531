"""What members do in their own file: say what is wrong, agree and take it back; and the answer.

Sources: Personal Information Protection Law arts. 15, 44-47.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from guiyan.kernel.calendar import add_working_days
from guiyan.members import copying, fields, queries, vault
from guiyan.members.consents import NOTICE_VERSION, PURPOSES
from guiyan.members.models import Consent, Correction, Notice
from guiyan.orgs import queries as orgs
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import Forbidden, NotFound, Refused
from guiyan.platform.permissions import Permission

LONGEST_WISH = 500


@command(None)
def ask_correction(*, by: Actor, field: str, wish: str) -> UUID:
    """A member says what is wrong in their file; somebody answers by a day (PIPL art. 46)."""
    return note_wish(by, _own_file(by), field, wish)


def note_wish(by: Actor, member_id: UUID, field: str, wish: str) -> UUID:
    """What is wrong in a file, sealed until it is answered.

    Raises Refused for a field that is none of the list and for words that are missing or too many.
    """
    if field not in fields.CORRECTABLE:
        raise Refused("field", _("请选择哪一项有误。"))
    text = " ".join(wish.split())
    if not text or len(text) > LONGEST_WISH:
        raise Refused("wish", _("请写明应改成什么，最多500个字。"))
    row = queries.member_row(by, member_id)
    correction_id = uuid4()
    Correction.objects.create(
        id=correction_id,
        member=row,
        field=field,
        sealed_wish=vault.seal_wish(correction_id, text),
        answer_by=answer_day(row.home_path or row.host_path or "", by.today),
    )
    audit.note(
        subject_kind="correction", subject_id=correction_id, member_id=member_id, field=field
    )
    return correction_id


@command(Permission.ANSWER_CORRECTIONS)
def read_wish(*, by: Actor, correction_id: UUID) -> str:
    """The person who answers opens what the member wrote; the member sees that it was read."""
    correction = _correction(correction_id)
    audit.note(subject_kind="correction", subject_id=correction.id, member_id=correction.member_id)
    return vault.open_wish(correction)


@command(Permission.ANSWER_CORRECTIONS)
def answer_correction(*, by: Actor, correction_id: UUID, is_accepted: bool, reason: str) -> None:
    """A request is accepted or refused once, with a reason that the member reads."""
    correction = _correction(correction_id, lock=True)
    if correction.answer:
        raise Refused("answered", _("这项更正申请已经答复过了。"))
    if not reason.strip():
        raise Refused("reason", _("请写明处理情况或不予更正的理由，本人会看到。"))
    correction.answer = "accepted" if is_accepted else "refused"
    correction.answer_reason = reason.strip()[:300]
    correction.answered_at = now()
    correction.save()
    audit.note(
        subject_kind="correction",
        subject_id=correction.id,
        member_id=correction.member_id,
        answer=correction.answer,
    )


@command(None)
def give_consent(*, by: Actor, purpose: str, notice_version: str) -> None:
    """A yes to one purpose, after the notice in force was shown; a second yes changes nothing."""
    member_id = _own_file(by)
    _record_consent(member_id, purpose, notice_version, "page", by.today)
    audit.note(subject_kind="member", subject_id=member_id, member_id=member_id, purpose=purpose)


@command(None)
def withdraw_consent(*, by: Actor, purpose: str) -> None:
    """Taken back as easily as given (PIPL art. 15); what was done before stays lawful."""
    member_id = _own_file(by)
    Consent.objects.filter(member_id=member_id, purpose=purpose, withdrawn_on__isnull=True).update(
        withdrawn_on=by.today
    )
    audit.note(subject_kind="member", subject_id=member_id, member_id=member_id, purpose=purpose)


@command(Permission.CHANGE_MEMBERS)
def record_consent(
    *, by: Actor, member_id: UUID, purpose: str, how: str, is_given: bool, reason: str = ""
) -> None:
    """For somebody without a phone: what they said at the desk or signed on paper."""
    if how not in ("paper", "spoken"):
        raise Refused("how", _("请选择是书面还是口头表示的。"))
    row = queries.member_row(by, member_id)
    if is_given:
        _record_consent(row.id, purpose, NOTICE_VERSION, how, by.today)
    else:
        Consent.objects.filter(member_id=row.id, purpose=purpose, withdrawn_on__isnull=True).update(
            withdrawn_on=by.today
        )
    audit.note(subject_kind="member", subject_id=row.id, member_id=row.id, purpose=purpose)


@command(None)
def mark_notices_seen(*, by: Actor) -> None:
    """The member has read what is told them at the top of their page."""
    member_id = _own_file(by)
    Notice.objects.filter(member_id=member_id, seen_at__isnull=True).update(seen_at=now())


@command(None)
def copy_own_file(*, by: Actor) -> dict[str, Any]:
    """Everything in the file, for the member's own copy (PIPL art. 45); numbers by their masks, in
    full at the desk."""
    member_id = _own_file(by)
    facts = queries.get_member_for(by, member_id)
    audit.note(subject_kind="member", subject_id=member_id, member_id=member_id)
    return copying.whole_file(by, facts, in_full=False)


def _own_file(by: Actor) -> UUID:
    if not by.is_member or by.member_id is None:
        raise Forbidden("own file")
    return by.member_id


def _correction(correction_id: UUID, *, lock: bool = False) -> Correction:
    rows = Correction.objects.select_for_update() if lock else Correction.objects.all()
    correction = rows.filter(pk=correction_id).first()
    if correction is None:
        raise NotFound("correction")
    return correction


def _record_consent(member_id: UUID, purpose: str, notice_version: str, how: str, on: date) -> None:
    if purpose not in PURPOSES:
        raise Refused("purpose", _("没有这一项，请刷新页面后重选。"))
    if notice_version != NOTICE_VERSION:
        raise Refused("notice", _("告知内容已经更新，请刷新页面，看过新的告知后再同意。"))
    Consent.objects.get_or_create(
        member_id=member_id,
        purpose=purpose,
        withdrawn_on=None,
        defaults={"notice_version": notice_version, "given_how": how, "given_on": on},
    )


def answer_day(path: str, today: date) -> date:
    """The day by which a request for correction is to be answered."""
    parameter = orgs.parameter("correction_answer_days", path=path, on=today)
    if parameter.unit.startswith("working"):
        return add_working_days(today, parameter.value, orgs.working_days())
    return today + timedelta(days=parameter.value)
