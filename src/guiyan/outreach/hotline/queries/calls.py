"""Calls that wait to be called back, that were passed on, whose numbers were opened."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from guiyan.field import queries as field
from guiyan.kernel.calendar import day_of
from guiyan.kernel.keyset import decode_cursor, encode_cursor
from guiyan.outreach.hotline import rules
from guiyan.outreach.hotline.types import CallFacts, NewCall, PassedCall, StopFacts
from guiyan.outreach.models import Call, NumberOpening, OperatorStop, PackAnswer
from guiyan.platform.actor import Actor
from guiyan.platform.clock import now
from guiyan.platform.errors import Forbidden, NotFound
from guiyan.platform.keys import key_ring
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope
from guiyan.platform.turns import wait_for_turn

ON_A_PAGE = 50
KIND = "call_back"  # of its due
_PASSED = "outreach.passed"
_MISSED = "outreach.missed"
_FACTS = tuple(CallFacts.__dataclass_fields__)


def seal_context(column: str, call_id: UUID) -> str:
    return f"outreach_call.{column}.{call_id}"


def missed_calls(actor: Actor, point_id: UUID, cursor: str = "") -> tuple[list[CallFacts], str]:
    """What is to be called back at this hotline, the longest waiting first, and where the next page
    begins. One query. Raises CursorBroken."""
    rows = Call.objects.filter(point_id=point_id, state="missed")
    if cursor:
        at, call_id = decode_cursor(cursor, of=_MISSED, shape=(datetime, UUID))
        rows = rows.filter(Q(received_at__gt=at) | Q(received_at=at, id__gt=call_id))
    found = call_facts(rows.order_by("received_at", "id")[: ON_A_PAGE + 1])
    end = found[ON_A_PAGE - 1] if len(found) > ON_A_PAGE else None
    place = encode_cursor((end.received_at, end.id), of=_MISSED) if end else ""
    return found[:ON_A_PAGE], place


def my_call_backs(actor: Actor, *, limit: int = ON_A_PAGE) -> list[CallFacts]:
    """Missed calls that this person owes, or that nobody does yet, in scope. One query."""
    return call_facts(calls_to_return(actor).order_by("received_at")[:limit])


def calls_to_return(actor: Actor) -> QuerySet[Call]:
    """Their rows, to be asked whether there are any."""
    mine = Q(owner_account_id=actor.account_id) | Q(owner_account_id__isnull=True)
    return Call.objects.filter(mine, state="missed")


def is_ended(actor: Actor, call_id: UUID) -> bool:
    """Whether somebody has seen to this call in the meantime, in scope. One query."""
    return Call.objects.filter(id=call_id).exclude(state="missed").exists()


def missed_call_for(actor: Actor, call_id: UUID) -> CallFacts:
    """One of them. Raises NotFound."""
    found = call_facts(Call.objects.filter(id=call_id, state="missed"))
    if not found:
        raise NotFound("call")
    return found[0]


def call_facts(rows: QuerySet[Call]) -> list[CallFacts]:
    return [CallFacts(*row) for row in rows.values_list(*_FACTS)]


def number_of(actor: Actor, call: NewCall) -> str:
    """The caller's number as it was typed, or of the missed call that is answered; for commands,
    never for a page. Raises NotFound for a call that is not missed any longer."""
    if call.after_id is None:
        return call.number
    row = Call.objects.filter(id=call.after_id, state="missed").first()
    if row is None:
        raise NotFound("call")
    context = seal_context("number", row.id)
    return key_ring().open_sealed(bytes(row.number_sealed or b""), context=context).decode()


def is_overdue(call: CallFacts | PassedCall, today: date) -> bool:
    """The day on which it was to be called back is over."""
    due = day_of(call.received_at) + timedelta(days=rules.CALL_BACK_DAYS)
    return due < today


def passed_calls(actor: Actor, *, limit: int = ON_A_PAGE) -> list[PassedCall]:
    """The first page of calls that wait for this person. One query."""
    return passed_page(actor, limit=limit)[0]


def passed_page(
    actor: Actor, cursor: str = "", *, limit: int = ON_A_PAGE
) -> tuple[list[PassedCall], str]:
    """Calls that wait for this person as contact person, the longest waiting first, and where the
    next page begins; for who assigns contact persons also those of others. Whose a call is, its
    due says. One query. Raises CursorBroken."""
    rows = calls_passed_on(actor)
    if cursor:
        at, call_id = decode_cursor(cursor, of=_PASSED, shape=(datetime, UUID))
        rows = rows.filter(Q(received_at__gt=at) | Q(received_at=at, id__gt=call_id))
    found = list(rows.order_by("received_at", "id")[: limit + 1])
    end = found[limit - 1] if len(found) > limit else None
    place = encode_cursor((end.received_at, end.id), of=_PASSED) if end else ""
    return [_passed_facts(row) for row in found[:limit]], place


def passed_call_for(actor: Actor, call_id: UUID) -> PassedCall:
    """One of them, with what was said. Raises NotFound."""
    row = calls_passed_on(actor).filter(id=call_id).first()
    if row is None:
        raise NotFound("call")
    return _passed_facts(row)


def calls_passed_on(actor: Actor) -> QuerySet[Call]:
    """The rows of calls that wait for this person; also to be asked whether there are any."""
    rows = Call.objects.filter(state="passed", case_id__isnull=False)
    if not actor.may(Permission.RECORD_CONTACT):
        return rows.none()
    if actor.may(Permission.ASSIGN_CONTACT_PERSON):
        return rows
    return rows.filter(id__in=field.subjects_owed_by(actor, KIND))


def _passed_facts(row: Call) -> PassedCall:
    said = {"name": "", "said": ""}
    if row.said_sealed:
        context = seal_context("said", row.id)
        said = json.loads(key_ring().open_sealed(bytes(row.said_sealed), context=context))
    assert row.case_id is not None
    return PassedCall(
        row.id,
        row.kind,
        row.case_id,
        row.path,
        row.received_at,
        said["name"],
        said["said"],
        row.tries,
    )


def stops_for(actor: Actor, *, limit: int = ON_A_PAGE) -> list[StopFacts]:
    """Operators who wait until security has looked into it, in scope. One query."""
    if not actor.may(Permission.ADMINISTER_ACCOUNTS):
        return []
    rows = OperatorStop.objects.filter(released_at__isnull=True).order_by("at")
    return [StopFacts(row.id, row.name, row.at, row.opened) for row in rows[:limit]]


def account_of(actor: Actor) -> UUID:
    """Numbers are opened by persons. Raises Forbidden for the program."""
    if actor.account_id is None:
        raise Forbidden("hotline")
    return actor.account_id


def is_stopped(actor: Actor) -> bool:
    with beyond_scope("a stop holds under every grant of the person"):
        return OperatorStop.objects.filter(
            account_id=account_of(actor), released_at__isnull=True
        ).exists()


def wait_for_own_openings(actor: Actor) -> None:
    """Two openings of one person wait for each other, so that each counts the one before."""
    wait_for_turn(f"hotline.openings.{account_of(actor)}")


def opened_without_a_call(actor: Actor, *, besides: UUID) -> int:
    """Of how many calls this person opened the number within the hour, and said nothing since."""
    with beyond_scope("a person's openings count together, whichever grant they act under"):
        rows = NumberOpening.objects.filter(
            account_id=account_of(actor),
            at__gt=now() - rules.OPENINGS_WITHIN,
            accounted_at__isnull=True,
        )
        return rows.exclude(call_id=besides).values("call_id").distinct().count()


def answered_packs(actor: Actor) -> "QuerySet[PackAnswer, UUID]":
    """The cases of members who have said that they got it, as a sub-query for lists of cases."""
    return PackAnswer.objects.filter(has_it=True).values_list("case_id", flat=True)


def packs_of(actor: Actor, case_ids: Sequence[UUID]) -> dict[UUID, date]:
    """On which day each of these said that it has not come. One query."""
    rows = PackAnswer.objects.filter(case_id__in=case_ids, has_it=False)
    return dict(rows.values_list("case_id", "asked_on"))
