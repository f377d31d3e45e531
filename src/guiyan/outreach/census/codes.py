"""The code of a premises on a printed sheet: its number in the round and one check digit.

ISO 7064, MOD 11,10: every wrong digit and every two neighbours swapped are found, so that a
sheet typed in at night puts no visit at the wrong door.
"""

from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.written import normal_width, without_spaces

_LEAST_DIGITS = 4
NOT_A_CODE = Finding("code", _("编码是纸上单位名称前面的数字，请照着输入。"))
WRONG_CHECK = Finding("check", _("编码有一位不对，请对照纸上再输一次。"))


def written_code(number: int) -> str:
    """4 becomes 00048: at least four digits and the check digit."""
    digits = f"{number:0{_LEAST_DIGITS}d}"
    return digits + _check_digit(digits)


def read_code(text: str) -> int | Finding:
    """The number behind a code as somebody typed it, or what is wrong with it."""
    digits = without_spaces(normal_width(text)).replace("-", "")
    if not (digits.isascii() and digits.isdecimal() and _LEAST_DIGITS < len(digits) <= 12):
        return NOT_A_CODE
    return int(digits[:-1]) if _check_digit(digits[:-1]) == digits[-1] else WRONG_CHECK


def _check_digit(digits: str) -> str:
    product = 10
    for digit in digits:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)
