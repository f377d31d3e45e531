"""The entries of the staff's menu, each with the permission that it asks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the menu; without a permission it is for every member of staff."""

    label: str | Promise
    name: str
    permission: Permission | None = None


@dataclass(frozen=True, slots=True)
class ShownEntry:
    label: str | Promise
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """What stands together in the menu: its name leads to the first page of it."""

    label: str | Promise
    url: str
    is_current: bool
    entries: tuple[ShownEntry, ...] = ()


# What a person does together stands together; a group of one page bears the page's own name.
MENU: tuple[tuple[str | Promise, tuple[Entry, ...]], ...] = (
    (_("待办"), (Entry(_("待办"), "web:work"),)),
    (
        pgettext_lazy("menu", "联系"),
        (
            Entry(_("今天联系谁"), "liaison:today", Permission.RECORD_CONTACT),
            Entry(_("要打的电话"), "messaging:calls", Permission.RECORD_CONTACT),
            Entry(_("还没联系上的"), "liaison:unreached", Permission.ASSIGN_CONTACT_PERSON),
            Entry(_("安排联系人"), "liaison:pairing", Permission.PAIR_MEMBERS),
            Entry(_("联系要求"), "liaison:cadence", Permission.SET_CADENCE),
        ),
    ),
    (
        pgettext_lazy("menu", "流入流出"),
        (
            Entry(_("线索"), "flows:leads", Permission.SCREEN_LEADS),
            Entry(_("流入台账"), "insight:moved_in", Permission.SEE_REGISTERS),
            Entry(_("流出台账"), "insight:moved_out", Permission.SEE_REGISTERS),
            Entry(pgettext_lazy("menu", "编入支部"), "flows:placement", Permission.PLACE_MEMBERS),
        ),
    ),
    (
        pgettext_lazy("menu", "窗口和热线"),
        (
            Entry(_("服务台"), "web:desk", Permission.TAKE_LEADS),
            Entry(pgettext_lazy("menu", "热线"), "web:hotline", Permission.ANSWER_HOTLINE),
            Entry(_("热线转来的"), "web:hotline_passed", Permission.RECORD_CONTACT),
            Entry(_("热线值班"), "outreach:rotas", Permission.CHANGE_DIRECTORY),
        ),
    ),
    (
        pgettext_lazy("menu", "摸排"),
        (
            Entry(pgettext_lazy("menu", "摸排"), "outreach:census", Permission.SEE_CENSUS),
            Entry(_("上门摸排"), "outreach:my_areas", Permission.CANVASS),
            Entry(_("核对名册"), "outreach:my_lists", Permission.SCREEN_ROSTER),
        ),
    ),
    (
        pgettext_lazy("menu", "消息"),
        (
            Entry(_("发消息"), "messaging:compose", Permission.SEND_MESSAGES),
            Entry(_("发过的和结果"), "messaging:sayings", Permission.SEND_MESSAGES),
            Entry(_("群通知文字"), "channels:texts", Permission.SEND_MESSAGES),
            Entry(_("结果未知的消息"), "channels:messages", Permission.SEND_MESSAGES),
            Entry(_("发送渠道"), "channels:channels", Permission.MANAGE_CHANNELS),
        ),
    ),
    (_("党员"), (Entry(_("党员"), "members:members", Permission.SEE_MEMBERS),)),
    (
        pgettext_lazy("menu", "表格"),
        (
            Entry(_("导入"), "insight:imports", Permission.IMPORT_WORKBOOKS),
            Entry(_("导出"), "insight:exports", Permission.EXPORT_REGISTERS),
        ),
    ),
    (
        pgettext_lazy("menu", "组织"),
        (
            Entry(
                pgettext_lazy("menu", "组织"), "orgs:organisations", Permission.SEE_ORGANISATIONS
            ),
            Entry(_("服务点"), "orgs:directory", Permission.SEE_ORGANISATIONS),
        ),
    ),
    (
        pgettext_lazy("menu", "管理"),
        (
            Entry(_("账号"), "access:accounts", Permission.ADMINISTER_ACCOUNTS),
            Entry(_("审计"), "access:audit", Permission.READ_AUDIT),
            Entry(
                pgettext_lazy("menu", "建议"), "web:feedback_list", Permission.ANSWER_CORRECTIONS
            ),
        ),
    ),
)

# What a person may begin by themselves; on the start page, and all of it when nothing waits there.
BEGINNINGS = (
    Entry(_("接听热线"), "web:hotline", Permission.ANSWER_HOTLINE),
    Entry(_("接待来人、接听来电"), "web:desk", Permission.TAKE_LEADS),
    Entry(_("联系一名党员"), "liaison:today", Permission.RECORD_CONTACT),
    Entry(_("外勤：在手机上工作"), "phone:shell", Permission.CANVASS),
    Entry(_("外勤：在手机上工作"), "phone:shell", Permission.RECORD_CONTACT),
    Entry(_("登记一名党员"), "members:new", Permission.CHANGE_MEMBERS),
    Entry(_("找一名党员，登记外出"), "members:members", Permission.DECLARE_CASES),
    Entry(_("导入一份名册"), "insight:imports", Permission.IMPORT_WORKBOOKS),
    Entry(_("看流入台账"), "insight:moved_in", Permission.SEE_REGISTERS),
    Entry(_("审批导出"), "insight:approvals", Permission.APPROVE_EXPORTS),
    Entry(_("开设账号、授权"), "access:accounts", Permission.ADMINISTER_ACCOUNTS),
    Entry(_("查看操作记录"), "access:audit", Permission.READ_AUDIT),
    Entry(_("查组织和电话"), "orgs:directory", Permission.SEE_ORGANISATIONS),
)
BEGINNINGS_SHOWN = 5


@cache
def own_url(name: str) -> str:
    """The address of a named page; empty where this installation has no such page.

    Looked up once a process: the menu of each page asks for fifteen.
    """
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def beginnings_for(actor: Actor) -> list[ShownEntry]:
    """The first few things that this actor may begin, the most usual first."""
    theirs = {  # by address: what two permissions open stands there once
        entry.name: ShownEntry(entry.label, own_url(entry.name), is_current=False)
        for entry in BEGINNINGS
        if entry.permission is None or actor.may(entry.permission)
    }
    return list(theirs.values())[:BEGINNINGS_SHOWN]


@lru_cache(maxsize=64)  # as many as there are sets of roles
def _groups_of(
    permissions: frozenset[Permission],
) -> list[tuple[str | Promise, list[tuple[Entry, str]]]]:
    """The groups with a page that these permissions open, each with its pages."""
    groups = [
        (
            label,
            [
                (entry, url)
                for entry in entries
                if (entry.permission is None or entry.permission in permissions)
                and (url := own_url(entry.name))
            ],
        )
        for label, entries in MENU
    ]
    return [(label, open_to_them) for label, open_to_them in groups if open_to_them]


def menu_for(actor: Actor, path: str) -> Iterator[ShownGroup]:
    """The groups that this actor has pages of; the page that `path` lies under is the current one,
    and the pages of its group stand below."""
    if not actor.is_staff:
        return
    groups = _groups_of(actor.permissions)
    urls = [url for _label, entries in groups for _entry, url in entries]
    # The start page lies above all others, so it is current only by itself.
    over = [url for url in urls if path == url or (len(url) > 3 and path.startswith(url))]
    nearest = max(over, key=len, default="")
    for label, entries in groups:
        shown = tuple(ShownEntry(entry.label, url, url == nearest) for entry, url in entries)
        name = shown[0].label if len(shown) == 1 else label
        yield ShownGroup(name, shown[0].url, any(each.is_current for each in shown), shown)
