"""A fake Tencent Cloud: checks TC3-HMAC-SHA256 by itself, takes SendSms, lists how they ended."""

import hashlib
import hmac
import json
import re
from typing import Any

from guiyan.channels.fakes import Asked, Fake

MOST_PULLED = 100

_AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 Credential=([^/]+)/(\d{4}-\d\d-\d\d)/sms/tc3_request,"
    r" SignedHeaders=([^,]+), Signature=([0-9a-f]{64})"
)


class TencentFake(Fake):
    def __init__(self, secret_key: str) -> None:
        super().__init__()
        self.secret_key = secret_key
        self.sent: list[dict[str, Any]] = []
        self.queries = 0

    def ends(self, context: object, status: str, description: str = "DELIVRD") -> None:
        """The operator reports how a message ended: SUCCESS or FAIL."""
        for entry in self.sent:
            if entry["SessionContext"] == str(context):
                entry |= {"ReportStatus": status, "Description": description}

    def answer(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        if not self._is_signed(asked):
            self.refused += 1
            error = {"Code": "AuthFailure.SignatureFailure", "Message": "签名不符"}
            return 200, {"Response": {"Error": error, "RequestId": "R"}}
        said = json.loads(asked.body)
        if asked.headers.get("x-tc-action") == "PullSmsSendStatusByPhoneNumber":
            return self._pulled(said)
        phone = said["PhoneNumberSet"][0]
        status = {"PhoneNumber": phone, "Fee": 1, "SessionContext": said["SessionContext"]}
        if not re.fullmatch(r"\+\d{5,15}", phone):
            status |= {"Code": "InvalidParameterValue.IncorrectPhoneNumber", "SerialNo": ""}
        else:
            self.accepted[phone] += 1
            self.texts.append(json.dumps(said["TemplateParamSet"], ensure_ascii=False))
            status |= {"Code": "Ok", "Message": "send success", "SerialNo": f"2640:{self.asked}"}
            self.sent.append(
                {
                    "CountryCode": "86",
                    "SubscriberNumber": phone[3:],
                    "PhoneNumber": phone,
                    "SerialNo": status["SerialNo"],
                    "UserReceiveTime": int(asked.headers["x-tc-timestamp"]),
                    "SessionContext": said["SessionContext"],
                }
            )
        return 200, {"Response": {"SendStatusSet": [status], "RequestId": f"R{self.asked}"}}

    def _pulled(self, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """What has ended of one number since a moment, in the form that Tencent has published."""
        self.queries += 1
        if said["Offset"] != 0 or not 1 <= said["Limit"] <= MOST_PULLED:
            error = {"Code": "InvalidParameterValue", "Message": "参数取值错误"}
            return 200, {"Response": {"Error": error, "RequestId": "R"}}
        found = [
            entry
            for entry in self.sent
            if "ReportStatus" in entry
            and entry["PhoneNumber"] == said["PhoneNumber"]
            and entry["UserReceiveTime"] >= said["BeginTime"]
        ]
        said_back = {"PullSmsSendStatusSet": found[: said["Limit"]], "RequestId": f"R{self.asked}"}
        return 200, {"Response": said_back}

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
