"""The public report: six questions, one a page, carried from page to page in one sealed field.

Nothing is stored and nobody is looked up before the last page is sent; no cookie is needed and
nothing of it stands in an address.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.flows import notice
from guiyan.flows.types import LeadSaid
from guiyan.kernel.crypto import KeyMissing, SealBroken
from guiyan.platform.keys import key_ring

Way = Literal["self", "peer"]

STEPS = ("name", "phone", "home", "now_at", "trade", "wish")
CHECKING = "checking"
FORM_LASTS = timedelta(hours=12)

WISHES: dict[str, str | Promise] = {
    "call": _("可以打电话"),
    "message": _("先发短信"),
    "visit": _("当面说"),
    "no": _("先不要联系，我会再来"),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A report that is being written: whose, what was answered, since when, under which notice."""

    way: Way
    started_at: datetime
    notice_version: str = notice.VERSION
    is_checked: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)

    def with_answer(self, answers: Mapping[str, str]) -> "Draft":
        return replace(self, answers={**self.answers, **answers})

    @property
    def said(self) -> LeadSaid:
        """The answers as the lead keeps them; the wish about contact stands before other words."""
        answers = self.answers
        wish = WISHES.get(answers.get("wish", ""), "")
        note = "；".join(part for part in (str(wish), answers.get("note", "")) if part)
        return LeadSaid(
            name=answers.get("name", ""),
            phone=answers.get("phone", ""),
            home=answers.get("home", ""),
            now_at=answers.get("now_at", ""),
            trade=answers.get("trade", ""),
            note=note,
        )


class DraftBroken(Exception):
    """The sealed field is none of ours, of another poster, or too old; the person starts again."""


def seal_draft(draft: Draft, code: str) -> str:
    """The draft as text for a hidden field of the page of this poster."""
    plain = json.dumps(
        [
            draft.way,
            int(draft.started_at.timestamp()),
            draft.notice_version,
            draft.is_checked,
            dict(draft.answers),
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    sealed = key_ring().seal(zlib.compress(plain.encode(), 9), context=_context(code))
    return base64.urlsafe_b64encode(sealed).decode("ascii").rstrip("=")


def open_draft(text: str, code: str, *, at: datetime) -> Draft:
    """Raises DraftBroken for whatever `seal_draft` did not make for this poster in twelve hours."""
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        plain = zlib.decompress(key_ring().open_sealed(sealed, context=_context(code)))
    except (binascii.Error, SealBroken, KeyMissing, ValueError) as unreadable:
        raise DraftBroken from unreadable
    way, started, version, is_checked, answers = json.loads(plain)
    started_at = datetime.fromtimestamp(started, tz=at.tzinfo)
    if at - started_at > FORM_LASTS:
        raise DraftBroken
    return Draft(way, started_at, version, is_checked, answers)


def step_before(step: str) -> str:
    """The question before this one; the first one stays."""
    place = len(STEPS) if step == CHECKING else STEPS.index(step)
    return STEPS[max(place - 1, 0)]


def step_after(step: str, *, is_checked: bool) -> str:
    """The next question, or the page on which everything is read once more."""
    last = is_checked or step == STEPS[-1]
    return CHECKING if last else STEPS[STEPS.index(step) + 1]


def _context(code: str) -> str:
    return f"flows.check_in.{code}"
