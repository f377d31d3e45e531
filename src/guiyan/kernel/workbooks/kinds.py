"""The columns of each workbook that comes in, under the names that registers give them.

Names after the register columns of the field (domain 2.3: flow registers of the national system,
of universities and of villages) and after Meigu county's own tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from guiyan.kernel.findings import gettext_noop as _


@dataclass(frozen=True, slots=True)
class WantedColumn:
    """One column wanted: its key, the header texts it goes by, best first."""

    key: str
    names: tuple[str, ...]
    is_required: bool = False
    carry_down: bool = False  # one merged or blank cell speaks for the rows below it


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of workbook; ``key`` is what the command line calls it."""

    key: str
    title: str
    columns: tuple[WantedColumn, ...]

    def column(self, key: str) -> WantedColumn:
        return next(column for column in self.columns if column.key == key)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.key for column in self.columns if column.is_required)


SERIAL: Final = "serial"  # a running number: never a value by itself
NOTE: Final = "note"

_SERIAL = WantedColumn(SERIAL, ("序号", "编号", "序", "No", "No."))
_NOTE = WantedColumn(NOTE, ("备注", "说明", "备 注"))
_NAME = WantedColumn("name", ("姓名", "党员姓名", "姓 名", "流动党员姓名"), is_required=True)
_ID_NUMBER = WantedColumn(
    "id_number",
    ("公民身份号码", "身份证号码", "身份证号", "身份号码", "居民身份证号", "证件号码", "身份证"),
)
_SEX = WantedColumn("sex", ("性别",))
_ETHNICITY = WantedColumn("ethnicity", ("民族",))
_BORN = WantedColumn("born_on", ("出生日期", "出生年月", "出生年月日", "生日"))
_EDUCATION = WantedColumn("education", ("文化程度", "学历", "文化", "最高学历"))
_JOINED = WantedColumn("joined_on", ("入党时间", "入党日期", "入党年月", "加入党组织日期"))
_PHONE = WantedColumn(
    "phone",
    ("手机号码", "联系电话", "手机号", "手机", "电话", "联系方式", "电话号码", "本人电话"),
)
_LANGUAGE = WantedColumn("language", ("语言", "使用语言", "语种", "通用语言", "会说的语言"))
_READS = WantedColumn(
    "reads",
    (
        "会读的文字", "识字语言", "能读", "能读的文字", "会读会写的文字", "识读文字", "阅读语言",
        "识字情况",
    ),
)  # fmt: skip
_HOLDS_CERTIFICATE = WantedColumn(
    "holds_certificate", ("是否持活动证", "是否持有活动证", "持活动证", "是否持流动党员活动证")
)
_CERTIFICATE_NUMBER = WantedColumn(
    "certificate_number", ("活动证号", "原活动证号", "流动党员活动证号", "活动证编号")
)
_FORMER_OCCUPATION = WantedColumn("former_occupation", ("原职业", "原工作岗位"))

ORGANISATIONS: Final = Kind(
    "organisations",
    _("党组织"),
    (
        _SERIAL,
        WantedColumn(
            "name", ("党组织名称", "组织名称", "党组织全称", "名称", "全称"), is_required=True
        ),
        WantedColumn("short_name", ("党组织简称", "简称")),
        WantedColumn("code", ("党组织代码", "组织代码", "党组织编码", "代码", "编码")),
        WantedColumn("level", ("党组织类别", "组织类别", "党组织类型", "组织类型", "类别", "类型")),
        WantedColumn(
            "parent",
            ("上级党组织名称", "上级党组织", "上级组织", "隶属党组织", "隶属基层党委", "所属党委"),
            carry_down=True,
        ),
        WantedColumn(
            "division", ("行政区划", "所在区划", "区划代码", "所属乡镇", "乡镇"), carry_down=True
        ),
        WantedColumn("secretary", ("党组织书记", "书记姓名", "书记", "负责人")),
        WantedColumn("contact", ("党组织联系人", "联系人", "联络员")),
        WantedColumn("phone", ("联系电话", "电话", "值班电话", "联系人电话", "办公电话")),
        WantedColumn("address", ("通讯地址", "地址", "办公地址", "详细地址")),
        WantedColumn("founded_on", ("建立日期", "成立时间", "成立日期", "党组织建立时间")),
        WantedColumn("duty_hours", ("值班时间", "服务时间", "办公时间")),
        _NOTE,
    ),
)

PREMISES: Final = Kind(
    "premises",
    _("两新组织和个体工商户"),
    (
        _SERIAL,
        WantedColumn(
            "township", ("所属乡镇", "乡镇", "所在乡镇", "乡镇街道", "街道"), carry_down=True
        ),
        WantedColumn(
            "name",
            ("名称", "单位名称", "市场主体名称", "经营主体名称", "字号名称", "企业名称", "店名"),
            is_required=True,
        ),
        WantedColumn(
            "credit_code",
            ("统一社会信用代码", "社会信用代码", "信用代码", "注册号", "营业执照号", "执照号码"),
        ),
        WantedColumn("type", ("类型", "主体类型", "企业类型", "组织类型", "单位类型", "类别")),
        WantedColumn("address", ("经营地址", "地址", "经营场所", "住所", "详细地址", "经营地点")),
        WantedColumn(
            "manager", ("负责人", "法定代表人", "经营者", "负责人姓名", "法人", "经营者姓名")
        ),
        WantedColumn("phone", ("联系电话", "电话", "手机号码", "联系方式", "负责人电话", "手机号")),
        _NOTE,
    ),
)

