"""Merging and reviewing: commands of those who decide whether two files are one person."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from guiyan.members import merging, openings, queries, rules
from guiyan.members.models import DuplicateReview, Member, Merge
from guiyan.members.types import MemberFacts
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused, refuse
from guiyan.platform.permissions import Permission


@command(Permission.MERGE_MEMBERS)
def merge_members(*, by: Actor, kept_id: UUID, gone_id: UUID, reason: str) -> UUID:
    """Two files of one person become one, for a written reason; returns the merge, to undo it by.

    The one that goes stays as a pointer to the one that is kept. Both must be in scope.
    """
    return _merge(by, kept_id, gone_id, reason)


def _merge(by: Actor, kept_id: UUID, gone_id: UUID, reason: str) -> UUID:
    first, second = sorted((kept_id, gone_id))  # so that two merges do not wait in a ring
    rows = {id_: queries.member_row(by, id_, lock=True) for id_ in (first, second)}
    kept, gone = rows[kept_id], rows[gone_id]
    refusal = rules.may_merge(
        kept_id,
        gone_id,
        reason,
        is_gone_merged=gone.merged_into_id is not None
        or Member.objects.filter(merged_into=gone).exists(),
        is_kept_merged=kept.merged_into_id is not None,
    )
    refuse(openings.translated(refusal or merging.objection(kept_id, gone_id)))
    merge = Merge(kept=kept, gone_id=gone_id, reason=reason.strip()[:300], before={})
    merge.before = merging.join(kept, gone, by.today)
    merge.save(force_insert=True)
    _decide_pair(kept_id, gone_id, "same")
    for member_id in (kept_id, gone_id):
        audit.note(
            subject_kind="merge", subject_id=merge.id, member_id=member_id, kept=str(kept_id)
        )
    return merge.id


@command(Permission.MERGE_MEMBERS)
def undo_merge(*, by: Actor, merge_id: UUID, reason: str) -> None:
    """What was one becomes two again, every row where it was; a later merge is undone first."""
    merge = Merge.objects.select_for_update().filter(pk=merge_id).first()
    if merge is None:
        raise NotFound("merge")
    if merge.undone_at is not None:
        raise Refused("undone", _("这次合并已经撤销过了。"))
    if not reason.strip():
        raise Refused("reason", _("请写明为什么撤销合并。"))
    later = Merge.objects.filter(kept_id=merge.kept_id, undone_at__isnull=True, at__gt=merge.at)
    if later.exists():
        raise Refused("later-merge", _("这份档案后来又合并过，请先撤销较晚的那一次。"))
    kept = queries.member_row(by, merge.kept_id, lock=True)
    gone = queries.member_row(by, merge.gone_id, lock=True)
    merging.part(kept, gone, merge.before)
    merge.undone_at = now()
    merge.save(update_fields=["undone_at"])
    _decide_pair(kept.id, gone.id, "different")
    for member_id in (kept.id, gone.id):
        audit.note(subject_kind="merge", subject_id=merge.id, member_id=member_id)


@command(Permission.MERGE_MEMBERS)
def say_different(*, by: Actor, review_id: UUID, reason: str) -> None:
    """The reviewer has compared two files: they are two people."""
    review = DuplicateReview.objects.filter(pk=review_id).first()
    if review is None:
        raise NotFound("review")
    if not reason.strip():
        raise Refused("reason", _("请写明为什么认定不是同一个人。"))
    _decide_pair(review.first_member_id, review.second_member_id, "different")
    for member_id in (review.first_member_id, review.second_member_id):
        audit.note(subject_kind="review", subject_id=review.id, member_id=member_id)


@command(Permission.MERGE_MEMBERS)
def say_same(*, by: Actor, review_id: UUID, kept_id: UUID, reason: str) -> MemberFacts:
    """The reviewer has compared two files: one person. The other one goes into the kept one."""
    review = DuplicateReview.objects.filter(pk=review_id).first()
    if review is None:
        raise NotFound("review")
    pair = {review.first_member_id, review.second_member_id}
    if kept_id not in pair:
        raise Refused("kept", _("请选择保留哪一份档案。"))
    (gone_id,) = pair - {kept_id}
    merge_members(by=by, kept_id=kept_id, gone_id=gone_id, reason=reason)
    audit.note(subject_kind="review", subject_id=review.id)
    return queries.get_member_for(by, kept_id)


def _decide_pair(one: UUID, other: UUID, decision: str) -> None:
    DuplicateReview.objects.filter(
        Q(first_member_id=one, second_member_id=other)
        | Q(first_member_id=other, second_member_id=one)
    ).update(decision=decision, decided_at=now())


@command(Permission.ANSWER_CASES)
def join_same_number(*, by: Actor, kept_id: UUID, gone_id: UUID, reason: str) -> UUID:
    """Home confirms that the member whom a host has claimed is its own: two files, one ID number.

    No judgement is asked, so those who answer cases may do it; anything else is `merge_members`.
    Raises Refused "other-number" unless both files bear the same ID number now.
    """
    if kept_id not in {facts.id for facts in queries.files_with_number_of(by, gone_id)}:
        raise Refused("other-number", _("两份档案的身份证号码不同，不能由此认定是同一个人。"))
    return _merge(by, kept_id, gone_id, reason)
