"""When a message may go to a member, over which channel, and what it may say.

Sources: issue 4 and trust.md R10, R11 (quiet hours, four a month, one-tap stop), design §7.6 and
§7.10 (a relative's number, codes and answers), fieldwork.md T5 (the same message again and again,
old messages after an outage, a message that reached somebody else).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal
from unicodedata import category, normalize

from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.quiet_hours import next_open
from guiyan.platform.errors import Refusal

MOST_A_MONTH: Final = 4

# A message says nothing from which somebody else holding the phone learns of the membership.
BETRAYING: Final = (
    "党员", "党组织", "党支部", "支部", "党费", "党课", "党建", "党日", "党委", "党总支", "党小组",
    "组织生活", "组织关系", "中共", "共产党", "入党", "党龄", "党籍", "三会一课", "书记",
)  # fmt: skip
_SIMPLIFIED: Final = str.maketrans(
    "黨員組織費課總動關係產齡會書記訂發復", "党员组织费课总动关系产龄会书记订发复"
)
# A name of a host ends in two letters at least; "。" is a dot to browsers.
_LINK: Final = re.compile(
    r"://|www[.。]|[a-z0-9-][.。](?:[a-z]{2}|xn--)|\d+\.\d+\.\d+\.\d+", re.IGNORECASE | re.ASCII
)
STOP_WORDS: Final = frozenset(
    {"T", "TD", "TD退订", "退订", "停", "停止", "停发", "不要", "不再接收", "STOP", "N"}
)
RESUME_WORDS: Final = frozenset({"恢复", "恢复接收", "START"})
_AS_TOLD: Final = re.compile(r"^(?:回复?|请)")  # "回复T", as our texts say it

Whose = Literal["own", "shared", "relative"]


def send_window(at: datetime, expires_at: datetime) -> datetime | None:
    """When it may go, or None when it would be too old by then: a late reminder is not sent."""
    opens = next_open(at)
    return opens if opens < expires_at else None


def betrays(text: str) -> list[str]:
    """The words of a text that tell of the membership, in either script, also with blanks or what
    nobody sees between their characters; empty when anybody may read it."""
    plain = _without(text, "CZ").translate(_SIMPLIFIED)
    return [word for word in BETRAYING if word in plain]


def has_link(text: str) -> bool:
    """Whether a text leads to the web, as it is written for people or for machines."""
    return bool(_LINK.search(_without(text, "C")))


def is_stop_word(text: str) -> bool:
    """A reply that says: no more. One word is enough, in either script and width, whatever the case
    and the signs around it."""
    return _one_word(text) in STOP_WORDS


def is_resume_word(text: str) -> bool:
    """A reply that takes the stop back, from the same phone."""
    return _one_word(text) in RESUME_WORDS


def _one_word(text: str) -> str:
    return _AS_TOLD.sub("", _without(text, "CZPS").translate(_SIMPLIFIED)).upper()


def _without(text: str, classes: str) -> str:
    """In its plain form, without signs of these classes: C not seen, Z blanks, P and S marks."""
    return "".join(one for one in normalize("NFKC", text) if category(one)[0] not in classes)


def may_send_text(text: str) -> Refusal | None:
    """A template or a text typed by hand, before anybody gets it."""
    if not text.strip():
        return Refusal("empty", _("请写要发的内容。"))
    if betrays(text):
        return Refusal(
            "betrays", _("文字会让旁人看出收信人的身份，请改写，例如“这个月的学习安排好了”。")
        )
    return None


@dataclass(frozen=True, slots=True)
class Reach:
    """How one member can be reached over one channel, today.

    `whose` tells whose number it is; `credits` counts what WeChat still allows, None without limit.
    `said_no_more`: somebody wrote a stop word from this number, whoever of those who share it.
    """

    channel: str
    has_address: bool
    is_configured: bool
    whose: Whose = "own"
    credits: int | None = None
    said_no_more: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """What decides whether and how a member gets a message."""

    agrees: bool
    has_stopped: bool
    sent_this_month: int
    reaches: Mapping[str, Reach] = field(default_factory=dict)


# Channels that a person carries out: nothing is pushed, so no consent and no quota is used up.
BY_A_PERSON: Final = frozenset({"call_list"})
# The member's own page: read when they wish, so it disturbs nobody.
OWN_PAGE: Final = frozenset({"inbox"})


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of the ladder for one member: taken, or why not."""

    channel: str
    why_not: str = ""

    @property
    def is_open(self) -> bool:
        return not self.why_not


