"""Audit rows and permissions as sentences that a person can read."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.access.roles import ROLES
from guiyan.platform.permissions import Permission as P

Sentence = str | Promise

_actions: dict[str, Sentence] = {
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
    "access.end_grant": gettext_lazy("结束授权"),
    "access.reset_sign_in": gettext_lazy("重置了账号的密码和第二重验证"),
    "access.unlock_account": gettext_lazy("解除账号锁定"),
    "access.close_account": gettext_lazy("停用账号"),
    "access.reopen_account": gettext_lazy("恢复账号"),
    "access.provision_sign_in": gettext_lazy("从命令行设置账号的登录方式"),
    "access.begin_elevation": gettext_lazy("开始临时提权"),
    "access.end_elevation": gettext_lazy("结束临时提权"),
    "access.end_device": gettext_lazy("让一台设备退出登录"),
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
    P.SEE_REGISTERS: gettext_lazy("查看流入、流出名册"),
    P.IMPORT_WORKBOOKS: gettext_lazy("导入表格"),
    P.EXPORT_REGISTERS: gettext_lazy("导出名册（号码脱敏）"),
    P.APPROVE_EXPORTS: gettext_lazy("审批未脱敏的导出"),
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
    return f"{said}：{role.name}" if role else said


def actions() -> list[tuple[str, str]]:
    """For the filter: every named action with its sentence."""
    return sorted((code, str(sentence)) for code, sentence in _actions.items())


def permission_sentence(permission: P) -> str:
    return str(_PERMISSIONS[permission])
