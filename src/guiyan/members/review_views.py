"""Pages of those who decide: two files or one person, and what members say is wrong."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from guiyan.members import own, queries, queues, reviewing, showing, words
from guiyan.members.fields import CORRECTABLE
from guiyan.members.forms import AnswerForm, MergeForm, ReasonForm
from guiyan.members.types import MemberFacts
from guiyan.platform.errors import Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission


@staff(Permission.MERGE_MEMBERS)
def duplicates(request: Request) -> HttpResponse:
    """Pairs of files that may be one person, undecided, oldest first."""
    return page(request, "members/duplicates.html", reviews=queues.open_reviews(request.actor))


@staff(Permission.MERGE_MEMBERS)
def duplicate(request: Request, review_id: UUID) -> HttpResponse:
    """Two files side by side, masked; the reviewer says same or different, and why."""
    review = queues.get_review_for(request.actor, review_id)
    first, second = review.first, review.second
    form = MergeForm(request.POST or None, kept=_kept_choices(first, second))
    if request.method == "POST" and form.is_valid():
        kept, reason = form.cleaned_data["kept"], form.cleaned_data["reason"]
        try:
            if kept == "different":
                reviewing.say_different(by=request.actor, review_id=review_id, reason=reason)
                return see_other("members:duplicates")
            facts = reviewing.say_same(
                by=request.actor, review_id=review_id, kept_id=UUID(kept), reason=reason
            )
            return see_other("members:file", facts.id)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return page(
        request,
        "members/duplicate.html",
        form=form,
        review=review,
        why=words.REVIEW[review.why],
        sides=_side_by_side(first, second),
    )


@staff(Permission.MERGE_MEMBERS)
def merge(request: Request, member_id: UUID) -> HttpResponse:
    """Files with the same name, to be joined with this one by a person who knows."""
    facts = queries.get_member_for(request.actor, member_id)
    others = [
        other
        for other in queries.possible_same_persons(request.actor, facts.name, None)
        if other.id != member_id
    ]
    form = MergeForm(
        request.POST or None, kept=[(str(other.id), _label(other)) for other in others]
    )
    form.fields["kept"].label = ""
    if request.method == "POST" and form.is_valid():
        try:
            reviewing.merge_members(
                by=request.actor,
                kept_id=member_id,
                gone_id=UUID(form.cleaned_data["kept"]),
                reason=form.cleaned_data["reason"],
            )
            return see_other("members:file", member_id)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return page(request, "members/merge.html", form=form, facts=facts, others=others)


@staff(Permission.MERGE_MEMBERS)
def undo_merge(request: Request, member_id: UUID, merge_id: UUID) -> HttpResponse:
    """What was joined by mistake comes apart again."""
    facts = queries.get_member_for(request.actor, member_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reviewing.undo_merge(by=request.actor, merge_id=merge_id, **form.cleaned_data)
            return see_other("members:file", member_id)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return page(request, "members/undo_merge.html", form=form, facts=facts)


@staff(Permission.ANSWER_CORRECTIONS)
def corrections(request: Request) -> HttpResponse:
    """What members say is wrong, by the day on which it must be answered."""
    waiting = [
        (item, facts, CORRECTABLE[item.field])
        for item, facts in queues.open_corrections(request.actor)
    ]
    return page(request, "members/corrections.html", waiting=waiting, today=request.actor.today)


@staff(Permission.ANSWER_CORRECTIONS)
def correction(request: Request, correction_id: UUID) -> HttpResponse:
    """The wish is opened by a press (the member sees that it was read), and answered."""
    item, facts = queues.get_correction_for(request.actor, correction_id)
    context: dict[str, Any] = {
        "item": item,
        "facts": facts,
        "label": CORRECTABLE[item.field],
        "wish": "",
    }
    if request.method == "POST" and "open" in request.POST:
        context["wish"] = own.read_wish(by=request.actor, correction_id=correction_id)
        answer = page(request, "members/correction.html", form=AnswerForm(), **context)
        answer.headers["Cache-Control"] = "no-store"
        return answer
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        own.answer_correction(
            by=request.actor,
            correction_id=correction_id,
            is_accepted=form.cleaned_data["answer"] == "accepted",
            reason=form.cleaned_data["reason"],
        )
        return see_other("members:corrections")
    return page(request, "members/correction.html", form=form, **context)


def _kept_choices(first: MemberFacts, second: MemberFacts) -> list[tuple[str, str]]:
    return [
        (str(first.id), _("是同一个人，保留左边的档案")),
        (str(second.id), _("是同一个人，保留右边的档案")),
        ("different", _("不是同一个人")),
    ]


def _label(facts: MemberFacts) -> str:
    home = showing.side_name(facts.home_organisation_id, facts.home_text)
    return f"{facts.name} {showing.day(facts.born_on, 'year')} {facts.id_mask} {facts.phone_mask} {home}"


def _side_by_side(first: MemberFacts, second: MemberFacts) -> list[tuple[str, str, str]]:
    rows = [
        (_("姓名"), first.name, second.name),
        (_("身份证号码"), first.id_mask or "—", second.id_mask or "—"),
        (_("电话号码"), first.phone_mask or "—", second.phone_mask or "—"),
        (_("地址"), first.address_mask or "—", second.address_mask or "—"),
    ]
    lines = zip(showing.lines_of(first), showing.lines_of(second), strict=True)
    return rows + [(str(one.label), one.value, other.value) for one, other in lines]
