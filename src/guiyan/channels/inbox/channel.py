"""A message on the member's own page: writing it is delivering it."""

from django.utils.translation import gettext_lazy as _

from guiyan.channels.models import InboxMessage
from guiyan.channels.types import Accepted, Cost, Declined, Kind, Outcome, Outgoing
from guiyan.platform.clock import now


class Inbox:
    code = "inbox"
    name = _("站内消息")
    kind: Kind = "push"
    is_local = True
    gives_receipts = False

    def is_configured(self) -> bool:
        return True

    def cost(self, message: Outgoing) -> Cost:
        return Cost()

    def send(self, message: Outgoing) -> Outcome:
        if message.recipient_id is None:
            return Declined("no-recipient", is_permanent=True)
        InboxMessage.objects.get_or_create(
            id=message.id,
            defaults={
                "recipient_kind": message.recipient_kind,
                "recipient_id": message.recipient_id,
                "path": message.path,
                "title": message.title[:100],
                "text": message.text,
                "at": now(),
            },
        )
        return Accepted(is_delivered=True)
