"""A fake WeChat: gives tokens, exchanges codes, takes notices, and calls back signed and encrypted."""

import json
import secrets
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from guiyan.channels import weixin
from guiyan.channels.fakes import Asked, Fake


class WeChatFake(Fake):
    """`codes` says whose a code is; `tokens_given` counts how often a token was asked for."""

    def __init__(self, *, app_id: str, secret: str) -> None:
        super().__init__()
        self.app_id, self.secret = app_id, secret
        self.token, self.tokens_given = "", 0
        self.codes: dict[str, str] = {}
        self.refusing: set[str] = set()

    def answer(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        if asked.path == "/cgi-bin/stable_token":
            return self._give_token(json.loads(asked.body))
        if asked.path == "/sns/oauth2/access_token":
            return self._exchange(asked.query)
        if asked.query.get("access_token") != self.token or not self.token:
            return 200, {"errcode": 40001, "errmsg": "invalid credential"}
        said = json.loads(asked.body)
        if said["touser"] in self.refusing:
            return 200, {"errcode": 43101, "errmsg": "user refuse to accept the msg"}
        self.accepted[said["touser"]] += 1
        return 200, {"errcode": 0, "errmsg": "ok", "msgid": self.asked}

    def throttled(self) -> tuple[int, dict[str, Any]]:
        return 200, {"errcode": 45009, "errmsg": "reach max api daily quota limit"}

    def void_token(self) -> None:
        self.token = ""

    def _give_token(self, said: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if (said.get("appid"), said.get("secret")) != (self.app_id, self.secret):
            return 200, {"errcode": 40125, "errmsg": "invalid appsecret"}
        self.token = self.token or secrets.token_hex(16)
        self.tokens_given += 1
        return 200, {"access_token": self.token, "expires_in": 7200}

    def _exchange(self, said: dict[str, str]) -> tuple[int, dict[str, Any]]:
        openid = self.codes.pop(said.get("code", ""), "")
        if said.get("secret") != self.secret or not openid:
            return 200, {"errcode": 40029, "errmsg": "invalid code"}
        return 200, {"access_token": "T", "openid": openid, "scope": "snsapi_base"}


def called_back(
    xml: str, *, token: str, aes_key: str, receiver: str, timestamp: int, nonce: str
) -> tuple[str, str]:
    """Query and body of a call of WeChat's or WeCom's, signed and encrypted as they do it."""
    sealed = weixin.encrypt(aes_key, xml, receiver, random=secrets.token_bytes(16))
    query = urlencode(
        {
            "signature": weixin.signature(token, str(timestamp), nonce),
            "msg_signature": weixin.signature(token, str(timestamp), nonce, sealed),
            "timestamp": timestamp,
            "nonce": nonce,
            "encrypt_type": "aes",
        }
    )
    return query, f"<xml><Encrypt><![CDATA[{escape(sealed)}]]></Encrypt></xml>"
