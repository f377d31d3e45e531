"""A fake WeCom: gives tokens and takes messages of the application; calls back as WeChat does."""

import json
import secrets
from typing import Any

from guiyan.channels.fakes import Asked, Fake


class WeComFake(Fake):
    def __init__(self, *, corp_id: str, secret: str) -> None:
        super().__init__()
        self.corp_id, self.secret = corp_id, secret
        self.token, self.tokens_given = "", 0
        self.nobody: set[str] = set()

    def answer(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        if asked.path == "/cgi-bin/gettoken":
            return self._give_token(asked.query)
        if asked.query.get("access_token") != self.token or not self.token:
            return 200, {"errcode": 40014, "errmsg": "invalid access_token"}
        said = json.loads(asked.body)
        if said["touser"] in self.nobody:
            return 200, {"errcode": 0, "errmsg": "ok", "invaliduser": said["touser"]}
        self.accepted[said["touser"]] += 1
        self.texts.append(said["text"]["content"])
        return 200, {"errcode": 0, "errmsg": "ok", "msgid": f"M{self.asked}"}

    def throttled(self) -> tuple[int, dict[str, Any]]:
        return 200, {"errcode": 45009, "errmsg": "api freq out of limit"}

    def void_token(self) -> None:
        self.token = ""

    def _give_token(self, said: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if (said.get("corpid"), said.get("corpsecret")) != (self.corp_id, self.secret):
            return 200, {"errcode": 40001, "errmsg": "invalid credential"}
        self.token = self.token or secrets.token_hex(16)
        self.tokens_given += 1
        return 200, {"errcode": 0, "access_token": self.token, "expires_in": 7200}
