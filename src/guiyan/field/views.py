"""Pages of what phones brought: to take over or turn down, to choose, phones, files handed over."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guiyan.access import handsets
from guiyan.field import queries, words
from guiyan.field.commands import deciding, handing_over
from guiyan.field.forms import ChooseForm, DeclineForm, HandOverForm, WhichForm
from guiyan.kernel.keyset import CursorBroken
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission

ON_A_PAGE = 50  # what one decides in a sitting; the next page is a press away


@staff()
@require_GET
def inbox(request: Request) -> HttpResponse:
    """What waits for a person, and what waits for an operation before it; two lists, paged each."""
    _permit(request)
    try:
        found = _inbox(request)
    except CursorBroken:
        return see_other("field:inbox")
    return page(request, "field/inbox.html", **found, form=DeclineForm())


@staff()
@require_POST
def accept(request: Request) -> HttpResponse:
    _permit(request)
    deciding.accept(by=request.actor, operation_ids=_which(request))
    return see_other("field:inbox")


@staff()
@require_POST
def decline(request: Request) -> HttpResponse:
    _permit(request)
    form = DeclineForm(request.POST)
    ids = _which(request)
    if form.is_valid():
        deciding.decline(by=request.actor, operation_ids=ids, reason=form.cleaned_data["reason"])
        return see_other("field:inbox")
    return page(request, "field/inbox.html", 422, **_inbox(request), form=form,
                chosen={str(key) for key in ids})  # fmt: skip


@staff()
@require_GET
def conflicts(request: Request) -> HttpResponse:
    """Where two people filled in one thing differently: both values, and a person chooses."""
    _permit(request)
    try:
        found = queries.waiting_page(
            request.actor, ("conflict",), request.GET.get("cursor", ""), limit=ON_A_PAGE
        )
    except CursorBroken:
        return see_other("field:conflicts")
    return page(request, "field/conflicts.html", found=words.in_words(request.actor, found.rows),
                next_cursor=found.next_cursor)  # fmt: skip


@staff()
@require_POST
def choose(request: Request) -> HttpResponse:
    """For each field "phone" or "here"; a conflict without values is simply taken over."""
    _permit(request)
    form = ChooseForm(request.POST)
    if not form.is_valid():
        raise NotFound("operation")
    operation_id = form.cleaned_data["operation"]
    take = [name.removeprefix("take-") for name, value in request.POST.items()
            if name.startswith("take-") and value == "phone"]  # fmt: skip
    if request.POST.get("whole"):
        deciding.accept(by=request.actor, operation_ids=[operation_id])
    else:
        deciding.choose(by=request.actor, operation_id=operation_id, take=take)
    return see_other("field:conflicts")


@staff()
@require_GET
def devices(request: Request) -> HttpResponse:
    """Phones: one's own, and for those who answer for the work also who has not been heard of."""
    _permit(request)
    phones = queries.phones_for(request.actor)
    out = handsets.revoked_among(request.actor, [phone.id for phone in phones])
    workers = queries.workers_under(request.actor)
    return page(
        request,
        "field/devices.html",
        phones=[
            (phone, phone.id in out, phone.account_id in workers)
            for phone in sorted(phones, key=lambda phone: (phone.id in out, -phone.silent_days))
        ],
        may_revoke=bool(workers),
        own=handsets.handsets_of(request.actor),
        counts=queries.work_counts(request.actor),
    )


@staff(Permission.MANAGE_CENSUS)
@require_POST
def revoke_phone(request: Request, handset_id: UUID) -> HttpResponse:
    """A phone that was lost: out at its next call, and nothing of it is taken without a person."""
    workers = queries.workers_under(request.actor)
    handsets.revoke_field_handset(by=request.actor, handset_id=handset_id, workers=workers)
    return see_other("field:devices")


@staff()
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: Request) -> HttpResponse:
    """A file from a phone that has no line; taking it twice does nothing twice."""
    _permit(request)
    form = HandOverForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            answers, _said = handing_over.take_file(
                by=request.actor, content=form.cleaned_data["file"]
            )
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            fresh = sum(not one.is_replay and one.status in {200, 202} for one in answers)
            refused = sum(one.status >= 400 for one in answers)
            told = ngettext("新收下 %(n)s 条。", "新收下 %(n)s 条。", fresh) % {"n": fresh}
            return page(request, "field/handover.html", form=HandOverForm(), told=told,
                        total=len(answers), refused=refused)  # fmt: skip
    return page(request, "field/handover.html", 422 if form.errors else 200, form=form)


def _permit(request: HttpRequest) -> None:
    queries.refuse_outsiders(request.actor)  # type: ignore[attr-defined]


def _which(request: Request) -> list[UUID]:
    form = WhichForm(request.POST)
    if not form.is_valid():
        raise Refused("nothing-chosen", _("还没有勾选。请返回，先勾选要办的几条。"))
    return list(form.cleaned_data["operation"])


def _inbox(request: Request) -> dict[str, Any]:
    actor, at = request.actor, request.GET.get
    first, second = at("cursor", ""), at("held", "")
    waiting = queries.waiting_page(actor, ("quarantined",), first, limit=ON_A_PAGE)
    held = queries.waiting_page(actor, ("held",), second, limit=ON_A_PAGE)
    return {
        "waiting": words.in_words(actor, waiting.rows),
        "waiting_next": waiting.next_cursor,
        "held": words.in_words(actor, held.rows),
        "held_next": held.next_cursor,
    }
