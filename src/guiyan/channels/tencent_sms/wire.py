"""Tencent Cloud's SMS: request, signature TC3-HMAC-SHA256, answer, receipts (2021-01-11).

Sources: cloud.tencent.com/document/api/382/52072 (签名方法 v3), /55981 (SendSms), /59178 (回调),
/55976 (PullSmsSendStatusByPhoneNumber).
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from guiyan.channels.reading import read_json
from guiyan.channels.types import (
    Accepted,
    Declined,
    Enquiry,
    Outcome,
    Receipt,
    Reply,
    Unknown,
    Word,
)

SERVICE, VERSION, REGION = "sms", "2021-01-11", "ap-guangzhou"
SEND, PULL = "SendSms", "PullSmsSendStatusByPhoneNumber"
MOST_PULLED, BEFORE_S = 100, 60
ALGORITHM = "TC3-HMAC-SHA256"
CONTENT_TYPE = "application/json; charset=utf-8"
# The provider says that these pass, or are ours to mend: nothing was sent, so it is tried again.
TEMPORARY = (
    "RequestLimitExceeded",
    "ResourceInsufficient",
    "LimitExceeded",
    "AuthFailure",
    "FailedOperation.InsufficientBalanceInSmsPackage",
    "FailedOperation.FailResolvePacket",
)
# Something went wrong or took too long on their side (InternalError.Timeout, .SendAndRecvFail); they
# don't say whether before or after it was sent.
UNSAID = "InternalError"


def authorization(
    *,
    secret_id: str,
    secret_key: str,
    service: str,
    host: str,
    action: str,
    body: bytes,
    timestamp: int,
) -> str:
    """The Authorization header over content type, host, action and body."""
    day = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    names = "content-type;host;x-tc-action"
    lines = f"content-type:{CONTENT_TYPE}\nhost:{host}\nx-tc-action:{action.lower()}\n"
    canonical = "\n".join(("POST", "/", "", lines, names, hashlib.sha256(body).hexdigest()))
    scope = f"{day}/{service}/tc3_request"
    to_sign = "\n".join(
        (ALGORITHM, str(timestamp), scope, hashlib.sha256(canonical.encode()).hexdigest())
    )
    key = f"TC3{secret_key}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    return (
        f"{ALGORITHM} Credential={secret_id}/{scope}, SignedHeaders={names}, Signature={signature}"
    )


def body_of(
    *, phone: str, app_id: str, sign_name: str, template: str, params: Sequence[str], out_id: UUID
) -> bytes:
    """Parameters of a template stand in order; they have no names here."""
    return json.dumps(
        {
            "PhoneNumberSet": [phone],
            "SmsSdkAppId": app_id,
            "SignName": sign_name,
            "TemplateId": template,
            "TemplateParamSet": list(params),
            "SessionContext": str(out_id),
        },
        ensure_ascii=False,
    ).encode()


def outcome_of(answer: Mapping[str, Any] | None) -> Outcome:
    """What the answer says of the one number; without a code that can be read nobody knows."""
    said = answer.get("Response") if answer else None
    if not isinstance(said, dict):
        return Unknown("unreadable")
    error = said.get("Error")
    if isinstance(error, dict) and isinstance(error.get("Code"), str):
        return _declined(error["Code"])
    sent = said.get("SendStatusSet")
    first = sent[0] if isinstance(sent, list) and sent else None
    if not isinstance(first, dict) or not isinstance(first.get("Code"), str):
        return Unknown("unreadable")
    if first["Code"] == "Ok":
        return Accepted(str(first.get("SerialNo", ""))[:100])
    return _declined(first["Code"])


def pull_body(enquiry: Enquiry, *, app_id: str) -> bytes:
    """The ends of what went to one number since a moment before; the offset is always 0."""
    return json.dumps(
        {
            "SmsSdkAppId": app_id,
            "PhoneNumber": enquiry.address,
            "BeginTime": int(enquiry.sent_at.timestamp()) - BEFORE_S,
            "Offset": 0,
            "Limit": MOST_PULLED,
        }
    ).encode()


def word_in(answer: Mapping[str, Any] | None, enquiry: Enquiry) -> Word:
    """What the pull tells of this message, known by the context that we gave it, or by their id.

    Only what has ended is listed, so nothing here says that a message is still on its way.
    """
    said = answer.get("Response") if answer else None
    listed = said.get("PullSmsSendStatusSet") if isinstance(said, dict) else None
    if not isinstance(listed, list):
        return "no-answer"
    for entry in listed:
        if not isinstance(entry, dict) or not _is_of(entry, enquiry):
            continue
        if (status := str(entry.get("ReportStatus"))) not in {"SUCCESS", "FAIL"}:
            return "no-answer"
        return Receipt(
            provider_id=str(entry.get("SerialNo", "")),
            message_id=enquiry.message_id,
            is_delivered=status == "SUCCESS",
            code=str(entry.get("Description") or "")[:60],
        )
    return "nothing"


def _is_of(entry: Mapping[str, Any], enquiry: Enquiry) -> bool:
    if entry.get("SessionContext"):
        return str(entry["SessionContext"]) == str(enquiry.message_id)
    return bool(enquiry.provider_id) and entry.get("SerialNo") == enquiry.provider_id


def receipts_in(body: bytes) -> list[Receipt]:
    """The status that Tencent posts: a JSON array. Raises ValueError for anything else."""
    return [
        Receipt(
            provider_id=str(entry.get("sid", "")),
            message_id=None,
            is_delivered=entry.get("report_status") == "SUCCESS",
            code=str(entry.get("errmsg") or "")[:60],
        )
        for entry in _entries(body)
        if "report_status" in entry
    ]


def replies_in(body: bytes) -> list[Reply]:
    """The reply that Tencent posts: one object."""
    found = read_json(body)
    if not isinstance(found, dict) or "text" not in found or "mobile" not in found:
        return []
    nation = str(found.get("nationcode", "86"))
    return [Reply(f"+{nation}{found['mobile']}", str(found["text"])[:500])]


RECEIVED = {"result": 0, "errmsg": "OK"}


def _entries(body: bytes) -> list[dict[str, Any]]:
    found = read_json(body)
    if isinstance(found, dict):
        return [found]
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise ValueError("a list of reports was expected")
    return found


def _declined(code: str) -> Declined | Unknown:
    if code.startswith(UNSAID):
        return Unknown(code[:60])
    return Declined(code[:60], not code.startswith(TEMPORARY))
