"""The tree's arithmetic, and when an organisation may be opened, moved, merged or closed.

A path is four base-36 characters for each level, so that a jurisdiction is one half-open range in
byte order and a parent is a prefix. Branch sizes: 支部工作条例（试行）(2018), arts. 4 and 5.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from guiyan.kernel.findings import gettext_noop as _
from guiyan.platform.errors import Refusal

SEGMENT = 4
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LONGEST_PATH = 80
ABOVE_EVERY_SEGMENT = "~"
FEWEST_FULL_MEMBERS = 3
MOST_UNITS_OF_A_JOINT_BRANCH = 5


def segment(number: int) -> str:
    """The n-th child's four characters, "0001" first. Raises ValueError beyond 36⁴ − 1."""
    if not 0 < number < len(DIGITS) ** SEGMENT:
        raise ValueError(f"a level has room for children 1 to {len(DIGITS) ** SEGMENT - 1}")
    text = ""
    for _place in range(SEGMENT):
        number, digit = divmod(number, len(DIGITS))
        text = DIGITS[digit] + text
    return text


def child_path(parent_path: str, number: int) -> str:
    """The path of the n-th child. Raises ValueError when the tree would be too deep."""
    path = parent_path + segment(number)
    if len(path) > LONGEST_PATH:
        raise ValueError(f"the tree holds {LONGEST_PATH // SEGMENT} levels at most")
    return path


def is_under(path: str, ancestor: str) -> bool:
    """True when `path` is the ancestor itself or lies below it; the empty path is above all."""
    return path.startswith(ancestor)


def path_range(path: str) -> tuple[str, str]:
    """Low and high of the half-open range that holds this organisation and all below it."""
    return path, path + ABOVE_EVERY_SEGMENT


def ancestor_paths(path: str) -> list[str]:
    """Paths from the root down to `path` itself."""
    return [path[:end] for end in range(SEGMENT, len(path) + 1, SEGMENT)]


def moved_path(path: str, old: str, new: str) -> str:
    """Where `path` hangs after the subtree at `old` has moved to `new`."""
    return new + path[len(old) :] if is_under(path, old) else path


@dataclass(frozen=True, slots=True)
class TreeFacts:
    """What the rules need to know of one organisation."""

    path: str
    kind: str
    is_open: bool = True


_CLOSED = Refusal("closed", _("这个组织已经撤销，不能再变动。请另选一个组织。"))
_PARENT_CLOSED = Refusal("parent-closed", _("所选的上级组织已经撤销。请另选一个上级组织。"))
_WRONG_PARENT = Refusal(
    "wrong-parent", _("这类组织不能设在所选的上级之下。请核对组织类别或另选上级。")
)
_CYCLE = Refusal("cycle", _("不能把组织移到自己或自己的下级之下。请另选一个上级组织。"))
_SAME_PLACE = Refusal("same-place", _("它已经在这个上级之下，无须移动。"))
_SAME = Refusal("same", _("请选择另一个组织：不能与自己合并。"))
_OPEN_CHILDREN = Refusal(
    "open-children", _("它还有未撤销的下级组织。请先撤销、移动或合并这些下级组织。")
)
_HOLDS_PEOPLE = Refusal(
    "holds-people", _("还有党员或事项在这个组织名下。请先转到别的组织，或改用“合并”。")
)
_TOO_DEEP = Refusal("too-deep", _("组织层级太深了。请选择更高一级的上级。"))


def may_open(parent: TreeFacts | None, allowed_parents: Sequence[str]) -> Refusal | None:
    """A kind stands under the kinds that its configuration names; a root kind stands alone."""
    if parent is None:
        return None if not allowed_parents else _WRONG_PARENT
    if not parent.is_open:
        return _PARENT_CLOSED
    if parent.kind not in allowed_parents:
        return _WRONG_PARENT
    return _TOO_DEEP if len(parent.path) + SEGMENT > LONGEST_PATH else None


def may_move(
    moved: TreeFacts, parent: TreeFacts, allowed_parents: Sequence[str], deepest: int
) -> Refusal | None:
    """A subtree moves under an allowed, open parent that does not lie in it.

    `deepest` is the length of the longest path in the subtree.
    """
    if not moved.is_open:
        return _CLOSED
    if is_under(parent.path, moved.path):
        return _CYCLE
    if parent.path == moved.path[:-SEGMENT]:
        return _SAME_PLACE
    if deepest - len(moved.path) + len(parent.path) + SEGMENT > LONGEST_PATH:
        return _TOO_DEEP
    return may_open(parent, allowed_parents)


def may_merge(closed: TreeFacts, kept: TreeFacts, children_fit: bool) -> Refusal | None:
    """One organisation goes into another that is not below it; its children must fit there."""
    if closed.path == kept.path:
        return _SAME
    if not (closed.is_open and kept.is_open):
        return _CLOSED
    if is_under(kept.path, closed.path):
        return _CYCLE
    return None if children_fit else _WRONG_PARENT


