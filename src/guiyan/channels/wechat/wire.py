"""WeChat official account: token, subscription notice, sign-in code, events called back.

Sources: developers.weixin.qq.com/doc/offiaccount "获取稳定版接口调用凭据", "订阅通知" (bizsend, events),
"网页授权", "接入指南".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from guiyan.channels.reading import error_code
from guiyan.channels.types import Accepted, Declined, Outcome, Unknown
from guiyan.channels.weixin import read_xml

TOKEN_TARGET = "/cgi-bin/stable_token"  # noqa: S105 - an address
SEND_TARGET = "/cgi-bin/message/subscribe/bizsend"
CODE_TARGET = "/sns/oauth2/access_token"
AUTHORIZE = "https://open.weixin.qq.com/connect/oauth2/authorize"
TOKEN_VOID = {40001, 40014, 42001}
# Busy, over the day's or minute's limit: nothing was sent.
TEMPORARY = TOKEN_VOID | {-1, 45009, 45011, 48001, 61004, 40164}
NOT_SUBSCRIBED = 43101


@dataclass(frozen=True, slots=True)
class Tap:
    """What somebody did in the window of a subscription, for one template."""

    template: str
    is_accepted: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One message that WeChat calls back with."""

    openid: str
    kind: str
    source: str
    taps: tuple[Tap, ...] = ()
    text: str = ""
    sent_id: str = ""
    is_delivered: bool = False
    code: str = ""


def token_body(app_id: str, secret: str) -> bytes:
    return json.dumps(
        {"grant_type": "client_credential", "appid": app_id, "secret": secret}
    ).encode()


def send_body(*, openid: str, template: str, page: str, params: Mapping[str, str]) -> bytes:
    found: dict[str, Any] = {"touser": openid, "template_id": template}
    if page:
        found["page"] = page
    found["data"] = {name: {"value": value} for name, value in params.items()}
    return json.dumps(found, ensure_ascii=False).encode()


def code_target(app_id: str, secret: str, code: str) -> str:
    return f"{CODE_TARGET}?" + urlencode(
        {"appid": app_id, "secret": secret, "code": code, "grant_type": "authorization_code"}
    )


def authorize_url(app_id: str, back: str, state: str) -> str:
    """Where somebody is led who binds their account; they come back to `back` with a code."""
    query = urlencode(
        {
            "appid": app_id,
            "redirect_uri": back,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
        }
    )
    return f"{AUTHORIZE}?{query}#wechat_redirect"


def outcome_of(answer: Mapping[str, Any] | None) -> Outcome:
    code = error_code(answer)
    if answer is None or code is None:
        return Unknown("unreadable")
    if code == 0:
        return Accepted(str(answer.get("msgid", ""))[:100])
    return Declined(str(code), code not in TEMPORARY)


def event_in(xml: str) -> Event:
    """Raises Forged for what is not a message."""
    root = read_xml(xml)

    def text(name: str) -> str:
        return (root.findtext(name) or "").strip()

    kind = text("Event") if text("MsgType") == "event" else text("MsgType")
    openid, created = text("FromUserName"), text("CreateTime")
    report = next(iter(root.findall("SubscribeMsgSentEvent/List")), None)
    return Event(
        openid=openid,
        kind=kind,
        source=text("MsgId") or f"{openid}:{created}:{kind}",
        taps=tuple(
            Tap(
                (entry.findtext("TemplateId") or "").strip()[:100],
                (entry.findtext("SubscribeStatusString") or "").strip() == "accept",
            )
            for name in ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent")
            for entry in root.findall(f"{name}/List")
        ),
        text=text("Content")[:500],
        sent_id=(report.findtext("MsgID") or "").strip() if report is not None else "",
        is_delivered=report is not None and (report.findtext("ErrorStatus") or "") == "success",
        code=(report.findtext("ErrorCode") or "").strip()[:60] if report is not None else "",
    )
