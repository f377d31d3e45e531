"""What each printed document must be told; every template has exactly one of these.

Text is shown as it stands: whoever gathers the facts has masked what must be masked. A fact that
is None prints as a line to be filled in by hand, so that each paper works before all is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypedDict

from guiyan.platform.documents.render import render_pdf

_TEMPLATES: Final = Path(__file__).parent


class Watermark(TypedDict):
    """Who had the paper printed: their name, their organisation, and when."""

    viewer: str
    unit: str
    at: datetime


class Sender(TypedDict):
    """How the organisation that wrote is reached by the one that answers."""

    organisation: str
    contact: str | None
    phone: str | None
    address: str | None


class LetterFacts(TypedDict):
    """函: one organisation asks another about one member; the slip below comes back (M4)."""

    number: str
    sent_on: date
    sender: Sender
    to_organisation: str
    member_name: str
    member_id_masked: str | None
    background: str
    asks: Sequence[str]
    reply_by: date | None
    verify_url: str
    watermark: Watermark | None


class IntroductionFacts(TypedDict):
    """党员组织关系介绍信: stub, letter and receipt, with dues and validity (组通字〔2006〕45号)."""

    number: str
    issued_on: date
    sender: Sender
    to_organisation: str
    member_name: str
    sex: str | None
    age: int | None
    ethnicity: str | None
    is_probationary: bool
    id_number: str | None
    member_phone: str | None
    from_branch: str
    to_branch: str
    dues_paid_to: date | None
    valid_days: int
    valid_until: date
    verify_url: str
    watermark: Watermark | None


class YearlyCheck(TypedDict):
    """年审: one line of the certificate a year; unfilled where the year is still to come."""

    year: int
    checked_on: date | None
    checked_by: str | None


class Activity(TypedDict):
    """One taking part or one payment of dues, as the host branch wrote it down."""

    on: date
    what: str


class CertificateFacts(TypedDict):
    """流动党员活动证: holder, home, host, yearly check (组通字〔2006〕45号); no photograph.

    The sheet has room for the twelve latest activities, oldest first, and for four checks.
    """

    number: str
    issued_on: date
    issuer: str
    holder_name: str
    sex: str | None
    born: str | None
    joined_on: date | None
    home_branch: str
    home_contact: str | None
    home_phone: str | None
    left_on: date | None
    reason: str | None
    destination: str | None
    host_branch: str | None
    accepted_on: date | None
    contact_person: str | None
    contact_phone: str | None
    valid_until: date
    checks: Sequence[YearlyCheck]
    activities: Sequence[Activity]
    verify_url: str
    watermark: Watermark | None


class PosterFacts(TypedDict):
    """The poster at the bus station: who asks and why, one code, one number, one address (M1)."""

    organisation: str
    headline: str
    why: str
    checkin_url: str
    short_url: str
    hotline: str
    hotline_hours: str | None
    address: str
    notice: str


class OpenLetterFacts(TypedDict):
    """The open letter to members who live here (M1)."""

    title: str
    salutation: str
    paragraphs: Sequence[str]
    organisation: str
    sent_on: date
    hotline: str
    hotline_hours: str | None
    address: str
    checkin_url: str
    short_url: str


class RegisterColumn(TypedDict):
    """A column of a printed register; widths are shares of the page, not millimetres."""

    title: str
    share: float
    is_number: bool


class RegisterFacts(TypedDict):
    """The moved-in or moved-out register as it stood on a day, in any length."""

    title: str
    organisation: str
    as_of: date
    summary: str
    columns: Sequence[RegisterColumn]
    rows: Sequence[Sequence[str]]
    watermark: Watermark


class MinutesPlacement(TypedDict):
    """One member placed at the sitting; `suggested` is None where no branch was suggested."""

    member_name: str
    came_from: str
    suggested: str | None
    placed_in: str
    reason: str


class MinutesFacts(TypedDict):
    """研判会 minutes: who sat, who was placed where, and for which reason (M8)."""

    number: str
    organisation: str
    held_on: date
    place: str | None
    chair: str | None
    recorder: str | None
    present: Sequence[str]
    placements: Sequence[MinutesPlacement]
    left_open: Sequence[str]
    watermark: Watermark | None


class CopiedField(TypedDict):
    """One stored field: what it says, what for, who reads it, and until when it is kept."""

    label: str
    content: str
    purpose: str
    readers: str
    kept_until: str


class CopiedSection(TypedDict):
    """A part of the file under a heading of its own."""

    title: str
    fields: Sequence[CopiedField]


class Opening(TypedDict):
    """One time that somebody opened a field of the file, and the reason given."""

    at: datetime
    who: str
    what: str
    reason: str


class MemberCopyFacts(TypedDict):
    """The member's own copy of everything that is stored on them, and of who looked."""

    member_name: str
    organisation: str
    made_at: datetime
    sections: Sequence[CopiedSection]
    openings: Sequence[Opening]
    rights: str
    hotline: str


def letter(facts: LetterFacts) -> bytes:
    """The letter with its reply slip, as PDF."""
    return _printed("letter", facts)


def introduction(facts: IntroductionFacts) -> bytes:
    """Stub, letter and receipt on one sheet, as PDF."""
    return _printed("introduction", facts)


def certificate(facts: CertificateFacts) -> bytes:
    """The activity certificate: two sides of one sheet, folded in the middle, as PDF."""
    return _printed("certificate", facts)


def poster(facts: PosterFacts) -> bytes:
    """The poster, A4 and sharp at any larger size, as PDF."""
    return _printed("poster", facts)


def open_letter(facts: OpenLetterFacts) -> bytes:
    """The open letter, as PDF."""
    return _printed("open_letter", facts)


def register(facts: RegisterFacts) -> bytes:
    """The register with its heads repeated and its pages counted, as PDF."""
    return _printed("register", facts, tagged=False)


def minutes(facts: MinutesFacts) -> bytes:
    """The minutes of a placement sitting, as PDF."""
    return _printed("minutes", facts)


def member_copy(facts: MemberCopyFacts) -> bytes:
    """The member's own copy of their file, as PDF."""
    return _printed("member_copy", facts)


def _printed(template: str, facts: Mapping[str, Any], *, tagged: bool = True) -> bytes:
    return render_pdf(_TEMPLATES / f"{template}.typ", facts, tagged=tagged)
