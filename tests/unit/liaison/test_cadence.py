"""Policies become windows: calendar periods, one after the other, kept as they were promised."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.kernel.calendar import WorkingDays, add_months, last_day_of_month
from guiyan.kernel.lunar import spring_festival
from guiyan.liaison.cadence import rules
from guiyan.liaison.cadence.kinds import KINDS, done_by
from guiyan.liaison.cadence.rules import Policy

ONE_DAY = timedelta(days=1)
ALWAYS = date(2019, 5, 6)


def policy(
    kind: str = "contact", cycle: str = "month", since: date = ALWAYS, **more: object
) -> Policy:
    facts = {"is_on": True, "keep_days": 31, "source": "文件", "path": "", **more}
    return Policy(kind=kind, cycle=cycle, valid_from=since, **facts)  # type: ignore[arg-type]


def owed(
    policies: list[Policy],
    arrived: date,
    on: date,
    through: date | None = None,
    resumed: date | None = None,
) -> list[rules.Period]:
    return rules.owed(
        policies,
        arrived_on=arrived,
        through=through,
        resumed_on=resumed,
        on=on,
        festival=spring_festival,
    )


def spans(found: list[rules.Period]) -> list[tuple[date, date]]:
    return [(period.first, period.last) for period in found]


def test_a_contact_is_owed_in_each_calendar_month() -> None:
    found = owed([policy()], date(2026, 1, 1), date(2026, 3, 15), through=date(2026, 1, 31))
    assert spans(found) == [
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 31)),
    ]


def test_february_of_a_leap_year_ends_on_the_29th() -> None:
    found = owed([policy()], date(2028, 1, 31), date(2028, 2, 29), through=date(2028, 1, 31))
    assert spans(found) == [(date(2028, 2, 1), date(2028, 2, 29))]


def test_who_arrives_on_the_31st_has_until_the_end_of_the_next_month() -> None:
    found = owed([policy()], date(2026, 1, 31), date(2026, 1, 31))
    assert spans(found) == [(date(2026, 1, 31), date(2026, 2, 28))]


def test_a_policy_changed_in_mid_month_leaves_the_month_as_it_was_promised() -> None:
    monthly, quarterly = policy(), policy(cycle="quarter", since=date(2026, 2, 15))
    found = owed(
        [monthly, quarterly], date(2026, 1, 1), date(2026, 3, 1), through=date(2026, 1, 31)
    )
    assert spans(found) == [
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 31)),
    ]
    assert [period.policy.cycle for period in found] == ["month", "quarter"]


def test_what_a_nearer_organisation_declares_outlasts_what_those_above_change_later() -> None:
    county = policy(since=date(2026, 5, 1), cycle="quarter", path="0001")
    branch = policy(since=date(2026, 3, 1), path="00010001")
    held = rules.as_inherited([policy(), county, branch], ["0001", "00010001"])["contact"]
    assert rules.in_force(held, date(2026, 6, 1)) == branch
    assert rules.in_force(held, date(2026, 2, 1)) == policy()
    elsewhere = rules.as_inherited([policy(), county, branch], ["0001"])["contact"]
    assert rules.in_force(elsewhere, date(2026, 6, 1)) == county


def test_a_policy_turned_off_owes_nothing_until_it_is_turned_on() -> None:
    held = [policy(), policy(since=date(2026, 2, 1), is_on=False), policy(since=date(2026, 4, 1))]
    found = owed(held, date(2026, 1, 1), date(2026, 4, 2), through=date(2026, 1, 31))
    assert spans(found) == [(date(2026, 4, 1), date(2026, 4, 30))]


def test_the_first_week_comes_once() -> None:
    first_week = policy("first_week", "arrival")
    arrived = date(2026, 2, 27)
    assert spans(owed([first_week], arrived, arrived)) == [(arrived, date(2026, 3, 5))]
    assert owed([first_week], arrived, date(2027, 1, 1), through=date(2026, 3, 5)) == []


def test_at_spring_festival_home_meets_who_returns() -> None:
    spring = policy("spring", "spring", keep_days=15)
    assert owed([spring], date(2026, 5, 1), date(2026, 12, 1)) == []
    found = owed([spring], date(2026, 5, 1), date(2027, 1, 27))
    assert spans(found) == [(date(2027, 1, 27), date(2027, 2, 20))]  # 初一 is 6 February 2027


def test_the_spring_festival_is_the_first_day_of_the_first_lunar_month() -> None:
    days = [spring_festival(year) for year in (2024, 2026, 2027, 2034)]
    assert days == [date(2024, 2, 10), date(2026, 2, 17), date(2027, 2, 6), date(2034, 2, 19)]


def test_a_due_day_off_is_the_next_working_day() -> None:
    days = WorkingDays.published([2026])
    month = owed([policy()], date(2026, 1, 1), date(2026, 2, 1), through=date(2026, 1, 31))[0]
    # 28 February 2026 is worked for the long Spring Festival; 31 January is a Saturday.
    assert rules.window(month, days).due_on == date(2026, 2, 28)
    january = owed([policy()], date(2025, 1, 1), date(2026, 1, 5), through=date(2025, 12, 31))[0]
    found = rules.window(january, days)
    assert (found.due_on, found.is_estimated) == (date(2026, 2, 2), False)


def test_in_a_year_without_a_table_of_working_days_the_window_says_that_it_is_an_estimate() -> None:
    month = owed([policy()], date(2030, 1, 1), date(2030, 9, 1), through=date(2030, 8, 31))[0]
    found = rules.window(month, WorkingDays.published([2026]))
    assert found.is_estimated
    assert found.due_on == date(2030, 9, 30)


def test_a_month_that_a_pause_has_eaten_up_is_not_owed() -> None:
    found = owed(
        [policy()], date(2026, 1, 1), date(2026, 6, 11), date(2026, 1, 31), date(2026, 6, 10)
    )
    assert spans(found) == [(date(2026, 6, 10), date(2026, 6, 30))]


def test_time_before_the_program_came_is_left_alone() -> None:
    found = owed([policy()], date(2024, 1, 1), date(2026, 6, 11))
    assert spans(found) == [(date(2026, 6, 1), date(2026, 6, 30))]


@pytest.mark.parametrize("kind", list(KINDS))
def test_each_kind_has_a_policy_of_the_country_with_its_source(kind: str) -> None:
    found = [policy for policy in rules.NATIONAL if policy.kind == kind]
    assert len(found) == 1
    assert found[0].source


def test_who_stays_abroad_is_contacted_twice_a_year_and_talked_with() -> None:
    assert [kind for kind in KINDS if rules.concerns(kind, is_abroad=True)] == ["abroad", "talk"]
    assert "abroad" not in [kind for kind in KINDS if rules.concerns(kind, is_abroad=False)]
    abroad = next(policy for policy in rules.NATIONAL if policy.kind == "abroad")
    found = owed([abroad], date(2026, 1, 1), date(2026, 7, 1), through=date(2025, 12, 31))
    assert len(found) == 2


days = st.dates(date(2025, 1, 1), date(2029, 12, 31))
changes = st.lists(
    st.tuples(days, st.sampled_from(["month", "quarter", "half_year", "year"])), max_size=6
)
nights = st.lists(st.integers(1, 70), min_size=1, max_size=60)


@given(arrived=st.dates(date(2026, 1, 1), date(2026, 12, 31)), changed=changes, steps=nights)
def test_each_day_belongs_to_exactly_one_due_whatever_changes_and_however_often_the_night_fails(
    arrived: date, changed: list[tuple[date, str]], steps: list[int]
) -> None:
    """Policies are declared for the day itself or later, in any order, and are known from then on;
    the nightly run may stay out for weeks."""
    put: list[rules.Period] = []
    through, on = None, arrived
    for step in steps:
        known = sorted(
            [
                policy(keep_days=366),
                *(policy(cycle=c, since=d, keep_days=366) for d, c in changed if d <= on),
            ],
            key=lambda one: one.valid_from,
        )
        new = owed(known, arrived, on, through)
        put += new
        through = put[-1].last if put else None
        on += timedelta(days=step)
    assert put[0].first == arrived
    assert all(after.first == before.last + ONE_DAY for before, after in itertools.pairwise(put))
    assert len({period.key for period in put}) == len(put)
    last_night = on - timedelta(days=steps[-1])
    assert put[-1].last >= last_night


@given(arrived=days)
def test_a_due_is_never_shorter_than_a_third_of_its_period(arrived: date) -> None:
    for cycle, months in rules.MONTHS_OF.items():
        first = owed([policy(cycle=cycle)], arrived, arrived)[0]
        assert first.last == last_day_of_month(first.last)
        assert (first.last - first.first).days + 1 >= rules.TOO_SHORT_DAYS[cycle]
        assert first.last < add_months(arrived, 2 * months)


# What does what


def test_only_a_contact_that_reached_the_member_does_anything() -> None:
    assert done_by("visit", was_reached=False, was_talk=True) == frozenset()


def test_a_visit_is_a_contact_too_but_a_call_is_no_visit() -> None:
    assert {"visit", "contact"} <= done_by("visit", was_reached=True, was_talk=False)
    assert "visit" not in done_by("call", was_reached=True, was_talk=False)


def test_what_another_person_tells_does_nothing() -> None:
    assert done_by("told_by_other", was_reached=True, was_talk=True) == frozenset()


def test_a_letter_that_was_answered_is_a_contact() -> None:
    assert "contact" in done_by("letter", was_reached=True, was_talk=False)


def test_a_talk_is_a_contact_too() -> None:
    assert {"talk", "contact"} <= done_by("call", was_reached=True, was_talk=True)
    assert "talk" not in done_by("letter", was_reached=True, was_talk=True)


# What may be declared


def refused(**wish: object) -> str:
    usual = {
        "keep_days": 30,
        "valid_from": date(2026, 3, 2),
        "today": date(2026, 3, 2),
        "source": "文件",
    }
    kind, cycle = str(wish.pop("kind", "contact")), str(wish.pop("cycle", "month"))
    answer = rules.may_declare(kind, cycle, **{**usual, **wish})  # type: ignore[arg-type]
    return answer.code if answer else ""


def test_nothing_is_declared_for_the_past_or_without_a_source() -> None:
    assert refused() == ""
    assert refused(valid_from=date(2026, 3, 1)) == "past"
    assert refused(source=" ") == "no-source"


def test_abroad_the_rule_of_each_half_year_is_not_loosened() -> None:
    assert refused(kind="abroad", cycle="year") == "below-rule"
    assert refused(kind="abroad", cycle="quarter") == ""


def test_spring_festival_and_the_first_week_have_cycles_of_their_own() -> None:
    assert refused(kind="spring", cycle="month") == "unknown-cycle"
    assert refused(kind="contact", cycle="spring") == "unknown-cycle"
    assert refused(kind="spring", cycle="spring") == ""


def test_a_pause_has_an_end_within_a_year() -> None:
    today = date(2026, 3, 2)
    assert rules.may_pause(date(2027, 3, 2), "外出治病", today=today) is None
    for ends_on, reason in (
        (date(2027, 3, 3), "外出治病"),
        (date(2026, 3, 1), "外出治病"),
        (today, " "),
    ):
        assert rules.may_pause(ends_on, reason, today=today) is not None
