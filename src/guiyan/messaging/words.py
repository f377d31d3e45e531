"""Names of purposes, ways, states and reasons as pages say them."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guiyan.messaging import rules
from guiyan.messaging.purposes import declared, purpose_of

STATE: dict[str, str | Promise] = {
    "sent": _("已经安排，等结果"),
    "reached": _("已经送到"),
    "calling": _("等人打电话"),
    "unknown": _("结果未知，等人认定"),
    "unreached": _("没有办法送到"),
    "expired": _("过了时候，没有发"),
    "cancelled": _("已取消"),
}
WAY: dict[str, str | Promise] = {
    "sms": _("短信"),
    "aliyun_sms": _("短信"),
    "tencent_sms": _("短信"),
    "wechat": _("微信"),
    "inbox": _("站内消息"),
    "call_list": _("打电话"),
    "email": _("电子邮件"),
    "wecom": _("企业微信"),
}
WHOSE: dict[str, str | Promise] = {
    "own": _("本人"),
    "shared": _("几个人合用的号码，只说请回电话"),
    "relative": _("亲属或邻居的号码，只说请回电话"),
}
FACT: dict[str, str | Promise] = {
    "day": _("哪天、几点"),
    "place": _("在哪里"),
    "phone": _("回电话的号码"),
}
# Invented, for looking at a text before anybody gets it.
EXAMPLE = {"day": "周五下午三点", "place": "文化站", "phone": "0834-8222222", "code": "123456"}
# Said in purposes.toml, where no tool finds them.
PURPOSE: dict[str, str | Promise] = {
    "meeting_reminder": _("每月学习提醒"),
    "meeting": _("学习活动通知"),
    "please_call": _("请回电话"),
    "contact_changed": _("换了联系人"),
    "spring": _("春节返乡问候"),
    "service_news": _("办事进度"),
    "stop_confirmed": _("已停发的回执"),
    "sign_in_code": _("登录验证码"),
}


def purpose_name(code: str) -> str:
    return str(PURPOSE.get(code) or purpose_of(code).name)


def purpose_in(key: str) -> str:
    """What a key of the outbox (person:purpose:…) is about; empty when it is none of ours."""
    code = key.split(":")[1] if key.count(":") >= 2 else ""
    return purpose_name(code) if code in declared() else ""


def way_name(code: str) -> str:
    return str(WAY.get(code, code))


def state_name(code: str) -> str:
    return str(STATE.get(code, code))


def why(code: str) -> str:
    return gettext(rules.WHY_NOT[code]) if code in rules.WHY_NOT else code


def whys(passed: tuple[tuple[str, str], ...]) -> str:
    """Each way with why not: "短信：本人没有同意用消息联系"."""
    said = [f"{way_name(way)}：{why(code)}" if way else why(code) for way, code in passed]
    return "；".join(said)
