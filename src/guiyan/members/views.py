"""Staff pages of the file: finding it, reading it, changing facts and identity, opening one field."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guiyan.members import changing, commands, own, queries, queues, rules, showing, timeline, words
from guiyan.members.consents import PURPOSES
from guiyan.members.forms import (
    ChangeForm,
    IdentityForm,
    NewMemberForm,
    NumberSignInForm,
    PaperConsentForm,
    ReasonForm,
    RevealForm,
    SearchForm,
)
from guiyan.members.types import Duplicate, MemberFacts, StaleFile
from guiyan.orgs import queries as orgs
from guiyan.orgs.kinds import Ability
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.limits import take
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission
from guiyan.platform.transactions import once_key


@staff(Permission.SEE_MEMBERS)
def members(request: Request) -> HttpResponse:
    """Find a file. Names and numbers travel in the body, never in an address."""
    form = SearchForm(request.POST or None)
    found: list[MemberFacts] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            found = _search(request.actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("reason" if refusal.code == "reason" else "text", refusal.message)
    return page(request, "members/members.html", form=form, found=found, may=_may(request.actor))


def _search(actor: Actor, text: str, reason: str) -> list[MemberFacts]:
    kind = rules.kind_of_number(text)
    if not kind:
        return queries.find_by_name(actor, text)
    return commands.search_identity(by=actor, kind=kind, value=text, reason=reason)


@staff(Permission.CHANGE_MEMBERS)
def new(request: Request) -> HttpResponse:
    """Open a file by hand, in one's own organisation."""
    form = NewMemberForm(request.POST or None, initial={"has_phone": True})
    same: list[MemberFacts] = []
    existing: UUID | None = None
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if not typed["is_another_person"]:
            same = queries.possible_same_persons(request.actor, typed["name"], typed["born_on"])
        if not same:
            try:
                facts = commands.register_member(
                    by=request.actor, new=form.new_member(**_own_side(request.actor))
                )
                return see_other("members:file", facts.id)
            except Duplicate as duplicate:
                existing = known_number(request.actor, duplicate, form, "id_number")
            except Refused as refusal:
                form.add_error(_field_of(refusal.code, form), refusal.message)
    return page(request, "members/new.html", form=form, same=same, existing=existing)


def known_number(actor: Actor, duplicate: Duplicate, form: Form, name: str) -> UUID | None:
    """That a number has a file is what a search would have told: counted, and kept, like one."""
    try:
        commands.search_identity(
            by=actor, kind="id_number", value=form.cleaned_data[name], reason="verify"
        )
    except Refused as refusal:
        form.add_error(name, refusal.message)
        return None
    form.add_error(name, duplicate.message)
    return duplicate.existing_id


def _own_side(actor: Actor) -> dict[str, Any]:
    """A branch opens files of its own members; any other body of somebody whom it receives."""
    if actor.organisation_id is None:
        raise Refused("no-side", _("请先选择代表哪个单位办理。"))
    body = orgs.organisation(actor.organisation_id)
    is_home = Ability.HOLDS_MEMBERS in body.abilities
    return {"home_organisation_id" if is_home else "host_organisation_id": body.id}


def _field_of(code: str, form: NewMemberForm) -> str | None:
    fields = {"checksum": "id_number", "birth": "id_number", "future": "id_number",
              "relation": "phone_relation", "area-code": "phone", "several": "phone",
              "number": "phone", "empty": "name", "controls": "name"}  # fmt: skip
    return fields.get(code) if fields.get(code) in form.fields else None


@staff(Permission.SEE_MEMBERS)
def file(request: Request, member_id: UUID) -> HttpResponse:
    """The file, masked: facts, contact points, history, who opened it."""
    actor = request.actor
    facts = queries.get_member_for(actor, member_id)
    if facts.merged_into_id is not None:
        return see_other("members:file", facts.merged_into_id)
    orgs.know_standings([facts.home_organisation_id, facts.host_organisation_id])
    return page(
        request,
        "members/file.html",
        facts=facts,
        lines=showing.lines_of(facts),
        contacts=showing.contacts_of(queries.vault_of(actor, member_id)),
        history=showing.history_of(queries.intervals_of(actor, member_id)),
        timeline=timeline.timeline_of(actor, member_id),
        openings=timeline.openings_of(actor, member_id),
        links=[link for source in timeline.file_links for link in source(actor, facts)],
        merges=queues.merges_of(actor, member_id),
        may=_may(actor),
    )


@staff(Permission.CHANGE_MEMBERS)
def change(request: Request, member_id: UUID) -> HttpResponse:
    """Facts are changed; where somebody was quicker, both contents stand side by side."""
    facts = queries.get_member_for(request.actor, member_id)
    form = ChangeForm(request.POST) if request.method == "POST" else ChangeForm.of(facts)
    if request.method == "POST" and form.is_valid():
        try:
            commands.change_member(by=request.actor, member_id=member_id, **form.cleaned_data)
            return see_other("members:file", member_id)
        except StaleFile as stale:
            again = ChangeForm({**request.POST.dict(), "version": stale.current.version})
            context = {
                "form": again,
                "facts": facts,
                "message": str(stale),
                "both": _both(form, stale.current),
            }
            return page(request, "members/change.html", status=409, **context)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return page(request, "members/change.html", form=form, facts=facts)