def may_close(closing: TreeFacts, open_children: int, people: int) -> Refusal | None:
    """Nobody is left behind: no open child, no member and no open case may hang on it."""
    if not closing.is_open:
        return _CLOSED
    if open_children:
        return _OPEN_CHILDREN
    return _HOLDS_PEOPLE if people else None


def may_form_branch(full_members: int, units: int = 1) -> Refusal | None:
    """A branch needs three full members (art. 4), a joint branch at most five units (art. 5)."""
    if full_members < FEWEST_FULL_MEMBERS:
        return Refusal(
            "too-few-members",
            _("正式党员不足3人，不能单独成立党支部。请与邻近单位组建联合党支部。"),
        )
    if units > MOST_UNITS_OF_A_JOINT_BRANCH:
        return Refusal("too-many-units", _("联合党支部一般不超过5个单位。请分成两个联合党支部。"))
    return None


def is_large(members: int, branch_size_max: int) -> bool:
    """A branch generally has no more than 50 members (art. 4): a warning, not a refusal."""
    return members > branch_size_max


DutyHours = Sequence[tuple[int, str, str]]
_WEEKDAYS = "一二三四五六日"
_DUTY_LINE = re.compile(
    r"(?:周|星期)?([一二三四五六日天])(?:[至到~-](?:周|星期)?([一二三四五六日天]))?"
    r"\s*((?:\d{1,2}:\d{2}\s*[-~至到]\s*\d{1,2}:\d{2}[\s,，、]*)+)"
)
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-~至到]\s*(\d{1,2}):(\d{2})")
ALL_DAY = ("00:00", "24:00")


def is_on_duty(hours: DutyHours, weekday: int, at: time) -> bool:
    """Somebody is there at this hour; Monday is 0; a span ends before its last minute, and one that
    ends before it begins runs into the next day."""
    now = f"{at:%H:%M}"
    for day, start, end in hours:
        is_by_night = end < start
        if day == weekday and start <= now and (now < end or is_by_night):
            return True
        if is_by_night and (day + 1) % 7 == weekday and now < end:
            return True
    return False


def read_duty_hours(text: str) -> list[tuple[int, str, str]] | Refusal:
    """Duty hours as written: “周一至周五 08:30-12:00 14:30-18:00”, one line each, or “24小时”."""
    written = (
        text.replace("：", ":").replace("—", "-").replace("–", "-").replace("每天", "周一至周日")
    )
    if re.fullmatch(r"\s*(周一至周日)?\s*24\s*小时\s*", written):
        return [(day, *ALL_DAY) for day in range(7)]
    hours: list[tuple[int, str, str]] = []
    for line in filter(None, (part.strip() for part in re.split(r"[\n;；]", written))):
        found = _DUTY_LINE.fullmatch(line)
        spans = _spans(found[3]) if found else None
        if found is None or not spans:
            return Refusal(
                "duty-hours",
                _("看不懂值班时间。请写成“周一至周五 08:30-12:00 14:30-18:00”，每行一段。"),
            )
        first = _weekday(found[1])
        last = _weekday(found[2]) if found[2] else first
        days = range(first, last + 1) if first <= last else [*range(first, 7), *range(last + 1)]
        hours += [(day, start, end) for day in days for start, end in spans]
    return sorted(set(hours))


def _weekday(sign: str) -> int:
    return _WEEKDAYS.index("日" if sign == "天" else sign)


def _spans(text: str) -> list[tuple[str, str]] | None:
    spans = [
        (int(h) * 60 + int(m), int(to_h) * 60 + int(to_m) or 24 * 60)
        for h, m, to_h, to_m in _SPAN.findall(text)
    ]
    if any(start >= 24 * 60 or end > 24 * 60 or start == end for start, end in spans):
        return None
    return [
        (f"{start // 60:02}:{start % 60:02}", f"{end // 60:02}:{end % 60:02}")
        for start, end in spans
    ]


def write_duty_hours(hours: DutyHours) -> str:
    """The same in words, equal days drawn together: “周一至周五 08:30-12:00 14:30-18:00”."""
    by_day: dict[int, list[str]] = {}
    for day, start, end in sorted(hours):
        by_day.setdefault(day, []).append(f"{start}-{end}")
    if by_day == {day: ["-".join(ALL_DAY)] for day in range(7)}:
        return "24小时"
    lines: list[str] = []
    for first, last, spans in _runs(by_day):
        days = f"周{_WEEKDAYS[first]}" + (f"至周{_WEEKDAYS[last]}" if last > first else "")
        lines.append(f"{days} {spans}")
    return "\n".join(lines)


def _runs(by_day: Mapping[int, Sequence[str]]) -> list[tuple[int, int, str]]:
    runs: list[tuple[int, int, str]] = []
    for day in sorted(by_day):
        spans = " ".join(by_day[day])
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == spans:
            runs[-1] = (runs[-1][0], day, spans)
        else:
            runs.append((day, day, spans))
    return runs
