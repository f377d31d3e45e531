"""A register wider than what is sorted at once is read along an index: the same cases, in order."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction
from tests.cast import OFFICIALS
from tests.integration.flows.conftest import HOST, declared, newcomer, seen_by

from guiyan.flows import counts, queries, registers
from guiyan.flows.registers import register_page
from guiyan.flows.types import RegisterFilter
from guiyan.platform.planning import many_in_scope

pytestmark = pytest.mark.django_db

COUNTY = OFFICIALS["county_officer"]
NAMES = ("阿力木呷", "阿尔木呷", "沙马石布", "吉克阿依", "阿力木呷")


@pytest.fixture
def away() -> None:
    for name in NAMES:
        declared(member=newcomer(name=name))
    counts.fold()


@pytest.fixture(params=["narrow", "wide"])
def width(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Either way of reading, whatever the number of rows."""
    monkeypatch.setattr(queries, "SORTED_AT_ONCE", {"narrow": 1_000, "wide": 0}[request.param])
    return request.param


def read(search: str = "", sort: str = "name") -> list[str]:
    """All pages of two, put together."""
    found: list[str] = []
    cursor = ""
    with seen_by(COUNTY):
        while True:
            page = register_page(
                COUNTY, "out", COUNTY.path, RegisterFilter(search=search), sort=sort,
                cursor=cursor, limit=2,
            )  # fmt: skip
            found += [case.member_name for case in page.cases]
            cursor = page.next_cursor
            if not cursor:
                return found


def settings() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('enable_bitmapscan'), current_setting('enable_sort')"
        )
        return list(cursor.fetchone())


@pytest.mark.usefixtures("away", "width")
class TestEitherWay:
    @pytest.mark.parametrize("sort", sorted(registers.SORTS))
    def test_every_case_is_listed_once(self, sort: str) -> None:
        assert sorted(read(sort=sort)) == sorted(NAMES)

    def test_names_stand_in_the_order_of_their_pinyin(self) -> None:
        assert read() == ["阿尔木呷", "阿力木呷", "阿力木呷", "吉克阿依", "沙马石布"]

    @pytest.mark.parametrize(
        ("search", "found"),
        [
            ("阿力", 2),
            ("阿", 3),
            ("ali", 2),
            ("a", 3),
            ("almg", 2),
            ("smsb", 1),
            ("zzz", 0),
            ("木呷", 3),
            ("muga", 3),
        ],
    )
    def test_the_same_are_found(self, search: str, found: int) -> None:
        assert len(read(search)) == found

    def test_what_is_owed_stands_in_the_order_of_its_days(self) -> None:
        with seen_by(HOST):
            owed = queries.open_answers_for(HOST)
        assert len(owed) == len(NAMES)
        days = [case.answer_by for case in owed if case.answer_by]
        assert days == sorted(days)

    def test_initials_and_pinyin_that_begin_alike_are_in_one_order(self) -> None:
        assert read("aer") == ["阿尔木呷"]


class TestAWordToThePlanner:
    def test_counts_while_many_are_read_and_no_longer(self) -> None:
        with many_in_scope(in_order=True):
            assert settings() == ["off", "off"]
        with many_in_scope(in_order=False):
            assert settings() == ["off", "on"]
        assert settings() == ["on", "on"]

    def test_is_taken_back_after_a_fault(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():  # noqa: SIM117
            with many_in_scope(in_order=True), connection.cursor() as cursor:
                cursor.execute("insert into django_session values (null, null, null)")
        assert settings() == ["on", "on"]

    def test_leaves_order_to_the_index(self) -> None:
        statement = "explain select pinyin, id from flows_case order by pinyin, id limit 5"
        with many_in_scope(in_order=True), connection.cursor() as cursor:
            cursor.execute(statement)
            assert "Sort" not in str(cursor.fetchall())
