"""Codes of a census in words, for pages and papers."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guiyan.outreach.census import rules

Words = dict[str, str | Promise]

STATE: Words = {code: _(word) for code, word in rules.STATES.items()}
PERSON: Words = {code: _(word) for code, word in rules.KINDS_OF_PERSON.items()}
ROUND: Words = {"planned": _("还没开始"), "open": _("正在进行"), "closed": _("已结束")}
KIND: Words = {"premises": _("走访单位"), "branches": _("支部核对名册")}
NOTED: Words = {"closed": _("台账注明：已歇业"), "moved": _("台账注明：已搬迁")}
SOURCE: Words = {
    "page": _("网页登记"),
    "paper": _("纸上录入"),
    "device": _("手机登记"),
    "decision": _("裁定"),
}
TONE = {
    rules.NOT_VISITED: "",
    rules.CLOSED: "warn",
    rules.REFUSED: "warn",
    rules.MEMBERS_FOUND: "good",
}
# Of a map's ground, from nothing to all.
GROUND: Words = {
    "none": _("还没有结果"),
    "some": _("不到一半有结果"),
    "most": _("一半以上有结果"),
    "all": _("全部有结果"),
}
LETTER = _(
    "为了让在我县工作生活的流动党员都能就近参加组织生活，我们将逐户走访两新组织和个体工商户。\n"
    "走访的同志会出示工作证，只问店里有没有党员，不收费，不推销，不要身份证照片。\n"
    "如果您是党员，请告诉走访的同志，或者扫描下方的二维码、拨打热线与我们联系。"
)


def area_name(number: int, name: str) -> str:
    """As the sheet, the page and the phone call it."""
    return (gettext("第%(n)s片 %(name)s") % {"n": number, "name": name}).strip()
