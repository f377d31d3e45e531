"""Text as people and spreadsheets write it, brought to one form before a rule looks at it."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
APOSTROPHES = "'\"`\u00b4\u2018\u2019\u201c\u201d\u2032\u02b9"
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af\u3007"
YI = "\ua000-\ua4cf"

_AS_TEXT_FORMULA = re.compile(r'^="?(.*?)"?$', re.DOTALL)
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?[eE]\+?\d{1,2}$")
_MARKS = str.maketrans("", "", HYPHENS + APOSTROPHES)


def normal_width(text: str) -> str:
    """Full-width digits, letters and signs are the same as the half-width ones (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", text)


def without_invisible(text: str) -> str:
    """Drop what cannot be seen: zero-width signs, direction marks, byte-order marks, controls."""
    if text.isprintable():
        return text
    return "".join(c for c in text if c.isspace() or unicodedata.category(c) not in {"Cf", "Cc"})


def without_spaces(text: str) -> str:
    """Drop every kind of blank."""
    return "".join(text.split())


def unwrapped(text: str) -> str:
    """Spreadsheets force text by ="…" ; what counts stands between the quotes."""
    return _AS_TEXT_FORMULA.sub(r"\1", text) if text.startswith("=") else text


def number_written(text: str) -> str:
    """A long number as typed into a cell: width, blanks, hyphens and apostrophes do not count."""
    bare = normal_width(text.translate(_MARKS))  # an acute accent would become a blank and a mark
    return without_spaces(without_invisible(unwrapped(bare.strip()))).translate(_MARKS)


def digits_of_float(text: str) -> str | None:
    """The digits that a spreadsheet turned into a float ("1.39E10", "139.0"), if it is one.

    Returns None for anything else. The digits may have been rounded: a double keeps 15.
    """
    if re.fullmatch(r"\d+\.0+", text):
        return text.partition(".")[0]
    if not _SCIENTIFIC.fullmatch(text):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern admits only numbers
        return None
    return f"{number:.0f}" if number == number.to_integral_value() else None
