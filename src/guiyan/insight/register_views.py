"""The moved-in and moved-out registers of any organisation below one's own.

A search names a person, so it travels in the body; filters and places in the list may stand in
the address.
"""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guiyan.flows.registers import (
    ON_THE_IN_REGISTER,
    OPEN_STATES,
    SORTS,
    RegisterSide,
    balance_of,
    received_of,
    register_page,
)
from guiyan.flows.types import RegisterFilter
from guiyan.flows.words import STATE
from guiyan.insight import commands
from guiyan.insight.printing import printed_register, summary_of
from guiyan.insight.register_rows import TITLES, lines_of, rows_of
from guiyan.kernel.keyset import CursorBroken
from guiyan.liaison.pairing.queries import has_contact_person
from guiyan.members import commands as members
from guiyan.members import queries as member_queries
from guiyan.members.words import REASONS
from guiyan.orgs import queries as orgs
from guiyan.orgs.types import Standing
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.pages import Request, page, staff
from guiyan.platform.permissions import Permission

NAMES = {"in": "insight:moved_in", "out": "insight:moved_out"}
PRINTS = {"in": "insight:print_moved_in", "out": "insight:print_moved_out"}
SORT_LABELS = {"name": _("姓名"), "opened": _("登记日期"), "due": _("办理期限（只列有期限的）")}
MANY_CHILDREN = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What of the register is asked for, read from a form or an address; nonsense is left out."""

    organisation: Standing
    wanted: RegisterFilter
    sort: str
    cursor: str

    @property
    def kept(self) -> dict[str, str]:
        """Everything but the search and the place in the list: what an address may hold."""
        wanted = self.wanted
        kept = {
            "organisation": str(self.organisation.id),
            "state": wanted.states[0] if wanted.states else "",
            "claimed": {True: "yes", False: "no", None: ""}[wanted.claimed],
            "trade": wanted.trade,
            "overdue": "1" if wanted.overdue else "",
            "alone": "1" if wanted.except_for is not None else "",
            "ended": "1" if wanted.ended else "",
            "sort": "" if self.sort == "name" else self.sort,
        }
        return {name: value for name, value in kept.items() if value}


@staff(Permission.SEE_REGISTERS)
def moved_in(request: Request) -> HttpResponse:
    """Who stays with us, whose they are, who keeps in touch."""
    return _register(request, "in")


@staff(Permission.SEE_REGISTERS)
def moved_out(request: Request) -> HttpResponse:
    """Who of ours is away, where, and who must answer for those that nobody has claimed."""
    return _register(request, "out")


@staff(Permission.SEE_REGISTERS)
def print_moved_in(request: Request) -> HttpResponse:
    return _print(request, "in")


@staff(Permission.SEE_REGISTERS)
def print_moved_out(request: Request) -> HttpResponse:
    return _print(request, "out")


def _register(request: Request, side: RegisterSide) -> HttpResponse:
    actor = request.actor
    wish = _wish_of(request, request.POST if request.method == "POST" else request.GET)
    path = wish.organisation.path
    wish, refusal = _by_number(actor, wish, request.POST.get("reason", ""))
    try:
        shown = register_page(actor, side, path, wish.wanted, sort=wish.sort, cursor=wish.cursor)
    except CursorBroken:
        return HttpResponseRedirect(f"{reverse(NAMES[side])}?{urlencode(wish.kept)}")
    return page(
        request,
        "insight/register.html",
        side=side,
        title=TITLES[side],
        address=reverse(NAMES[side]),
        other=reverse(NAMES["out" if side == "in" else "in"]),
        print_address=reverse(PRINTS[side]),
        wish=wish,
        refusal=refusal,
        reasons=REASONS.items(),
        reason=request.POST.get("reason", ""),
        lines=lines_of(actor, side, shown.cases),
        next_cursor=shown.next_cursor,
        next_address=f"?{urlencode({**wish.kept, 'cursor': shown.next_cursor})}",
        first_address=f"?{urlencode(wish.kept)}",
        counts=received_of(shown.counts) if side == "in" else balance_of(shown.counts),
        states=[(s, STATE[s]) for s in (ON_THE_IN_REGISTER if side == "in" else OPEN_STATES)],
        sorts=[(name, SORT_LABELS[name]) for name in SORTS],
        may_export=actor.may(Permission.EXPORT_REGISTERS),
        **_around(request, wish.organisation),
    )


def _by_number(actor: Actor, wish: Wish, reason: str) -> tuple[Wish, str]:
    """A search by a number is the one of the members' page: a reason, a count, a row in the audit.

    A next page of the same finds nobody anew, since a person has few stays: one page holds them.
    """
    kind = member_queries.kind_of_number(wish.wanted.search)
    if not kind:
        return wish, ""
    refusal = ""
    ids: tuple[UUID, ...] = ()
    try:
        found = members.search_identity(
            by=actor, kind=kind, value=wish.wanted.search, reason=reason
        )
        ids = tuple(facts.id for facts in found)
    except Refused as refused:
        refusal = refused.message
    return replace(wish, wanted=replace(wish.wanted, members=ids)), refusal


def _around(request: Request, organisation: Standing) -> dict[str, Any]:
    """The way up within one's own part of the tree, and down to what hangs below."""
    sought = request.GET.get("find", "").strip()
    return {
        "above": orgs.names_above(organisation.path, within=request.actor.path),
        "below": [] if sought else orgs.names_below(organisation.id, limit=MANY_CHILDREN),
        "sought": sought,
        "found": orgs.search_organisations(sought, under=request.actor.path) if sought else [],
    }


