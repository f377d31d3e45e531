"""A fake Aliyun: checks ACS3-HMAC-SHA256 by itself, takes SendSms, answers QuerySendDetails."""

import hashlib
import hmac
import re
from datetime import datetime, timedelta
from typing import Any

from guiyan.channels.fakes import Asked, Fake

MOST_ON_A_PAGE = 50
AHEAD_OF_UTC = timedelta(hours=8)

_AUTHORIZATION = re.compile(
    r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})"
)


class AliyunFake(Fake):
    def __init__(self, key_secret: str) -> None:
        super().__init__()
        self.key_secret = key_secret
        self.sent: list[dict[str, Any]] = []
        self.queries = 0

    def ends(self, out_id: object, status: int, code: str = "DELIVERED") -> None:
        """The operator reports how a message ended: 2 failed, 3 delivered."""
        for entry in self.sent:
            if entry["OutId"] == str(out_id):
                entry |= {"SendStatus": status, "ErrCode": code}

    def answer(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        if not self._is_signed(asked):
            self.refused += 1
            return 400, {"Code": "SignatureDoesNotMatch", "Message": "签名不符", "RequestId": "R"}
        if asked.headers.get("x-acs-action") == "QuerySendDetails":
            return self._details(asked)
        phone = asked.query["PhoneNumbers"]
        if not re.fullmatch(r"\d{5,15}", phone):
            return 200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "号码有误"}
        self.accepted[phone] += 1
        self.texts.append(asked.query["TemplateParam"])
        biz_id = f"{self.asked}^0"
        self.sent.append(
            {
                "SendDate": f"{self._at(asked):%Y-%m-%d %H:%M:%S}",
                "OutId": asked.query["OutId"],
                "SendStatus": 1,
                "TemplateCode": asked.query["TemplateCode"],
                "Content": f"【{asked.query['SignName']}】",
                "PhoneNum": phone,
                "BizId": biz_id,
            }
        )
        return 200, {"Code": "OK", "Message": "OK", "BizId": biz_id, "RequestId": f"R{self.asked}"}

    def _details(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        """What went to one number on one day, in the form that Aliyun has published."""
        self.queries += 1
        query = asked.query
        if not 1 <= int(query["PageSize"]) <= MOST_ON_A_PAGE or not query["CurrentPage"].isdigit():
            return 200, {"Code": "isv.INVALID_PARAMETERS", "Message": "参数异常"}
        found = [
            {name: value for name, value in entry.items() if name != "BizId"}
            for entry in self.sent
            if entry["PhoneNum"] == query["PhoneNumber"]
            and entry["SendDate"][:10].replace("-", "") == query["SendDate"]
            and query.get("BizId", entry["BizId"]) == entry["BizId"]
        ]
        return 200, {
            "TotalCount": str(len(found)),
            "Message": "OK",
            "RequestId": f"R{self.asked}",
            "SmsSendDetailDTOs": {"SmsSendDetailDTO": found},
            "Code": "OK",
        }

    def _at(self, asked: Asked) -> datetime:
        """When it was sent, on China's clocks."""
        return datetime.fromisoformat(asked.headers["x-acs-date"]) + AHEAD_OF_UTC

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
