"""What waits for a decision or was said by the member: reviews, corrections, consents, notices."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from guiyan.members import vault
from guiyan.members.models import (
    Consent,
    Correction,
    DuplicateReview,
    Member,
    Merge,
    Notice,
)
from guiyan.members.queries import facts_of
from guiyan.members.types import (
    ConsentFacts,
    CorrectionFacts,
    MemberFacts,
    MergeFacts,
    NoticeFacts,
    Review,
)
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound
from guiyan.platform.reading import read_once

_AT_ONCE = 100


def open_reviews(actor: Actor, *, limit: int = _AT_ONCE) -> list[Review]:
    """Undecided pairs in scope of which both files are seen, oldest first. Three queries."""
    return _reviews(undecided_reviews(actor).order_by("noticed_at")[:limit])


def undecided_reviews(actor: Actor) -> QuerySet[DuplicateReview]:
    """Their rows, to be asked whether there are any."""
    return DuplicateReview.objects.filter(decision="")


def get_review_for(actor: Actor, review_id: UUID) -> Review:
    """One undecided pair. Raises NotFound when it, or one of its files, is out of scope."""
    found = _reviews(DuplicateReview.objects.filter(pk=review_id, decision=""))
    if not found:
        raise NotFound("review")
    return found[0]


@read_once
def merges_of(actor: Actor, member_id: UUID) -> tuple[MergeFacts, ...]:
    """Merges into this file that are not undone, the latest first. One query."""
    rows = Merge.objects.filter(kept_id=member_id, undone_at__isnull=True).order_by("-at")
    return tuple(MergeFacts(row.id, row.gone_id, row.reason, row.at) for row in rows)


def open_corrections(
    actor: Actor, *, limit: int = _AT_ONCE
) -> list[tuple[CorrectionFacts, MemberFacts]]:
    """Requests in scope that wait for an answer, the most urgent first."""
    rows = list(unanswered_corrections(actor).order_by("answer_by", "asked_at")[:limit])
    members = _members(row.member_id for row in rows)
    return [(_correction(row), members[row.member_id]) for row in rows]


def unanswered_corrections(actor: Actor) -> QuerySet[Correction]:
    """Their rows, to be asked whether there are any."""
    return Correction.objects.filter(answer="")


def get_correction_for(actor: Actor, correction_id: UUID) -> tuple[CorrectionFacts, MemberFacts]:
    """One request with its file. Raises NotFound outside the scope."""
    row = Correction.objects.filter(pk=correction_id).first()
    if row is None:
        raise NotFound("correction")
    return _correction(row), _members([row.member_id])[row.member_id]


def corrections_of(actor: Actor, member_id: UUID) -> list[CorrectionFacts]:
    """What a member asked for and what was answered, newest first."""
    rows = Correction.objects.filter(member_id=member_id).order_by("-asked_at")[:_AT_ONCE]
    return [_correction(row) for row in rows]


def consents_of(actor: Actor, member_id: UUID) -> dict[str, ConsentFacts]:
    """Purposes to which the member's yes stands."""
    return {
        consent.purpose: consent
        for consent in consents_ever(actor, member_id)
        if consent.withdrawn_on is None
    }


def consents_ever(actor: Actor, member_id: UUID) -> list[ConsentFacts]:
    """Every yes and its taking back, the latest first. One query."""
    rows = Consent.objects.filter(member_id=member_id).order_by("-given_on", "purpose")
    return [
        ConsentFacts(row.purpose, row.notice_version, row.given_how, row.given_on, row.withdrawn_on)
        for row in rows
    ]


def own_wishes(actor: Actor) -> dict[UUID, str]:
    """What the signed-in member wrote in requests for correction; nobody else is shown it so."""
    if actor.member_id is None:
        return {}
    rows = Correction.objects.filter(member_id=actor.member_id).order_by("-asked_at")[:_AT_ONCE]
    return {row.id: vault.open_wish(row) for row in rows if row.sealed_wish}


def has_consented(actor: Actor, member_id: UUID, purpose: str) -> bool:
    """True while the member's yes to the purpose stands."""
    return purpose in consents_of(actor, member_id)


def unseen_notices(actor: Actor, member_id: UUID) -> list[NoticeFacts]:
    """What the member is to be told, newest first."""
    rows = Notice.objects.filter(member_id=member_id, seen_at__isnull=True).order_by("-at")
    return [NoticeFacts(row.kind, row.text, row.at) for row in rows[:_AT_ONCE]]


def _reviews(rows: Iterable[DuplicateReview]) -> list[Review]:
    reviews = list(rows)
    members = _members(
        id_ for row in reviews for id_ in (row.first_member_id, row.second_member_id)
    )
    return [
        Review(
            row.id,
            row.why,
            row.noticed_at,
            members[row.first_member_id],
            members[row.second_member_id],
        )
        for row in reviews
        if row.first_member_id in members and row.second_member_id in members
    ]


def _members(ids: Iterable[UUID]) -> dict[UUID, MemberFacts]:
    return {facts.id: facts for facts in facts_of(Member.objects.filter(pk__in=set(ids)))}


def _correction(row: Correction) -> CorrectionFacts:
    return CorrectionFacts(
        row.id,
        row.member_id,
        row.field,
        row.asked_at,
        row.answer_by,
        row.answer,
        row.answer_reason,
        row.answered_at,
    )
