"""Aliyun's SMS: request, signature ACS3-HMAC-SHA256, answer, receipts (dysmsapi 2017-05-25).

Sources: help.aliyun.com "V3版本请求体&签名机制"; "SendSms"; "QuerySendDetails"; "SmsReport"; "SmsUp".
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote
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

SEND, QUERY, VERSION = "SendSms", "QuerySendDetails", "2017-05-25"
MOST_ON_A_PAGE = 50
WAITING, FAILED, DELIVERED = 1, 2, 3  # SendStatus
ALGORITHM = "ACS3-HMAC-SHA256"
# The provider says that these pass, or are ours to mend: nothing was sent, so it is tried again.
TEMPORARY = (
    "Throttling",
    "ServiceUnavailable",
    "isp.SYSTEM_ERROR",
    "isp.GATEWAY_ERROR",
    "isv.BUSINESS_LIMIT_CONTROL",
    "isv.DAY_LIMIT_CONTROL",
    "isv.MONTH_LIMIT_CONTROL",
    "isv.AMOUNT_NOT_ENOUGH",
    "isv.OUT_OF_SERVICE",
    "SignatureDoesNotMatch",
    "SignatureNonceUsed",
    "InvalidTimeStamp",
    "InvalidAccessKeyId",
    "Forbidden",
)
# Something went wrong on their side, and they don't say whether before or after it was sent.
UNSAID = "InternalError"


def encoded(text: str) -> str:
    """RFC 3986: letters, digits and -_.~ stay."""
    return quote(text, safe="-_.~")


def query_of(params: Mapping[str, str]) -> str:
    return "&".join(f"{encoded(name)}={encoded(params[name])}" for name in sorted(params))


def signed_headers(
    *,
    method: str,
    host: str,
    query: str,
    body: bytes,
    action: str,
    version: str,
    date: str,
    nonce: str,
    key_id: str,
    key_secret: str,
) -> dict[str, str]:
    """The headers of a request, with its signature over them, the query and the body."""
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        "x-acs-date": date,
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = "\n".join((method, "/", query, lines, names, headers["x-acs-content-sha256"]))
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(key_secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = (
        f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}"
    )
    return headers


def params_of(
    *, phone: str, sign_name: str, template: str, params: Mapping[str, str], out_id: UUID
) -> dict[str, str]:
    """Parameters of a template stand by their names."""
    return {
        "PhoneNumbers": _number(phone),
        "SignName": sign_name,
        "TemplateCode": template,
        "TemplateParam": json.dumps(dict(params), ensure_ascii=False, separators=(",", ":")),
        "OutId": str(out_id),
    }


def outcome_of(answer: Mapping[str, Any] | None) -> Outcome:
    """What the answer says; without a code that can be read nobody knows."""
    code = answer.get("Code") if answer else None
    if answer is None or not isinstance(code, str) or not code:
        return Unknown("unreadable")
    if code == "OK":
        return Accepted(str(answer.get("BizId", ""))[:100])
    if code.startswith(UNSAID):
        return Unknown(code[:60])
    return Declined(code[:60], not code.startswith(TEMPORARY))


def query_params(enquiry: Enquiry, day: date) -> dict[str, str]:
    """What went to one number on one day (in China); by the provider's own id where we have it."""
    params = {
        "PhoneNumber": _number(enquiry.address),
        "SendDate": f"{day:%Y%m%d}",
        "PageSize": str(MOST_ON_A_PAGE),
        "CurrentPage": "1",
    }
    return params | ({"BizId": enquiry.provider_id} if enquiry.provider_id else {})


def word_in(answer: Mapping[str, Any] | None, enquiry: Enquiry) -> Word:
    """What QuerySendDetails tells of this message, known by the OutId that we gave it."""
    if answer is None or answer.get("Code") != "OK":
        return "no-answer"
    found = answer.get("SmsSendDetailDTOs")
    listed = found.get("SmsSendDetailDTO") if isinstance(found, dict) else None
    for entry in listed if isinstance(listed, list) else [listed]:
        if isinstance(entry, dict) and _ours(entry.get("OutId")) == enquiry.message_id:
            status = str(entry.get("SendStatus", ""))
            if status == str(WAITING):
                return "taken"
            if status in {str(FAILED), str(DELIVERED)}:
                return Receipt(
                    provider_id=enquiry.provider_id,
                    message_id=enquiry.message_id,
                    is_delivered=status == str(DELIVERED),
                    code=str(entry.get("ErrCode") or "")[:60],
                )
            return "no-answer"
    return "nothing"


def receipts_in(body: bytes) -> list[Receipt]:
    """The SmsReport that Aliyun posts: a JSON array. Raises ValueError for anything else."""
    return [
        Receipt(
            provider_id=str(entry.get("biz_id", "")),
            message_id=_ours(entry.get("out_id")),
            is_delivered=entry.get("success") is True,
            code=str(entry.get("err_code") or "")[:60],
        )
        for entry in _entries(body)
        if "success" in entry
    ]


def replies_in(body: bytes) -> list[Reply]:
    """The SmsUp that Aliyun posts."""
    return [
        Reply(f"+86{entry['phone_number']}", str(entry["content"])[:500])
        for entry in _entries(body)
        if "content" in entry and "phone_number" in entry and "success" not in entry
    ]


RECEIVED = {"code": 0, "msg": "接收成功"}


def _number(phone: str) -> str:
    """Numbers of the mainland without their +86, others without the sign."""
    return phone.removeprefix("+86").lstrip("+")


def _entries(body: bytes) -> list[dict[str, Any]]:
    found = read_json(body)
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise ValueError("a list of reports was expected")
    return found


def _ours(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
