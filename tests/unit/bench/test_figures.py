"""Specification of the bench's own arithmetic."""

import pytest
from bench.figures import beside, lines, percentile, rate, ratio, summary, verdict
from hypothesis import given
from hypothesis import strategies as st

TIMES = st.lists(st.floats(min_value=0.001, max_value=1e6), min_size=1)


class TestAPercentile:
    def test_of_a_hundred_times_is_the_time_of_that_place(self) -> None:
        times = [float(n) for n in range(100, 0, -1)]
        assert [percentile(times, share) for share in (50, 95, 99, 100)] == [50, 95, 99, 100]

    def test_of_one_time_is_that_time(self) -> None:
        assert percentile([7.0], 50) == percentile([7.0], 99) == 7.0

    @given(TIMES, st.integers(min_value=1, max_value=100))
    def test_is_a_time_that_was_taken_and_not_exceeded_by_that_share(
        self, times: list[float], share: int
    ) -> None:
        found = percentile(times, share)
        assert found in times
        assert sum(time <= found for time in times) * 100 >= share * len(times)

    def test_of_nothing_is_refused(self) -> None:
        with pytest.raises(ValueError, match="no time"):
            percentile([], 50)

    @pytest.mark.parametrize("share", [0, 101])
    def test_beyond_all_or_below_one_is_refused(self, share: int) -> None:
        with pytest.raises(ValueError, match="share"):
            percentile([1.0], share)


class TestARatio:
    def test_is_to_the_sum_of_what_stands_beside(self) -> None:
        page, query, empty = summary([30.0]), summary([4.0]), summary([6.0])
        assert ratio(page, query, empty) == {"p50": 3.0, "p95": 3.0, "p99": 3.0}


class TestARate:
    def test_is_requests_for_each_second(self) -> None:
        assert rate(300, 2.0) == 150.0

    def test_without_time_is_refused(self) -> None:
        with pytest.raises(ValueError, match="no time"):
            rate(1, 0)


class TestAGoal:
    def test_may_be_a_most_or_a_least(self) -> None:
        assert verdict(3.0, 3.0)["met"]
        assert not verdict(3.1, 3.0)["met"]
        assert verdict(0.5, 0.5, at_least=True)["met"]
        assert not verdict(0.4, 0.5, at_least=True)["met"]

    def test_says_which_share_of_it_was_used(self) -> None:
        assert verdict(75.0, 150.0)["of_goal"] == 0.5
        assert "of_goal" not in verdict(0, 0)


class TestABound:
    def test_stands_beside_what_was_measured_with_its_ratio(self) -> None:
        found = beside(30.0, 10.0, "the database alone")
        assert found["ratio"] == 3.0
        assert found["bound_is"] == "the database alone"

    def test_that_took_no_time_gives_no_ratio(self) -> None:
        assert beside(1.0, 0.0, "nothing")["ratio"] is None


class TestLines:
    def test_say_value_goal_bound_and_ratio_wherever_they_stand(self) -> None:
        found = {
            "load": [1.0],
            "province": {
                "n": 3,
                "page_ms": verdict(200.0, 150.0),
                "beside": beside(9.0, 3.0, "it"),
            },
        }
        assert list(lines(found)) == [
            "province page_ms: 200 (goal ≤ 150, 1.33 of it): MISSED",
            "province beside: 9 beside 3 (it): ratio 3.0",
        ]