def _both(form: ChangeForm, current: MemberFacts) -> list[tuple[Any, Any, Any]]:
    """Label, what stands there now, what this person typed; only where they differ."""
    return [
        (form.fields[name].label, getattr(current, name), typed)
        for name, typed in form.cleaned_data.items()
        if name in changing.CHANGEABLE and _plain(getattr(current, name)) != _plain(typed)
    ]


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | list) else value


@staff(Permission.CHANGE_MEMBERS)
def identity(request: Request, member_id: UUID) -> HttpResponse:
    """A new number or address is registered."""
    facts = queries.get_member_for(request.actor, member_id)
    form = IdentityForm(request.POST or None)
    existing: UUID | None = None
    if request.method == "POST" and form.is_valid():
        try:
            commands.set_identity(by=request.actor, member_id=member_id, **form.cleaned_data)
            return see_other("members:file", member_id)
        except Duplicate as duplicate:
            existing = known_number(request.actor, duplicate, form, "value")
        except Refused as refusal:
            form.add_error("value", refusal.message)
    contacts = showing.contacts_of(queries.vault_of(request.actor, member_id))
    return page(
        request,
        "members/identity.html",
        form=form,
        facts=facts,
        contacts=contacts,
        existing=existing,
    )


@staff(Permission.CHANGE_MEMBERS)
def end_identity(request: Request, member_id: UUID, field_id: UUID) -> HttpResponse:
    """A number that no longer holds."""
    facts = queries.get_member_for(request.actor, member_id)
    contact = _contact(request.actor, member_id, field_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        commands.end_identity(
            by=request.actor, member_id=member_id, field_id=field_id, **form.cleaned_data
        )
        return see_other("members:file", member_id)
    return page(request, "members/end_identity.html", form=form, facts=facts, contact=contact)


@staff(Permission.CHANGE_MEMBERS)
def number_sign_in(request: Request, member_id: UUID, field_id: UUID) -> HttpResponse:
    """For the member at the desk: their number is confirmed, or may receive codes again today."""
    facts = queries.get_member_for(request.actor, member_id)
    contact = _contact(request.actor, member_id, field_id)
    form = NumberSignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        acts = {"confirm": commands.confirm_number, "codes": commands.allow_codes}
        acts[form.cleaned_data["act"]](
            by=request.actor,
            member_id=member_id,
            field_id=field_id,
            reason=form.cleaned_data["reason"],
        )
        return see_other("members:file", member_id)
    return page(request, "members/number_sign_in.html", form=form, facts=facts, contact=contact)


@staff(Permission.REVEAL_IDENTITY)
def reveal(request: Request, member_id: UUID, field_id: UUID) -> HttpResponse:
    """One field for one reason; the page with the value goes back by itself after 60 seconds."""
    facts = queries.get_member_for(request.actor, member_id)
    contact = _contact(request.actor, member_id, field_id)
    form = RevealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not _is_first_post(request):
            return see_other("members:file", member_id)
        try:
            revealed = commands.reveal(
                by=request.actor,
                member_id=member_id,
                kind=contact.kind,
                field_id=field_id,
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            answer = page(
                request, "members/revealed.html", facts=facts, contact=contact, revealed=revealed
            )
            seconds = int(rules.REVEAL_LASTS.total_seconds())
            answer.headers["Refresh"] = (
                f"{seconds}; url={reverse('members:file', args=[member_id])}"
            )
            answer.headers["Cache-Control"] = "no-store"
            return answer
    return page(request, "members/reveal.html", form=form, facts=facts, contact=contact)


def _is_first_post(request: Request) -> bool:
    """A reload sends the same form again; opening again needs a new reason."""
    who = f"{request.actor.account_id}:{once_key(request)}"
    return take("members.reveal-form", who, limit=1, per=timedelta(hours=24))


def _contact(actor: Actor, member_id: UUID, field_id: UUID) -> showing.Contact:
    for contact in showing.contacts_of(queries.vault_of(actor, member_id)):
        if contact.id == field_id:
            return contact
    raise NotFound("vault field")


@staff(Permission.CHANGE_MEMBERS)
def consents(request: Request, member_id: UUID) -> HttpResponse:
    """What a member without a phone agrees to, as said at the desk or signed on paper."""
    facts = queries.get_member_for(request.actor, member_id)
    form = PaperConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        own.record_consent(by=request.actor, member_id=member_id, **form.cleaned_data)
        return see_other("members:consents", member_id)
    ever = queues.consents_ever(request.actor, member_id)
    given = {each.purpose: each for each in ever if each.withdrawn_on is None}
    return page(
        request,
        "members/consents.html",
        ever=[(PURPOSES.get(each.purpose, each.purpose), each) for each in ever],
        form=form,
        facts=facts,
        purposes=[(code, text, given.get(code)) for code, text in PURPOSES.items()],
        hows=form.fields["how"].choices,  # type: ignore[attr-defined]
        words=words,
    )


def _may(actor: Actor) -> dict[str, bool]:
    return {
        "change": actor.may(Permission.CHANGE_MEMBERS),
        "reveal": actor.may(Permission.REVEAL_IDENTITY),
        "merge": actor.may(Permission.MERGE_MEMBERS),
    }
