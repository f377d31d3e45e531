"""The desk: whoever walks in is served to the end, with paper and without a phone (N11)."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.flows import queries as flows
from guiyan.flows.slips import case_number, find_by_number
from guiyan.flows.types import CaseFacts
from guiyan.flows.words import STATE
from guiyan.members import commands as members
from guiyan.members import queries as member_queries
from guiyan.members import showing
from guiyan.members.fields import CORRECTABLE
from guiyan.members.types import MemberFacts
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission

# The person stands here and has asked: the reason is the same for everybody at the desk.
REASON = "request"
_ID_DIGITS = 14


class DeskSearchForm(forms.Form):
    """A whole number, or the number of a receipt; names are no way to single somebody out."""

    text = forms.CharField(
        label=gettext_lazy("身份证号码、电话号码，或回执编号"),
        max_length=40,
        help_text=gettext_lazy("号码要完整。查到谁、是谁查的，本人看得到。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class DeskCorrectionForm(forms.Form):
    """What the person says is wrong, taken down in their words."""

    field = forms.ChoiceField(label=gettext_lazy("哪一项有误"), choices=list(CORRECTABLE.items()))
    wish = forms.CharField(
        label=gettext_lazy("应当改成什么"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("照本人的话写。"),
    )


@staff(Permission.TAKE_LEADS)
def desk(request: Request) -> HttpResponse:
    """Search by a number; who is found gets everything that a desk can do, who is not is received."""
    actor = request.actor
    form = DeskSearchForm(request.POST or None)
    found: list[tuple[MemberFacts, CaseFacts | None, str]] | None = None
    if request.method == "POST" and form.is_valid() and actor.may(Permission.SEE_MEMBERS):
        try:
            found = _found(actor, form.cleaned_data["text"])
            form = DeskSearchForm()  # the number does not stay on the screen
        except Refused as refusal:
            form.add_error("text", refusal.message)
    return page(
        request,
        "web/desk.html",
        form=form,
        found=found,
        may={
            "search": actor.may(Permission.SEE_MEMBERS),
            "receive": actor.may(Permission.CHANGE_MEMBERS) and actor.may(Permission.ANSWER_CASES),
            "contact": actor.may(Permission.RECORD_CONTACT),
            "issue": actor.may(Permission.ISSUE_DOCUMENTS),
            "claim": actor.may(Permission.ANSWER_CASES),
            "change": actor.may(Permission.CHANGE_MEMBERS),
            "copy": actor.may(Permission.REVEAL_IDENTITY),
        },
    )


def _found(actor: Actor, text: str) -> list[tuple[MemberFacts, CaseFacts | None, str]]:
    cases = find_by_number(actor, text)
    files = member_queries.members_by_id(actor, [case.member_id for case in cases])
    people = list(files.values()) or _by_number(actor, text)
    shown = []
    for person in people:
        case = flows.open_case_of_member(actor, person.id)
        words = f"{STATE[case.state]} · {case_number(case.id)}" if case else ""
        shown.append((person, case, words))
    return shown


def _by_number(actor: Actor, text: str) -> list[MemberFacts]:
    digits = sum(character.isdigit() for character in text)
    kind = "id_number" if digits >= _ID_DIGITS else "phone"
    return members.search_identity(by=actor, kind=kind, value=text, reason=REASON)


@staff(Permission.REVEAL_IDENTITY)
def own_copy(request: Request, member_id: UUID) -> HttpResponse:
    """The file in full on paper, for the person who stands here; opened by a write, and kept."""
    facts = member_queries.get_member_for(request.actor, member_id)
    if request.method != "POST":
        return page(request, "web/desk_copy.html", facts=facts, lines=())
    content = members.print_copy(by=request.actor, member_id=member_id, reason=REASON)
    answer = page(
        request,
        "web/desk_copy.html",
        facts=facts,
        identity=showing.printed_identity(content["identity"]),
        lines=showing.lines_of(facts),
        openings=content["openings"][:15],
        today=request.actor.today,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@staff(Permission.CHANGE_MEMBERS)
def correction(request: Request, member_id: UUID) -> HttpResponse:
    """A request for correction said at the desk or written on paper."""
    facts = member_queries.get_member_for(request.actor, member_id)
    form = DeskCorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            members.take_correction(
                by=request.actor, member_id=member_id, reason=_("窗口代收"), **form.cleaned_data
            )
            return see_other("members:file", member_id)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return page(request, "web/desk_correction.html", facts=facts, form=form)
