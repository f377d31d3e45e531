"""Staff pages of the tree: browsing it, one organisation, and the acts on it."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from guiyan.orgs import attachments, commands, queries, words
from guiyan.orgs.forms import (
    ActForm,
    OpenForm,
    ParameterForm,
    ParticularsForm,
    RenameForm,
    SearchForm,
)
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.pages import Request, page, see_other, staff
from guiyan.platform.permissions import Permission

CHILDREN_SHOWN = 300


def tried(form: forms.Form, act: Callable[[], Any]) -> bool:
    """Run one command for a valid form; a refusal stands in the form's summary, nothing is kept."""
    try:
        act()
    except Refused as refusal:
        form.add_error(None, _(refusal.message))
        return False
    return True


@staff(Permission.SEE_ORGANISATIONS)
def organisations(request: Request) -> HttpResponse:
    """The actor's own organisation with what lies below it, or what a search finds there."""
    actor = request.actor
    form = SearchForm(request.GET) if request.GET.get("q") else SearchForm()
    found: list[OrganisationFacts] | None = None
    if form.is_bound and form.is_valid():
        found = queries.search_organisations(form.cleaned_data["q"], under=actor.path, limit=50)
    own = queries.organisation_by_path(actor.path)
    return page(
        request,
        "orgs/organisations.html",
        form=form,
        found=found,
        own=own,
        children=queries.children_of(own.id)[:CHILDREN_SHOWN],
        counts=queries.counts_under(own.path),
        may_change=actor.may(Permission.CHANGE_ORGANISATIONS),
    )


@staff(Permission.SEE_ORGANISATIONS)
def organisation(request: Request, organisation_id: UUID) -> HttpResponse:
    """One organisation: facts, what lies below, service points, parameters in force, history."""
    actor = request.actor
    own = queries.get_organisation_for(actor, organisation_id)
    return page(
        request,
        "orgs/organisation.html",
        own=own,
        above=_visible_above(actor, own),
        children=queries.children_of(own.id)[:CHILDREN_SHOWN],
        counts=queries.counts_under(own.path),
        has_kinds_below=bool(queries.kinds_under(own.kind_code)),
        division=queries.full_division_name(own.division_code),
        stands_in=queries.full_division_name(own.stands_in_code),
        languages=[words.LANGUAGES.get(code, code) for code in own.languages],
        origin=words.ORIGINS.get(own.coordinates_origin, ""),
        merged_into=queries.organisation(own.merged_into_id) if own.merged_into_id else None,
        points=[
            (point, words.POINT_KINDS[point.kind]) for point in queries.service_points_of(own.id)
        ],
        parameters=[
            (words.PARAMETERS.get(row.name, row.name), row)
            for row in queries.parameters_at(own.path, actor.today)
        ],
        history=[
            (entry, words.ACTS.get(entry.act, entry.act))
            for entry in reversed(queries.history_of(own.id))
        ],
        may_change=own.is_open and actor.may(Permission.CHANGE_ORGANISATIONS),
        may_direct=own.is_open and actor.may(Permission.CHANGE_DIRECTORY),
        is_own=own.path == actor.path,
    )


def _visible_above(actor: Actor, own: OrganisationFacts) -> list[tuple[OrganisationFacts, bool]]:
    """The line from the root, each with whether the actor may open its page."""
    return [
        (facts, actor.scope.covers(facts.path))
        for facts in queries.ancestors_of(own.path)
        if facts.id != own.id
    ]


@staff(Permission.SEE_ORGANISATIONS)
def as_of(request: Request, organisation_id: UUID) -> HttpResponse:
    """What the organisation was called on a past day, where it hung and what hung below it."""
    own = queries.get_organisation_for(request.actor, organisation_id)
    day: date = parse_date(request.GET.get("day", "")) or request.actor.today
    return page(
        request,
        "orgs/as_of.html",
        own=own,
        day=day,
        then=queries.organisation_as_of(own.id, day),
        children=queries.children_as_of(own.id, day),
    )


@staff(Permission.CHANGE_ORGANISATIONS)
def open_organisation(request: Request, organisation_id: UUID) -> HttpResponse:
    """Open an organisation under this one."""
    parent = queries.get_organisation_for(request.actor, organisation_id)
    form = OpenForm(request.POST or None, parent=parent)
    if request.method == "POST" and form.is_valid():
        wish = dict(form.cleaned_data)
        wish["stands_in_code"] = wish.pop("stands_in")
        opened: list[OrganisationFacts] = []
        if tried(
            form,
            lambda: opened.append(
                commands.open_organisation(
                    by=request.actor, parent_id=parent.id, languages=parent.languages, **wish
                )
            ),
        ):
            return see_other("orgs:organisation", opened[0].id)
    return _form_page(request, parent, form, _("设立下级组织"), _("设立"))


@staff(Permission.CHANGE_ORGANISATIONS)
def rename(request: Request, organisation_id: UUID) -> HttpResponse:
    """Give it another name from today on."""
    own = queries.get_organisation_for(request.actor, organisation_id)
    short = "" if own.short_name == own.name else own.short_name  # else the old name stays as short
    first = {"name": own.name, "short_name": short, "version": own.version}
    form = RenameForm(request.POST or None, initial=first)
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(
            form,
            lambda: commands.rename(by=request.actor, organisation_id=own.id, **form.cleaned_data),
        )
    ):
        return see_other("orgs:organisation", own.id)
    return _form_page(request, own, form, _("更名"), _("从今天起更名"))


