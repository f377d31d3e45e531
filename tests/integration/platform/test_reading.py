"""A page reads each fact once; nothing is remembered over a write, a scope or the end of a request."""

from uuid import UUID, uuid4

import pytest
from django.db import transaction

from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.holding import which_hold
from guiyan.platform.models import AuditRow
from guiyan.platform.reading import read_once, reading
from guiyan.platform.scope import Scope, beyond_scope, scoped

pytestmark = pytest.mark.django_db
ASKED: list[UUID] = []


@read_once
def times_asked(of: UUID) -> int:
    ASKED.append(of)
    return ASKED.count(of)


@command(None)
def touch(*, by: Actor, of: UUID) -> int:
    audit.note(subject_kind="test", subject_id=of)
    return times_asked(of)


def test_a_page_asks_for_the_same_thing_once() -> None:
    one, other = uuid4(), uuid4()
    with scoped(Scope.under("0001")), reading():
        assert [times_asked(one), times_asked(one), times_asked(other)] == [1, 1, 1]


def test_the_next_request_asks_again_and_outside_a_request_everybody_does() -> None:
    one = uuid4()
    with scoped(Scope.under("0001")):
        with reading():
            times_asked(one)
        with reading():
            assert times_asked(one) == 2
        assert [times_asked(one), times_asked(one)] == [3, 4]


def test_what_was_read_in_one_scope_is_no_answer_in_another() -> None:
    one = uuid4()
    with scoped(Scope.under("0001")), reading():
        assert times_asked(one) == 1
        with beyond_scope("a test"):
            assert times_asked(one) == 2
        assert times_asked(one) == 1


def test_a_command_reads_anew_and_so_does_the_page_after_it() -> None:
    one, by = uuid4(), Actor.system("test")
    with transaction.atomic(), scoped(by.scope), reading():
        assert times_asked(one) == 1
        assert touch(by=by, of=one) == 2
        assert times_asked(one) == 3


def test_a_row_read_along_with_others_is_not_asked_for_again() -> None:
    one = uuid4()
    with scoped(Scope.under("0001")), reading():
        times_asked.put(7, one)
        assert times_asked(one) == 7


def test_one_statement_says_which_lists_hold_anything(django_assert_num_queries: object) -> None:
    by = Actor.system("test")
    with transaction.atomic(), scoped(by.scope):
        touch(by=by, of=uuid4())
        asked = {
            "full": AuditRow.objects.filter(subject_kind="test").order_by("-id"),
            "empty": AuditRow.objects.filter(subject_kind="nothing"),
        }
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert which_hold(asked) == {"full"}
        assert which_hold({}) == frozenset()
