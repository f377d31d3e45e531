"""Names of people: one spelling for showing, one key for finding, and their reading in pinyin."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from types import ModuleType

from opencc import OpenCC

from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.surnames import COMPOUND_SURNAMES, SURNAMES
from guiyan.kernel.written import HAN, HYPHENS, YI, normal_width

LONGEST_NAME = 50
INTERPUNCT = "\u00b7"

# Unicode's own normal form leaves these apart from one another.
_INTERPUNCTS = (
    "\u00b7\u0387\u1427\u16eb\u2022\u2024\u2027\u2219\u22c5\u25cf\u25e6\u2981\u2e30\u2e31\u2e33"
    "\u30fb\uff65\ua78f\u26ab\ufe45\u25aa"
)
_ANY_INTERPUNCT = re.compile(f" *[{_INTERPUNCTS}]+ *")
_DOT_BETWEEN = re.compile(rf"(?<=[{HAN}{YI}]) *[.。] *(?=[{HAN}{YI}])")
_HAN_RUN = re.compile(rf"[{HAN}]+(?: +[{HAN}]+)+")
_ALL_HAN = re.compile(rf"[{HAN}]+")
_BETWEEN_PARTS = re.compile(rf"[ {INTERPUNCT}]")
_NOT_IN_KEY = re.compile(rf"[\s.。'’{INTERPUNCT}{re.escape(HYPHENS)}]+")
# What a cell may carry unseen: zero-width space, byte-order mark, soft hyphen, word joiner.
_UNSEEN = str.maketrans("", "", "\u200b\ufeff\u00ad\u2060")


class NameProblem(Finding):
    """Why what was written is not a name. Codes: empty, length, controls, characters."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class NamePinyin:
    """The reading of a name: `full` and `initials` as typed in a search box, `sort` for lists."""

    full: str
    initials: str
    sort: str


@dataclass(frozen=True, slots=True)
class GivenName:
    """What a name goes by without its family: `key` as `fold_name`, `pinyin` without tones."""

    key: str
    pinyin: str


_EMPTY = NameProblem("empty", _("没有填写姓名，请补上。"))
_LENGTH = NameProblem("length", _("姓名最多50个字，请核对是否多粘贴了内容。"))
_CONTROLS = NameProblem("controls", _("姓名里有看不见的控制字符，请删去后重新输入。"))
_CHARACTERS = NameProblem("characters", _("姓名里没有文字，或有网址、标签一类的符号，请核对。"))


