"""Unified social credit codes of organisations (GB 32100) with their inner code (GB 11714)."""

import re
from dataclasses import dataclass
from typing import Literal

from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.written import digits_of_float, number_written

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z

AUTHORITIES = {
    "1": "机构编制", "2": "外交", "3": "司法行政", "4": "文化", "5": "民政", "6": "旅游",
    "7": "宗教", "8": "工会", "9": "市场监督管理", "A": "军队编制", "N": "农业农村", "Y": "其他",
}  # fmt: skip

CATEGORIES = {
    "91": "企业", "92": "个体工商户", "93": "农民专业合作社",
    "51": "社会团体", "52": "民办非企业单位", "53": "基金会", "54": "基层群众性自治组织",
    "N1": "组级集体经济组织", "N2": "村级集体经济组织", "N3": "乡镇级集体经济组织",
}  # fmt: skip

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_VALUE = {character: value for value, character in enumerate(ALPHABET)}


class CreditCodeProblem(Finding):
    """Why what was written is not a credit code. Codes: length, characters, checksum, rounded."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A credit code that holds, or an old licence number kept as it is written on the wall.

    `authority`, `category`, `area` and `organisation_code` are empty for a licence number and
    where the code is of a kind that this table does not know.
    """

    text: str
    kind: Literal["credit-code", "licence"]
    authority: str = ""
    category: str = ""
    area: str = ""
    organisation_code: str = ""
    warnings: tuple[Finding, ...] = ()


_LENGTH = CreditCodeProblem(
    "length", _("统一社会信用代码应为18位（旧营业执照注册号15位），请对照执照数一数位数。")
)
_CHARACTERS = CreditCodeProblem(
    "characters",
    _("统一社会信用代码只有数字和大写字母，且没有I、O、S、V、Z；请看看是否把1、0、5、2看错了。"),
)
_CHECKSUM = CreditCodeProblem(
    "checksum", _("统一社会信用代码校验不通过，多半有一位写错了，请对照执照逐位核对。")
)
_ROUNDED = CreditCodeProblem(
    "rounded", _("表格把代码当作数字存，末几位已经丢失；请把该列设为文本格式后重新填写。")
)
_UNKNOWN_AUTHORITY = Finding(
    "authority", _("没有见过这个登记管理部门代码，请对照执照看一眼第1位；无误可以照常保存。")
)
_INNER_CODE = Finding(
    "organisation-code",
    _("第9至17位的组织机构代码校验不通过，请对照执照看一眼；无误可以照常保存。"),
)


def credit_code_check_character(body: str) -> str:
    """The 18th character for the first 17: (31 − Σ cᵢ·3^(i−1) mod 31) mod 31 (GB 32100)."""
    total = sum(_VALUE[c] * pow(3, place, 31) for place, c in enumerate(body))
    return ALPHABET[-total % 31]


def organisation_check_character(body: str) -> str:
    """The 9th character of an organisation code for its first 8 (GB 11714): 10 is X, 11 is 0."""
    values = (int(c, 36) for c in body)
    total = sum(v * weight for v, weight in zip(values, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def read_credit_code(text: str) -> CreditCode | CreditCodeProblem:
    """A code counts when its check character holds, whoever registered it (GB 32100).

    Codes of village collectives (N…), of the army (A…) and others (Y…) are as good as those of
    companies. A 15-digit number of an old business licence is kept as free text.
    """
    written = number_written(text).upper()
    digits = digits_of_float(written)
    if digits is not None:
        if len(digits) != 15 or "E" in written:
            return _ROUNDED
        written = digits
    if re.fullmatch(r"[0-9]{15}", written):
        return CreditCode(text=written, kind="licence")
    if not set(written) <= set(ALPHABET):
        return _CHARACTERS
    if len(written) != 18:
        return _LENGTH
    if credit_code_check_character(written[:17]) != written[17]:
        return _CHECKSUM
    return CreditCode(
        text=written,
        kind="credit-code",
        authority=AUTHORITIES.get(written[0], ""),
        category=CATEGORIES.get(written[:2], ""),
        area=written[2:8],
        organisation_code=written[8:17],
        warnings=_warnings(written),
    )


def _warnings(code: str) -> tuple[Finding, ...]:
    found = []
    if code[0] not in AUTHORITIES:
        found.append(_UNKNOWN_AUTHORITY)
    if organisation_check_character(code[8:16]) != code[16]:
        found.append(_INNER_CODE)
    return tuple(found)
