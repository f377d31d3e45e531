"""Who answers when, where nobody does, and what a call still needs."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.outreach.hotline import rules
from guiyan.outreach.hotline.rules import OneDay, Shift

MONDAY = datetime(2026, 3, 2, tzinfo=timezone(timedelta(hours=8)))
CLOCKS = [rules.written(minute) for minute in range(0, rules.DAY, 30)]
SHIFTS = st.lists(
    st.builds(
        Shift,
        st.integers(0, 6),
        st.sampled_from(CLOCKS),
        st.sampled_from([*CLOCKS, "24:00"]),
        st.sampled_from(["甲组", "乙组"]),
    ).filter(lambda shift: shift.starts != shift.ends),
    max_size=12,
)


class TestWhoAnswers:
    def test_a_shift_runs_past_midnight_into_the_next_day(self) -> None:
        night = [Shift(6, "20:00", "08:00", "夜班")]  # Sunday night
        assert rules.on_duty(night, [], MONDAY.replace(hour=7, minute=59)) == "夜班"
        assert rules.on_duty(night, [], MONDAY.replace(hour=8)) == ""

    def test_of_two_that_overlap_the_one_that_began_later_answers(self) -> None:
        both = [Shift(0, "00:00", "24:00", "值班室"), Shift(0, "12:00", "14:00", "午间组")]
        assert rules.on_duty(both, [], MONDAY.replace(hour=13)) == "午间组"
        assert rules.on_duty(both, [], MONDAY.replace(hour=14)) == "值班室"

    def test_a_single_day_holds_against_the_week(self) -> None:
        week = [Shift(0, "00:00", "24:00", "值班室")]
        other = [OneDay(date(2026, 3, 2), "08:00", "12:00", "")]
        assert rules.on_duty(week, other, MONDAY.replace(hour=9)) == ""
        assert rules.on_duty(week, other, MONDAY.replace(hour=12)) == "值班室"

    def test_a_day_of_a_full_day_ends_at_midnight(self) -> None:
        other = [OneDay(date(2026, 3, 2), "00:00", "24:00", "乙组")]
        assert rules.on_duty([], other, MONDAY + timedelta(hours=23, minutes=59)) == "乙组"
        assert rules.on_duty([], other, MONDAY + timedelta(days=1)) == ""

    @given(SHIFTS, st.integers(0, rules.WEEK - 1))
    def test_nobody_answers_exactly_where_the_rota_has_a_gap(
        self, shifts: list[Shift], minute: int
    ) -> None:
        always = [(day, "00:00", "24:00") for day in range(7)]
        at = MONDAY + timedelta(minutes=minute)
        is_gap = any(
            day == at.weekday() and rules.clock(low) <= minute % rules.DAY < rules.clock(high)
            for day, low, high in rules.gaps(always, shifts)
        )
        assert is_gap == (rules.on_duty(shifts, [], at) == "")


class TestGaps:
    def test_only_declared_hours_can_have_a_gap(self) -> None:
        shifts = [Shift(0, "08:30", "12:00", "甲组")]
        assert rules.gaps([(0, "08:30", "12:00")], shifts) == []
        assert rules.gaps([(0, "08:30", "17:30")], shifts) == [(0, "12:00", "17:30")]

    def test_declared_hours_past_midnight_can_have_a_gap_in_the_morning_after(self) -> None:
        night = [(6, "18:00", "08:00")]
        assert rules.gaps(night, [Shift(6, "18:00", "08:00", "甲组")]) == []
        assert rules.gaps(night, [Shift(6, "18:00", "02:00", "甲组")]) == [(0, "02:00", "08:00")]
        assert rules.gaps(night, [Shift(6, "18:00", "22:00", "甲组")]) == [(6, "22:00", "08:00")]

    def test_without_a_rota_all_declared_hours_are_a_gap(self) -> None:
        assert rules.gaps([(2, "09:00", "10:00")], []) == [(2, "09:00", "10:00")]

    def test_a_shift_that_begins_when_it_ends_is_refused(self) -> None:
        assert rules.may_stand("08:00", "08:00") is not None
        assert rules.may_stand("20:00", "08:00") is None

    def test_the_end_of_a_day_begins_no_shift(self) -> None:
        assert rules.may_stand("24:00", "08:00") is not None

    def test_hours_of_one_day_that_only_touch_do_not_contradict(self) -> None:
        standing = [("20:00", "02:00")]
        assert rules.may_differ(standing, "18:00", "20:00") is None
        assert rules.may_differ(standing, "18:00", "20:01") is not None
        assert rules.may_differ(standing, "00:00", "24:00") is not None


class TestACall:
    @pytest.mark.parametrize(
        ("kind", "typed", "field"),
        [
            ("member", {}, "number"),
            ("knows", {"name": "木呷"}, None),
            ("help", {"said": "孩子上学"}, "number"),
            ("help", {"number": "12300000001"}, "said"),
            ("pack", {"number": "12300000001"}, None),
            ("complaint", {}, "said"),
            ("desk", {}, None),
            ("other", {}, None),
        ],
    )
    def test_it_asks_only_for_what_its_kind_needs(
        self, kind: str, typed: dict[str, str], field: str | None
    ) -> None:
        found = rules.missing(kind, **{"number": "", "name": "", "said": ""} | typed)
        assert (found[0] if found else None) == field

    def test_three_tries_come_before_it_is_set_aside(self) -> None:
        assert rules.may_set_aside(2) is not None
        assert rules.may_set_aside(3) is None
