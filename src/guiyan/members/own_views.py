"""The member's own pages: what is stored and why, who opened it, copy, corrections, consents."""

from typing import cast
from uuid import UUID

from django.http import HttpResponse, JsonResponse

from guiyan.members import own, own_page, queries, queues, showing, timeline
from guiyan.members.consents import NOTICE_VERSION, PURPOSES
from guiyan.members.fields import CORRECTABLE, PERSONAL_FIELDS
from guiyan.members.forms import CorrectionForm
from guiyan.members.types import MemberFacts
from guiyan.platform.errors import Refused
from guiyan.platform.pages import Request, member_only, page, see_other

OPENINGS_ON_A_PAGE = 15


def _own(request: Request) -> MemberFacts:
    return queries.get_member_for(request.actor, cast(UUID, request.actor.member_id))


@member_only
def me(request: Request) -> HttpResponse:
    """Who looks after the member and how it stands, news, then the ways to their file."""
    facts = _own(request)
    if request.method == "POST":
        own.mark_notices_seen(by=request.actor)
        return see_other("members:me")
    links = [link for source in timeline.own_links for link in source(request.actor, facts)]
    return page(
        request,
        "members/me.html",
        facts=facts,
        standing=own_page.standing_of(request.actor, facts),
        carers=own_page.looked_after_by(request.actor, facts),
        hotlines=own_page.hotlines_of(facts),
        notices=queues.unseen_notices(request.actor, facts.id)[:5],
        links=links,
    )


@member_only
def own_file(request: Request) -> HttpResponse:
    """What is stored, with masks; what each field is for, who reads it, until when."""
    facts = _own(request)
    contacts = showing.contacts_of(queries.vault_of(request.actor, facts.id))
    return page(
        request,
        "members/own_file.html",
        facts=facts,
        lines=showing.lines_of(facts),
        contacts=contacts,
    )


@member_only
def why_stored(request: Request) -> HttpResponse:
    """Each field with its purpose, its readers and when it is deleted; other rooms' on a second page."""
    is_more = "more" in request.GET
    rooms = own_page.further_fields if is_more else [PERSONAL_FIELDS]
    fields = [field for room in rooms for field in room]
    return page(request, "members/why.html", fields=fields, is_more=is_more)


@member_only
def own_openings(request: Request) -> HttpResponse:
    """Who opened identity in the file, when, for which body and why; newest first."""
    facts = _own(request)
    before = request.GET.get("before", "")
    shown = timeline.openings_of(
        request.actor,
        facts.id,
        before=int(before) if before.isdigit() and len(before) < 19 else None,
        limit=OPENINGS_ON_A_PAGE,
    )
    last = shown[-1].row_id if len(shown) == OPENINGS_ON_A_PAGE else None
    return page(request, "members/own_openings.html", openings=shown, last=last)


@member_only
def copy(request: Request) -> HttpResponse:
    """The whole file as JSON, for the member to take along; numbers by their masks."""
    content = own.copy_own_file(by=request.actor)
    answer = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer.headers["Content-Disposition"] = 'attachment; filename="my-file.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@member_only
def printed(request: Request) -> HttpResponse:
    """The whole file on one page, for paper."""
    content = own.copy_own_file(by=request.actor)
    facts = _own(request)
    answer = page(
        request,
        "members/print.html",
        facts=facts,
        lines=showing.lines_of(facts),
        identity=showing.printed_identity(content["identity"]),
        openings=timeline.openings_of(request.actor, facts.id, limit=OPENINGS_ON_A_PAGE),
        today=request.actor.today,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@member_only
def own_corrections(request: Request) -> HttpResponse:
    """The member says what is wrong, and sees what was answered."""
    facts = _own(request)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            own.ask_correction(by=request.actor, **form.cleaned_data)
            return see_other("members:own_corrections")
        except Refused as refusal:
            form.add_error(None, refusal.message)
    wishes = queues.own_wishes(request.actor)
    asked = [
        (item, CORRECTABLE[item.field], wishes.get(item.id, ""))
        for item in queues.corrections_of(request.actor, facts.id)[:OPENINGS_ON_A_PAGE]
    ]
    return page(request, "members/own_corrections.html", form=form, asked=asked)


@member_only
def own_consents(request: Request) -> HttpResponse:
    """What the member agrees to beyond what their organisation needs; taken back as easily."""
    facts = _own(request)
    if request.method == "POST":
        purpose = request.POST.get("purpose", "")
        if "withdraw" in request.POST:
            own.withdraw_consent(by=request.actor, purpose=purpose)
        else:
            own.give_consent(
                by=request.actor,
                purpose=purpose,
                notice_version=request.POST.get("notice_version", ""),
            )
        return see_other("members:own_consents")
    ever = queues.consents_ever(request.actor, facts.id)
    given = {each.purpose: each for each in ever if each.withdrawn_on is None}
    return page(
        request,
        "members/own_consents.html",
        ever=[(PURPOSES.get(each.purpose, each.purpose), each) for each in ever],
        notice_version=NOTICE_VERSION,
        purposes=[(code, text, given.get(code)) for code, text in PURPOSES.items()],
    )
