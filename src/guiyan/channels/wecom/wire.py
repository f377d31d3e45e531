"""WeCom (企业微信): token, application message, answer.

Sources: developer.work.weixin.qq.com/document/path/91039 (token), /90236 (message), /90930 (callback).
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from guiyan.channels.reading import error_code
from guiyan.channels.types import Accepted, Declined, Outcome, Unknown

SEND_TARGET = "/cgi-bin/message/send"
TOKEN_VOID = {40014, 42001, 40001}
TEMPORARY = TOKEN_VOID | {-1, 45009, 45033, 45026, 60020}
SAME_WITHIN_S = 14_400  # the longest time for which WeCom itself refuses the same message again


def token_target(corp_id: str, secret: str) -> str:
    return "/cgi-bin/gettoken?" + urlencode({"corpid": corp_id, "corpsecret": secret})


def send_body(*, user: str, agent_id: str, text: str) -> bytes:
    return json.dumps(
        {
            "touser": user,
            "msgtype": "text",
            "agentid": int(agent_id),
            "text": {"content": text},
            "enable_duplicate_check": 1,
            "duplicate_check_interval": SAME_WITHIN_S,
        },
        ensure_ascii=False,
    ).encode()


def outcome_of(answer: Mapping[str, Any] | None) -> Outcome:
    """Also "ok" with the user among the invalid ones is a refusal too."""
    code = error_code(answer)
    if answer is None or code is None:
        return Unknown("unreadable")
    if code:
        return Declined(str(code), code not in TEMPORARY)
    if answer.get("invaliduser") or answer.get("unlicenseduser"):
        return Declined("invalid-user", is_permanent=True)
    return Accepted(str(answer.get("msgid", ""))[:100])
