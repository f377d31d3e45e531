"""The two registers: searched by number and name, paged by keyset, seen only by those in scope."""

from datetime import date

import pytest
from tests.cast import BRANCH, NEXT_BRANCH, OFFICIALS
from tests.integration.flows.conftest import HOME, HOST, claimed, declared, newcomer, seen_by
from tests.people import invented_id

from guiyan.flows import commands, registers
from guiyan.flows.registers import RegisterSide, register_page, register_rows
from guiyan.flows.types import RegisterFilter
from guiyan.kernel.keyset import CursorBroken
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden
from guiyan.platform.permissions import Permission

pytestmark = pytest.mark.django_db

COUNTY = OFFICIALS["county_officer"]


def names(
    search: str = "", *, by: Actor = COUNTY, side: RegisterSide = "out", **wanted: object
) -> list[str]:
    with seen_by(by):
        page = register_page(by, side, by.path, RegisterFilter(search=search, **wanted))  # type: ignore[arg-type]
    return [case.member_name for case in page.cases]


def away(name: str, number: str | None = None) -> None:
    declared(member=newcomer(name=name, id_number=number))


class TestSearch:
    NUMBER = invented_id(born=date(1966, 6, 6), sequence=901)

    def test_a_name_is_found_by_its_beginning_in_han_pinyin_or_initials(self) -> None:
        away("阿力木呷")
        away("阿尔木呷")
        away("沙马石布")
        assert names("阿") == ["阿尔木呷", "阿力木呷"]
        assert names("aerm") == ["阿尔木呷"]
        assert names("smsb") == ["沙马石布"]
        assert names("木呷") == ["阿尔木呷", "阿力木呷"]
        assert names("力木") == []

    def test_who_is_asked_for_by_the_given_name_is_found_in_han_and_in_pinyin(self) -> None:
        away("海来阿木")
        away("沙马·阿木果")
        away("阿木拉且")
        assert names("阿木") == ["阿木拉且", "海来阿木", "沙马·阿木果"]
        assert names("amu") == ["阿木拉且", "海来阿木", "沙马·阿木果"]

    def test_a_traditional_spelling_finds_the_simplified(self) -> None:
        away("马海伍呷")
        assert names("馬海") == ["马海伍呷"]

    def test_whom_a_search_by_number_has_found_stands_alone(self) -> None:
        """The number itself is asked for where that is counted and kept (insight's page)."""
        away("沙马石布")
        case = declared(member=newcomer(name="吉克阿依"))
        assert names(members=(case.member_id,)) == ["吉克阿依"]
        assert names(members=()) == []

    def test_a_number_typed_as_a_name_finds_nobody(self) -> None:
        away("阿力木呷", self.NUMBER)
        assert names(self.NUMBER) == names(self.NUMBER[:12]) == []


class TestWhoIsOnWhich:
    def test_a_host_that_has_only_been_notified_has_nobody_on_its_register_yet(self) -> None:
        case = declared()
        assert names(by=HOME) == ["阿力木呷"]
        assert names(by=HOST, side="in") == []
        commands.take_step(by=HOST, case_id=case.id, act="take_in")
        assert names(by=HOST, side="in") == ["阿力木呷"]

    def test_claimed_and_unclaimed_make_the_moved_out(self) -> None:
        declared()
        claimed()
        assert len(names()) == 2
        assert len(names(claimed=True)) == len(names(claimed=False)) == 1

    def test_what_has_ended_is_asked_for_by_itself(self) -> None:
        commands.take_step(by=HOME, case_id=declared().id, act="come_home")
        assert names() == []
        assert names(ended=True) == ["阿力木呷"]

    def test_the_next_counties_register_is_not_ours(self) -> None:
        declared(host=None)
        assert names(by=HOST) == names(by=HOST, side="in") == []

    def test_who_may_not_see_registers_sees_none(self) -> None:
        with pytest.raises(Forbidden):
            names(by=OFFICIALS["canvasser"])
        assert not OFFICIALS["canvasser"].may(Permission.SEE_REGISTERS)


class TestPages:
    @pytest.mark.parametrize("sort", sorted(registers.SORTS))
    def test_pages_follow_one_another_without_gap_or_repetition(self, sort: str) -> None:
        for name in ("阿力木呷", "阿尔木呷", "沙马石布", "吉克阿依", "阿力木呷"):
            away(name)
        seen, cursor = [], ""
        with seen_by(COUNTY):
            while True:
                page = register_page(
                    COUNTY, "out", BRANCH.path, RegisterFilter(), sort=sort, cursor=cursor, limit=2
                )
                seen += [case.id for case in page.cases]
                cursor = page.next_cursor
                if not cursor:
                    break
            whole = [
                case.id for case in register_rows(COUNTY, "out", BRANCH.path, RegisterFilter())
            ]
        assert len(seen) == len(set(seen)) == 5
        assert set(seen) == set(whole)

    def test_a_cursor_carries_no_name_and_is_good_for_one_list_only(self) -> None:
        away("阿力木呷")
        away("沙马石布")
        with seen_by(COUNTY):
            cursor = register_page(
                COUNTY, "out", BRANCH.path, RegisterFilter(), limit=1
            ).next_cursor
            assert "alimuga" not in cursor
            with pytest.raises(CursorBroken):
                register_page(COUNTY, "in", NEXT_BRANCH.path, RegisterFilter(), cursor=cursor)
