"""The operator's screen: nobody learns from it who has a file; what was asked for reaches who may speak."""

import re
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from tests.acting import Browser
from tests.cast import BRANCH, OFFICIALS, OTHER_BRANCH, TOWNSHIP, official
from tests.integration.web.county import County, build
from tests.people import invented_phone

from guiyan.flows import commands as flows
from guiyan.flows.models import Case, Lead
from guiyan.flows.types import Stay
from guiyan.liaison.models import Contact, SixClear
from guiyan.members import commands as members
from guiyan.members.types import NewMember
from guiyan.orgs import commands as orgs
from guiyan.outreach.hotline import queries as calls
from guiyan.outreach.models import Call, PackAnswer
from guiyan.platform.scope import Scope, scoped
from guiyan.web.hotline import views
from guiyan.web.models import Feedback

pytestmark = pytest.mark.django_db

OPERATOR = OFFICIALS["hotline_operator"]
KEEPER = official("branch_secretary", OTHER_BRANCH, "吉克守望")
KNOWN, UNKNOWN = invented_phone(1), invented_phone(999)


@pytest.fixture
def county() -> County:
    """The member of the small county has the first number."""
    return build()


def stored(model: type, **wish: object) -> list:  # type: ignore[type-arg]
    with scoped(Scope.everywhere()):
        return list(model.objects.filter(**wish))


def told(browser: Browser, **typed: str) -> tuple[int, str, str]:
    """What the operator gets: the code, where it leads, and what stands there."""
    url = reverse("web:hotline")
    answer = browser.post(url, {"kind": "help", "said": "孩子上学", "once": uuid4().hex, **typed})
    page = browser.get(answer.headers["Location"]).content.decode()
    varying = r'name="(csrfmiddlewaretoken|once)" value="[^"]*"|nonce="[^"]*"|guiyan-[\w-]+'
    return answer.status_code, answer.headers["Location"], re.sub(varying, "", page)


def test_the_operator_gets_the_same_answer_whether_the_caller_has_a_file_or_not(
    county: County,
) -> None:
    passed_before = len(stored(Call, state="passed"))
    known = told(Browser(OPERATOR), number=KNOWN)
    unknown = told(Browser(OPERATOR), number=UNKNOWN)
    assert known == unknown
    assert len(stored(Call, state="passed")) == passed_before + 1  # only the one with a file
    assert len(stored(Lead, door="hotline")) == 1


def test_no_number_stands_in_an_address(county: County) -> None:
    _code, location, page = told(Browser(OPERATOR), number=KNOWN)
    assert KNOWN not in location + page


def test_a_form_that_lacks_something_comes_back_with_the_cursor_where_it_lacks(
    county: County,
) -> None:
    answer = Browser(OPERATOR).post(
        reverse("web:hotline"), {"kind": "help", "number": UNKNOWN, "name": "木呷", "once": "k"}
    )
    page = answer.content.decode()
    assert 'value="木呷"' in page
    assert re.search(r'<input[^>]*name="said"[^>]*autofocus', page)


def test_the_keeper_calls_back_and_one_press_files_contact_request_and_end(county: County) -> None:
    told(Browser(OPERATOR), number=KNOWN)
    call = max(stored(Call, state="passed"), key=lambda one: one.received_at)
    assert call.path == OTHER_BRANCH.path
    browser = Browser(KEEPER)
    url = reverse("web:hotline_passed_call", args=[call.id])
    page = browser.get(url).content.decode()
    assert "孩子上学" in page
    assert KNOWN not in page  # the number is opened on the page of the contact, with its reason
    number = re.search(r'action="(/w/contact/[^"]+/number/[^"]+)"', page)
    assert number
    opened = browser.post(number[1], {"passed": str(call.id), "once": uuid4().hex})
    assert f'href="{url}"' in opened.content.decode()  # and back to the call, not to another screen
    assert opened.headers["Refresh"].endswith(url)
    typed = {"result": "reached", "text": "孩子转学要帮忙", "asks_help": "on", "once": uuid4().hex}
    assert browser.post(url, typed).status_code == 303
    [ended] = stored(Call, id=call.id)
    assert (ended.state, ended.outcome) == ("done", "reached")
    assert stored(Contact, note="热线来电后回拨")[0].was_reached
    assert stored(SixClear, contact_id=stored(Contact, note="热线来电后回拨")[0].id)[0].asks_help


def test_a_caller_who_was_not_the_member_leaves_nothing_on_the_file_but_the_contact(
    county: County,
) -> None:
    told(Browser(OPERATOR), number=KNOWN)
    call = max(stored(Call, state="passed"), key=lambda one: one.received_at)
    before = len(stored(SixClear))
    url = reverse("web:hotline_passed_call", args=[call.id])
    typed = {"result": "not_them", "text": "要他的住址", "asks_help": "on", "once": uuid4().hex}
    assert Browser(KEEPER).post(url, typed).status_code == 303
    assert len(stored(SixClear)) == before
    assert stored(Call, id=call.id)[0].outcome == "not_them"


def test_a_complaint_waits_with_the_organisation_of_the_line(county: County) -> None:
    told(Browser(OPERATOR), kind="complaint", said="打了三次没人接")
    assert stored(Feedback, text="打了三次没人接")[0].page == "hotline"


def test_the_telephone_question_is_a_contact_and_yes_ends_the_asking(county: County) -> None:
    officer = OFFICIALS["township_officer"]
    browser = Browser(officer)
    case_id = str(county.ids["case_id"])
    place(case_id)
    url = reverse("web:hotline_packs")
    assert case_id in browser.get(url).content.decode()
    browser.post(url, {"case": case_id, "answer": "missed", "once": "a"})
    assert stored(PackAnswer) == []
    browser.post(url, {"case": case_id, "answer": "no", "once": "b"})
    assert "说没收到" in browser.get(url).content.decode()
    browser.post(url, {"case": case_id, "answer": "yes", "once": "c"})
    assert case_id not in browser.get(url).content.decode()
    assert len(stored(Contact, how="call", note__startswith="问学习包")) == 2


