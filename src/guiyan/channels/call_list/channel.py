"""An entry in the list of calls: a person calls, and says how it went."""

from django.utils.translation import gettext_lazy as _

from guiyan.channels.models import CallEntry
from guiyan.channels.types import Accepted, Cost, Kind, Outcome, Outgoing
from guiyan.platform.clock import now


class CallList:
    code = "call_list"
    name = _("电话联系单")
    kind: Kind = "call"
    is_local = True
    gives_receipts = True

    def is_configured(self) -> bool:
        return True

    def cost(self, message: Outgoing) -> Cost:
        return Cost()

    def send(self, message: Outgoing) -> Outcome:
        """No number stands in the list: whoever calls opens it in the file, with a reason."""
        CallEntry.objects.get_or_create(
            id=message.id,
            defaults={
                "recipient_kind": message.recipient_kind,
                "recipient_id": message.recipient_id,
                "path": message.path,
                "text": message.text,
                "at": now(),
                "call_by": message.expires_at,
            },
        )
        return Accepted()
