"""Every personal column of this room: what for, who reads it, when it is deleted (PIPL arts. 6, 19).

A test compares it with the tables; `housekeeping` obeys it each night.
"""

from django.utils.translation import gettext_lazy as _

from guiyan.members.fields import PersonalField

_SENDS = _("发消息的党组织和您所在的支部")

PERSONAL_FIELDS = (
    PersonalField(
        _("给您发过哪几次提醒，送到没有"),
        (
            "sayingto.key", "sayingto.member_id", "sayingto.path", "sayingto.state",
            "sayingto.rung", "sayingto.channel", "sayingto.whose", "sayingto.tried",
            "sayingto.passed", "sayingto.outbox_key", "sayingto.counted_in",
        ),
        _("同一次提醒不发第二遍；送不到的改由人打电话"),
        _SENDS,
        _("用过哪些方式留一年；发过哪一次一直保留"),
    ),
    PersonalField(
        _("这个月给您发了几条"),
        ("monthcount.key", "monthcount.member_id", "monthcount.path", "monthcount.month",
         "monthcount.messages"),
        _("一个月最多四条"),
        _("没有人；只有程序数"),
        _("两个月"),
    ),
    PersonalField(
        _("您说过不要再发"),
        ("stop.member_id", "stop.path", "stop.how", "stop.since", "stop.ended_at"),
        _("您说停就停"),
        _SENDS,
        _("恢复以后留三年，作为凭据"),
    ),
    PersonalField(
        _("哪个号码回过停发"),
        ("stoppednumber.blind", "stoppednumber.sealed", "stoppednumber.how", "stoppednumber.since",
         "stoppednumber.ended_at"),
        _("合用这个号码的人，都不再发短信"),
        _("没有人；只有程序照办"),
        _("档案删除时删号码，只留认得出这个号码的对照码三年，免得再登记时又发"),
    ),
    PersonalField(
        _("您选的通知方式"),
        ("ladderchoice.member_id", "ladderchoice.path", "ladderchoice.purpose",
         "ladderchoice.choice"),
        _("按您选的方式告诉您"),
        _("没有人；只有程序照办"),
        _("您改选时"),
    ),
    PersonalField(
        _("您回的消息"),
        ("reply.member_id", "reply.path", "reply.channel", "reply.is_own_number", "reply.text",
         "reply.at"),
        _("有人答复您；内容加密存放"),
        _("您的联系人和支部；看了您看得到"),
        _("答复后即删内容，最多留90天"),
    ),
)  # fmt: skip

# Columns that say nothing about a person.
NOT_PERSONAL = frozenset(
    {
        "messagetemplate.id", "messagetemplate.purpose", "messagetemplate.organisation_id",
        "messagetemplate.path", "messagetemplate.version", "messagetemplate.title",
        "messagetemplate.short", "messagetemplate.neutral", "messagetemplate.long",
        "messagetemplate.call", "messagetemplate.sms_template",
        "messagetemplate.neutral_sms_template", "messagetemplate.wechat_template",
        "messagetemplate.set_at", "messagetemplate.set_by_name",
        "saying.id", "saying.purpose", "saying.slot", "saying.organisation_id", "saying.path",
        "saying.said_by", "saying.said_by_name", "saying.at", "saying.send_after",
        "saying.expires_at", "saying.facts", "saying.texts",
        "sayingto.id", "sayingto.saying_id", "sayingto.changed_at", "monthcount.id", "stop.id",
        "stoppednumber.id",
        "ladderchoice.id", "ladderchoice.set_at", "reply.id", "reply.opened_at",
        "reply.answered_at", "reply.answered_by",
    }
)  # fmt: skip
