"""What contact persons' phones brought and a person decides about, in words: with whom, and how."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.field.offline import KindWords, Written
from guiyan.flows import queries as flow_queries
from guiyan.liaison import rules
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission

# What liaison.contacts refuses when it comes too late; the rest has words of its own.
_WHY: Mapping[str, str | Promise] = {
    "future": gettext_lazy("所记的日子在今天之后"),
    "too-late": gettext_lazy("过了可以撤销的时间"),
    "withdrawn": gettext_lazy("这次联系先前已经撤销"),
    # A list of one's own is no area of a map: whoever has none left has given the members away.
    "area-reassigned": gettext_lazy("这名党员已换了联系人"),
}
_LABELS = {
    "how": gettext_lazy("怎样联系的"),
    "was_reached": gettext_lazy("联系上了没有"),
    "on": gettext_lazy("哪一天"),
    "next_on": gettext_lazy("约好下次联系的日子"),
}


def of_value(name: str, value: Any) -> tuple[str, str]:
    """A field's label and its value in words."""
    text = "" if value is None else str(value)
    if name == "how":
        text = _(rules.WAYS[text]) if text in rules.WAYS else text
    elif name == "was_reached":
        text = _("联系上了") if value else _("没联系上")
    return str(_LABELS.get(name, name)), text


def _contacts(actor: Actor, waiting: Sequence[Written]) -> dict[UUID, str]:
    names = _names(actor, waiting)
    return {one.id: _with(names.get(one.subject_id), _what(one.body)) for one in waiting}


def _undoes(actor: Actor, waiting: Sequence[Written]) -> dict[UUID, str]:
    names = _names(actor, waiting)
    return {one.id: _with(names.get(one.subject_id), _("撤销一次联系")) for one in waiting}


def _what(body: Mapping[str, Any]) -> str:
    parts = [of_value(name, body.get(name))[1] for name in ("how", "was_reached")]
    if why := rules.WHY_NOT.get(str(body.get("why_not") or "")):
        parts.append(_(why))
    for name in ("on", "next_on"):
        if body.get(name):
            parts.append(" ".join(of_value(name, body[name])))
    return "，".join(parts)


def _with(name: str | None, what: str) -> str:
    """Who may not see the member any more reads what was done, without the name."""
    return _("%(name)s：%(what)s") % {"name": name, "what": what} if name else what


def _names(actor: Actor, waiting: Sequence[Written]) -> dict[UUID, str]:
    """Of the members whom this actor may see. Two queries for any number."""
    if not actor.may(Permission.SEE_CASES):
        return {}
    rows = flow_queries.cases_for(actor).filter(id__in={one.subject_id for one in waiting})
    return {case.id: case.member_name for case in flow_queries.facts_of(rows)}


CONTACT = KindWords(_contacts, of_value, _WHY)
UNDO = KindWords(_undoes, of_value, _WHY)