def _print(request: Request, side: RegisterSide) -> HttpResponse:
    """The page that is open, as PDF: a write, because it is kept who took it along."""
    actor = request.actor
    wish = _wish_of(request, request.POST)
    path = wish.organisation.path
    try:
        shown = register_page(actor, side, path, wish.wanted, sort=wish.sort, cursor=wish.cursor)
    except CursorBroken:
        return HttpResponseRedirect(f"{reverse(NAMES[side])}?{urlencode(wish.kept)}")
    commands.note_print(
        by=actor, side=side, organisation_id=wish.organisation.id, rows=len(shown.cases)
    )
    content = printed_register(
        actor,
        side,
        wish.organisation.name,
        rows_of(actor, shown.cases),
        as_of=actor.today,
        summary=summary_of(actor, side, path),
    )
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="register-{side}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _wish_of(request: Request, asked: QueryDict) -> Wish:
    claimed = {"yes": True, "no": False}.get(asked.get("claimed", ""))
    state = asked.get("state", "")
    sort = asked.get("sort", "")
    return Wish(
        organisation=_organisation(request, asked.get("organisation", "")),
        wanted=RegisterFilter(
            states=(state,) if state in STATE else (),
            claimed=claimed,
            search=request.POST.get("search", "").replace("\0", "")[:60],
            trade=asked.get("trade", "").replace("\0", "").strip()[:60],
            overdue=asked.get("overdue") == "1",
            except_for=has_contact_person() if asked.get("alone") == "1" else None,
            ended=asked.get("ended") == "1",
        ),
        sort=sort if sort in SORTS else "name",
        cursor=asked.get("cursor", ""),
    )


def _organisation(request: Request, asked: str) -> Standing:
    """One's own organisation, or one below it; another's is NotFound."""
    actor = request.actor
    try:
        wanted = UUID(asked) if asked else actor.organisation_id
    except ValueError as error:
        raise NotFound("organisation") from error
    if wanted is None:
        raise NotFound("organisation")
    if wanted == actor.organisation_id:  # read when the request began
        return Standing(wanted, actor.organisation_name, actor.path, is_open=True)
    found = orgs.standing_of(wanted)
    if found is None or not actor.scope.covers(found.path):
        raise NotFound("organisation")
    return found