MEMBERS: Final = Kind(
    "members",
    _("党员名册"),
    (
        _SERIAL,
        _NAME,
        _ID_NUMBER,
        _SEX,
        _ETHNICITY,
        _BORN,
        WantedColumn("native_place", ("籍贯", "出生地")),
        _EDUCATION,
        WantedColumn("category", ("人员类别", "党员类别", "党员类型", "正式或预备")),
        _JOINED,
        WantedColumn("confirmed_on", ("转正时间", "转正日期", "转为正式党员日期")),
        WantedColumn(
            "organisation",
            ("所在党支部", "党支部", "所在支部", "党组织名称", "所在党组织", "组织关系所在支部"),
            carry_down=True,
        ),
        WantedColumn("occupation", ("工作岗位", "职业", "从事职业", "从事行业")),
        WantedColumn("workplace", ("工作单位", "工作单位及职务", "单位")),
        _PHONE,
        WantedColumn("landline", ("固定电话", "座机")),
        WantedColumn("address", ("家庭住址", "现居住地", "住址", "家庭地址", "居住地")),
        _LANGUAGE,
        _READS,
        WantedColumn("is_mobile", ("是否流动党员", "是否为流动党员", "流动党员")),
        WantedColumn("mobile_place", ("外出流向", "流动去向", "外出地点")),
        _NOTE,
    ),
)

MOVED_IN: Final = Kind(
    "moved-in",
    _("流入党员"),
    (
        _SERIAL,
        _NAME,
        _SEX,
        _ETHNICITY,
        _BORN,
        _EDUCATION,
        _ID_NUMBER,
        _JOINED,
        WantedColumn(
            "industry", ("从事行业", "从事职业", "从事职业及年收入", "行业", "现从事职业")
        ),
        WantedColumn(
            "address",
            ("现居住地/经营地址", "现居住地", "经营地址", "居住地址", "现住址", "流入地址", "住址"),
        ),
        WantedColumn(
            "home_place",
            ("流出地", "流入前所在省份", "原地", "原籍", "流出地区划", "从何地流入"),
        ),
        WantedColumn(
            "home_organisation",
            (
                "原所在党支部",
                "原所在党组织",
                "原组织",
                "流出党组织",
                "流出组织",
                "组织关系所在地",
                "组织关系所在支部",
            ),
        ),
        WantedColumn("home_contact", ("流出组织联系人", "流出党组织联系人", "原党组织联系人")),
        WantedColumn(
            "home_phone", ("流出组织联系电话", "流出组织联系人电话", "流出党组织联系电话")
        ),
        WantedColumn(
            "host_organisation",
            ("流入党组织", "流入组织", "流入党支部", "所在党支部", "接收党组织"),
            carry_down=True,
        ),
        WantedColumn("moved_out_on", ("流出时间", "流出日期")),
        WantedColumn("moved_in_on", ("流入时间", "流入日期", "何时流入")),
        WantedColumn("reason", ("流入原因", "流动原因")),
        WantedColumn("flow_type", ("流入类型", "流动类型", "流入范围", "流动范围")),
        _FORMER_OCCUPATION,
        _HOLDS_CERTIFICATE,
        _CERTIFICATE_NUMBER,
        _PHONE,
        _LANGUAGE,
        _READS,
        _NOTE,
    ),
)

MOVED_OUT: Final = Kind(
    "moved-out",
    _("流出党员"),
    (
        _SERIAL,
        WantedColumn(
            "home_organisation",
            (
                "党组织名称",
                "流出党组织",
                "流出组织",
                "流出党支部",
                "所在党支部",
                "所在党组织",
                "支部",
            ),
            carry_down=True,
        ),
        WantedColumn("home_contact", ("流出组织联系人", "流出党组织联系人", "支部联系人")),
        WantedColumn("home_phone", ("流出组织联系人电话", "流出党组织联系电话", "支部联系电话")),
        _NAME,
        _ID_NUMBER,
        _SEX,
        _ETHNICITY,
        _BORN,
        _EDUCATION,
        _JOINED,
        _PHONE,
        WantedColumn(
            "destination",
            (
                "外出地点",
                "流入地",
                "流出地点",
                "外出流向",
                "流出省份",
                "去向",
                "外出地址",
                "流向",
                "地点",
            ),
        ),
        WantedColumn("host_organisation", ("流入党组织", "流入组织", "流入支部")),
        WantedColumn("host_workplace", ("流入单位", "外出单位", "务工单位", "工作单位")),
        WantedColumn("host_contact", ("流入支部联系人", "流入组织联系人")),
        WantedColumn("host_phone", ("流入支部联系人电话", "流入组织联系电话")),
        WantedColumn("moved_out_on", ("外出时间", "流出时间", "流出日期", "外出日期", "何时外出")),
        WantedColumn("reason", ("外出原因", "流出原因", "流动原因")),
        WantedColumn("flow_type", ("流动类型", "流动范围", "流出类型")),
        WantedColumn(
            "is_abroad", ("是否出国（境）", "是否出国境", "是否在境外", "是否在国（境）外")
        ),
        WantedColumn("industry", ("外出行业", "从事行业", "从事职业", "从事职业及年收入")),
        _FORMER_OCCUPATION,
        _HOLDS_CERTIFICATE,
        _CERTIFICATE_NUMBER,
        WantedColumn(
            "contact_way",
            ("与党组织联系方式", "联系党组织方式", "与党组织联系情况", "联系情况"),
        ),
        WantedColumn("lost_since", ("失联时间",)),
        WantedColumn("returned_on", ("回归时间", "返乡时间")),
        _LANGUAGE,
        _READS,
        _NOTE,
    ),
)

KINDS: Final = {kind.key: kind for kind in (ORGANISATIONS, PREMISES, MEMBERS, MOVED_IN, MOVED_OUT)}
