"""Aliyun's SendSms: request, signature ACS3-HMAC-SHA256, answer, receipts (dysmsapi 2017-05-25).

Sources: help.aliyun.com "V3版本请求体&签名机制"; "SendSms"; "SmsReport"; "SmsUp".
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

from guiyan.channels.types import Accepted, Declined, Outcome, Receipt, Reply, Unknown

ACTION, VERSION = "SendSms", "2017-05-25"
ALGORITHM = "ACS3-HMAC-SHA256"
# The provider says that these pass, or are ours to mend: nothing was sent, so it is tried again.
TEMPORARY = (
    "Throttling",
    "ServiceUnavailable",
    "InternalError",
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
    """Numbers of the mainland without their +86."""
    return {
        "PhoneNumbers": phone.removeprefix("+86").lstrip("+"),
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
    return Declined(code[:60], not code.startswith(TEMPORARY))


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


def _entries(body: bytes) -> list[dict[str, Any]]:
    found = json.loads(body)
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise ValueError("a list of reports was expected")
    return found


def _ours(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
