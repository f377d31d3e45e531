"""How a code reaches a member's phone. Channels register themselves; the demo's reaches nobody."""

from collections.abc import Callable

from django.conf import settings
from django.utils.translation import gettext as _

from guiyan.access.models import DevelopmentMessage
from guiyan.kernel.phones import mask_phone

Channel = Callable[[str, str, str], None]

_channels: list[Channel] = []


def register_channel(channel: Channel) -> None:
    """Called in an application's `ready()` by a room that can really send: the last one wins.

    A channel takes the number in E.164, the text and the code in it, and only enqueues."""
    _channels.append(channel)


def deliver_code(phone: str, code: str) -> None:
    """Say the code to its owner. The text names no Party body: others may see the screen.

    Without any channel a deployment that is not the demo sends nothing.
    """
    text = _("验证码%(code)s，10分钟内有效。请勿告诉他人；如非本人操作，请忽略。") % {"code": code}
    if settings.DEMO:
        keep_for_the_demo(phone, text)
    if _channels:
        _channels[-1](phone, text, code)


def keep_for_the_demo(phone: str, text: str) -> None:
    """The development channel: the message is put on a page of the demo, under the mask."""
    DevelopmentMessage.objects.create(recipient_mask=mask_phone(phone), text=text)
