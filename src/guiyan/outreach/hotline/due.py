"""A call that is owed a call back: its sealed number, and the due behind it."""

from datetime import timedelta
from uuid import UUID

from guiyan.field import commands as dues
from guiyan.field.types import NewDue
from guiyan.kernel.phones import Phone, mask_phone, read_phone
from guiyan.outreach.hotline import queries, rules
from guiyan.outreach.models import Call
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Refused
from guiyan.platform.keys import key_ring

KIND = "call_back"


def put_call_back(by: Actor, row: Call) -> None:
    """One for each call, until it is done; owed by who is on duty, or by the contact person."""
    dues.put_dues(
        by=by,
        dues=[
            NewDue(
                kind=KIND,
                case_id=None,
                subject_kind="call",
                subject_id=row.id,
                organisation_id=row.organisation_id,
                path=row.path,
                owner_account_id=row.owner_account_id,
                opens_on=by.today,
                due_on=by.today + timedelta(days=rules.CALL_BACK_DAYS),
                expires_on=None,
                period="",
                source="GB/T 33358",
            )
        ],
    )


def sealed_number(call_id: UUID, text: str) -> dict[str, bytes | str]:
    """The columns of a number; one that can't be dialled is refused."""
    phone = read_phone(text)
    if not isinstance(phone, Phone):
        raise Refused("number", "这个号码不完整，没法回拨。请对照来电显示再填一次。")
    context = queries.seal_context("number", call_id)
    return {
        "number_sealed": key_ring().seal(phone.normal.encode(), context=context),
        "number_blind": key_ring().blind_index(phone.normal, purpose="phone"),
        "number_mask": mask_phone(phone.normal),
    }
