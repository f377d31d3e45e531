"""Telephone numbers as they stand in registers, brought to one form that can be compared."""

import re
from dataclasses import dataclass
from typing import Literal

import phonenumbers

from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.written import (
    HYPHENS,
    digits_of_float,
    normal_width,
    number_written,
    unwrapped,
    without_invisible,
)

PhoneKind = Literal["mobile", "landline", "service", "international"]

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_TEST = re.compile(r"12[0-9]{9}")  # no operator has this prefix: demo and tests can reach nobody
_SERVICE = re.compile(r"[48]00[0-9]{7}")
_LANDLINE = re.compile(r"0?(10|2[0-9]|[3-9][0-9]{2})([2-8][0-9]{6,7})")
_LOCAL = re.compile(r"[2-8][0-9]{6,7}")
_HYPHEN = f"[{re.escape(HYPHENS)}]"
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|#)(\d{1,6})$", re.IGNORECASE)
_HYPHENED_EXTENSION = re.compile(
    rf"(\(?0\d{{2,3}}\)?(?:{_HYPHEN}| )?\d{{7,8}}){_HYPHEN}(\d{{1,6}})"
)
_BETWEEN_NUMBERS = re.compile(r"[/、,;，；\n或]+")
# Fewer digits before the E were shortened for display by the spreadsheet.
_FEWEST_KEPT_DIGITS = 10


class PhoneProblem(Finding):
    """Why what was written cannot be dialled.

    Codes: length, characters, area-code, several, rounded, number.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that can be dialled: `normal` is E.164 (+86…), the same for every spelling."""

    normal: str
    kind: PhoneKind
    extension: str = ""
    is_test: bool = False
    warnings: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        """Never shows the number: values like this one end up in tracebacks."""
        return f"Phone({mask_phone(self.normal)}, {self.kind})"


_PLAIN = re.compile(r"1[0-9]{10}")  # as most stand: nothing to straighten
_LENGTH = PhoneProblem(
    "length", _("电话号码位数不对：手机11位，固定电话为区号加7或8位，请核对后重填。")
)
_CHARACTERS = PhoneProblem("characters", _("电话号码里有不认识的字符，请只填数字。"))
_AREA_CODE = PhoneProblem("area-code", _("固定电话缺少区号，请写成“0834-8222222”这样。"))
_SEVERAL = PhoneProblem("several", _("一格里有几个电话号码，请一格只填一个，其余另起一栏。"))
_ROUNDED = PhoneProblem(
    "rounded",
    _("表格把电话号码当作数字存，末几位已经丢失；请把该列设为文本格式后重新填写。"),
)
_NUMBER = PhoneProblem("number", _("这不是一个可以拨通的号码，请带上国家或地区代码后重填。"))
_UNKNOWN = Finding("unknown", _("没有见过这个号段，请再核对一遍；无误可以照常保存。"))


def read_phone(written: str | int | float, *, area_code: str = "") -> Phone | PhoneProblem:
    """A mobile is 1[3-9] and nine digits; new ranges appear every year, so unknown ones only warn.

    Landlines need an area code, or take `area_code` (for example "0834") when they have none.
    Numbers from abroad begin with + or 00. Numbers that begin with 12 are test numbers.
    """
    text = str(written)
    if _PLAIN.fullmatch(text):
        return _domestic(text, "", area_code.lstrip("0"))
    text = normal_width(text)
    if _has_several(text):
        return _SEVERAL
    text, extension = _split_extension(unwrapped(text.strip()))
    digits = _digits(text)
    if isinstance(digits, PhoneProblem):
        return digits
    if digits.startswith("+"):
        return _abroad(digits, extension)
    return _domestic(digits, extension, area_code.lstrip("0"))


def national_form(normal: str) -> str:
    """As people here write it: 11 digits for a mobile, 0834-8222222 for a landline."""
    if not normal.startswith("+86"):
        return normal
    number = normal[3:]
    if _MOBILE.fullmatch(number) or _TEST.fullmatch(number):
        return number
    landline = _LANDLINE.fullmatch(number)
    if landline and not _SERVICE.fullmatch(number):
        return f"0{landline[1]}-{landline[2]}"
    return number


