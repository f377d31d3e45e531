"""Rows sent ahead are all there, or none; a fault is told at the latest when the block ends."""

import pytest
from django.db import DataError, ProgrammingError, connection, transaction
from tests.integration.platform.test_bulk import member

from guiyan.members.models import Member
from guiyan.platform.ahead import sending_ahead
from guiyan.platform.bulk import insert_rows
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db


def test_a_read_in_the_block_sees_what_was_sent_before_it() -> None:
    with scoped(Scope.under("0001")), sending_ahead():
        for count in (2_000, 4_000):
            insert_rows([member() for _ in range(2_000)])
            assert Member.objects.count() == count


def test_what_a_write_touched_is_known_and_a_saved_row_is_not_inserted_again() -> None:
    with scoped(Scope.under("0001")), sending_ahead():
        row = member()
        insert_rows([row, member()])
        row = Member.objects.get(id=row.id)
        row.trade = "餐饮"
        row.save()
        assert Member.objects.filter(trade="餐饮").update(trade="建材") == 1
        assert Member.objects.count() == 2


@pytest.mark.parametrize(
    ("facts", "fault"), [({"sex": "x" * 40}, DataError), ({"home_path": "0002"}, ProgrammingError)]
)
def test_a_row_that_is_refused_ends_the_block_and_leaves_nothing(
    facts: dict[str, str], fault: type[Exception]
) -> None:
    with scoped(Scope.under("0001")):
        with pytest.raises(fault), transaction.atomic(), sending_ahead():
            insert_rows([member()])
            insert_rows([member(**facts)])
        assert not connection.needs_rollback
        assert Member.objects.count() == 0
