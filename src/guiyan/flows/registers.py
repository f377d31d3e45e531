"""The moved-out and the moved-in register: the same cases, seen from home and seen from host.

They balance because they are one table: every stay that home has declared is claimed by a host
or stands unclaimed, with its age and with who answers (N2).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.db.models import Q, QuerySet

from guiyan.flows.models import Case
from guiyan.flows.queries import case_facts, cases_for, register_counts
from guiyan.flows.rules import CLAIMED_STATES, ENDED, CaseState
from guiyan.flows.types import CaseFacts, RegisterFilter, RegisterPage
from guiyan.kernel.keyset import decode_cursor, encode_cursor
from guiyan.kernel.names import fold_name
from guiyan.members import queries as member_queries
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden
from guiyan.platform.keys import key_ring
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import ABOVE_EVERY_PATH

RegisterSide = Literal["out", "in"]
LAST_CHARACTER = "\U0010ffff"
# A host that has only been notified has not taken the member in: not yet on its register.
ON_THE_IN_REGISTER = tuple(state for state in CaseState if state in CLAIMED_STATES)
OPEN_STATES = tuple(state for state in CaseState if state not in ENDED)


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of the register: its columns, and the type of the first for the cursor."""

    column: str
    kind: type
    label: str


SORTS = {
    "name": Sort("pinyin", str, "姓名"),
    "due": Sort("answer_by", date, "办理期限"),
    "opened": Sort("opened_on", date, "登记日期"),
}


def register_page(
    actor: Actor,
    side: RegisterSide,
    path: str,
    wanted: RegisterFilter,
    *,
    sort: str = "name",
    cursor: str = "",
    limit: int = 50,
) -> RegisterPage:
    """One page of the register of the organisation at `path` and all below it.

    One query, plus one for an exact search. Raises CursorBroken for a cursor of another list.
    """
    order = SORTS[sort]
    of = f"register.{side}.{sort}"
    rows = _rows(actor, side, path, wanted)
    if order.column == "answer_by":
        rows = rows.filter(answer_by__isnull=False)
    if cursor:
        last, last_id = decode_cursor(cursor, of=of, shape=(order.kind, UUID), ring=key_ring())
        rows = rows.filter(
            Q(**{f"{order.column}__gt": last}) | Q(**{order.column: last, "id__gt": last_id}),
            **{f"{order.column}__gte": last},
        )
    found = list(rows.order_by(order.column, "id")[: limit + 1])
    next_cursor = ""
    if len(found) > limit:
        found = found[:limit]
        end = found[-1]
        next_cursor = encode_cursor((getattr(end, order.column), end.id), of=of, ring=key_ring())
    return RegisterPage([case_facts(case) for case in found], next_cursor)


def register_rows(
    actor: Actor, side: RegisterSide, path: str, wanted: RegisterFilter
) -> Iterator[CaseFacts]:
    """Every row of the register, in name order, read through in pages: for exports of any length."""
    cursor = ""
    while True:
        page = register_page(actor, side, path, wanted, cursor=cursor, limit=2000)
        yield from page.cases
        cursor = page.next_cursor
        if not cursor:
            return


def _rows(actor: Actor, side: RegisterSide, path: str, wanted: RegisterFilter) -> QuerySet[Case]:
    if not actor.may(Permission.SEE_REGISTERS):
        raise Forbidden(Permission.SEE_REGISTERS)
    column = "home_path" if side == "out" else "host_path"
    rows = cases_for(actor).filter(
        **{f"{column}__gte": path, f"{column}__lt": path + ABOVE_EVERY_PATH}
    )
    rows = _by_search(actor, _by_state(rows, side, wanted), wanted.search)
    if wanted.trade:
        rows = rows.filter(trade=wanted.trade)
    if wanted.overdue:
        rows = rows.filter(answer_by__lt=actor.today, ended_on__isnull=True)
    return rows


def _by_state(rows: QuerySet[Case], side: RegisterSide, wanted: RegisterFilter) -> QuerySet[Case]:
    if wanted.states:
        return rows.filter(state__in=wanted.states)
    if wanted.ended:
        return rows.filter(ended_on__isnull=False)
    rows = rows.filter(state__in=OPEN_STATES if side == "out" else ON_THE_IN_REGISTER)
    if wanted.claimed is not None:
        rows = rows.filter(claimed_on__isnull=not wanted.claimed)
    return rows


def _by_search(actor: Actor, rows: QuerySet[Case], text: str) -> QuerySet[Case]:
    """A whole ID or telephone number by its keyed hash; otherwise the beginning of a name or of
    its pinyin, as a range, which row-level security can answer from an index."""
    text = text.strip()
    if not text:
        return rows
    if sum(character.isdigit() for character in text) >= 7:
        members = member_queries.find_by_id_number(actor, text) or member_queries.find_by_phone(
            actor, text
        )
        return rows.filter(member_id__in=[member.id for member in members])
    key = fold_name(text)
    column = "pinyin" if key.isascii() else "name_key"
    matches: dict[str, Any] = {f"{column}__gte": key, f"{column}__lt": key + LAST_CHARACTER}
    if column == "pinyin" and len(key) <= 6:
        initials = Q(initials__gte=key, initials__lt=key + LAST_CHARACTER)
        return rows.filter(Q(**matches) | initials)
    return rows.filter(**matches)


def balance(actor: Actor, path: str) -> dict[str, int]:
    """Out = claimed + unclaimed, from the kept counts of one organisation and all below it."""
    from_counts = {"out": 0, "claimed": 0, "unclaimed": 0}
    for state, count in register_counts(actor, path)["out"].items():
        if state in OPEN_STATES:
            from_counts["out"] += count
            claimed = CaseState(state) in CLAIMED_STATES
            from_counts["claimed" if claimed else "unclaimed"] += count
    return from_counts


def received(actor: Actor, path: str) -> dict[str, int]:
    """In = placed in a branch + still to be placed, from the kept counts of one organisation."""
    counts = register_counts(actor, path)["in"]
    all_in = sum(counts.get(state, 0) for state in ON_THE_IN_REGISTER)
    placed = counts.get(CaseState.PLACED, 0) + counts.get(CaseState.TRANSFERRING, 0)
    return {"in": all_in, "placed": placed, "unplaced": all_in - placed}