def step(channel: str, recipient: Recipient, *, is_answer: bool, names_them: bool) -> Step:
    """Whether this channel may be used for this member, and why not: never silently redirected.

    An answer to what the member asked needs no consent and counts toward no quota (design §7.10).
    `names_them` is set for a text that would tell somebody else of the membership.
    """
    reach = recipient.reaches.get(channel)
    if reach is None or not reach.has_address:
        return Step(channel, "no-address")
    if not reach.is_configured:
        return Step(channel, "not-configured")
    if reach.whose != "own" and names_them:
        return Step(channel, "not-their-own")
    if channel in BY_A_PERSON or channel in OWN_PAGE:
        return Step(channel)
    if recipient.has_stopped and not is_answer:
        return Step(channel, "stopped")
    # Somebody else on this phone asked for nothing: not even answers go there any more.
    if reach.said_no_more and not (is_answer and reach.whose == "own"):
        return Step(channel, "number-stopped")
    if not recipient.agrees and not is_answer:
        return Step(channel, "no-consent")
    if recipient.sent_this_month >= MOST_A_MONTH and not is_answer:
        return Step(channel, "month-full")
    if reach.credits is not None and reach.credits <= 0:
        return Step(channel, "no-credit")
    return Step(channel)


def first_rung(
    ladder: Sequence[str],
    tried: Iterable[str],
    recipient: Recipient,
    *,
    is_answer: bool = False,
    names_them: bool = False,
) -> tuple[Step | None, list[Step]]:
    """The next channel of the ladder that is open to this member, and those passed over with why.

    None when nothing is left: then a person is told, and nobody is forgotten.
    """
    done = set(tried)
    passed: list[Step] = []
    for channel in ladder:
        if channel in done:
            continue
        found = step(channel, recipient, is_answer=is_answer, names_them=names_them)
        if found.is_open:
            return found, passed
        passed.append(found)
    return None, passed


CHOSEN: Final = ("", "chosen")


def why_called(passed: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Why somebody is called instead of written to: what kept the text message back, otherwise the
    last way before; where no way came before, the member asked for calls."""
    return next((one for one in passed if one[0] == "sms"), passed[-1] if passed else CHOSEN)


def goes_on(state: str) -> bool:
    """After how a rung ended, whether the next one is tried.

    Only what is known not to have arrived goes on. What may have arrived waits for a person: two
    messages are worse than a late one (F03).
    """
    return state in {"declined"}


def key_of(recipient_id: object, purpose: str, slot: str, channel: str, rung: int) -> str:
    """The outbox's key: one person, one purpose, one slot, and at which rung of the ladder."""
    return f"{recipient_id}:{purpose}:{slot}:{rung}:{channel}"


# What a member may choose for a purpose: what comes first, or the only way.
CHOICES: Final[Mapping[str, str]] = {
    "": _("按组织的安排"),
    "wechat": _("先发微信"),
    "sms": _("先发短信"),
    "inbox": _("只放在我的页面，不发短信和微信"),
    "call_list": _("请打电话"),
}


def ladder_of(usual: Sequence[str], choice: str) -> tuple[str, ...]:
    """The usual ladder, after what the member chose: pushed ways go first, the others alone."""
    if choice in OWN_PAGE | BY_A_PERSON:
        return (choice,)
    if choice in usual:
        return (choice, *(channel for channel in usual if channel != choice))
    return tuple(usual)


WHY_NOT: Final[Mapping[str, str]] = {
    "no-address": _("没有可用的号码或绑定"),
    "not-configured": _("这个渠道没有配置"),
    "not-their-own": _("号码是别人的，这段文字不适合让别人看到"),
    "stopped": _("本人说过不要再发"),
    "number-stopped": _("这个号码回过停发，合用的人都不再发"),
    "no-consent": _("本人没有同意用消息联系"),
    "month-full": _("这个月已经发满4条"),
    "no-credit": _("本人没有点过“允许通知”，或次数已用完"),
    "declined": _("没有送到"),
    "too-late": _("已经过了时候"),
    "chosen": _("本人要求打电话"),
    "one-file": _("两份档案合并成一份，同一件事已按另一份告诉本人"),
}


@dataclass(frozen=True, slots=True)
class Texts:
    """What one purpose says over each way, filled; `neutral` is for somebody else's number."""

    title: str
    short: str
    neutral: str
    long: str
    call: str = ""

    def pushed(self, whose: Whose) -> str:
        """What goes to this number. Only the owner of a number reads more than "please call"."""
        return self.short if whose == "own" else self.neutral


GAP = "____"  # where a text for a group still has to be filled in
_GAP = re.compile(r"\{([a-z_]+)\}")


def gaps_in(text: str) -> tuple[str, ...]:
    """The names of the facts that a template asks for, each once, as they come in the text: so they
    are numbered where a provider's template has numbers."""
    return tuple(dict.fromkeys(_GAP.findall(text)))


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The template with its facts. Raises KeyError for a fact that is not given."""
    return _GAP.sub(lambda found: facts[found.group(1)], text)


def may_send(texts: Texts) -> Refusal | None:
    """Every text of a saying, filled, before anybody gets it: facts may betray as well."""
    for text in (texts.title, texts.short, texts.neutral, texts.long):
        if text and (refusal := may_send_text(text)):
            return refusal
    return None
