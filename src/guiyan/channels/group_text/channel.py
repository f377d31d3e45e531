"""A text to be copied into a WeChat group by a person; it was checked when it was put."""

from django.utils.translation import gettext_lazy as _

from guiyan.channels.models import GroupText
from guiyan.channels.rules import may_go_to_a_group
from guiyan.channels.types import Accepted, Cost, Declined, Kind, Outcome, Outgoing
from guiyan.platform.clock import now


class GroupTextChannel:
    code = "group_text"
    name = _("群通知文字")
    kind: Kind = "text"
    is_local = True
    gives_receipts = False

    def is_configured(self) -> bool:
        return True

    def cost(self, message: Outgoing) -> Cost:
        return Cost()

    def send(self, message: Outgoing) -> Outcome:
        if refusal := may_go_to_a_group(f"{message.title}\n{message.text}"):
            return Declined(refusal.code, is_permanent=True)
        GroupText.objects.get_or_create(
            id=message.id,
            defaults={
                "path": message.path,
                "title": message.title[:100],
                "text": message.text,
                "at": now(),
            },
        )
        return Accepted(is_delivered=True)