@staff(Permission.CHANGE_ORGANISATIONS)
def move(request: Request, organisation_id: UUID) -> HttpResponse:
    """Hang it with all below it under another one: find the new parent, see who is affected, do."""
    own = queries.get_organisation_for(request.actor, organisation_id)
    return _with_target(
        request,
        own,
        _("划转到另一个上级"),
        _("划转"),
        lambda target, wish: commands.move(
            by=request.actor, organisation_id=own.id, parent_id=target.id, **wish
        ),
    )


@staff(Permission.CHANGE_ORGANISATIONS)
def merge(request: Request, organisation_id: UUID) -> HttpResponse:
    """Close it into another one, which takes over everything."""
    own = queries.get_organisation_for(request.actor, organisation_id)
    return _with_target(
        request,
        own,
        _("并入另一个组织"),
        _("合并"),
        lambda target, wish: commands.merge(
            by=request.actor, organisation_id=own.id, into_id=target.id, **wish
        ),
    )


def _with_target(
    request: Request,
    own: OrganisationFacts,
    title: str,
    verb: str,
    act: Callable[[OrganisationFacts, dict[str, Any]], OrganisationFacts],
) -> HttpResponse:
    """First the other organisation is looked for (q), then chosen (to), then the act confirmed."""
    actor = request.actor
    target = _chosen(request, actor)
    search = SearchForm(request.GET) if request.GET.get("q") else SearchForm()
    form = ActForm(request.POST or None, initial={"version": own.version})
    if (
        request.method == "POST"
        and target
        and form.is_valid()
        and tried(form, lambda: act(target, form.cleaned_data))
    ):
        return see_other("orgs:organisation", own.id)
    found = None
    if search.is_bound and search.is_valid():
        found = queries.search_organisations(search.cleaned_data["q"], under=actor.path, limit=20)
    return page(
        request,
        "orgs/with_target.html",
        own=own,
        title=title,
        verb=verb,
        search=search,
        found=[facts for facts in found if facts.id != own.id] if found is not None else None,
        target=target,
        form=form,
        counts=queries.counts_under(own.path),
        attached=attachments.attached(own.path).items(),
    )


def _chosen(request: HttpRequest, actor: Actor) -> OrganisationFacts | None:
    written = request.POST.get("to") or request.GET.get("to")
    if not written:
        return None
    try:
        return queries.get_organisation_for(actor, UUID(written))
    except ValueError as error:
        raise NotFound("organisation") from error


@staff(Permission.CHANGE_ORGANISATIONS)
def close(request: Request, organisation_id: UUID) -> HttpResponse:
    """Close it; the page says first what still hangs on it."""
    own = queries.get_organisation_for(request.actor, organisation_id)
    form = ActForm(request.POST or None, initial={"version": own.version})
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(
            form,
            lambda: commands.close(by=request.actor, organisation_id=own.id, **form.cleaned_data),
        )
    ):
        return see_other("orgs:organisation", own.id)
    return _form_page(request, own, form, _("撤销组织"), _("撤销"), is_grave=True)


@staff(Permission.CHANGE_DIRECTORY)
def particulars(request: Request, organisation_id: UUID) -> HttpResponse:
    """Its address, number, trades and languages."""
    own = queries.get_organisation_for(request.actor, organisation_id)
    first = {
        "address": own.address,
        "phone": own.phone,
        "trades": "、".join(own.trades),
        "languages": list(own.languages),
    }
    form = ParticularsForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        commands.change_particulars(by=request.actor, organisation_id=own.id, **form.cleaned_data)
        return see_other("orgs:organisation", own.id)
    return _form_page(request, own, form, _("地址、电话和语言"), _("保存"))


@staff(Permission.CHANGE_ORGANISATIONS)
def set_parameter(request: Request, organisation_id: UUID) -> HttpResponse:
    """Its own number for a rule, from a day on, with the source."""
    own = queries.get_organisation_for(request.actor, organisation_id)
    first = {"name": request.GET.get("name", ""), "valid_from": request.actor.today}
    form = ParameterForm(request.POST or None, initial=first)
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(
            form,
            lambda: commands.set_parameter(
                by=request.actor, organisation_id=own.id, **form.cleaned_data
            ),
        )
    ):
        return see_other("orgs:organisation", own.id)
    return _form_page(request, own, form, _("本级执行的规则参数"), _("保存"))


def _form_page(
    request: Request,
    own: OrganisationFacts,
    form: forms.Form,
    title: str,
    verb: str,
    *,
    is_grave: bool = False,
) -> HttpResponse:
    return page(
        request,
        "orgs/form.html",
        own=own,
        form=form,
        title=title,
        verb=verb,
        is_grave=is_grave,
        counts=queries.counts_under(own.path) if is_grave else [],
        attached=attachments.attached(own.path).items() if is_grave else [],
    )
