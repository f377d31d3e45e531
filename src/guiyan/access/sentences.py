"""Audit rows and permissions as sentences that a person can read."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.access.roles import ROLES
from guiyan.platform.permissions import Permission as P

Sentence = str | Promise

_actions: dict[str, Sentence] = {
    "liaison.set_availability": gettext_lazy("改了联系人的语言、行业和上限"),
    "liaison.propose_pairs": gettext_lazy("提议了一份联系人安排"),
    "liaison.show": gettext_lazy("算好了一份联系人安排"),
    "liaison.give_up": gettext_lazy("没有算出联系人安排"),
    "liaison.plan_leave": gettext_lazy("登记了联系人休假和代为联系的人"),
    "liaison.end_leave": gettext_lazy("结束了联系人休假"),
    "liaison.correct_pairs": gettext_lazy("改了联系人安排"),
    "liaison.change_stand_in": gettext_lazy("换了代为联系党员的人"),
    "liaison.commit_many": gettext_lazy("按联系人安排指定了联系人"),
    "liaison.commit_pairs": gettext_lazy("按联系人安排指定了联系人"),
    "liaison.set_aside_changed": gettext_lazy("把预览之后有变化的党员从联系人安排里放到一边"),
    "liaison.drop_pairs": gettext_lazy("作废了联系人安排"),
    "access.sign_in": gettext_lazy("登录"),
    "access.sign_in_refused": gettext_lazy("登录未成功（密码或验证码不对，或已锁定）"),
    "access.sign_out": gettext_lazy("退出登录"),
    "access.member_sign_in": gettext_lazy("党员本人登录"),
    "access.set_own_password": gettext_lazy("设置了自己的密码"),
    "access.enrol_totp": gettext_lazy("绑定了验证器应用"),
    "access.enrol_passkey": gettext_lazy("添加了通行密钥"),
    "access.remove_passkey": gettext_lazy("删除了通行密钥"),
    "access.create_account": gettext_lazy("建立账号"),
    "access.open_account": gettext_lazy("开通账号并给出初始密码"),
    "access.grant_role": gettext_lazy("授予角色"),
    "access.confirm_grant": gettext_lazy("同意了别人提出的授权"),
    "access.decline_grant": gettext_lazy("没有同意别人提出的授权"),
    "access.allow_more_codes": gettext_lazy("让一个号码今天可以再收验证码"),
    "members.confirm_number": gettext_lazy("在窗口当面核对了本人的手机号码"),
    "members.allow_codes": gettext_lazy("在窗口让本人今天可以再收验证码"),
    "access.end_grant": gettext_lazy("结束授权"),
    "access.reset_sign_in": gettext_lazy("重置了账号的密码和第二重验证"),
    "access.unlock_account": gettext_lazy("解除账号锁定"),
    "access.close_account": gettext_lazy("停用账号"),
    "access.reopen_account": gettext_lazy("恢复账号"),
    "access.provision_sign_in": gettext_lazy("从命令行设置账号的登录方式"),
    "access.begin_elevation": gettext_lazy("开始临时提权"),
    "access.end_elevation": gettext_lazy("结束临时提权"),
    "access.issue_handset": gettext_lazy("登记了一台用离线工具的手机"),
    "access.revoke_handset": gettext_lazy("注销了自己用离线工具的手机"),
    "access.revoke_field_handset": gettext_lazy("注销了外出用的手机"),
    "access.revoke_handset_of": gettext_lazy("注销了别人用离线工具的手机"),
    "access.end_device": gettext_lazy("让一台设备退出登录"),
    "orgs.open_organisation": gettext_lazy("新建组织"),
    "orgs.open_organisations": gettext_lazy("批量新建组织"),
    "orgs.rename": gettext_lazy("组织更名"),
    "orgs.move": gettext_lazy("组织调整隶属关系"),
    "orgs.merge": gettext_lazy("合并组织"),
    "orgs.close": gettext_lazy("关闭组织"),
    "orgs.place_pin": gettext_lazy("标注组织位置"),
    "orgs.change_particulars": gettext_lazy("修改组织资料"),
    "orgs.set_parameter": gettext_lazy("修改规则参数"),
    "orgs.set_workday": gettext_lazy("修改工作日历"),
    "orgs.add_service_point": gettext_lazy("新增服务点"),
    "orgs.change_service_point": gettext_lazy("修改服务点"),
    "orgs.close_service_point": gettext_lazy("关闭服务点"),
    "orgs.add_service_points": gettext_lazy("批量新增服务点"),
    "orgs.load_divisions": gettext_lazy("载入行政区划"),
    "orgs.load_boundaries": gettext_lazy("载入行政区划的边界"),
    "orgs.seed_kinds": gettext_lazy("载入组织类型"),
    "orgs.seed_parameters": gettext_lazy("载入规则参数"),
    "orgs.seed_working_days": gettext_lazy("载入工作日历"),
    "members.register_member": gettext_lazy("建立党员档案"),
    "members.register_members": gettext_lazy("批量建立党员档案"),
    "members.change_member": gettext_lazy("修改党员档案"),
    "members.set_identity": gettext_lazy("登记证件号码、电话或住址"),
    "members.end_identity": gettext_lazy("停用一项证件号码、电话或住址"),
    "members.search_identity": gettext_lazy("按证件号码或电话查找"),
    "members.reveal": gettext_lazy("查看了未脱敏的一项信息"),
    "members.take_numbers_along": gettext_lazy("把到期要联系的电话号码带到了手机上"),
    "members.merge_members": gettext_lazy("合并档案"),
    "members.undo_merge": gettext_lazy("撤销档案合并"),
    "members.erase_member": gettext_lazy("删除档案"),
    "members.erase_files": gettext_lazy("档案保留期满，已删除"),
    "members.erase_imported": gettext_lazy("撤销导入时删除档案"),
    "members.give_consent": gettext_lazy("本人同意"),
    "members.record_consent": gettext_lazy("登记本人的同意"),
    "members.withdraw_consent": gettext_lazy("本人撤回同意"),
    "members.ask_correction": gettext_lazy("本人申请更正"),
    "members.read_wish": gettext_lazy("查看更正申请"),
    "members.answer_correction": gettext_lazy("答复更正申请"),
    "access.end_member_devices": gettext_lazy("因手机号码更换，注销了党员的登录"),
    "members.copy_own_file": gettext_lazy("本人取得档案副本"),
    "members.say_same": gettext_lazy("认定为同一人"),
    "members.say_different": gettext_lazy("认定不是同一人"),
    "members.join_same_number": gettext_lazy("合并号码相同的档案"),
    "members.mark_notices_seen": gettext_lazy("本人看过了提醒"),
    "members.open_identity_of_many": gettext_lazy("随名册导出了完整的身份证号码和电话号码"),
    "members.print_copy": gettext_lazy("为本人打印了档案副本"),
    "members.set_sides": gettext_lazy("变更了流出地或流入地党组织"),
    "members.set_sides_of_many": gettext_lazy("变更了流出地或流入地党组织"),
    "members.take_correction": gettext_lazy("在窗口代收了更正申请"),
    "flows.take_lead": gettext_lazy("登记线索"),
    "flows.read_lead": gettext_lazy("查看线索"),
    "flows.discard_leads": gettext_lazy("排除线索"),
    "flows.discard_suspicious_leads": gettext_lazy("批量排除可疑线索"),
    "flows.erase_dead_leads": gettext_lazy("清除过期线索的个人信息"),
    "flows.declare_case": gettext_lazy("申报外出"),
    "flows.claim_case": gettext_lazy("登记流入"),
    "flows.open_cases": gettext_lazy("批量登记流动情况"),
    "flows.take_step": gettext_lazy("办理流动手续"),
    "flows.notify_host": gettext_lazy("通知流入地"),
    "flows.note_abroad": gettext_lazy("登记是不是在国（境）外"),
    "flows.place_members": gettext_lazy("编入支部"),
    "flows.undo_placement": gettext_lazy("撤销编入支部"),
    "flows.open_sitting": gettext_lazy("召开研判会"),
    "flows.close_sitting": gettext_lazy("结束研判会"),
    "flows.move_on": gettext_lazy("转往别处"),
    "flows.complete_transfer": gettext_lazy("办结组织关系转接"),
    "flows.mark_contact_lost": gettext_lazy("标记联系不上"),
    "flows.issue_letter": gettext_lazy("出具函件或证明"),
    "flows.withdraw_letter": gettext_lazy("撤回函件"),
    "flows.record_reply": gettext_lazy("登记回执"),
    "flows.undo_batch": gettext_lazy("撤销一批导入"),
    "flows.begin_transfer": gettext_lazy("开始转接组织关系"),
    "flows.hold_sitting": gettext_lazy("开研判会，编入支部"),
    "flows.lead_became_case": gettext_lazy("线索转为流动记录"),
    "flows.note_minutes": gettext_lazy("打开了研判会记录"),
    "flows.note_printing": gettext_lazy("打印文书"),
    "flows.receive_person": gettext_lazy("接待登记"),
    "liaison.assign_contact_person": gettext_lazy("指定联系人"),
    "liaison.record_contact": gettext_lazy("记录一次联系"),
    "liaison.undo_contact": gettext_lazy("撤销了刚记下的联系"),
    "liaison.take_back_contact": gettext_lazy("撤销了手机上刚记下的联系"),
    "liaison.declare_policy": gettext_lazy("定了联系要求"),
    "liaison.exempt_member": gettext_lazy("登记不作硬性要求"),
    "liaison.pause_member": gettext_lazy("暂停联系要求"),
    "liaison.end_relief": gettext_lazy("恢复联系要求"),
    "liaison.help_to_reach": gettext_lazy("帮助联系党员"),
    "liaison.note_clears": gettext_lazy("更新六清情况"),
    "liaison.withdraw_clears": gettext_lazy("撤销随联系记下的六清"),
    "liaison.answer_help": gettext_lazy("答复困难诉求"),
    "liaison.forget_old_clears": gettext_lazy("清除了过期的六清"),
    "field.put_dues": gettext_lazy("列出到期要做的事"),
    "field.close_dues": gettext_lazy("办结到期的事"),
    "field.reopen_dues": gettext_lazy("恢复到期的事"),
    "field.cancel_dues": gettext_lazy("取消到期的事"),
    "field.give_dues": gettext_lazy("移交到期的事"),
    "field.take_dues": gettext_lazy("接手到期的事"),
    "field.carry_dues": gettext_lazy("到期的事带到下一站"),
    "field.readdress_dues": gettext_lazy("转给现在的联系人"),
    "field.move_dues": gettext_lazy("到期的事随流动记录转移"),
    "web.send_feedback": gettext_lazy("收到投诉或建议"),
    "web.answer_feedback": gettext_lazy("答复投诉或建议"),
    "insight.begin": gettext_lazy("上传表格"),
    "insight.read_upload": gettext_lazy("读取上传的表格"),
    "insight.set_mapping": gettext_lazy("指明表格各列"),
    "insight.preview": gettext_lazy("核对表格"),
    "insight.commit": gettext_lazy("导入一批表格"),
    "insight.undo": gettext_lazy("撤销一批导入"),
    "insight.mark_refused": gettext_lazy("表格不能导入"),
    "insight.samples": gettext_lazy("查看表格头几行"),
    "insight.marked_workbook": gettext_lazy("下载标出问题的原表"),
    "insight.request_export": gettext_lazy("申请导出名册"),
    "insight.decide_export": gettext_lazy("审批导出申请"),
    "insight.export_to_file": gettext_lazy("导出名册到文件"),
    "insight.write_export": gettext_lazy("生成导出文件"),
    "insight.put_off_export": gettext_lazy("导出转交审批"),
    "insight.take_export": gettext_lazy("下载导出文件"),
    "insight.note_print": gettext_lazy("打印台账"),
    "outreach.register_premises": gettext_lazy("登记了单位"),
    "outreach.change_premises": gettext_lazy("修改了单位登记"),
    "outreach.undo_batch": gettext_lazy("撤销了一批单位登记"),
    "members.open_numbers_for_sending": gettext_lazy("为发消息取用电话号码（不显示）"),
    "messaging.say": gettext_lazy("安排了一次消息"),
    "messaging.set_texts": gettext_lazy("改了消息的文字"),
    "messaging.write_group_text": gettext_lazy("写了一段群通知文字"),
    "messaging.say_to_one": gettext_lazy("给一名党员发了消息"),
    "channels.forget_recipients": gettext_lazy("删去了发过的消息里的姓名和号码"),
    "messaging.stop_own": gettext_lazy("本人停收消息"),
    "messaging.resume_own": gettext_lazy("本人恢复收消息"),
    "messaging.choose_ways": gettext_lazy("本人选了收消息的方式"),
    "messaging.read_reply": gettext_lazy("看了党员的回复"),
    "messaging.answer_reply": gettext_lazy("答复了党员的回复"),
    "channels.hold_waiting": gettext_lazy("合并档案时先停下两份档案待发的消息"),
    "channels.follow_recipient": gettext_lazy("合并档案后，消息、待打的电话和微信随人走"),
    "channels.follow_back": gettext_lazy("撤销合并后，消息、待打的电话和微信各归各处"),
    "channels.put": gettext_lazy("把消息放进待发"),
    "channels.hand_out": gettext_lazy("存下了一段群通知文字"),
    "channels.cancel": gettext_lazy("取消待发的消息"),
    "channels.decide_unknown": gettext_lazy("认定一条消息发出没有"),
    "channels.take_receipt": gettext_lazy("收到消息的送达回执"),
    "channels.take_reply": gettext_lazy("收到对消息的回复"),
    "channels.take_wechat_event": gettext_lazy("收到微信的通知"),
    "channels.begin_binding": gettext_lazy("本人绑定微信"),
    "channels.end_binding": gettext_lazy("本人解除微信绑定"),
    "channels.mark_inbox_read": gettext_lazy("本人看过了消息"),
    "channels.finish_call": gettext_lazy("记下打电话的结果"),
    "channels.set_limits": gettext_lazy("设定渠道的费用和条数上限"),
    "channels.refuse_call": gettext_lazy("拒绝了伪造的渠道回调"),
    "platform._rotate": gettext_lazy("轮换密钥"),
    "platform._retire": gettext_lazy("停用旧密钥"),
}

_SUBJECTS: dict[str, Sentence] = {
    "member": gettext_lazy("党员档案"),
    "case": gettext_lazy("流动记录"),
    "lead": gettext_lazy("线索"),
    "account": gettext_lazy("账号"),
    "organisation": gettext_lazy("党组织"),
    "sitting": gettext_lazy("研判会"),
    "correction": gettext_lazy("更正申请"),
    "export": gettext_lazy("导出"),
    "import": gettext_lazy("导入"),
    "letter": gettext_lazy("函"),
    "introduction": gettext_lazy("介绍信"),
    "certificate": gettext_lazy("活动证"),
    "register": gettext_lazy("台账"),
    "service_point": gettext_lazy("服务点"),
}

_PERMISSIONS: dict[P, Sentence] = {
    P.SEE_ORGANISATIONS: gettext_lazy("查看组织名录"),
    P.CHANGE_ORGANISATIONS: gettext_lazy("新建、更名、移动、合并、关闭组织"),
    P.CHANGE_DIRECTORY: gettext_lazy("修改服务中心和热线名录"),
    P.SEE_MEMBERS: gettext_lazy("查看党员档案（号码和住址脱敏）"),
    P.CHANGE_MEMBERS: gettext_lazy("登记和修改党员档案"),
    P.REVEAL_IDENTITY: gettext_lazy("写明事由后查看一项证件号码、电话或住址"),
    P.MERGE_MEMBERS: gettext_lazy("合并重复的档案"),
    P.ANSWER_CORRECTIONS: gettext_lazy("答复党员的更正申请"),
    P.TAKE_LEADS: gettext_lazy("登记线索"),
    P.SCREEN_LEADS: gettext_lazy("核实或排除线索"),
    P.SEE_CASES: gettext_lazy("查看流动情况"),
    P.DECLARE_CASES: gettext_lazy("申报外出"),
    P.ANSWER_CASES: gettext_lazy("接收、核实、确认来去"),
    P.PLACE_MEMBERS: gettext_lazy("研判并编入支部"),
    P.ASSIGN_CONTACT_PERSON: gettext_lazy("指定联系人"),
    P.RECORD_CONTACT: gettext_lazy("记录联系"),
    P.ISSUE_DOCUMENTS: gettext_lazy("出具函件和证明"),
    P.PAIR_MEMBERS: gettext_lazy("成批安排联系人"),
    P.SET_CADENCE: gettext_lazy("设定联系的周期"),
    P.SEND_MESSAGES: gettext_lazy("发送提醒"),
    P.MESSAGE_OWN_MEMBERS: gettext_lazy("给自己联系的党员发消息"),
    P.ANSWER_HOTLINE: gettext_lazy("接听热线"),
    P.SEE_CENSUS: gettext_lazy("查看摸排进度"),
    P.MANAGE_CENSUS: gettext_lazy("组织摸排：划片、编组、复核、结束"),
    P.CANVASS: gettext_lazy("上门摸排"),
    P.SCREEN_ROSTER: gettext_lazy("逐人核对本支部名册"),
    P.SEE_REGISTERS: gettext_lazy("查看流入、流出名册"),
    P.IMPORT_WORKBOOKS: gettext_lazy("导入表格"),
    P.EXPORT_REGISTERS: gettext_lazy("导出名册（号码脱敏）"),
    P.APPROVE_EXPORTS: gettext_lazy("审批未脱敏的导出"),
    P.MANAGE_CHANNELS: gettext_lazy("管理短信、微信等发送渠道"),
    P.ADMINISTER_SYSTEM: gettext_lazy("管理系统运行"),
    P.ADMINISTER_ACCOUNTS: gettext_lazy("管理账号和授权"),
    P.READ_AUDIT: gettext_lazy("查看操作记录"),
    P.ELEVATE: gettext_lazy("申请临时提权"),
}


def register_sentences(sentences: dict[str, Sentence]) -> None:
    """Called in an upper room's `ready()`: what its commands are called in the audit."""
    _actions.update(sentences)


def sentence_of(action: str, facts: dict[str, object]) -> str:
    """What was done, in words; an action that no room has named yet shows its own name."""
    said = str(_actions.get(action) or _("操作 %(action)s") % {"action": action})
    role = ROLES.get(str(facts.get("role", "")))
    return said + _("：") + str(role.name) if role else said


def named_actions() -> frozenset[str]:
    """Every action that has a sentence, whether or not it shares the sentence with another."""
    return frozenset(_actions)


def actions() -> list[tuple[str, str]]:
    """For the filter: every sentence once, with the first of the actions that are called so."""
    found: dict[str, str] = {}
    for code in sorted(_actions):
        found.setdefault(str(_actions[code]), code)
    return sorted((code, sentence) for sentence, code in found.items())


def actions_called_like(action: str) -> list[str]:
    """The actions that bear one sentence: for a person they are one."""
    sentence = str(_actions.get(action, ""))
    return [code for code in _actions if str(_actions[code]) == sentence] or [action]


def subject_word(kind: str) -> str:
    """What was acted on, in a word; empty for a kind that has none."""
    return str(_SUBJECTS.get(kind, ""))


def permission_sentence(permission: P) -> str:
    return str(_PERMISSIONS[permission])
