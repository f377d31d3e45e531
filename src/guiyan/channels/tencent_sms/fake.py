"""A fake Tencent Cloud: checks TC3-HMAC-SHA256 by itself, from what arrived, and takes SendSms."""

import hashlib
import hmac
import json
import re
from typing import Any

from guiyan.channels.fakes import Asked, Fake

_AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 Credential=([^/]+)/(\d{4}-\d\d-\d\d)/sms/tc3_request,"
    r" SignedHeaders=([^,]+), Signature=([0-9a-f]{64})"
)


class TencentFake(Fake):
    def __init__(self, secret_key: str) -> None:
        super().__init__()
        self.secret_key = secret_key

    def answer(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        if not self._is_signed(asked):
            self.refused += 1
            error = {"Code": "AuthFailure.SignatureFailure", "Message": "签名不符"}
            return 200, {"Response": {"Error": error, "RequestId": "R"}}
        said = json.loads(asked.body)
        phone = said["PhoneNumberSet"][0]
        status = {"PhoneNumber": phone, "Fee": 1, "SessionContext": said["SessionContext"]}
        if not re.fullmatch(r"\+\d{5,15}", phone):
            status |= {"Code": "InvalidParameterValue.IncorrectPhoneNumber", "SerialNo": ""}
        else:
            self.accepted[phone] += 1
            self.texts.append(json.dumps(said["TemplateParamSet"], ensure_ascii=False))
            status |= {"Code": "Ok", "Message": "send success", "SerialNo": f"2640:{self.asked}"}
        return 200, {"Response": {"SendStatusSet": [status], "RequestId": f"R{self.asked}"}}

    def throttled(self) -> tuple[int, dict[str, Any]]:
        error = {"Code": "RequestLimitExceeded", "Message": "请求的次数超过了频率限制。"}
        return 200, {"Response": {"Error": error, "RequestId": "R"}}

    def _is_signed(self, asked: Asked) -> bool:
        given = _AUTHORIZATION.fullmatch(asked.headers.get("authorization", ""))
        if given is None:
            return False
        _, day, names, signature = given.groups()
        lines = "".join(f"{name}:{self._signed_value(asked, name)}\n" for name in names.split(";"))
        digest = hashlib.sha256(asked.body).hexdigest()
        canonical = "\n".join((asked.method, asked.path, asked.query_text, lines, names, digest))
        to_sign = "\n".join(
            (
                "TC3-HMAC-SHA256",
                asked.headers.get("x-tc-timestamp", ""),
                f"{day}/sms/tc3_request",
                hashlib.sha256(canonical.encode()).hexdigest(),
            )
        )
        key = hmac.digest(f"TC3{self.secret_key}".encode(), day.encode(), "sha256")
        key = hmac.digest(key, b"sms", "sha256")
        key = hmac.digest(key, b"tc3_request", "sha256")
        wanted = hmac.digest(key, to_sign.encode(), "sha256").hex()
        return hmac.compare_digest(wanted, signature)

    def _signed_value(self, asked: Asked, name: str) -> str:
        value = asked.headers.get(name, "")
        return value.lower() if name == "x-tc-action" else value
