"""A quarter of keeping in touch, night by night, on the pages of the contact person and secretary."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from tests.acting import Browser
from tests.cast import BRANCH, NEXT_BRANCH
from tests.integration.flows.conftest import (  # noqa: F401 - planted by being named
    HOME,
    HOST,
    HOST_TOWNSHIP,
    _planted,
    declared,
)
from tests.integration.liaison.kept import LIAISON, due, with_contact_person
from tests.people import invented_phone

from guiyan.flows import commands as flows
from guiyan.flows.types import CaseFacts, Placing
from guiyan.liaison.cadence import materialising
from guiyan.members import commands as members
from guiyan.members.types import NewMember
from guiyan.platform.actor import Actor

pytestmark = pytest.mark.django_db
BEGINS, ENDS = date(2026, 4, 1), date(2026, 6, 30)
BETRAYING = ("党", "组织", "支部", "登记", "流动")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 4, 1, 2, tzinfo=UTC), tick=False) as moved:
        yield moved


def placed_member(name: str, **phone: object) -> CaseFacts:
    """Placed by the host's branch on 1 April, with the liaison as contact person."""
    member = members.register_member(
        by=HOME,
        new=NewMember(name=name, home_organisation_id=BRANCH.id, **phone),  # type: ignore[arg-type]
    )
    case = declared(member=member)
    flows.take_step(by=HOST, case_id=case.id, act="take_in")
    by = replace(HOST_TOWNSHIP, today=BEGINS)
    placed = flows.place_members(by=by, placings=[Placing(case.id, NEXT_BRANCH.id, "就近")])[0]
    return with_contact_person(placed)


def browser(day: date, who: Actor = LIAISON) -> Browser:
    return Browser(replace(who, today=day))


def record(case: CaseFacts, day: date, result: str, **more: str) -> None:
    answer = browser(day).post(f"/w/contact/{case.id}", {"result": result, **more})
    assert answer.status_code == 303, answer.content.decode()


def test_a_quarter_runs_with_due_reached_not_reached_and_visited(
    clock: time_machine.Traveller,
) -> None:
    reached = placed_member("阿依", phone=invented_phone(501))
    missed = placed_member("木呷", phone=invented_phone(502))
    day = BEGINS
    while day <= ENDS:
        clock.move_to(datetime(day.year, day.month, day.day, 2, tzinfo=UTC))
        materialising.tonight(day, replace(Actor.system("test"), today=day))
        if day.day == 10:  # each month one call is answered, and one is not
            record(reached, day, "yes")
            record(missed, day, "no", why_not="no_answer")
        if day == date(2026, 5, 20):
            record(reached, day, "visited", was_talk="on")
        day += timedelta(days=1)
    assert due(reached, ENDS) == set()
    assert due(missed, ENDS) >= {"contact", "visit", "talk"}
    page = browser(ENDS).get("/w/today").content.decode()
    assert "木呷" in page
    assert "阿依" not in page
    page = browser(ENDS, HOST).get("/w/unreached").content.decode()
    assert "木呷" in page
    assert "打了没人接" in page
    assert "阿依" not in page


def test_who_has_no_phone_is_visited_and_the_list_says_so() -> None:
    case = placed_member("尔布", has_phone=False)
    materialising.tonight(BEGINS, replace(Actor.system("test"), today=BEGINS))
    today = browser(BEGINS).get("/w/today").content.decode()
    assert "上门（没有电话）" in today
    assert "/w/messages/new/to/" not in today  # no message reaches them: no way that leads nowhere
    page = browser(BEGINS).get(f"/w/contact/{case.id}").content.decode()
    assert "没有电话，请上门" in page
    record(case, BEGINS, "visited")
    assert due(case, BEGINS) == {"talk"}


def test_after_a_call_one_press_beside_the_number_records_it() -> None:
    case = placed_member("木呷", phone=invented_phone(505))
    materialising.tonight(BEGINS, replace(Actor.system("test"), today=BEGINS))
    page = browser(BEGINS).get(f"/w/contact/{case.id}").content.decode()
    url = re.search(rf"/w/contact/{case.id}/number/[0-9a-f-]+", page)
    assert url
    opened = browser(BEGINS).post(url[0]).content.decode()
    assert f'action="/w/contact/{case.id}"' in opened
    button = re.search(r'name="(result)" value="(yes)"', opened)
    assert button
    browser(BEGINS).post(f"/w/contact/{case.id}", dict([button.groups()]))
    assert "contact" not in due(case, BEGINS)


def test_a_neighbour_who_answers_learns_nothing() -> None:
    """The number of a neighbour is marked, and beside it stands what may be said: no word of it
    betrays what it is about (R11)."""
    case = placed_member(
        "尔布", phone=invented_phone(503), phone_whose="shared", phone_relation="邻居"
    )
    materialising.tonight(BEGINS, replace(Actor.system("test"), today=BEGINS))
    page = browser(BEGINS).get(f"/w/contact/{case.id}").content.decode()
    assert "可能是别人接" in page
    url = re.search(rf"/w/contact/{case.id}/number/[0-9a-f-]+", page)
    assert url
    opened = browser(BEGINS).post(url[0]).content.decode()
    assert "本人接的，联系上了" in opened  # what a neighbour passes on is recorded as such
    for shown in (page, opened):
        script = re.search(r"“您好.*?”", shown)
        assert script
        assert not any(word in script[0] for word in BETRAYING)
    record(case, BEGINS, "yes")
    assert "contact" not in due(case, BEGINS)