def mask_phone(text: str) -> str:
    """Enough is shown to tell two numbers apart, never enough to dial: 139****1234.

    A landline keeps its area code and last three digits, a foreign number its first four signs
    and last three digits; anything shorter than eight digits is hidden entirely.
    """
    phone = read_phone(text)
    return "*" * len(text) if isinstance(phone, PhoneProblem) else masked(phone)


def masked(phone: Phone) -> str:
    """The same of a number that has been read."""
    shown = national_form(phone.normal)
    if phone.kind == "mobile":
        return f"{shown[:3]}****{shown[-4:]}"
    if phone.kind == "landline":
        return f"{shown.partition('-')[0]}-****{shown[-3:]}"
    if phone.kind == "service":
        return f"{shown[:3]}****{shown[-3:]}"
    return f"{shown[:4]}****{shown[-3:]}" if len(shown) >= 11 else "*" * len(shown)


def _has_several(text: str) -> bool:
    parts = [part for part in _BETWEEN_NUMBERS.split(text) if part]
    return len(parts) > 1 and sum(len(re.findall(r"\d", part)) >= 7 for part in parts) > 1


def _split_extension(text: str) -> tuple[str, str]:
    if found := _HYPHENED_EXTENSION.fullmatch(text):
        return found[1], found[2]
    if found := _EXTENSION.search(text):
        return text[: found.start()], found[1]
    return text, ""


def _digits(text: str) -> str | PhoneProblem:
    """Only digits, led by + when the number says its country; 0086 and +86 are taken off."""
    compact = number_written(without_invisible(text))
    from_float = digits_of_float(compact)
    if from_float is not None:
        mantissa = re.sub(r"[eE].*|\.", "", compact) if "E" in compact.upper() else from_float
        if len(mantissa) < _FEWEST_KEPT_DIGITS:
            return _ROUNDED
        compact = from_float
    compact = re.sub(r"[().]", "", compact)
    if not re.fullmatch(r"\+?[0-9]+", compact):
        return _CHARACTERS if compact else _LENGTH
    compact = re.sub(r"^(\+|00)86(?=0?[1-9])", "", compact)
    return re.sub(r"^00", "+", compact)


def _domestic(digits: str, extension: str, area_code: str) -> Phone | PhoneProblem:
    mobile = re.sub(r"^(86|0)(?=1[2-9][0-9]{9}$)", "", digits)
    if _TEST.fullmatch(mobile):
        return Phone(f"+86{mobile}", "mobile", extension, is_test=True)
    if _MOBILE.fullmatch(mobile):
        return Phone(f"+86{mobile}", "mobile", extension, warnings=_unknown_range(f"+86{mobile}"))
    if _SERVICE.fullmatch(digits):
        return Phone(f"+86{digits}", "service", extension)
    if _LOCAL.fullmatch(digits):
        if not area_code:
            return _AREA_CODE
        digits = area_code + digits
    landline = _LANDLINE.fullmatch(digits)
    if landline is None:
        return _LENGTH
    normal = f"+86{landline[1]}{landline[2]}"
    return Phone(normal, "landline", extension, warnings=_unknown_range(normal))


def _abroad(digits: str, extension: str) -> Phone | PhoneProblem:
    try:
        number = phonenumbers.parse(digits, None)
    except phonenumbers.NumberParseException:
        return _NUMBER
    if number.country_code == 86 or not phonenumbers.is_possible_number(number):
        return _NUMBER
    normal = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Phone(normal, "international", extension, warnings=_unknown_range(normal))


def _unknown_range(normal: str) -> tuple[Finding, ...]:
    number = phonenumbers.parse(normal, None)
    return () if phonenumbers.is_valid_number(number) else (_UNKNOWN,)
