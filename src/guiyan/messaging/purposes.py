"""The purposes for which members get messages, as declared in purposes.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from guiyan.kernel.findings import gettext_noop as _
from guiyan.messaging.rules import GAP, Texts, filled, gaps_in, has_link
from guiyan.platform.errors import NotFound, Refused

FILE = Path(__file__).with_name("purposes.toml")
TEXTS = ("title", "short", "neutral", "long", "call")
LONGEST_SLOT = 60


@dataclass(frozen=True, slots=True)
class Purpose:
    """One reason for which something is said: how, how long it is worth it, and its texts.

    `is_answer`: the member asked, so consent and the month's four do not hold (design §7.10).
    `is_program`: nobody says it by hand. `may_choose`: members say by which way they hear of it.
    """

    code: str
    name: str
    ladder: tuple[str, ...]
    slot: Literal["week", "month", "year", "free"]
    life: timedelta
    texts: Texts
    facts: tuple[str, ...] = ()
    is_answer: bool = False
    is_program: bool = False
    may_choose: bool = False
    sms_template: str = ""
    neutral_sms_template: str = ""
    wechat_template: str = ""

    def slot_on(self, day: date, free: str = "") -> str:
        """Under which slot it counts once: the week, the month, the year, or what was given."""
        forms = {"week": "%G-W%V", "month": "%Y-%m", "year": "%Y"}
        return day.strftime(forms[self.slot]) if self.slot in forms else free

    def filled(self, facts: Mapping[str, str]) -> Texts:
        """Its texts with the facts in them, each on one line. Raises Refused when one is missing, or
        is an address of the web: whoever gets the message can't tell a good one from a bad one."""
        missing = [name for name in self.facts if not facts.get(name, "").strip()]
        if missing:
            raise Refused("facts", _("还有内容没有填写，请补上再发。"))
        told = {name: " ".join(facts[name].split()) for name in self.facts}
        if any(map(has_link, told.values())):
            raise Refused("link", _("填写的内容里不能有网址，请删去；要给网址的，请改打电话说。"))
        found = {name: filled(getattr(self.texts, name), told) for name in TEXTS}
        return Texts(**found)

    def for_a_group(self, facts: Mapping[str, str]) -> str:
        """What members read on their own page, to be copied into a group; gaps stay open."""
        told = {name: facts.get(name) or GAP for name in self.facts}
        return filled(self.texts.long, told)


def is_well_formed(texts: Texts, facts: tuple[str, ...]) -> bool:
    """Whether each gap is one that this purpose has a fact for."""
    return all(set(gaps_in(getattr(texts, name))) <= set(facts) for name in TEXTS)


@cache
def declared() -> Mapping[str, Purpose]:
    """All purposes by their code, in the order of the file."""
    with FILE.open("rb") as file:
        written = tomllib.load(file)
    return {code: _purpose(code, dict(given)) for code, given in written.items()}


def purpose_of(code: str) -> Purpose:
    """Raises NotFound."""
    try:
        return declared()[code]
    except KeyError:
        raise NotFound(f"purpose {code}") from None


def by_hand() -> list[Purpose]:
    """Those that a person may choose."""
    return [purpose for purpose in declared().values() if not purpose.is_program]


def in_words_of(purpose: Purpose, texts: Texts, codes: Mapping[str, str]) -> Purpose:
    """The same purpose with an organisation's own texts and its providers' template codes."""
    return replace(
        purpose,
        texts=texts,
        sms_template=codes["sms_template"],
        neutral_sms_template=codes["neutral_sms_template"],
        wechat_template=codes["wechat_template"],
    )


def _purpose(code: str, given: dict[str, object]) -> Purpose:
    texts = Texts(**{name: str(given.pop(name, "")) for name in TEXTS})
    ladder, facts = given.pop("ladder"), given.pop("facts", [])
    days = given.pop("life_days")
    assert isinstance(ladder, list) and isinstance(facts, list) and isinstance(days, int)
    return Purpose(
        code=code,
        ladder=tuple(ladder),
        facts=tuple(facts),
        life=timedelta(days=days),
        texts=texts,
        **given,  # type: ignore[arg-type]
    )
