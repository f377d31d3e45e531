"""Every personal column of this room: what for, who reads it, when it is deleted.

Declared from the first day (PIPL arts. 6, 17, 19, 47); a test compares it with the tables, and
`housekeeping` obeys it each night.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class PersonalColumn:
    """Columns ("table.column") of one kind, in the words in which a person is told of them."""

    name: str | Promise
    columns: tuple[str, ...]
    purpose: str | Promise
    readers: str | Promise
    delete_after: str | Promise


PERSONAL_COLUMNS = (
    PersonalColumn(
        _("消息内容和收信号码"),
        ("outboxmessage.contents",),
        _("把消息发给您"),
        _("没有人；只有发送程序打开"),
        _("消息有结果后即删，等回执的最多七天"),
    ),
    PersonalColumn(
        _("收信号码的对照码和遮盖后的号码"),
        ("outboxmessage.address_index", "outboxmessage.address_mask"),
        _("认出您的回复，分清两条消息"),
        _("发送消息的党组织，只看遮盖后的号码"),
        _("90天"),
    ),
    PersonalColumn(
        _("消息发给谁、哪种提醒、结果怎样"),
        (
            "outboxmessage.key",
            "outboxmessage.recipient_kind",
            "outboxmessage.recipient_id",
            "outboxmessage.path",
            "outboxmessage.provider_id",
        ),
        _("同一条提醒不发第二次"),
        _("发送消息的党组织"),
        _("一直保留编号，不含姓名和号码"),
    ),
    PersonalColumn(
        _("您的微信账号代号"),
        (
            "binding.address",
            "binding.address_index",
            "binding.code",
            "binding.recipient_kind",
            "binding.recipient_id",
            "binding.path",
        ),
        _("把通知发到您绑定的微信"),
        _("没有人；只有发送程序打开"),
        _("您解除绑定时"),
    ),
    PersonalColumn(
        _("您允许通知的次数"),
        ("subscriptioncredit.binding_id", "subscriptioncredit.template"),
        _("您点一次允许，只发一条"),
        _("没有人；只有发送程序计算"),
        _("解除绑定后90天"),
    ),
    PersonalColumn(
        _("站内消息"),
        (
            "inboxmessage.recipient_kind",
            "inboxmessage.recipient_id",
            "inboxmessage.path",
            "inboxmessage.title",
            "inboxmessage.text",
            "inboxmessage.read_at",
        ),
        _("您在自己的页面上看到消息"),
        _("您本人"),
        _("一年"),
    ),
    PersonalColumn(
        _("要给您打的电话"),
        (
            "callentry.recipient_kind",
            "callentry.recipient_id",
            "callentry.path",
            "callentry.text",
            "callentry.outcome",
        ),
        _("由人打电话联系您"),
        _("您的联系人和支部"),
        _("90天"),
    ),
)

# Columns that say nothing of a person.
NOT_PERSONAL = {
    "outboxmessage": {
        "id", "channel", "state", "priority", "put_at", "send_after", "expires_at", "next_try_at",
        "tries", "claim", "claimed_at", "detail_code", "cost_fen", "spent_on", "ended_at",
        "decided_by", "ask_at", "asks", "asked_at", "asked_word",
    },
    "deliveryreceipt": {"id", "message_id", "at", "is_delivered", "code"},
    "spending": {"id", "channel", "period", "fen", "messages"},
    "channellimits": {"channel", "day_fen", "month_messages", "set_at"},
    "channeltoken": {"channel", "token", "expires_at"},
    "binding": {"id", "channel", "begun_at", "bound_at", "ended_at"},
    "subscriptioncredit": {"id", "change", "why", "source", "at"},
    "inboxmessage": {"id", "at"},
    "callentry": {"id", "at", "call_by", "done_at", "done_by"},
    "grouptext": {"id", "path", "title", "text", "at"},
}  # fmt: skip
