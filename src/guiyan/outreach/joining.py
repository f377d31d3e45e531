"""What outreach hangs into the rooms below: sentences of the audit, moves of the tree."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.access.sentences import register_sentences
from guiyan.flows import panels
from guiyan.flows.events import CaseAdvanced, CasesGone, MemberMovedOn
from guiyan.members import ending, merging
from guiyan.orgs import duty
from guiyan.orgs.events import OrganisationMoved, OrganisationsMerged
from guiyan.outreach import jobs
from guiyan.outreach.census import lead_panel, packets, phone_words
from guiyan.outreach.hotline import following
from guiyan.outreach.hotline import jobs as hotline_jobs
from guiyan.outreach.hotline import queries as hotline
from guiyan.platform.events import subscribe
from guiyan.platform.jobs import enqueue

SENTENCES: dict[str, str | Promise] = {
    "outreach.plan_round": _("计划了一轮摸排"),
    "outreach.change_round": _("修改了一轮摸排"),
    "outreach.ask_to_open": _("要求开始一轮摸排"),
    "outreach.open_round": _("开始了一轮摸排"),
    "outreach.keep_refusal": _("一轮摸排没有开始，写下了原因"),
    "outreach.close_round": _("结束了一轮摸排"),
    "outreach.propose_areas": _("拟定了划片"),
    "outreach.move_doors": _("调整了划片"),
    "outreach.confirm_areas": _("确认了划片"),
    "outreach.give_area": _("把一片交给了一个组"),
    "outreach.make_team": _("编了一个摸排组"),
    "outreach.add_person": _("摸排组加了人"),
    "outreach.remove_person": _("摸排组减了人"),
    "outreach.fall_out": _("一个摸排组退出，片交给了别的组"),
    "outreach.record_visits": _("登记了走访"),
    "outreach.record_found": _("走访找到了可能的党员，登记为线索"),
    "outreach.type_in": _("录入了纸上的走访"),
    "outreach.add_door": _("走访时新登记了一家单位"),
    "outreach.decide_conflict": _("裁定了两次走访的不同说法"),
    "outreach.open_again": _("要求重新走访"),
    "outreach.make_list": _("列出了支部的核对表"),
    "outreach.answer_list": _("核对了支部名册上的党员"),
    "outreach.say_of_branch": _("登记了支部的情况"),
    "outreach.note_found": _("找到了要找的党员"),
    "outreach.mark_merged": _("支部并入了其他支部"),
    "outreach.draw_back_check": _("抽样复核"),
    "outreach.record_back_check": _("登记了复核结果"),
    "outreach.add_shift": _("排了热线值班"),
    "outreach.remove_shift": _("撤下了热线值班"),
    "outreach.add_day": _("排了某一天的热线值班"),
    "outreach.remove_day": _("撤下了某一天的热线值班"),
    "outreach.take_over": _("接了热线的班"),
    "outreach.take_call": _("记下了一个来电"),
    "outreach.note_missed": _("记下了一个未接来电"),
    "outreach.open_number": _("查看了未接来电的号码"),
    "outreach.record_try": _("回拨了未接来电"),
    "outreach.set_aside": _("放下了多次回拨没人接的来电"),
    "outreach.release_operator": _("恢复了话务员查看号码"),
    "outreach.close_passed": _("给来电的党员回了电话"),
    "outreach.note_passed_try": _("给来电的党员回拨，没人接"),
    "outreach.record_pack_answer": _("问了学习包收到没有"),
    "outreach.forget_old_calls": _("清除了过期的来电"),
}


def join_lower_rooms() -> None:
    """Once, when the application is ready."""
    register_sentences(SENTENCES)
    packets.register()
    phone_words.register()
    panels.register_for_leads(lead_panel.visit_panel)
    duty.register(hotline.answering)
    ending.keep(following.KEEPER)
    merging.follow(following.FOLLOWER)
    subscribe(CaseAdvanced, hotline_jobs.hear_of_stay)
    subscribe(MemberMovedOn, hotline_jobs.hear_of_stay)
    subscribe(CasesGone, hotline_jobs.hear_of_gone)
    subscribe(OrganisationMoved, lambda moved: enqueue(jobs.remake_counts, lock="census_counts"))
    subscribe(OrganisationsMerged, lambda merged: enqueue(jobs.remake_counts, lock="census_counts"))
    subscribe(
        OrganisationsMerged,
        lambda merged: enqueue(
            jobs.mark_merged, gone_id=str(merged.gone_id), kept_id=str(merged.kept_id)
        ),
    )