def test_all_are_asked_whoever_many_there_are_and_the_place_in_the_list_names_nobody(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "ASKED_AT_ONCE", 2)
    names = ["阿果", "木呷", "尔布", "史呷", "约布"]
    cases = {str(county.ids["case_id"])} | {another(name, n) for n, name in enumerate(names)}
    for case_id in cases:
        place(case_id)
    browser, address = Browser(OFFICIALS["township_officer"]), reverse("web:hotline_packs")
    asked: list[str] = []
    while address:
        page = browser.get(address).content.decode()
        here = re.findall(r'name="case" value="([^"]+)"', page)
        assert len(here) <= 2
        asked += here
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = reverse("web:hotline_packs") + found[1] if found else ""
        assert not any(name in address for name in names)
        if found:  # the answer leads back to the same page
            answer = browser.post(address, {"case": here[0], "answer": "yes", "once": here[0]})
            assert answer.headers["Location"].endswith(found[1])
    assert sorted(asked) == sorted(cases)


def test_calls_that_were_passed_on_are_listed_page_by_page(county: County) -> None:
    for serial in range(3):
        told(Browser(OPERATOR), number=KNOWN, said=f"第{serial}件事")
    with scoped(KEEPER.scope):
        every = [one.id for one in calls.passed_calls(KEEPER)]
        found: list[UUID] = []
        place = ""
        while True:
            some, place = calls.passed_page(KEEPER, place, limit=2)
            found += [one.id for one in some]
            assert len(some) <= 2
            if not place:
                break
    assert found == every
    assert len(every) >= 3
    listed = reverse("web:hotline_passed")
    assert Browser(KEEPER).get(f"{listed}?cursor=nonsense").status_code == 303


def test_who_serves_several_lines_chooses_one_and_stays_with_it(county: County) -> None:
    first = str(county.ids["point_id"])
    second = orgs.add_service_point(
        by=OFFICIALS["county_officer"],
        organisation_id=TOWNSHIP.id,
        kind="hotline",
        name="巴普镇热线",
        duty_hours=[(0, "08:30", "17:30")],
        phone=invented_phone(88),
    )
    browser = Browser(OPERATOR)
    screen, backs = reverse("web:hotline"), reverse("outreach:call_backs")
    assert first in browser.get(screen).content.decode()
    url = f"{screen}?line={second.id}"
    assert "这里是巴普镇热线" in browser.get(url).content.decode()
    typed = {"kind": "desk", "once": "a"}
    assert f"line={second.id}" in browser.post(url, typed).headers["Location"]
    assert stored(Call, kind="desk")[0].point_id == second.id
    missed = {"number": invented_phone(66), "once": "b"}
    assert (
        browser.post(f"{backs}?line={second.id}", missed)
        .headers["Location"]
        .endswith(f"line={second.id}")
    )
    assert stored(Call, state="missed", point_id=second.id)
    waiting = browser.get(f"{backs}?line={first}").content.decode()
    assert "1 个待回拨" in waiting  # of the other line, in its name
    assert "这里是" in browser.get(f"{screen}?line=nonsense").content.decode()


def test_a_call_of_somebody_who_has_come_home_is_ended_without_a_contact(county: County) -> None:
    told(Browser(OPERATOR), number=KNOWN)
    call = max(stored(Call, state="passed"), key=lambda one: one.received_at)
    with scoped(Scope.everywhere()):
        Case.objects.filter(id=call.case_id).update(state="returned", ended_on=KEEPER.today)
    before = len(stored(Contact))
    url = reverse("web:hotline_passed_call", args=[call.id])
    typed = {"result": "reached", "text": "孩子转学", "asks_help": "on", "once": uuid4().hex}
    assert Browser(KEEPER).post(url, typed).status_code == 303
    assert stored(Call, id=call.id)[0].outcome == "reached"
    assert len(stored(Contact)) == before
    assert stored(SixClear, asks_help=True, case_id=call.case_id)


def another(name: str, serial: int) -> str:
    """One more member of the township, on the way to its other branch."""
    by = OFFICIALS["branch_secretary"]
    new = NewMember(name=name, phone=invented_phone(700 + serial), home_organisation_id=BRANCH.id)
    member = members.register_member(by=by, new=new)
    case = flows.declare_case(
        by=by,
        member_id=member.id,
        stay=Stay(reason_away="务工", host_text="县城"),
        host_organisation_id=OTHER_BRANCH.id,
    )
    return str(case.id)


def place(case_id: str) -> None:
    """The member has a branch."""
    with scoped(Scope.everywhere()):
        Case.objects.filter(id=case_id).update(state="placed")


def test_the_public_page_says_who_answers_now(county: County) -> None:
    point = str(county.ids["point_id"])
    officer = Browser(OFFICIALS["county_officer"])
    shift = {
        "weekdays": [str(day) for day in range(7)],
        "starts": "00:00",
        "ends": "24:00",
        "shown_as": "县值班室",
        "once": "k",
    }
    day_id = county.ids["day_id"]
    officer.post(reverse("outreach:remove_day", args=[day_id]), {"once": "d"})
    answer = officer.post(reverse("outreach:rota", args=[point]), shift)
    assert answer.status_code == 303
    page = officer.get(reverse("orgs:hotlines") + "?at=T513436900").content.decode()
    assert "县值班室" in page
