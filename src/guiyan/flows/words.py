"""Codes of flows in words, for pages and papers."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.flows import rules

Words = dict[str, str | Promise]

STATE: Words = {
    "declared": _("已申报流出"),
    "notified": _("已通知流入地"),
    "claimed": _("流入地已认领"),
    "verified": _("已核实，待编入"),
    "placed": _("已编入支部"),
    "transferring": _("正在转接组织关系"),
    "returned": _("已返回"),
    "transferred": _("关系已转入"),
    "moved_on": _("已转往别处"),
    "withdrawn": _("已撤销"),
    "folded": _("已并入另一条流动记录"),
}
# What the answering side owes in each state; completes "由…在…前".
OWED: Words = {
    "declared": _("查明去向并通知流入地党组织"),
    "notified": _("答复是否在本地、是否接收"),
    "claimed": _("确认是不是本支部党员"),
    "verified": _("研究编入党支部"),
    "placed": _("保持联系和日常管理"),
    "transferring": _("办结组织关系转接"),
}
ACT: Words = {
    "notify": _("通知流入地"),
    "take_in": _("确认接收"),
    "not_here": _("查无此人"),
    "confirm": _("确认是本支部党员"),
    "deny": _("不是本支部党员"),
    "place": _("编入党支部"),
    "undo_place": _("撤销编入"),
    "begin_transfer": _("开始转接组织关系"),
    "cancel_transfer": _("取消转接"),
    "complete_transfer": _("关系已转入，登记回执"),
    "come_home": _("已经返回"),
    "move_on": _("转往别处"),
    "withdraw": _("撤销这条记录"),
    "slip_accepted": _("回执同意接收"),
}
EVENT: Words = {
    **ACT,
    "declared": _("流出地申报外出"),
    "claimed": _("流入地认领"),
    "contact_lost": _("登记失去联系"),
    "abroad": _("查明在国（境）外"),
    "not_abroad": _("查明不在国（境）外"),
    "contact_found": _("恢复联系"),
}
KIND: Words = {
    "letter": _("函"),
    "introduction": _("组织关系介绍信"),
    "certificate": _("流动党员活动证"),
}
REPLY: Words = {
    "received": _("已收到"),
    "accepted": _("同意接收"),
    "not_here": _("查无此人"),
}
SEARCH_METHOD: Words = {
    "ledger": _("动态台账核"),
    "door": _("上门入户访"),
    "telephone": _("电话联系找"),
    "letter": _("组织发函联"),
    "self": _("党员找组织"),
    "peer": _("党员找党员"),
}
DOOR: Words = {code: _(word) for code, word in rules.DOORS.items()}
DEAD_REASON: Words = {code: _(word) for code, word in rules.DEAD_REASONS.items()}
PRECISION: Words = {"day": _("确切到日"), "month": _("只知道年月"), "year": _("只知道年份")}
