"""The moved-out and the moved-in register: the same cases, seen from home and seen from host.

They balance because they are one table: every stay that home has declared is claimed by a host
or stands unclaimed, with its age and with who answers (N2).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.db.models import F, Q, QuerySet

from guiyan.flows.models import Case
from guiyan.flows.queries import CASE_COLUMNS, cases_for, register_counts, spans_many
from guiyan.flows.rules import CLAIMED_STATES, ENDED, CaseState
from guiyan.flows.types import CaseFacts, RegisterFilter, RegisterPage
from guiyan.kernel.keyset import decode_cursor, encode_cursor
from guiyan.kernel.names import fold_name
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden
from guiyan.platform.keys import key_ring
from guiyan.platform.permissions import Permission
from guiyan.platform.planning import many_in_scope
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
# In a wide register, names found by their characters stand in the order of their characters:
# that is the index's, and every 王 of a province would have to be sorted otherwise.
_FOUND_BY_CHARACTERS = Sort("name_key", str, "姓名")
MOST_INITIALS = 6


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

    At most three queries, plus one for an exact search. Raises CursorBroken for a cursor of
    another list.
    """
    rows = _rows(actor, side, path, wanted)
    counts = register_counts(actor, path)
    is_wide = spans_many(counts[side])
    arms = _by_search(wanted, is_wide=is_wide)
    by_characters = is_wide and sort == "name" and arms[0].column == "name_key"
    order = _FOUND_BY_CHARACTERS if by_characters else SORTS[sort]
    of = f"register.{side}.{order.column}"
    if order.column == "answer_by":
        rows = rows.filter(answer_by__isnull=False)
        if not wanted.ended and not set(wanted.states) & ENDED:
            rows = rows.filter(ended_on__isnull=True)  # as the index of due days says
    if cursor:
        last, last_id = decode_cursor(cursor, of=of, shape=(order.kind, UUID), ring=key_ring())
        rows = rows.filter(
            Q(**{f"{order.column}__gt": last}) | Q(**{order.column: last, "id__gt": last_id}),
            **{f"{order.column}__gte": last},
        )
    found = _merged([_read(rows, arm, order, limit + 1, is_wide) for arm in arms], order)
    next_cursor = ""
    if len(found) > limit:
        found = found[:limit]
        next_cursor = encode_cursor((found[-1].key, found[-1].case.id), of=of, ring=key_ring())
    return RegisterPage([each.case for each in found], next_cursor, counts)


class _Found(NamedTuple):
    """A case of the register with what it is sorted by."""

    key: Any
    case: CaseFacts


def _read(rows: QuerySet[Case], arm: "Arm", order: Sort, limit: int, is_wide: bool) -> list[_Found]:
    found = rows.filter(arm.matches).order_by(order.column, "id")[:limit]
    if not is_wide or arm.is_exact:
        return _with_key(found, order)
    with many_in_scope(in_order=arm.in_order_of in ("", order.column)):
        return _with_key(found, order)


def _with_key(rows: QuerySet[Case], order: Sort) -> list[_Found]:
    columns = rows.annotate(key=F(order.column)).values_list("key", *CASE_COLUMNS)
    return [_Found(key, CaseFacts(*facts)) for key, *facts in columns]


def _merged(parts: list[list[_Found]], order: Sort) -> list[_Found]:
    """One list in order, each case once; byte order and the order of code points are the same."""
    if len(parts) == 1:
        return parts[0]
    cases = {each.case.id: each for part in parts for each in part}
    return sorted(cases.values(), key=lambda each: (each.key, each.case.id))


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
    rows = _by_state(rows, side, wanted)
    if wanted.trade:
        rows = rows.filter(trade=wanted.trade)
    if wanted.except_for is not None:
        rows = rows.filter(state=CaseState.PLACED).exclude(wanted.except_for)
    if wanted.overdue:
        rows = rows.filter(answer_by__lt=actor.today, ended_on__isnull=True)
    return rows


def _by_state(rows: QuerySet[Case], side: RegisterSide, wanted: RegisterFilter) -> QuerySet[Case]:
    if wanted.ended and not wanted.states:
        return rows.filter(ended_on__isnull=False)
    rows = rows.filter(state__in=_states(side, wanted))
    if wanted.claimed is not None and not wanted.states:
        rows = rows.filter(claimed_on__isnull=not wanted.claimed)
    return rows


def _states(side: RegisterSide, wanted: RegisterFilter) -> tuple[str, ...]:
    if wanted.states:
        return wanted.states
    if wanted.ended:
        return tuple(ENDED)
    return OPEN_STATES if side == "out" else ON_THE_IN_REGISTER


@dataclass(frozen=True, slots=True)
class Arm:
    """One reading of what was typed: which cases match, by which column, found in which order.

    Several readings are several statements, each along its own index: an "or" would use none.
    """

    matches: Q = field(default_factory=Q)
    column: str = ""
    is_exact: bool = False
    in_order_of: str = ""


def _by_search(wanted: RegisterFilter, *, is_wide: bool) -> list[Arm]:
    """Those whom a search by number has found; otherwise the beginning of a name, of its given
    name, of their pinyin or of its initials, as ranges, which row-level security can answer from
    an index."""
    if wanted.members is not None:
        return [Arm(Q(member_id__in=wanted.members), is_exact=True)]
    text = wanted.search.strip()
    if not text:
        return [Arm()]
    key = fold_name(text)
    if not key.isascii():
        return [_beginning("name_key", key), *_given("given_key", key, "name_key", is_wide)]
    arms = [_beginning("pinyin", key), *_given("given_pinyin", key, "pinyin", is_wide)]
    # One letter begins the same names as pinyin and as initials.
    if 1 < len(key) <= MOST_INITIALS:
        arms.append(_beginning("initials", key))
    return arms


def _beginning(column: str, key: str) -> Arm:
    matches = Q(**{f"{column}__gte": key, f"{column}__lt": key + LAST_CHARACTER})
    return Arm(matches, column, in_order_of=column)


def _given(column: str, key: str, whole: str, is_wide: bool) -> list[Arm]:
    """One sign alone means a family. In a wide register the whole given name is asked for: those
    of one stand in order of `whole` along an index, those of a beginning would all be sorted."""
    if len(key) < 2:
        return []
    if is_wide:
        return [Arm(Q(**{column: key}), column, in_order_of=whole)]
    return [_beginning(column, key)]


def balance(actor: Actor, path: str) -> dict[str, int]:
    """Out = claimed + unclaimed, from the kept counts of one organisation and all below it."""
    return balance_of(register_counts(actor, path))


def balance_of(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """The same from counts that were read with a page."""
    found = {"out": 0, "claimed": 0, "unclaimed": 0}
    for state, count in counts["out"].items():
        if state in OPEN_STATES:
            found["out"] += count
            claimed = CaseState(state) in CLAIMED_STATES
            found["claimed" if claimed else "unclaimed"] += count
    return found


def received(actor: Actor, path: str) -> dict[str, int]:
    """In = placed in a branch + still to be placed, from the kept counts of one organisation."""
    return received_of(register_counts(actor, path))


def received_of(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """The same from counts that were read with a page."""
    hosted = counts["in"]
    all_in = sum(hosted.get(state, 0) for state in ON_THE_IN_REGISTER)
    placed = hosted.get(CaseState.PLACED, 0) + hosted.get(CaseState.TRANSFERRING, 0)
    return {"in": all_in, "placed": placed, "unplaced": all_in - placed}
