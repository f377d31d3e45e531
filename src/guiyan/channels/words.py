"""Names of states, channels and codes as pages say them."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guiyan.channels.contract import channel_of
from guiyan.channels.rules import OUTBOX

WHY: dict[str, str | Promise] = {
    "worker-died": _("发送时程序中断，不知道发出没有"),
    "ReadTimeout": _("服务商没有在限时内回答"),
    "RemoteProtocolError": _("服务商没有回答就断开了"),
    "ReadError": _("服务商没有回答就断开了"),
    "unreadable": _("服务商的回答看不懂"),
    "too-slow": _("服务商没有在限时内答完"),
    "SMTPServerDisconnected": _("邮件服务器没有回答就断开了"),
    "no-connection": _("连不上服务商，会再试"),
    "no-token": _("没有取得服务商的调用凭据，会再试"),
    "no-credit": _("本人没有点过“允许通知”，或次数已用完"),
    "not-configured": _("这个渠道没有配置"),
    "by-person": _("由人定的"),
    "stopped": _("发出以前，本人说过不要再发"),
    "number-stopped": _("发出以前，这个号码回过停发"),
    "no-consent": _("发出以前，本人撤回了同意"),
    "no-address": _("发出以前，号码或绑定变了"),
    "not-their-own": _("发出以前，号码改记为别人的"),
}

# What a provider said when it was asked for an end that it had not reported.
SAID: dict[str, str | Promise] = {
    "end": _("已经有了结果"),
    "taken": _("已经收下，还没有结果"),
    "nothing": _("查不到这一条，或还没有结果"),
    "no-answer": _("这次没有回答，会再问"),
}


def state_name(code: str) -> str:
    return gettext(OUTBOX.label(code))


def channel_name(code: str) -> str:
    return str(channel_of(code).name)


def why(code: str) -> str:
    return str(WHY.get(code, code))
