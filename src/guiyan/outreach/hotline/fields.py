"""What the hotline keeps of persons: numbers and words of calls until they are dealt with, and who
answers. `hotline.jobs` obeys the days each night."""

from django.utils.translation import gettext_lazy as _

from guiyan.members.fields import PersonalField

HOTLINE_FIELDS = (
    PersonalField(
        _("热线来电的号码、称呼、说的话"),
        (
            "call.number_sealed",
            "call.number_blind",
            "call.number_mask",
            "call.said_sealed",
            "call.case_id",
            "call.member_id",
        ),
        _("回拨来电，转给负责的人办理；话务员看不到档案"),
        _("号码：值班话务员，回拨时才显示；说的话：负责联系的人和支部书记"),
        _("办完三十天后"),
    ),
    PersonalField(
        _("热线值班、接听、查看号码的人"),
        (
            "dutyshift.account_id",
            "dutyexception.account_id",
            "dutyhandover.to_account_id",
            "dutyhandover.to_name",
            "dutyhandover.note",
            "call.owner_account_id",
            "call.by_account_id",
            "call.by_name",
            "numberopening.account_id",
            "operatorstop.account_id",
            "operatorstop.name",
        ),
        _("知道谁接听、谁回拨；查看号码过多时能问到人"),
        _("所在乡镇和县的管理人员；停用记录由安全管理员看"),
        _("值班撤下时；来电和交班记录满一年；查看号码满三十天"),
    ),
    PersonalField(
        _("学习包收到没有"),
        ("packanswer.case_id", "packanswer.has_it"),
        _("没收到的补发"),
        _("负责联系的人和支部书记"),
        _("满三年"),
    ),
)
