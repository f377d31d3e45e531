"""What a check found: a stable code for programs and a sentence for the person."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def gettext_noop(text: str) -> str:
    """Mark a sentence for the catalogues without translating it here.

    The kernel knows no framework; pages pass `Finding.message` through gettext. So messages
    are constant sentences with nothing filled in; what has values is a `Phrase`.
    """
    return text


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found about something written: `code` never changes, `message` says what to do."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason against, from a rule: a stable code for tests and the API, a message that says what to do."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a composed sentence: a constant text with %(names)s, and what stands for them.

    A value that is a tuple is a list of marked words, each translated by itself.
    """

    text: str
    values: Mapping[str, str | int | tuple[str, ...]] = field(default_factory=dict)
