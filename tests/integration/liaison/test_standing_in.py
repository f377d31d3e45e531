"""Who stands in for somebody on leave goes on leave too: it is noticed, and somebody else is found."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.acting import Browser
from tests.cast import BRANCH, NEXT_BRANCH, OFFICIALS
from tests.integration.field.conftest import enlist
from tests.integration.flows.conftest import (  # noqa: F401 - planted by being named
    HOST,
    _planted,
    seen_by,
    seen_by_the_database,
)
from tests.integration.liaison.test_keeping import (  # noqa: F401 - the clock by being named
    MONDAY,
    TOWN,
    clock,
    kept,
    owners_of,
)

from guiyan.flows.types import CaseFacts
from guiyan.liaison.cadence import materialising
from guiyan.liaison.models import Leave
from guiyan.liaison.pairing import leaving, queries
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Refused
from guiyan.web.waiting import waiting_for

pytestmark = pytest.mark.django_db
FRIDAY = MONDAY + timedelta(days=4)


def person(name: str) -> Actor:
    return enlist("liaison", BRANCH, name).actor


def away(
    who: Actor, stand_in: Actor, first: date, last: date, instead: Actor | None = None
) -> UUID:
    assert who.account_id and stand_in.account_id
    return leaving.plan_leave(
        by=TOWN,
        account_id=who.account_id,
        organisation_id=BRANCH.id,
        starts_on=first,
        ends_on=last,
        stand_in_account_id=stand_in.account_id,
        instead_account_id=instead.account_id if instead else None,
    )


def with_dues(name: str, by: Actor) -> CaseFacts:
    case = kept(name, by)
    materialising.tonight(MONDAY, Actor.system("test"))
    return case  # type: ignore[no-any-return]


def still_alone() -> list[str]:
    with seen_by(TOWN):
        return [one.name for one in queries.stand_ins_away(TOWN)]


def test_a_leave_of_who_stands_in_asks_for_another_who_takes_both_over() -> None:
    first, second, third = person("阿支"), person("拉铁"), person("阿果")
    case = with_dues("甲", first)
    away(first, second, MONDAY, FRIDAY)
    assert owners_of(case) == {second.account_id}
    with pytest.raises(Refused) as refused:
        away(second, third, MONDAY, MONDAY)
    assert refused.value.code == "stands-in"
    away(second, third, MONDAY, MONDAY, instead=third)
    assert owners_of(case) == {third.account_id}
    assert still_alone() == []


def test_another_leave_than_in_those_days_asks_for_nobody() -> None:
    first, second, third = person("阿支"), person("拉铁"), person("阿果")
    away(first, second, MONDAY, MONDAY)
    away(second, third, FRIDAY, FRIDAY)
    assert still_alone() == []


def test_the_page_names_for_whom_one_stands_in_and_offers_another_choice() -> None:
    first, second, third = person("阿支"), person("拉铁"), person("阿果")
    case = with_dues("甲", first)
    away(first, second, MONDAY, FRIDAY)
    url = f"/w/pairing/people/{second.account_id}/{BRANCH.id}/leave"
    browser = Browser(TOWN)
    page = browser.get(url).content.decode()
    assert "他还代阿支联系，请另选一位接着代" in page
    assert "2026-03-02 至 2026-03-06 休假" in page
    typed = {
        "starts_on": MONDAY, "ends_on": MONDAY, "stand_in_account_id": third.account_id,
        "note": "上午在家", "once": "leave-1",
    }  # fmt: skip
    answer = browser.post(url, typed)
    assert "请在下面另选一位接着代" in answer.content.decode()
    assert "上午在家" in answer.content.decode()
    typed |= {"instead_account_id": third.account_id, "once": "leave-2"}
    assert browser.post(url, typed).status_code == 303
    assert owners_of(case) == {third.account_id}


def test_what_is_so_already_waits_with_the_secretary_until_somebody_else_stands_in() -> None:
    first, second, third = person("阿支"), person("拉铁"), person("阿果")
    case = with_dues("甲", first)
    away(first, second, MONDAY, FRIDAY)
    with seen_by_the_database():  # planned in another part of the tree, where nobody sees the first
        Leave.objects.create(
            account_id=second.account_id, name="拉铁", organisation_id=NEXT_BRANCH.id,
            path=NEXT_BRANCH.path, reach=NEXT_BRANCH.path, starts_on=MONDAY, ends_on=FRIDAY,
            stand_in_account_id=third.account_id, stand_in_name="阿果", by_name="王",
        )  # fmt: skip
    with seen_by(TOWN):
        (waits,) = [one for one in waiting_for(TOWN) if "另选代为联系" in one.task]
    url = f"/w/pairing/people/{first.account_id}/{BRANCH.id}/leave"
    assert [(one.name, one.url, one.note) for one in waits.first] == [("阿支", url, "拉铁也休假")]
    with seen_by(HOST):
        assert not [one for one in waiting_for(HOST) if "另选代为联系" in one.task]
    browser = Browser(TOWN)
    assert "代为联系的拉铁这几天也休假" in browser.get(url).content.decode()
    typed = {"act": "other", "other_account_id": second.account_id, "once": "other-1"}
    assert "这几天也休假。请另选一位" in browser.post(url, typed).content.decode()
    typed |= {"other_account_id": third.account_id, "once": "other-2"}
    assert browser.post(url, typed).status_code == 303
    assert owners_of(case) == {third.account_id}
    assert still_alone() == []


def test_who_keeps_no_list_of_contact_persons_hears_nothing_of_leaves() -> None:
    with seen_by(OFFICIALS["liaison"]):
        assert queries.stand_ins_away(OFFICIALS["liaison"]) == []
