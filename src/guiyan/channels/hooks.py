"""What providers call: signed or keyed, fresh, counted once, answered at once (F20, F37).

A call only reports; nothing that it brings makes the program send. Everything is answered within
one transaction and without asking anybody, well inside WeChat's five seconds.
"""

import hmac
from datetime import timedelta
from types import ModuleType

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from guiyan.channels import commands, configuration, weixin
from guiyan.channels.aliyun_sms import wire as aliyun
from guiyan.channels.tencent_sms import wire as tencent
from guiyan.channels.wechat.wire import event_in
from guiyan.platform import audit, limits
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.pages import public

MOST_BYTES = 64 * 1024
REMEMBERED = timedelta(seconds=2 * weixin.WITHIN_S + 60)
NOTED_AN_HOUR = 100
DONE = "success"
PROVIDERS: dict[str, tuple[str, ModuleType]] = {
    "aliyun": ("aliyun_sms", aliyun),
    "tencent": ("tencent_sms", tencent),
}


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def wechat(request: HttpRequest) -> HttpResponse:
    """GET proves that the address is ours; POST brings an event, encrypted for our app."""
    given = configuration.of("wechat")
    if not configuration.has("wechat", "app_id", "token", "aes_key"):
        raise Http404
    timestamp, nonce = _word(request, "timestamp"), _word(request, "nonce")
    if request.method != "POST":
        signed = weixin.is_signed(_word(request, "signature"), given["token"], timestamp, nonce)
        if not signed or not weixin.is_fresh(timestamp, now().timestamp()):
            return _refused("wechat")
        return _plain(_word(request, "echostr"))
    try:
        message = _opened(request, given["token"], given["aes_key"], given["app_id"])
        if message is None:
            return _plain(DONE)
        event = event_in(message)
    except weixin.Forged:
        return _refused("wechat")
    commands.take_wechat_event(by=_program(), event=event)
    return _plain(DONE)


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def wecom(request: HttpRequest) -> HttpResponse:
    """GET proves that the address is ours, with an encrypted text; POST brings a message."""
    given = configuration.of("wecom")
    if not configuration.has("wecom", "corp_id", "token", "aes_key"):
        raise Http404
    token, key, corp_id = given["token"], given["aes_key"], given["corp_id"]
    try:
        if request.method != "POST":
            echo = _word(request, "echostr")
            _check(request, token, echo)
            return _plain(weixin.decrypt(key, echo, corp_id))
        message = _opened(request, token, key, corp_id)
        if message is None:
            return _plain("")
        event = event_in(message)
    except weixin.Forged:
        return _refused("wecom")
    if event.kind == "text":
        commands.take_reply(by=_program(), channel="wecom", address=event.openid, text=event.text)
    return _plain("")


@public
@csrf_exempt
@require_POST
def sms(request: HttpRequest, code: str) -> HttpResponse:
    """Receipts and replies. These providers sign nothing: the address bears a secret key."""
    channel, wire = PROVIDERS.get(code, ("", aliyun))
    key = configuration.of(channel).get("hook_key", "")
    if not key:
        raise Http404
    if not hmac.compare_digest(request.GET.get("key", "").encode(), key.encode()):
        return _refused(channel)
    if _is_too_long(request):
        return HttpResponse(status=413)
    try:
        receipts, replies = wire.receipts_in(request.body), wire.replies_in(request.body)
    except (ValueError, KeyError, TypeError, AttributeError):
        return HttpResponse(status=400)
    if receipts:
        commands.take_receipt(by=_program(), channel=channel, receipts=receipts)
    for reply in replies:
        commands.take_reply(by=_program(), channel=channel, address=reply.address, text=reply.text)
    return JsonResponse(wire.RECEIVED)


def _opened(request: HttpRequest, token: str, key: str, receiver: str) -> str | None:
    """The message inside; None when this very call has been answered before. Raises Forged."""
    if _is_too_long(request):
        raise weixin.Forged("length")
    try:
        root = weixin.read_xml(request.body.decode())
    except UnicodeDecodeError as error:
        raise weixin.Forged("encoding") from error
    sealed = (root.findtext("Encrypt") or "").strip()
    _check(request, token, sealed)
    message = weixin.decrypt(key, sealed, receiver)
    signature = _word(request, "msg_signature")
    is_first = limits.take("channels.hook", signature, limit=1, per=REMEMBERED)
    return message if is_first else None


def _check(request: HttpRequest, token: str, sealed: str) -> None:
    timestamp, nonce = _word(request, "timestamp"), _word(request, "nonce")
    if not weixin.is_signed(_word(request, "msg_signature"), token, timestamp, nonce, sealed):
        raise weixin.Forged("signature")
    if not weixin.is_fresh(timestamp, now().timestamp()):
        raise weixin.Forged("time")


def _word(request: HttpRequest, name: str) -> str:
    return str(request.GET.get(name, ""))[:2_000]


def _is_too_long(request: HttpRequest) -> bool:
    length = request.headers.get("Content-Length", "0")
    return not length.isdigit() or int(length) > MOST_BYTES


def _refused(channel: str) -> HttpResponse:
    """A forged call is in the audit; a flood of them does not flood it."""
    if limits.take("channels.forged", channel, limit=NOTED_AN_HOUR, per=timedelta(hours=1)):
        audit.record(
            Actor.public(), "channels.refuse_call", subject_kind="channel", channel=channel
        )
    return HttpResponse(status=403)


def _plain(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _program() -> Actor:
    return Actor.system("channels.hook")
