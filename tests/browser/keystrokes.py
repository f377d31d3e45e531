"""How long a practised person's hands need for what a test really pressed: the keystroke-level model.

Card, Moran & Newell, “The Keystroke-Level Model for User Performance Time with Interactive Systems”,
Communications of the ACM 23 (7), 1980, 396–410. Of their figures these are used, in seconds: a key of
an average typist at 40 words a minute K = 0.28, a key of a number or of other letters without a
pattern K = 0.50, a decision M = 1.35, hands moved between telephone, keys and mouse H = 0.40, a thing
pointed at P = 1.10 and pressed 0.20. A Chinese character is typed as its pinyin and one key that
chooses it; the real input methods need less for words that they know.

It is no clock: nothing is measured, so the figure is the same on every machine. What the caller says,
and how long a page needs, aren't in it: the hands write while the other person speaks.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page
from pypinyin import lazy_pinyin

# Of a phone: 36.2 words (of five letters) a minute, the mean of 37,370 people: Palin, Feit, Kim,
# Kristensson & Oulasvirta, “How do People Type on Mobile Devices?”, MobileHCI 2019. A tap counts as
# much as pointing with a mouse, which is more than a thumb needs; the hands stay where they are.
KEY_ON_PHONE = 60 / (36.2 * 5)
KEY, KEY_WITHOUT_PATTERN, DECISION, HANDS, POINTING, PRESS = 0.28, 0.50, 1.35, 0.40, 1.10, 0.20
# Where the hands go on without a thought: what one has just done already asked for it.
ANTICIPATED = {"Tab", "Shift", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"}

# Keys are written down where they arrive, before the page sees them; what Chromium inserts without a
# key (Chinese, and `fill`) is written down as text. The tab keeps them from page to page.
_LISTEN = """
(() => {
  const place = (target) => target?.name || target?.id || "";
  let last = "";
  const note = (one) => {
    const known = JSON.parse(sessionStorage.getItem("keystrokes") || "[]");
    sessionStorage.setItem("keystrokes", JSON.stringify([...known, one]));
  };
  addEventListener("keydown", (event) => {
    if (!event.isTrusted) return;
    last = event.key;
    note({ how: "key", what: event.key, place: place(event.target) });
  }, true);
  addEventListener("pointerdown", (event) => {
    if (event.isTrusted) note({ how: "point", what: "", place: place(event.target) });
  }, true);
  addEventListener("input", (event) => {
    const isText = typeof event.target.selectionStart === "number";
    const typed = isText ? (event.data ?? (last.length > 1 ? "" : event.target.value)) : "";
    const what = typed === last ? "" : typed;
    last = "";
    note({ how: "input", what, place: place(event.target) });
  }, true);
})();
"""


@dataclass(frozen=True, slots=True)
class Effort:
    """What was done by hand; `fields` are those into which something was put."""

    fields: frozenset[str]
    keys: int
    keys_without_pattern: int
    pointings: int
    decisions: int
    hands: int

    @property
    def seconds(self) -> float:
        return (
            self.keys * KEY
            + self.keys_without_pattern * KEY_WITHOUT_PATTERN
            + self.pointings * (POINTING + PRESS)
            + self.decisions * DECISION
            + self.hands * HANDS
        )

    @property
    def seconds_on_phone(self) -> float:
        return (
            self.keys * KEY_ON_PHONE
            + self.keys_without_pattern * KEY_WITHOUT_PATTERN
            + self.pointings * (POINTING + PRESS)
            + self.decisions * DECISION
        )


def listen_here(page: Page) -> None:
    """The same for a page that is open already and stays."""
    page.evaluate(_LISTEN)


def listen(page: Page) -> None:
    """From the next page on every key and every press is written down."""
    page.add_init_script(_LISTEN)


def begin(page: Page) -> None:
    """What was pressed until here is not part of it."""
    page.evaluate("sessionStorage.removeItem('keystrokes')")


def effort(page: Page) -> Effort:
    """What was pressed since `begin`, as the model counts it."""
    return reckoned(page.evaluate("JSON.parse(sessionStorage.getItem('keystrokes') || '[]')"))


def reckoned(events: list[dict[str, Any]]) -> Effort:
    """A decision stands before each field, each Enter and each thing pointed at; going on to the next
    field was decided with the one before (rules 0, 1 and 2 of the paper)."""
    pressed = [one for one in events if one["how"] != "input" or one["what"]]
    texts = [_keys_of(one) for one in pressed]
    keys = [key for text in texts for key in text]
    decided = [one for one in pressed if not (one["how"] == "key" and one["what"] in ANTICIPATED)]
    chunks = [(_is_end(one), one["place"]) for one in decided]
    begun = [now for before, now in pairwise([None, *chunks]) if now and (now != before or now[0])]
    hands = ["mouse" if one["how"] == "point" else "keys" for one in pressed]
    return Effort(
        fields=frozenset(one["place"] for one in events if one["how"] == "input"),
        keys=sum(not key.isdigit() for key in keys),
        keys_without_pattern=sum(key.isdigit() for key in keys),
        pointings=sum(one["how"] == "point" for one in pressed),
        decisions=len(begun),
        hands=sum(now != before for before, now in pairwise(["telephone", *hands])),
    )


def _is_end(one: dict[str, Any]) -> bool:
    """An Enter, and each thing pointed at, is decided about by itself; what stands in one field at once."""
    return bool(one["how"] == "point" or one["what"] == "Enter")


def _keys_of(one: dict[str, Any]) -> list[str]:
    """The keys of a press, or those with which an inserted text is typed."""
    if one["how"] == "key":
        return [one["what"]]
    keys: list[str] = []
    for character in one["what"]:
        is_chinese = "\u3400" <= character <= "\u9fff"
        keys += [*lazy_pinyin(character)[0], " "] if is_chinese else [character]
    return keys
