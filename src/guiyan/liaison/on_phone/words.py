"""What the pages of keeping in touch say on a phone (static/liaison/today.js)."""

from django.utils.translation import gettext_lazy as _

from guiyan.field.screens import Screen, Words
from guiyan.kernel.languages import LANGUAGE_NAMES
from guiyan.liaison import rules
from guiyan.liaison.cadence.kinds import NAMES
from guiyan.liaison.on_phone.packets import CODE
from guiyan.liaison.six_clears.rules import CLEARS, SAYERS
from guiyan.platform.permissions import Permission

_WORDS = {
    "contacts.today": _("今天联系：{n} 人"),
    "contacts.nobody_today": _("今天没有到期的联系"),
    "contacts.nobody": _("还没有由您联系的党员"),
    "contacts.nobody_how": _("支部指定您做联系人以后，在“本机”里领取名单。"),
    "contacts.all_done": _("该联系的都联系过了，辛苦了。"),
    "contacts.coming": _("接下来"),
    "contacts.others": _("其他党员"),
    "contacts.due_by": _("{what}：{day} 前"),
    "contacts.overdue": _("{what}：{day} 已超期"),
    "contacts.from_day": _("{what}：{day} 起"),
    "contacts.last": _("上次联系上：{day}，{how}"),
    "contacts.never": _("还没有联系上过"),
    "contacts.speaks": _("会说：{languages}"),
    "contacts.reads_little": _("读写不便，请打电话或当面说"),
    "contacts.lives": _("住处：{address}"),
    "contacts.exempt": _("年老、患病等，不作硬性要求。去看望随时可以。"),
    "contacts.paused": _("暂停联系到 {day}"),
    "contacts.secretary": _("支部的话：{note}"),
    "contacts.call": _("拨打 {number}"),
    "contacts.call_of": _("拨打 {number}（{whose}）"),
    "contacts.other": _("别人"),
    "contacts.masked": _("{mask}：只有到期要联系的才带号码。有信号时在电脑或手机网页上查看。"),
    "contacts.no_phone": _("没有电话，请上门，或托人捎话请本人回电。"),
    "contacts.only_say": _("别人接听时，只说这一句："),
    "contacts.only_say_why": _("不说是什么单位、什么事。要留话，只留回电。"),
    "contacts.reached": _("联系上了"),
    "contacts.visited": _("上门见到了"),
    "contacts.missed": _("没联系上"),
    "contacts.more": _("还要记"),
    "contacts.why_missed": _("{name}：为什么没联系上？"),
    "contacts.why_unknown": _("不清楚"),
    "contacts.more_of": _("联系{name}"),
    "contacts.how": _("怎样联系的"),
    "contacts.on": _("哪一天"),
    "contacts.result": _("结果"),
    "contacts.talk": _("谈心谈话（每年至少一次）"),
    "contacts.note": _("补充一句"),
    "contacts.note_hint": _("只写下一步要做的事；可用输入法的语音键说"),
    "contacts.next_on": _("约好下次联系的日子"),
    "contacts.clears": _("六清：听到什么，写哪一项"),
    "contacts.clears_why": _("写好就加密，这部手机也打不开。没有变化的空着。"),
    "contacts.known": _("{day} 已知"),
    "contacts.stale": _("{day} 已知，该再问问了"),
    "contacts.said_by": _("六清是谁说的"),
    "contacts.help": _("本人希望帮忙：请支部书记看一看困难诉求"),
    "contacts.help_needs": _("要请人帮忙的，在“困难诉求”里写一句是什么难处。"),
    "contacts.too_long": _("写得太长：离线时一次最多约300个字。请写短一些，其余的有信号时再补。"),
    "contacts.told_reached": _("邻居、家属捎来的话，不算联系上本人。"),
    "contacts.keep": _("记下"),
    "contacts.kept": _("已记下：{name}，{what}"),
    "contacts.undo": _("撤销"),
    "contacts.undone": _("已撤销：{name}"),
    "contacts.waits": _("已记下，待上传"),
    "contacts.search": _("找一名党员"),
    "contacts.no_hit": _("名单里没有找到。"),
    "contacts.op": _("联系：{how}，{what}"),
    "contacts.op_undo": _("撤销一次联系"),
}


def words() -> Words:
    """With the words of codes, each under its own."""
    families = {
        "way": rules.WAYS,
        "why": rules.WHY_NOT,
        "owed": NAMES,
        "language": LANGUAGE_NAMES,
        "sayer": SAYERS,
        "clear": {code: clear.name for code, clear in CLEARS.items()},
        "asks": {code: clear.asks for code, clear in CLEARS.items()},
    }
    of_codes = {
        f"contacts.{family}.{code}": _(text)
        for family, table in families.items()
        for code, text in table.items()
    }
    script = str(_(rules.NEUTRAL_SCRIPT)) % {"name": "{name}", "caller": "{caller}"}
    return _WORDS | of_codes | {"contacts.script": script}


SCREEN = Screen(
    code="contacts",
    title=_("联系"),
    permission=Permission.RECORD_CONTACT,
    packet_kind=CODE,
    module="liaison/today.js",
    words=words,
)
