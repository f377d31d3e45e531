"""Words of a register as codes: ethnic groups, languages, categories."""

import re
from typing import Final

from guiyan.kernel.languages import SCRIPT_NAMES

_GROUPS: Final = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 "
    "拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 "
    "怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
)
# GB/T 3304; 96 as Guizhou's systems write it.
_GROUP_CODES: Final = {
    **{name: f"{number:02d}" for number, name in enumerate(_GROUPS.split(), start=1)},
    "穿青人": "96",
    "其他": "97",
    "外国血统": "98",
}
_KNOWN_GROUPS: Final = frozenset(_GROUP_CODES.values())
_LANGUAGES: Final = (
    ("yi", re.compile("彝|诺苏")),
    ("han", re.compile("汉|普通话|国语|中文|四川话|西南官话|方言")),
    ("yue", re.compile("粤|广东话|白话")),
    ("zang", re.compile("藏")),
    ("miao", re.compile("苗")),
    ("buyi", re.compile("布依")),
    ("dong", re.compile("侗")),
    ("uyghur", re.compile("维吾尔|维语")),
    ("mongol", re.compile("蒙")),
    ("zhuang", re.compile("壮")),
)
_PARTS: Final = re.compile(r"[、，,；;/\s和及但]+")
_NOT: Final = re.compile("不|没|无|盲")
_READS_LITTLE: Final = re.compile(
    "不识字|文盲|读写不便|不会读|不会写|不能读|看不懂|都不会|^(不会|无|没有)$"
)
_CATEGORIES: Final = {"正式": "full", "预备": "probationary"}
SEXES: Final = {"男": "male", "女": "female", "1": "male", "2": "female"}


def ethnicity_code(word: str) -> str | None:
    """彝, 彝族 and 07 are all 07 (GB/T 3304); empty for nothing; None for an unknown word."""
    if not word:
        return ""
    if word.isdigit():
        code = word.zfill(2)
        return code if code in _KNOWN_GROUPS else None
    return _GROUP_CODES.get(word) or _GROUP_CODES.get(word.removesuffix("族"))


def language_codes(text: str) -> tuple[str, ...] | None:
    """彝汉双语 is Yi and Han; 普通话、粤语 is Han and Cantonese; None when no language is named."""
    if not text:
        return ()
    return tuple(code for code, pattern in _LANGUAGES if pattern.search(text)) or None


def script_codes(text: str) -> tuple[str, ...] | None:
    """As read and written: 彝文、汉文 is Yi and Han; what somebody can't read is none of them. None
    when no language with a script of its own is named; Cantonese has none."""
    if not text:
        return ()
    said = " ".join(part for part in _PARTS.split(text) if not _NOT.search(part))
    return tuple(code for code in language_codes(said) or () if code in SCRIPT_NAMES) or None


def says_reads_little(text: str) -> bool:
    """不识字, 文盲, 读写不便: there is nothing but the talk."""
    return bool(_READS_LITTLE.search(text)) and not script_codes(text)


def category_code(word: str) -> str | None:
    """正式党员 is full, 预备党员 probationary; nothing said is full; None for another word."""
    if not word:
        return "full"
    return next((code for start, code in _CATEGORIES.items() if start in word), None)
