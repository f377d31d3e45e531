"""Why an operation waits, as pages say it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WHY: dict[str, str | Promise] = {
    "device-lost": _("手机已报失或注销，之后才传上来"),
    "handover-unsigned": _("转交文件没有原手机的签名"),
    "role-ended": _("填写的人现在没有这个岗位"),
    "area-reassigned": _("片区已移交给别人"),
    "member-reassigned": _("这名党员已换了联系人"),
    "ended": _("所说的流动记录已经结束"),
    "packet-missing": _("没有出示所用的片区数据"),
    "packet-forged": _("所用的片区数据不是本系统发出的"),
    "packet-expired": _("所用的片区数据已过21天"),
    "predecessor-missing": _("前一条还没有传到"),
    "predecessor-waits": _("前一条还在等"),
    "predecessor-declined": _("前一条已被退回"),
    "same-field": _("两边对同一项填得不一样"),
    "changed-meanwhile": _("这条记录在此期间被人改过"),
    "sealed-unreadable": _("密封的部分打不开"),
    "not-there": _("所说的对象不在范围内"),
    "fault": _("办理时出错，请与管理员联系"),
    "malformed": _("读不懂"),
    "invalid": _("填得不完整"),
}


def why(code: str) -> str | Promise:
    """In words; a room's own code, which its page explains, as it is."""
    return WHY.get(code, code)
