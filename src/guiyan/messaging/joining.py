"""What this room hangs into the rooms below: news of messages, codes, merges, the member's page."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.channels import naming
from guiyan.channels import queries as channels
from guiyan.channels.events import MessageEnded, ReplyReceived
from guiyan.channels.fields import PERSONAL_COLUMNS
from guiyan.channels.naming import Named
from guiyan.channels.types import MessageFacts
from guiyan.members import ending, merging, own_page, timeline
from guiyan.members import queries as members
from guiyan.members.ending import Keeper
from guiyan.members.types import Link, MemberFacts
from guiyan.messaging import codes, following, housekeeping, jobs, replying, stopping, withdrawing
from guiyan.messaging.fields import PERSONAL_FIELDS
from guiyan.messaging.models import StoppedNumber
from guiyan.messaging.words import purpose_in
from guiyan.platform.actor import Actor
from guiyan.platform.events import subscribe
from guiyan.platform.reindexing import blind_column, held_by_others

SENTENCES = {
    "channels.put": gettext_lazy("放进一条要发的消息"),
    "channels.finish_call": gettext_lazy("记下了打电话的结果"),
    "messaging.read_reply": gettext_lazy("看了您的回复"),
    "messaging.answer_reply": gettext_lazy("答复了您的回复"),
    "messaging.stop_own": gettext_lazy("本人停收消息"),
    "messaging.resume_own": gettext_lazy("本人恢复收消息"),
    "messaging.choose_ways": gettext_lazy("本人选了收消息的方式"),
}


def join_lower_rooms() -> None:
    """Once, when the application is ready."""
    codes.join_lower_rooms()
    replying.join_lower_rooms()
    stopping.join_lower_rooms()
    withdrawing.join_lower_rooms()
    blind_column("messaging.StoppedNumber", "blind", stopping.number_in)
    held_by_others("numbers that want no messages, of erased files", _hashes_alone)
    subscribe(MessageEnded, jobs.hear_ended)
    subscribe(ReplyReceived, jobs.hear_reply)
    timeline.SENTENCES.update(SENTENCES)
    timeline.own_links.append(own_links)
    own_page.further_fields += [PERSONAL_FIELDS, PERSONAL_COLUMNS]
    naming.naming.append(names_of)
    ending.keep(Keeper("messaging", housekeeping.forget_members))
    merging.follow(following.FOLLOWER)


def _hashes_alone(since: datetime) -> int:
    """Their numbers are erased; the hashes go three years after the word was said."""
    return StoppedNumber.objects.filter(sealed__isnull=True, since__lt=since).count()


def names_of(actor: Actor, messages: Sequence[MessageFacts]) -> dict[UUID, Named]:
    """Which member a message went to, and of which purpose its key tells. One query."""
    ids = {one.id: one.recipient_id for one in messages if one.recipient_kind == "member"}
    known = members.members_by_id(actor, [one for one in ids.values() if one])
    return {
        one.id: Named(
            known[one.recipient_id].name,
            reverse("members:file", args=[one.recipient_id]),
            purpose_in(one.key),
        )
        for one in messages
        if one.id in ids and one.recipient_id in known
    }


def own_links(actor: Actor, facts: MemberFacts) -> list[Link]:
    """The member's messages with how many are new, and how they want to be reached. One query."""
    new = channels.unread_count(actor)
    label = _("我的消息（%(n)s条新的）") % {"n": new} if new else _("我的消息")
    return [
        Link(label, reverse("channels:inbox")),
        Link(_("怎样通知我"), reverse("messaging:own_ways")),
    ]
