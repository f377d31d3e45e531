"""What the file of a member asks for: reasons to open it, unusual openings, masks, duplicates.

Sources: Personal Information Protection Law arts. 5, 6, 14, 24, 44-47, 51; GB/T 35273-2020 7.1
and 7.2 (least privilege, masked display, approval of batch reading).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from guiyan.kernel.findings import Finding
from guiyan.kernel.findings import gettext_noop as _
from guiyan.platform.errors import Refusal

VAULT_KINDS = ("id_number", "phone", "address")
WHOSE = ("own", "relative", "shared")
CATEGORIES = ("full", "probationary")
SEXES = ("", "male", "female", "unknown")
PRECISIONS = ("day", "month", "year")

SEARCHES_PER_HOUR = 60  # F31: by page, desk, register and entry together
FEWEST_DIGITS, DIGITS_OF_AN_ID = 5, 14
NEW_NUMBER_WAITS = timedelta(days=7)  # ADR 8
REVEAL_LASTS = timedelta(seconds=60)
# Unmasked identity beyond this on one day needs a second person (GB/T 35273-2020 7.1).
REVEALS_PER_DAY = 50
# From here on the member is told of an opening, not only shown it in the list.
MANY_REVEALS = 20
NIGHT_BEGINS, NIGHT_ENDS = 22, 6
# A path has four characters a level. The body itself and the two committees above it (township,
# county) do the everyday work on a file; who opens it from further up is out of the ordinary.
LEVEL_CHARACTERS, LEVELS_AT_WORK = 4, 2

REVEAL_REASONS = {
    "contact": _("联系本人"),
    "verify": _("核对身份"),
    "issue": _("开具介绍信或活动证"),
    "correct": _("更正档案"),
    "request": _("办理本人提出的事项"),
    "import": _("核对导入的名册"),
}
_CASE_NUMBER = re.compile(r"[\w〔〕（）()\[\]-]{0,30}")


@dataclass(frozen=True, slots=True)
class Opening:
    """The circumstances in which one field is opened; `at` in local time."""

    organisation_id: UUID | None
    path: str
    is_elevated: bool
    at: datetime
    already_today: int


def may_reveal(reason: str, case_number: str, already_today: int) -> Refusal | None:
    """One field for one reason of the list; more than 50 a day need a second person's yes."""
    if reason not in REVEAL_REASONS:
        return Refusal("reason", _("请选择查看的理由；每次查看都要有理由，本人看得到。"))
    if not _CASE_NUMBER.fullmatch(case_number) or re.search(r"\d{11}", case_number):
        return Refusal(
            "case-number", _("案号最多30个字，不能写电话或身份证号码；没有案号可以不填。")
        )
    if already_today >= REVEALS_PER_DAY:
        return Refusal(
            "reveal-quota",
            _("今天您已查看50条完整身份信息。确需更多，请由另一位有审批权的同志批准导出。"),
        )
    return None


def unusual_openings(
    opening: Opening, home_path: str | None, host_path: str | None
) -> tuple[str, ...]:
    """Why an opening is told to the member: from outside, elevated, many in a day, at night."""
    found: list[str] = []
    if not any(_works_on(opening.path, side) for side in (home_path, host_path)):
        found.append("outside")
    if opening.is_elevated:
        found.append("elevated")
    if opening.already_today + 1 >= MANY_REVEALS:
        found.append("many")
    if opening.at.hour >= NIGHT_BEGINS or opening.at.hour < NIGHT_ENDS:
        found.append("night")
    return tuple(found)


def _works_on(path: str, side: str | None) -> bool:
    if not path or side is None or not side.startswith(path):
        return False
    return len(side) - len(path) <= LEVELS_AT_WORK * LEVEL_CHARACTERS


def mask_address(text: str) -> str:
    """An address is shown down to its county or district: 四川省凉山州美姑县***."""
    county = re.match(r".{2,24}?(?:县|区|旗|自治县)", text)
    return f"{county[0] if county else text[:3]}***"


def read_address(text: str) -> str | Finding:
    """An address is free text of at most 200 characters."""
    address = " ".join(text.split())
    if not address:
        return Finding("address-empty", _("没有填写地址，请补上或取消。"))
    if len(address) > 200:
        return Finding("address-length", _("地址最多200个字，请写简短些。"))
    return address


def may_choose(what: str, value: str, allowed: Collection[str]) -> Refusal | None:
    """A coded value must be one of the list."""
    if value in allowed:
        return None
    return Refusal(what, _("所选的内容不在列表里，请从列表中选择。"))


def may_phone_be(whose: str, relation: str) -> Refusal | None:
    """A relative's number says which relative; it gets neutral messages and never signs in."""
    if whose not in WHOSE:
        return Refusal("whose", _("请选择这个号码是本人的、亲属的还是共用的。"))
    if whose == "relative" and not relation.strip():
        return Refusal("relation", _("亲属的号码请写明与本人的关系，例如“儿子”。"))
    return None


def may_merge(
    kept_id: UUID, gone_id: UUID, reason: str, *, is_gone_merged: bool, is_kept_merged: bool
) -> Refusal | None:
    """Two files of one person become one, with a written reason; each goes into another once."""
    if kept_id == gone_id:
        return Refusal("same-file", _("这是同一份档案，请选择另一份。"))
    if is_gone_merged or is_kept_merged:
        return Refusal("already-merged", _("其中一份档案已经并入别的档案，请先撤销那次合并。"))
    if not reason.strip():
        return Refusal("reason", _("请写明为什么认定是同一个人。"))
    return None


def signs_in_from(registered_on: date) -> date:
    """A number that staff put into a file that stands already waits a week before it signs in.

    Until then the member, who is told on their page, can say that it is not theirs (ADR 8).
    """
    return registered_on + NEW_NUMBER_WAITS


def kind_of_number(text: str) -> str:
    """What a search means by its digits: an ID number, a telephone number, or "" for a name."""
    digits = sum(character.isdigit() for character in text)
    if digits < FEWEST_DIGITS:
        return ""
    return "id_number" if digits >= DIGITS_OF_AN_ID else "phone"
