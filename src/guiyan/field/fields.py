"""Every personal field that this room stores: what for, who reads it, when it is deleted.

`field.tidy_sync` obeys it every night (rules.routing: RECEIPTS_KEPT, SENT_KEPT_AFTER_DECISION).
"""

from django.utils.translation import gettext_lazy as _

from guiyan.members.fields import PersonalField

_OFFICE = _("组织摸排的人和现在负责这个片区的人")

PERSONAL_FIELDS = (
    PersonalField(
        _("外出时记下、还没办的内容"),
        ("waitingoperation.sent", "waitingoperation.kept"),
        _("等人看过后照办；认得出人的部分是密封的，看不到"),
        _OFFICE,
        _("决定后三十天"),
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
