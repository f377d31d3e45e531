"""A fake Aliyun: checks ACS3-HMAC-SHA256 by itself, from what arrived, and takes SendSms."""

import hashlib
import hmac
import re
from typing import Any

from guiyan.channels.fakes import Asked, Fake

_AUTHORIZATION = re.compile(
    r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})"
)


class AliyunFake(Fake):
    def __init__(self, key_secret: str) -> None:
        super().__init__()
        self.key_secret = key_secret

    def answer(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        if not self._is_signed(asked):
            self.refused += 1
            return 400, {"Code": "SignatureDoesNotMatch", "Message": "签名不符", "RequestId": "R"}
        phone = asked.query["PhoneNumbers"]
        if not re.fullmatch(r"\d{5,15}", phone):
            return 200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "号码有误"}
        self.accepted[phone] += 1
        self.texts.append(asked.query["TemplateParam"])
        biz_id = f"{self.asked}^0"
        return 200, {"Code": "OK", "Message": "OK", "BizId": biz_id, "RequestId": f"R{self.asked}"}

    def throttled(self) -> tuple[int, dict[str, Any]]:
        return 200, {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "触发流控"}

    def declined(self) -> tuple[int, dict[str, Any]]:
        return 200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "号码有误"}

    def _is_signed(self, asked: Asked) -> bool:
        given = _AUTHORIZATION.fullmatch(asked.headers.get("authorization", ""))
        if given is None:
            return False
        digest = hashlib.sha256(asked.body).hexdigest()
        if asked.headers.get("x-acs-content-sha256") != digest:
            return False
        lines = "".join(f"{name}:{asked.headers.get(name, '')}\n" for name in given[2].split(";"))
        parts = (asked.method, asked.path, asked.query_text, lines, given[2], digest)
        hashed = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        wanted = hmac.new(
            self.key_secret.encode(), f"ACS3-HMAC-SHA256\n{hashed}".encode(), hashlib.sha256
        )
        return hmac.compare_digest(wanted.hexdigest(), given[3])
