"""Sign-in codes go out like any message: first in the queue, bounded for each number."""

from uuid import uuid4

from guiyan.access import delivery
from guiyan.channels import commands, queries
from guiyan.channels.types import NewMessage
from guiyan.messaging import wordings
from guiyan.platform.actor import Actor
from guiyan.platform.scope import beyond_scope


def send(phone: str, text: str, code: str) -> None:
    """Put the code into the outbox; without a provider of SMS nothing is sent.

    Bounded for each number whoever asks (channels.rules: one a minute, five a day; F37).
    """
    channel = queries.sms_channel()
    if not channel:
        return
    with beyond_scope("the code's template is the deployment's, not the asker's"):
        template = wordings.in_force("sign_in_code", "").sms_template
    commands.put(
        by=Actor.system("messaging.send_code"),
        messages=[
            NewMessage(
                key=f"code:{uuid4()}",
                channel=channel,
                address=phone,
                text=text,
                template=template,
                params={"code": code},
                recipient_kind="code",
                priority="code",
            )
        ],
    )


def join_lower_rooms() -> None:
    delivery.register_channel(send)
