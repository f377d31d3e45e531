"""What a check found: a stable code for programs and a sentence for the person."""

from dataclasses import dataclass


def gettext_noop(text: str) -> str:
    """Mark a sentence for the catalogues without translating it here.

    The kernel knows no framework; pages pass `Finding.message` through gettext. So messages
    are constant sentences with nothing filled in.
    """
    return text


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found about something written: `code` never changes, `message` says what to do."""

    code: str
    message: str
