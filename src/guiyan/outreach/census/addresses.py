"""Village, street and house number out of an address as registers of businesses write it. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from guiyan.kernel.written import normal_width, without_invisible, without_spaces

_VILLAGE: Final = re.compile(r"^(.{1,12}?(?:社区|村|居委会|牧委会))(?!道|路|街|小)")
_ROAD: Final = re.compile(r"^(.{1,20}?(?:大道|路|街|巷|胡同|大街|市场|广场|工业园|园区|小区))")
_HOUSE: Final = re.compile(r"(\d{1,5})\s*(?:号|幢|栋|#|$)")
_GROUP: Final = re.compile(r"^(第?[一二三四五六七八九十\d]{1,3}(?:组|社|队))")


@dataclass(frozen=True, slots=True)
class Door:
    """Where one walks to: the village, the street (village and road), the number in it."""

    village: str = ""
    street: str = ""
    house: int = 0


def door_of(address: str, *, township: str = "") -> Door:
    """巴普镇城东社区新建路15号 is number 15 of 城东社区新建路; what can't be read stays empty.

    The township's name is left out at the beginning, with whatever stands before it.
    """
    text = without_spaces(without_invisible(normal_width(address)))
    rest = text
    if township and township in text:
        rest = text.partition(township)[2]
    elif found := re.match(r"^.{0,16}?(?:镇|乡|街道)(?!路|街)", text):
        rest = text[found.end() :]
    village, road = "", ""
    if found := _VILLAGE.match(rest):
        village, rest = found[1], rest[found.end() :]
    if (found := _ROAD.match(rest)) or (found := _GROUP.match(rest)):
        road, rest = found[1], rest[found.end() :]
    number = _HOUSE.search(rest)
    return Door(village[:40], (village + road)[:80], int(number[1]) if number else 0)
