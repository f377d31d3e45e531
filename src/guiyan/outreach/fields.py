"""Every personal field that this room stores: what for, who reads it, when it is deleted.

Of people who are no members nothing is stored; of members who were found neither: what they said
goes to the leads. What stays is who works in the census, and the manager of a shop as its register
names them: `outreach.erase_managers` obeys that each night.
"""

from django.utils.translation import gettext_lazy as _

from guiyan.members.fields import PersonalField
from guiyan.outreach.hotline.fields import HOTLINE_FIELDS

_WITH_ROUND = _("这一轮摸排结束满三年，随走访记录一并删除")

PERSONAL_FIELDS = (
    PersonalField(
        _("负责人姓名、电话"),
        (
            "premises.manager_sealed",
            "premises.phone_sealed",
            "premises.phone_blind",
            "premises.phone_mask",
        ),
        _("走访前联系店家；从市场主体台账导入"),
        _("所在乡镇和县的摸排管理人员；只显示几位"),
        _("单位关停或搬走后当夜；其余在最后一轮摸排结束满三年后"),
    ),
    PersonalField(
        _("谁要求开始一轮摸排"),
        ("roundopening.acting",),
        _("由后台替这个人列出名单"),
        _("所在县的摸排管理人员；页面上不显示"),
        _("名单列好时；没有开始成的，到下一次开始时"),
    ),
    PersonalField(
        _("走访人姓名、账号"),
        ("visit.by_name", "visit.account_id", "visit.team_id"),
        _("走访说法不一时能问到人，复核时换人"),
        _("所在乡镇和县的摸排管理人员"),
        _WITH_ROUND,
    ),
    PersonalField(
        _("支部核对名册的答复"),
        ("screened.member_id", "screened.answer", "screened.by_name", "screened.account_id"),
        _("知道党员在不在本地，谁要去找"),
        _("本支部和上级党组织的管理人员"),
        _WITH_ROUND,
    ),
    PersonalField(
        _("复核人姓名、账号"),
        (
            "draw.by_name",
            "draw.account_id",
            "backcheck.by_name",
            "backcheck.account_id",
            "backcheck.first_account_id",
        ),
        _("复核换人；只算整轮的一致程度"),
        _("所在乡镇和县的摸排管理人员"),
        _WITH_ROUND,
    ),
    PersonalField(
        _("摸排组成员姓名、账号"),
        ("teamperson.name", "teamperson.account_id", "teamperson.kind", "teamperson.left_on"),
        _("知道哪一片由谁走访"),
        _("所在乡镇和县的摸排管理人员"),
        _WITH_ROUND,
    ),
    *HOTLINE_FIELDS,
)
