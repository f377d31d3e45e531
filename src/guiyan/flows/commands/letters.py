"""Letters (函), introductions (介绍信) and activity certificates (活动证): numbered, with a slip.

Sources: 组通字〔2006〕45号 (certificate, letter of introduction with three slips); a letter stands in
for the handshake where the other side does not use this system (design, decision 2).
"""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from guiyan.flows import deadlines
from guiyan.flows.commands.steps import take_step
from guiyan.flows.models import Letter
from guiyan.flows.queries import get_letter_for, locked_case
from guiyan.flows.rules import CaseAct
from guiyan.flows.types import LetterFacts
from guiyan.kernel.calendar import add_months
from guiyan.orgs import queries as org_queries
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope
from guiyan.platform.turns import wait_for_turn

KINDS = {"letter": "函", "introduction": "介绍信", "certificate": "活动证"}
REPLIES = {"received": "已收到", "accepted": "同意接收", "not_here": "查无此人"}


@command(Permission.ISSUE_DOCUMENTS)
def issue_letter(
    *,
    by: Actor,
    case_id: UUID,
    kind: str,
    to_text: str = "",
    dues_paid_to: date | None = None,
) -> UUID:
    """Issue a letter, an introduction or a certificate for a case; returns its id.

    Numbers run by year and issuing organisation without gaps. Validity and the day by which the
    slip should be back are parameters of the issuing organisation.
    """
    if kind not in KINDS or by.organisation_id is None:
        raise Refused("unknown-letter", "请选择要开具的文书种类。")
    case = locked_case(by, case_id)
    issuer = org_queries.organisation(by.organisation_id)
    valid_until = deadlines.day_after("letter_validity_days", issuer.path, by.today)
    if kind == "certificate":
        months = org_queries.parameter(
            "certificate_validity_months", path=issuer.path, on=by.today
        ).value
        valid_until = add_months(by.today, months)
    letter = Letter.objects.create(
        case=case,
        kind=kind,
        number=_next_number(issuer.code, by.today.year, kind),
        to_text=to_text or case.host_text or case.home_text,
        issued_on=by.today,
        valid_until=valid_until,
        issued_by=by.name,
        issuer_organisation_id=issuer.id,
        issuer_name=issuer.name,
        dues_paid_to=dues_paid_to,
        reply_by=None
        if kind == "certificate"
        else deadlines.day_after("letter_reply_days", issuer.path, by.today),
    )
    audit.note(
        subject_kind=kind, subject_id=letter.id, member_id=case.member_id, number=letter.number
    )
    return letter.id


@command(Permission.ISSUE_DOCUMENTS)
def begin_transfer(
    *, by: Actor, case_id: UUID, version: int | None, to_text: str, dues_paid_to: date
) -> UUID:
    """The introduction is issued and the transfer begins, both or neither; returns the letter.

    Home keeps answering until the receipt is back (R-09).
    """
    take_step(by=by, case_id=case_id, act=CaseAct.BEGIN_TRANSFER, version=version, reason=to_text)
    return issue_letter(
        by=by, case_id=case_id, kind="introduction", to_text=to_text, dues_paid_to=dues_paid_to
    )


@command(Permission.SEE_CASES)
def note_printing(*, by: Actor, letter_id: UUID) -> LetterFacts:
    """A paper with a member's name on it is printed: who did so stands in the audit before."""
    letter = get_letter_for(by, letter_id)
    audit.note(subject_kind=letter.kind, subject_id=letter.id, member_id=letter.member_id)
    return letter


@command(Permission.ISSUE_DOCUMENTS)
def record_reply(*, by: Actor, letter_id: UUID, reply: str) -> UUID:
    """The slip has come back: received, accepted, or nobody of that name here."""
    if reply not in REPLIES:
        raise Refused("unknown-reply", "请选择回执上写的结果。")
    letter = _own_letter(by, letter_id)
    letter.reply, letter.replied_on = reply, by.today
    letter.save(update_fields=["reply", "replied_on"])
    audit.note(
        subject_kind=letter.kind,
        subject_id=letter.id,
        member_id=letter.case.member_id,
        reply=reply,
    )
    return letter.case_id


@command(Permission.ISSUE_DOCUMENTS)
def withdraw_letter(*, by: Actor, letter_id: UUID, reason: str) -> UUID:
    """A letter issued by mistake: its QR code says from now on that it is not valid."""
    letter = _own_letter(by, letter_id)
    letter.withdrawn_on = letter.withdrawn_on or by.today
    letter.save(update_fields=["withdrawn_on"])
    audit.note(
        subject_kind=letter.kind,
        subject_id=letter.id,
        member_id=letter.case.member_id,
        reason=reason,
    )
    return letter.case_id


def _own_letter(by: Actor, letter_id: UUID) -> Letter:
    """The locked letter; only the body that issued it, or one above it, changes what it says."""
    letter = Letter.objects.select_for_update().filter(id=letter_id).first()
    if letter is None:
        raise NotFound("letter")
    if not by.scope.covers(org_queries.organisation(letter.issuer_organisation_id).path):
        raise Refused("not-yours", _("这份文书由对方党组织开具，请联系对方办理。"))
    return letter


def _next_number(issuer_code: str, year: int, kind: str) -> str:
    """The next of one issuer, year and kind. Two that issue at once wait for each other; letters
    of cases that have left the issuer's scope keep their numbers, so all are looked through."""
    stem = f"{issuer_code}-{year}-{kind[0].upper()}-"
    with beyond_scope("numbers run on, wherever the case is now"):
        wait_for_turn(stem)
        last = Letter.objects.filter(number__startswith=stem).order_by("-number").first()
    serial = int(last.number.removeprefix(stem)) + 1 if last else 1
    return f"{stem}{serial:05d}"
