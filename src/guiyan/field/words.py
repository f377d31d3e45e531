"""What waits, as pages say it: what was done, why a person looks, and two values to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.field.offline import KindWords, Written, operation_kinds
from guiyan.field.types import WaitingFacts
from guiyan.platform.actor import Actor

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


_EMPTY: tuple[object, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that two filled in differently: its label, and both values in words."""

    name: str
    label: str
    here: str
    phone: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One that waits, in words; what was sealed is not shown."""

    facts: WaitingFacts
    said: str
    why: str | Promise
    choices: tuple[Choice, ...]


def in_words(actor: Actor, waiting: Sequence[WaitingFacts]) -> list[Shown]:
    """Those of one kind are asked of their room at once."""
    said: dict[UUID, str] = {}
    for code in {one.kind for one in waiting}:
        words = _words_of(code)
        if words is not None:
            own = [
                Written(one.id, one.subject_id, one.area_id, one.body)
                for one in waiting
                if one.kind == code
            ]
            said.update(words.said(actor, own))
    return [
        Shown(one, said.get(one.id) or _written(one), why(one), _choices(one)) for one in waiting
    ]


def why(one: WaitingFacts) -> str | Promise:
    """A room's own code in the room's words; what nobody has words for, as it is."""
    words = _words_of(one.kind)
    own = words.why if words else {}
    return own.get(one.code) or WHY.get(one.code, one.code)


def _words_of(kind: str) -> KindWords | None:
    found = operation_kinds.get(kind)
    return found.words if found else None


def _written(one: WaitingFacts) -> str:
    return "，".join(str(value) for value in one.body.values() if value not in _EMPTY)[:200]


def _choices(one: WaitingFacts) -> tuple[Choice, ...]:
    words = _words_of(one.kind)
    choices = []
    for name, both in one.kept.items():
        here, phone = both.get("here"), both.get("phone")
        label = name
        if words is not None:
            label, here = words.of_value(name, here)
            _label, phone = words.of_value(name, phone)
        choices.append(Choice(name, label, str(here or ""), str(phone or "")))
    return tuple(choices)
