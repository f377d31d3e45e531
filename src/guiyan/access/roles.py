"""The roles: each a set of permissions, held at one organisation and good for all below it.

The officers of county, city and province see masked values on an ordinary day. What identifies a
person, and joining two files, lies with those who know the person: township, branch and desk.
An officer above them opens it in an elevated session, for an hour at most and a written reason.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.platform.permissions import Permission as P


@dataclass(frozen=True, slots=True)
class Role:
    """What a person is there for; `elevated` is added in an elevated session only."""

    code: str
    name: str | Promise
    description: str | Promise
    permissions: frozenset[P]
    elevated: frozenset[P] = frozenset()
    is_administrator: bool = False


_LOOKING = frozenset({P.SEE_ORGANISATIONS, P.SEE_MEMBERS, P.SEE_CASES})
_COUNTING = _LOOKING | {P.SEE_REGISTERS, P.EXPORT_REGISTERS}
_RECEIVING = frozenset({P.TAKE_LEADS, P.SCREEN_LEADS, P.DECLARE_CASES, P.ANSWER_CASES})
_FILING = frozenset({P.CHANGE_MEMBERS, P.ANSWER_CORRECTIONS, P.ISSUE_DOCUMENTS})
_CARING = frozenset({P.ASSIGN_CONTACT_PERSON, P.RECORD_CONTACT, P.MESSAGE_OWN_MEMBERS})
_PAIRING = frozenset({P.PAIR_MEMBERS, P.SET_CADENCE, P.SEND_MESSAGES})
_RUNNING_A_CENSUS = frozenset({P.SEE_CENSUS, P.MANAGE_CENSUS, P.CANVASS})
_OPENING_FILES = frozenset({P.REVEAL_IDENTITY, P.MERGE_MEMBERS})
_SETTING_UP = frozenset({P.CHANGE_ORGANISATIONS, P.CHANGE_DIRECTORY, P.IMPORT_WORKBOOKS})

_ALL = (
    Role(
        "county_officer",
        _("县级管理员"),
        _("县委组织部经办人：管全县组织、登记、导入和去向；查看证件号码和合并档案须临时提权。"),
        _COUNTING | _RECEIVING | _FILING | _CARING | _SETTING_UP | _PAIRING | _RUNNING_A_CENSUS
        | {P.PLACE_MEMBERS, P.ELEVATE},
        elevated=_OPENING_FILES,
    ),
    Role(
        "township_officer",
        _("乡镇街道管理员"),
        _("乡镇、街道党（工）委经办人：审核来去、研判编入支部、指定联系人。"),
        _COUNTING | _RECEIVING | _FILING | _CARING | _SETTING_UP | _OPENING_FILES | _PAIRING
        | _RUNNING_A_CENSUS | {P.PLACE_MEMBERS, P.SCREEN_ROSTER},
    ),
    Role(
        "branch_secretary",
        _("支部书记"),
        _("管本支部党员：申报外出、核实来人、安排联系人、记录联系。"),
        _COUNTING | _RECEIVING | _FILING | _CARING | _PAIRING
        | {P.REVEAL_IDENTITY, P.IMPORT_WORKBOOKS, P.CANVASS, P.SCREEN_ROSTER},
    ),
    Role(
        "liaison",
        _("联系人"),
        _("与所联系的党员保持联系：查电话须写明事由，记录每次联系。"),
        _LOOKING | {P.RECORD_CONTACT, P.MESSAGE_OWN_MEMBERS, P.REVEAL_IDENTITY, P.TAKE_LEADS},
    ),
    Role(
        "canvasser",
        _("摸排员"),
        _("上门摸排：只登记线索，看不到党员档案。"),
        frozenset({P.SEE_ORGANISATIONS, P.TAKE_LEADS, P.CANVASS}),
    ),
    Role(
        "desk_clerk",
        _("服务窗口工作人员"),
        _("服务中心窗口：接待报到、核实身份、办理函件和证明。"),
        _LOOKING | _RECEIVING | _FILING
        | {P.REVEAL_IDENTITY, P.RECORD_CONTACT, P.MESSAGE_OWN_MEMBERS, P.SEE_REGISTERS},
    ),
    Role(
        "hotline_operator",
        _("热线话务员"),
        _("接听热线：登记来电线索，看不到党员档案。"),
        frozenset({P.SEE_ORGANISATIONS, P.TAKE_LEADS, P.ANSWER_HOTLINE}),
    ),
    Role(
        "department_handler",
        _("部门承办人"),
        _("承办转来的诉求：只看组织名录。"),
        frozenset({P.SEE_ORGANISATIONS}),
    ),
    Role(
        "industry_committee",
        _("行业党委管理员"),
        _("行业党委经办人：接收本行业流动党员、编入支部、保持联系。"),
        _COUNTING | _RECEIVING | _CARING | _PAIRING | {P.PLACE_MEMBERS},
    ),
    Role(
        "city_officer",
        _("市级管理员"),
        _("市委组织部经办人：看全市登记与去向；查看证件号码和合并档案须临时提权。"),
        _COUNTING
        | {P.CHANGE_ORGANISATIONS, P.CHANGE_DIRECTORY, P.ELEVATE, P.SEE_CENSUS, P.SET_CADENCE},
        elevated=_OPENING_FILES,
    ),
    Role(
        "province_officer",
        _("省级管理员"),
        _("省委组织部经办人：看全省登记与去向；查看证件号码和合并档案须临时提权。"),
        _COUNTING | {P.CHANGE_DIRECTORY, P.ELEVATE, P.SEE_CENSUS, P.SET_CADENCE},
        elevated=_OPENING_FILES,
    ),
    Role(
        "outpost_head",
        _("驻外党组织负责人"),
        _("驻外流动党员党组织：寻找、登记、联系在当地的本地党员。"),
        _LOOKING | _RECEIVING | _CARING | _PAIRING
        | {P.CANVASS, P.SCREEN_ROSTER, P.SEE_REGISTERS, P.CHANGE_MEMBERS, P.REVEAL_IDENTITY, P.PLACE_MEMBERS},
    ),
    Role(
        "approver",
        _("审批人"),
        _("审批他人申请的未脱敏导出；不能审批自己的申请。"),
        frozenset({P.SEE_ORGANISATIONS, P.APPROVE_EXPORTS}),
    ),
    Role(
        "system_administrator",
        _("系统管理员"),
        _("管运行、备份和参数；看不到党员，也不管账号。"),
        frozenset({P.SEE_ORGANISATIONS, P.ADMINISTER_SYSTEM, P.MANAGE_CHANNELS}),
        is_administrator=True,
    ),
    Role(
        "security_administrator",
        _("安全管理员"),
        _("管账号和授权；看不到党员，也不能给自己授权。"),
        frozenset({P.SEE_ORGANISATIONS, P.ADMINISTER_ACCOUNTS}),
        is_administrator=True,
    ),
    Role(
        "audit_administrator",
        _("审计管理员"),
        _("查看操作记录；看不到党员，也不管账号。"),
        frozenset({P.SEE_ORGANISATIONS, P.READ_AUDIT}),
        is_administrator=True,
    ),
)  # fmt: skip

ROLES: dict[str, Role] = {role.code: role for role in _ALL}


def permissions_of(roles: tuple[str, ...], *, is_elevated: bool = False) -> frozenset[P]:
    """Several roles at one organisation add up; an elevated session adds what its roles allow."""
    known = [ROLES[code] for code in roles if code in ROLES]
    everyday = frozenset[P]().union(*(role.permissions for role in known))
    if not is_elevated:
        return everyday
    return everyday.union(*(role.elevated for role in known))
