"""What the pages of a census say on a phone (static/outreach/census.js)."""

from django.utils.translation import gettext_lazy as _

from guiyan.field.screens import Screen, Words, register_screen
from guiyan.outreach.census import rules
from guiyan.platform.permissions import Permission

PACKET = "census"

_WORDS = {
    "census.no_area": _("还没有分给您的片区"),
    "census.no_area_how": _("请联系组织摸排的同志；分好以后在“本机”里领取最新名单。"),
    "census.street_left": _("{street}：还有 {n} 户"),
    "census.left": _("还有 {n} 户"),
    "census.area_left": _("{area}：还有 {n} 户，共 {all} 户"),
    "census.street_done": _("这条街已经走完，请在下面选下一条街。"),
    "census.area_done": _("这一片已经全部走完，辛苦了。"),
    "census.next": _("下一家"),
    "census.in_street": _("这条街的其他家"),
    "census.streets": _("其他街道和村组"),
    "census.areas": _("其他片区"),
    "census.no_street": _("没有写街道的"),
    "census.n_left": _("还有 {n} 户"),
    "census.search": _("找一家"),
    "census.search_what": _("店名、街道或编码"),
    "census.no_hit": _("没有找到。换个写法，或点“名单上没有”补上。"),
    "census.add": _("名单上没有"),
    "census.was_closed": _("上次关门，约好 {day} 再来"),
    "census.noted.closed": _("台账上已注明停业"),
    "census.noted.moved": _("台账上已注明搬走"),
    "census.kept": _("已记下：{name}，{state}"),
    "census.change": _("改一下"),
    "census.when_again": _("{name}：哪天再来？"),
    "census.tomorrow": _("明天"),
    "census.friday": _("这个星期五"),
    "census.next_week": _("一周以后"),
    "census.other_day": _("别的日子"),
    "census.that_day": _("就这一天"),
    "census.why_refused": _("{name}：为什么没问成？"),
    "census.refused.busy": _("正忙，没空"),
    "census.refused.owner_away": _("管事的不在"),
    "census.refused.unwilling": _("不愿意说"),
    "census.same_as": _("{name}：和哪一家是同一家？"),
    "census.who": _("{name}：找到的党员"),
    "census.who_why": _("只记线索，由支部核实；不问身份证号码。填好就加密，这部手机也打不开。"),
    "census.name": _("姓名"),
    "census.phone": _("电话"),
    "census.home": _("从哪里来"),
    "census.home_hint": _("家乡或原来的支部，写本人说的"),
    "census.note": _("还有什么要说的"),
    "census.note_hint": _("可以不填，也可以录一句话"),
    "census.name_or_phone": _("请至少填姓名或电话中的一项。"),
    "census.name_needed": _("请填店名或单位名称。"),
    "census.shop_name": _("店名或单位名称"),
    "census.address": _("地址"),
    "census.keep": _("记下"),
    "census.op_visit": _("走访：{state}"),
    "census.op_add": _("补上一家：{name}"),
    "census.op_found": _("找到党员的线索（已加密）"),
}


def words() -> Words:
    states = {f"census.state.{code}": _(name) for code, name in rules.STATES.items()}
    return _WORDS | states


def register() -> None:
    register_screen(
        Screen(
            code="census",
            title=_("摸排"),
            permission=Permission.CANVASS,
            packet_kind=PACKET,
            module="outreach/census.js",
            words=words,
        )
    )
