"""Every personal field that this room stores: what for, who reads it, when it is deleted.

`field.tidy_sync` obeys it every night (rules.routing: RECEIPTS_KEPT, SENT_KEPT_AFTER_DECISION).
"""

from django.utils.translation import gettext_lazy as _

from guiyan.members.fields import PersonalField

_OFFICE = _("组织摸排的人和现在负责这个片区的人")

PERSONAL_FIELDS = (
    PersonalField(
        _("外出时记下、还没办的内容"),
        ("waitingoperation.sent", "waitingoperation.kept", "waitingoperation.told"),
        _("等人看过后照办；认得出人的部分是密封的，看不到"),
        _OFFICE,
        _("决定后三十天"),
    ),
    PersonalField(
        _("外出时说的一段录音"),
        ("spokennote.sound", "spokennote.box", "spokennote.account_id"),
        _("补充走访时不便打字的话；手机和服务器上都是密封的"),
        _("看得到这次走访的人"),
        _("随走访记录一并删除；没办成的，决定后三十天；没传完的，六十天"),
    ),
    PersonalField(
        _("哪位工作人员用哪台手机、最近什么时候有音信"),
        (
            "devicestate.account_id", "devicestate.account_name", "devicestate.description",
            "waitingoperation.account_id", "waitingoperation.account_name",
            "waitingoperation.decided_by", "receipt.account_id",
        ),
        _("知道外出的记录是谁的，没传完的有人过问"),
        _OFFICE,
        _("二百天没有音信以后"),
    ),
)  # fmt: skip
