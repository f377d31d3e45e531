"""A call that is owed a call back: its sealed number, and the due behind it."""

from datetime import timedelta
from uuid import UUID

from guiyan.field import commands as dues
from guiyan.field.types import NewDue
from guiyan.kernel.phones import Phone, mask_phone, read_phone
from guiyan.outreach.hotline import queries, rules
from guiyan.outreach.hotline.queries import KIND
from guiyan.outreach.models import Call
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Refused
from guiyan.platform.keys import key_ring


def put_call_back(by: Actor, row: Call, owner_account_id: UUID | None, side: str = "call") -> None:
    """One for each call, until it is done. A missed one is owed by who is on duty. One that was
    passed on is the contact person's, whoever that is later (`field.give_dues` finds it by its
    stay); with the home side ("home") it is whoever's there."""
    dues.put_dues(
        by=by,
        dues=[
            NewDue(
                kind=KIND,
                case_id=row.case_id,
                subject_kind=side,
                subject_id=row.id,
                organisation_id=row.organisation_id,
                path=row.path,
                owner_account_id=owner_account_id,
                opens_on=by.today,
                due_on=by.today + timedelta(days=rules.CALL_BACK_DAYS),
                expires_on=None,
                period="",
                source="GB/T 33358",
            )
        ],
    )


def number_in(text: str) -> Phone:
    """The number that somebody typed; one that can't be dialled is refused."""
    phone = read_phone(text)
    if not isinstance(phone, Phone):
        raise Refused(
            "number", "这个号码不完整，没法回拨。请对照来电显示再填一次；固定电话要加区号。"
        )
    return phone


def blinds_of(phone: Phone) -> tuple[bytes, ...]:
    """Under every active key: calls of before and after a change of keys are one."""
    return key_ring().blind_indexes(phone.normal, purpose="phone")


def sealed_number(call_id: UUID, phone: Phone) -> dict[str, bytes | str]:
    """The columns of a number."""
    context = queries.seal_context("number", call_id)
    return {
        "number_sealed": key_ring().seal(phone.normal.encode(), context=context),
        "number_blind": key_ring().blind_index(phone.normal, purpose="phone"),
        "number_mask": mask_phone(phone.normal),
    }
