"""What a visit makes of a door, when a round closes, when it will be finished."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.kernel.findings import Finding
from guiyan.outreach.census import rules
from guiyan.outreach.census.addresses import door_of
from guiyan.outreach.census.codes import read_code, written_code
from guiyan.outreach.census.rules import Known, Report, forecast, may_report, outcome_of

DAY = date(2026, 3, 2)


def report(state: str, **more: object) -> Report:
    return Report(state, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (report("refused"), "reason"),
        (report("closed"), "come-back"),
        (report("closed", come_back_on=DAY - timedelta(days=1)), "come-back"),
        (report("duplicate_of"), "duplicate"),
        (report("not_visited"), "state"),
        (report("gone fishing"), "state"),
    ],
)
def test_each_state_asks_for_what_it_needs(said: Report, code: str) -> None:
    refusal = may_report(said, visited_on=DAY, today=DAY)
    assert refusal is not None
    assert refusal.code == code


def test_a_visit_is_not_of_the_day_after_tomorrow() -> None:
    later = DAY + timedelta(days=2)
    refusal = may_report(report("none_found"), visited_on=later, today=DAY)
    assert refusal is not None
    assert refusal.code == "future"


def test_a_shop_with_nobody_to_find_needs_nothing_more() -> None:
    assert may_report(report("none_found"), visited_on=DAY, today=DAY) is None


KNOWN = Known("none_found", "问过", 5, visit_id="v", last_by="A")


def test_who_saw_what_is_known_now_is_believed() -> None:
    said = report("members_found")
    assert outcome_of(KNOWN, said, base_version=5, supersedes=None, by="B") == "applied"


def test_two_teams_that_say_the_same_are_one() -> None:
    said = report("none_found")
    assert outcome_of(KNOWN, said, base_version=1, supersedes=None, by="B") == "merged"


def test_two_teams_that_say_different_things_need_a_person() -> None:
    said = report("members_found")
    assert outcome_of(KNOWN, said, base_version=1, supersedes=None, by="B") == "conflict"


def test_a_shut_door_takes_nothing_from_who_found_somebody() -> None:
    said = report("closed", come_back_on=DAY)
    assert outcome_of(KNOWN, said, base_version=1, supersedes=None, by="B") == "merged"
    shut = Known("closed", "", 5, "v", "A")
    found = report("none_found")
    assert outcome_of(shut, found, base_version=1, supersedes=None, by="B") == "applied"


def test_a_mistake_is_corrected_by_who_made_it() -> None:
    said = report("moved")
    assert outcome_of(KNOWN, said, base_version=1, supersedes="v", by="B") == "applied"
    assert outcome_of(KNOWN, said, base_version=1, supersedes=None, by="A") == "applied"


def closing(*case: object, checks_left: int | None = 0, reason: str = "") -> str:
    refusal = rules.may_close(*case, checks_left=checks_left, reason=reason)  # type: ignore[arg-type]
    return refusal.code if refusal else ""


def test_a_round_closes_only_when_nothing_is_unexplained_or_undecided() -> None:
    assert closing("open", 0, 0) == ""
    cases = (("open", 1, 0), ("open", 0, 1), ("planned", 0, 0))
    assert [closing(*case) for case in cases] == ["unexplained", "conflicts", "not-open"]


def test_a_round_closes_after_its_back_check_or_with_the_reason_why_there_is_none() -> None:
    assert closing("open", 0, 0, checks_left=None) == "back-check"
    assert closing("open", 0, 0, checks_left=3) == "back-check"
    assert closing("open", 0, 0, checks_left=None, reason="  ") == "back-check"
    assert closing("open", 0, 0, checks_left=3, reason="汛期，路断了") == ""
    assert closing("open", 1, 0, checks_left=0, reason="没有时间") == "unexplained"


def pace(done: dict[int, int], left: int = 100) -> rules.Forecast:
    days = {DAY - timedelta(days=ago): n for ago, n in done.items()}
    opened, ends = DAY - timedelta(days=30), DAY + timedelta(days=10)
    return forecast(
        total=max(left, 1), left=left, done_on=days, today=DAY, opened_on=opened, ends_on=ends
    )


def test_three_visits_say_nothing_about_the_end() -> None:
    assert pace({0: 3}).kind == "too-early"
    assert pace({0: 400}).kind == "too-early"
    assert pace({}).kind == "too-early"


def test_the_pace_of_a_fortnight_tells_the_end() -> None:
    found = pace({1: 70, 5: 35, 9: 35})
    assert (found.kind, found.per_day) == ("expected", 10.0)
    assert found.finish_on == DAY + timedelta(days=10)
    assert not found.is_late
    assert pace({1: 70, 5: 35, 9: 35}, left=101).is_late


def test_a_round_that_stands_still_is_said_to_stand_still() -> None:
    assert pace({20: 50, 21: 50, 22: 50}).kind == "standstill"
    assert pace({20: 50}, left=0).kind == "done"


@given(
    st.dictionaries(st.integers(-5, 400), st.integers(-30, 500), max_size=40),
    st.integers(0, 5_000_000),
)
def test_a_forecast_is_never_before_today(done: dict[int, int], left: int) -> None:
    found = pace(done, left)
    assert (found.finish_on is not None) == (found.kind == "expected")
    assert found.finish_on is None or found.finish_on > DAY


@given(st.integers(1, 9_999_999))
def test_a_code_is_read_back(number: int) -> None:
    assert read_code(written_code(number)) == number


@given(st.integers(1, 99_999), st.integers(0, 5), st.integers(1, 9))
def test_one_wrong_digit_is_no_other_premises(number: int, at: int, change: int) -> None:
    code = written_code(number)
    at %= len(code)
    wrong = code[:at] + str((int(code[at]) + change) % 10) + code[at + 1 :]
    assert isinstance(read_code(wrong), Finding)


def test_a_code_is_read_as_people_type_it() -> None:
    code = written_code(42)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert read_code(f" {wide[:4]}-{wide[4:]} ") == 42
    assert isinstance(read_code("林杰汽修行"), Finding)


@pytest.mark.parametrize(
    ("address", "village", "street", "house"),
    [
        ("巴普镇牛洛村118号", "牛洛村", "牛洛村", 118),
        ("巴普镇城东社区新建路15号", "城东社区", "城东社区新建路", 15),
        ("四川省凉山州美姑县巴普镇城东社区", "城东社区", "城东社区", 0),
        ("美姑大道２３号附5号", "", "美姑大道", 23),
        ("候播乃拖镇候播乃拖村19号", "候播乃拖村", "候播乃拖村", 19),
        ("巴普镇俄普村三组7号", "俄普村", "俄普村三组", 7),
        ("", "", "", 0),
        ("电话联系", "", "", 0),
    ],
)
def test_where_one_walks_to_is_read_from_the_address(
    address: str, village: str, street: str, house: int
) -> None:
    township = "候播乃拖镇" if address.startswith("候") else "巴普镇"
    found = door_of(address, township=township)
    assert (found.village, found.street, found.house) == (village, street, house)


@given(st.text(max_size=200))
def test_no_address_is_too_odd(text: str) -> None:
    door_of(text)


def test_before_the_sums_are_folded_nothing_is_said_to_be_done() -> None:
    nothing = forecast(total=0, left=0, done_on={}, today=DAY, opened_on=DAY, ends_on=DAY)
    assert nothing.kind == "counting"


def test_help_goes_first_where_nothing_moves_and_never_by_how_much_is_done() -> None:
    kinds = [
        rules.Forecast("standstill"),
        rules.Forecast("expected", 9.0, None, is_late=True),
        rules.Forecast("too-early"),
        rules.Forecast("expected", 0.1, None, is_late=False),
        rules.Forecast("done"),
    ]
    backwards = [kinds[4], kinds[2], kinds[3], kinds[1], kinds[0]]
    assert sorted(backwards, key=rules.help_needed) == kinds
    fast, slow = rules.Forecast("expected", 99.0), rules.Forecast("expected", 0.2)
    assert rules.help_needed(fast) == rules.help_needed(slow)