@lru_cache(maxsize=16_384)  # a row's name is read, judged and written; the same again elsewhere
def read_name(text: str) -> str | NameProblem:
    """A name in the one spelling in which it is shown: every interpunct is “·”.

    A blank that only pads a short Han name goes (“王 伟” is 王伟); a blank between two parts of
    two or more characters stays, because a Yi clan and given name are written so (“沙马 木呷”).
    At most 50 characters; control and direction signs are refused, since they make two different
    names look alike.
    """
    name = normal_width(text.translate(_UNSEEN)).strip()
    if not name:
        return _EMPTY
    if any(unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp", "Cs", "Co"} for c in name):
        return _CONTROLS
    if not any(c.isalpha() for c in name) or re.search(r"[<>{}\\|=@]|//", name):
        return _CHARACTERS
    name = _one_interpunct(re.sub(r"\s+", " ", name)).strip(f" {INTERPUNCT}")
    name = _HAN_RUN.sub(lambda run: _without_padding(run[0]), name)
    return name if len(name) <= LONGEST_NAME else _LENGTH


@lru_cache(maxsize=16_384)
def fold_name(text: str) -> str:
    """The key under which a name is found: script, width, case, blanks and dots do not count.

    Traditional characters are simplified one by one, never by phrase, so that the key of a name's
    beginning is the beginning of its key.
    """
    key = _folded(text)
    while (again := _folded(key)) != key:  # what stood apart may join when a sign between is gone
        key = again
    return key


def name_pinyin(text: str) -> NamePinyin:
    """The reading of a name, with surnames read as surnames (单 is Shàn, 尉迟 is Yùchí).

    `sort` orders by syllable and tone, then by character, so that one family stands together.
    """
    syllables = _syllables(fold_name(text), INTERPUNCT in _one_interpunct(normal_width(text)))
    toneless = [syllable.rstrip("1234") for syllable in syllables]
    return NamePinyin(
        full="".join(toneless),
        initials="".join(syllable[:1] for syllable in toneless),
        sort=f"{' '.join(syllables)} {fold_name(text)}".strip(),
    )


def given_name(text: str) -> GivenName:
    """What people call somebody by: 阿木 for 海来阿木, 木呷 for 沙马·木呷, 小明 for 王小明.

    It follows the first interpunct or blank between two parts; in a Han name written as one, the
    surname: a known compound one, a clan of two characters where there are four or more, else one.
    A name of another script in one part has none.
    """
    name = read_name(text)
    parts = _BETWEEN_PARTS.split(text if isinstance(name, NameProblem) else name, maxsplit=1)
    if len(parts) == 2:
        key = fold_name(parts[1])
    else:
        whole = fold_name(parts[0])
        is_long = len(whole) > 3 or (len(whole) == 3 and whole[:2] in COMPOUND_SURNAMES)
        key = whole[2 if is_long else 1 :] if _ALL_HAN.fullmatch(whole) else ""
    return GivenName(key, "".join(each.rstrip("1234") for each in _common_reading(key)))


def to_simplified(text: str) -> str:
    """Simplified script, for showing; phrase by phrase."""
    return str(_converter("t2s").convert(text))


def to_traditional(text: str) -> str:
    """Traditional script, for showing. One simplified character may stand for several: a guess."""
    return str(_converter("s2t").convert(text))


def _folded(text: str) -> str:
    name = normal_width(_one_interpunct(normal_width(text.translate(_UNSEEN))).casefold())
    return "".join(_simplified_character(c) for c in _NOT_IN_KEY.sub("", name))


def _one_interpunct(name: str) -> str:
    return _DOT_BETWEEN.sub(INTERPUNCT, _ANY_INTERPUNCT.sub(INTERPUNCT, name))


def _without_padding(run: str) -> str:
    parts = run.split()
    return (" " if min(map(len, parts)) > 1 else "").join(parts)


def _syllables(key: str, is_many_parts: bool) -> list[str]:
    """Syllables with tone digits. A name with an interpunct has no Han surname at its front."""
    if is_many_parts or len(key) < 2:
        front: tuple[str, ...] = ()
    elif key[:2] in COMPOUND_SURNAMES and len(key) > 2:
        front = COMPOUND_SURNAMES[key[:2]]
    else:
        front = SURNAMES.get(key[:1], ())
    return [*front, *_common_reading(key[len(front) :])]


@lru_cache(maxsize=16_384)
def _common_reading(text: str) -> tuple[str, ...]:
    """Given names come again and again in a register; their reading is looked up once."""
    read = _pypinyin()
    return tuple(map(_with_digit, read.lazy_pinyin(text, style=read.Style.TONE)))


@lru_cache(maxsize=4_096)  # Chinese has 1,300 syllables; what has no reading comes as it stands
def _with_digit(syllable: str) -> str:
    """zhōng is zhong1. Half of pypinyin's time goes into saying this anew for each character."""
    style = import_module("pypinyin.style")
    written: str = style.convert(syllable, _pypinyin().Style.TONE3, strict=True)
    return written.lower()


@cache
def _pypinyin() -> ModuleType:
    """Loaded with the first name that is written down: its dictionary takes 55 MB, which a process
    that only shows and finds names does without."""
    return import_module("pypinyin")


@cache
def _converter(configuration: str) -> OpenCC:
    return OpenCC(configuration)


@cache
def _simplified_character(character: str) -> str:
    """Bounded by the number of characters there are."""
    return to_simplified(character) if ord(character) > 0x2E7F else character
