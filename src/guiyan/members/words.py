"""Codes of the file in words. Ethnic groups by GB/T 3304, with 96 as Guizhou's systems write it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.kernel.languages import LANGUAGE_NAMES, SCRIPT_NAMES
from guiyan.members import rules

Words = dict[str, str | Promise]

SEX: Words = {"male": _("男"), "female": _("女"), "unknown": _("未说明")}
CATEGORY: Words = {"full": _("正式党员"), "probationary": _("预备党员")}
PRECISION: Words = {"day": _("确切到日"), "month": _("只知道年月"), "year": _("只知道年份")}
WHOSE: Words = {"own": _("本人的"), "shared": _("与人共用的"), "relative": _("亲属的")}
KIND: Words = {"id_number": _("身份证号码"), "phone": _("电话号码"), "address": _("地址")}
LANGUAGE: Words = {code: _(name) for code, name in LANGUAGE_NAMES.items()}
SCRIPT: Words = {code: _(name) for code, name in SCRIPT_NAMES.items()}
INTERVAL: Words = {
    "home": _("流出地党组织"),
    "host": _("流入地党组织"),
    "trade": _("从事行业"),
    "category": _("人员类别"),
}
REVIEW: Words = {
    "id_number": _("身份证号码相同"),
    "name_and_birth": _("姓名和出生日期相同，其中一份没有身份证号码"),
}
REASONS: Words = {code: _(text) for code, text in rules.REVEAL_REASONS.items()}
ANSWER: Words = {"accepted": _("已更正"), "refused": _("未予更正")}

_ETHNIC_GROUPS = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 "
    "拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 "
    "怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
)
ETHNICITY: Words = {
    **{f"{n:02d}": f"{name}族" for n, name in enumerate(_ETHNIC_GROUPS.split(), start=1)},
    "96": _("穿青人"),
    "97": _("其他"),
    "98": _("外国血统"),
}
