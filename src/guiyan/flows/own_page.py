"""How a member's stay stands, in one sentence that the member reads on their start page."""

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.flows import queries
from guiyan.flows.rules import CaseState
from guiyan.members.types import MemberFacts
from guiyan.platform.actor import Actor

STANDING: dict[str, str | Promise] = {
    CaseState.DECLARED: gettext_lazy("流出地党组织已登记您外出，正在联系您所在地的党组织。"),
    CaseState.NOTIFIED: gettext_lazy("已经通知您所在地的党组织，正等他们答复。"),
    CaseState.CLAIMED: gettext_lazy("您所在地的党组织已经收到您的报到，正等流出地党组织确认。"),
    CaseState.VERIFIED: gettext_lazy("两边都已核实，正在为您安排党支部。"),
    CaseState.PLACED: gettext_lazy("您已编入所在地的党支部，有事可以直接找他们。"),
    CaseState.TRANSFERRING: gettext_lazy("正在为您转接组织关系。"),
}


def standing(actor: Actor, member: MemberFacts) -> str:
    """The open stay in the member's words, with the day by which the next answer is due."""
    case = queries.open_case_of_member(actor, member.id)
    if case is None:
        return _("现在没有外出登记，由流出地党组织与您联系。")
    said = str(STANDING.get(case.state, ""))
    if case.answer_by is None or case.answer_by < actor.today:
        return said
    day = date_format(case.answer_by, _("Y年n月j日"))
    return said + _("最迟%(day)s前有结果。") % {"day": day}
