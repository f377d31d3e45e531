"""Citizen identity numbers, read as people type them and checked by their own rule (GB 11643)."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from operator import mul
from typing import Literal

from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.written import digits_of_float, number_written

OLDEST_AGE_YEARS = 130

PROVINCES = {
    "11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区",
    "21": "辽宁省", "22": "吉林省", "23": "黑龙江省",
    "31": "上海市", "32": "江苏省", "33": "浙江省", "34": "安徽省", "35": "福建省",
    "36": "江西省", "37": "山东省",
    "41": "河南省", "42": "湖北省", "43": "湖南省", "44": "广东省",
    "45": "广西壮族自治区", "46": "海南省",
    "50": "重庆市", "51": "四川省", "52": "贵州省", "53": "云南省", "54": "西藏自治区",
    "61": "陕西省", "62": "甘肃省", "63": "青海省", "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区",
    "71": "台湾省",
    # Residence permits of people from Hong Kong, Macau and Taiwan follow the same rule.
    "81": "香港特别行政区", "82": "澳门特别行政区", "83": "台湾地区",
}  # fmt: skip

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"


class IdProblem(Finding):
    """Why what was written is not an identity number.

    Codes: length, characters, birth, checksum, future, rounded.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class IdNumber:
    """An identity number that holds, in its 18-character form, with what can be read from it."""

    text: str
    birth: date
    sex: Literal["male", "female"]
    area: str
    province: str
    warnings: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        """Never shows the number: values like this one end up in tracebacks."""
        return f"IdNumber({mask_id_number(self.text)})"


_PLAIN = re.compile(r"[0-9]{17}[0-9X]")  # as most stand: nothing to straighten
_LENGTH = IdProblem("length", _("身份证号码应为18位（旧号15位），请对照证件数一数位数。"))
_CHARACTERS = IdProblem("characters", _("身份证号码只能是数字，最后一位可以是X，请去掉其他字符。"))
_BIRTH = IdProblem("birth", _("身份证号码第7至14位不是真实的出生日期，请对照证件核对。"))
_FUTURE = IdProblem("future", _("身份证号码里的出生日期还没有到，请对照证件核对第7至14位。"))
_CHECKSUM = IdProblem("checksum", _("身份证号码校验不通过，多半有一位写错了，请对照证件逐位核对。"))
_ROUNDED = IdProblem(
    "rounded",
    _("表格把身份证号码当作数字存，末几位已经丢失；请把该列设为文本格式后重新填写。"),
)
_UNKNOWN_AREA = Finding("area", _("没有见过这个地区码，请对照证件看一眼前6位；无误可以照常保存。"))


def id_check_character(body: str) -> str:
    """The 18th character for the first 17 digits: Σ aᵢ·Wᵢ mod 11 (GB 11643)."""
    total = sum(map(mul, map(int, body), _WEIGHTS))
    return _CHECK_CHARACTERS[total % 11]


def read_id_number(
    text: str, *, today: date, known_areas: Collection[str] | None = None
) -> IdNumber | IdProblem:
    """A number counts when length, birth date and check character hold (GB 11643).

    15-digit numbers are raised to 18. An unknown area is only a warning: areas are renamed and
    re-coded all the time, and published tables lag behind. `known_areas` are six-digit codes;
    without them only the province is looked at.
    """
    number = text if _PLAIN.fullmatch(text) else _eighteen(number_written(text).upper())
    if isinstance(number, IdProblem):
        return number
    birth = _birth(number[6:14], today)
    if isinstance(birth, IdProblem):
        return birth
    if id_check_character(number[:17]) != number[17]:
        # A spreadsheet keeps 15 digits of a number and writes zeros for the rest.
        return _ROUNDED if number.endswith("000") else _CHECKSUM
    area = number[:6]
    province = PROVINCES.get(area[:2], "")
    is_known = area in known_areas if known_areas is not None else bool(province)
    return IdNumber(
        text=number,
        birth=birth,
        sex="male" if int(number[16]) % 2 else "female",
        area=area,
        province=province,
        warnings=() if is_known else (_UNKNOWN_AREA,),
    )


def mask_id_number(text: str) -> str:
    """Only the first two and the last two characters are shown: 51**************34.

    More would give the number away: with the home county, the birth date and four last characters
    on one page, the check digit leaves hardly a choice. Something too short to be an identity
    number is hidden entirely.
    """
    written = text if _PLAIN.fullmatch(text) else number_written(text)
    if len(written) < 15:
        return "*" * len(written)
    return f"{written[:2]}{'*' * (len(written) - 4)}{written[-2:]}"


def _eighteen(written: str) -> str | IdProblem:
    """The 18 characters, with a 15-digit number raised: "19" before the year, check at the end."""
    digits = digits_of_float(written)
    if digits is not None:
        if len(digits) != 15 or "E" in written:  # 15 digits fit a float exactly, 18 do not
            return _ROUNDED
        written = digits
    if not re.fullmatch(r"[0-9]*[0-9X]?", written):
        return _CHARACTERS
    if len(written) == 15:
        if not written.isdigit():
            return _CHARACTERS
        body = f"{written[:6]}19{written[6:]}"
        return body + id_check_character(body)
    return written if len(written) == 18 else _LENGTH


def _birth(digits: str, today: date) -> date | IdProblem:
    """The birth date must exist, must have come, and must leave somebody who can be alive."""
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return _BIRTH
    if birth > today:
        return _FUTURE
    return birth if today.year - birth.year <= OLDEST_AGE_YEARS else _BIRTH
