"""One kind of work that waits, as the start page shows it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from guiyan.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class Thing:
    """One of the things that wait: whose, what is known of it, by which day, and where it is done."""

    name: str
    url: str
    note: str = ""
    due: date | None = None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of work that waits for this person: how many, the first few, and where it is done.

    `label` names the task with its number in it ("核实 %(n)s 条线索"), one of a thing said otherwise
    than many where the language does so.
    `count` stops at what a page holds (`is_more`), because nothing is counted over a county.
    """

    label: str | Promise
    count: int
    url: str
    overdue: int = 0
    is_more: bool = False
    first: tuple[Thing, ...] = ()

    @property
    def task(self) -> str:
        shown = f"{self.count}+" if self.is_more else self.count
        return str(self.label % {"n": shown, COUNTED: self.count})


Provider = Callable[[Actor], Iterator[Waiting]]
COUNTED = "count"  # by which a label chooses between one and many; "n" may read "50+"
LIMIT = 50
SHOWN = 3  # what one reads at a glance; the rest stands on the page of its own


def listed(
    label: str | Promise,
    found: Sequence[object],
    url: str,
    first: Sequence[Thing],
    overdue: int = 0,
) -> Waiting:
    return Waiting(label, len(found), url, overdue, len(found) >= LIMIT, tuple(first))
