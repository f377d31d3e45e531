"""Paths and the acts on the tree, as pure rules."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.orgs import rules
from guiyan.orgs.rules import TreeFacts
from guiyan.platform.errors import Refusal

numbers = st.integers(min_value=1, max_value=36**4 - 1)
paths = st.lists(numbers, min_size=1, max_size=5).map(
    lambda line: "".join(rules.segment(number) for number in line)
)
# Few numbers, so that ancestors and their descendants meet often.
close_paths = st.lists(st.integers(1, 3), min_size=1, max_size=4).map(
    lambda line: "".join(rules.segment(number) for number in line)
)


def is_in_range(path: str, ancestor: str) -> bool:
    low, high = rules.path_range(ancestor)
    return low.encode() <= path.encode() < high.encode()


@given(close_paths, close_paths)
def test_a_path_lies_in_the_range_exactly_when_it_is_under_the_ancestor(a: str, b: str) -> None:
    assert is_in_range(a, b) == (b in rules.ancestor_paths(a)) == rules.is_under(a, b)


@given(paths, paths)
def test_the_range_is_the_ancestor_relation_for_any_paths(a: str, b: str) -> None:
    assert is_in_range(a, b) == (b in rules.ancestor_paths(a))


@given(paths)
def test_the_range_ends_behind_the_last_child_there_can_be(path: str) -> None:
    assert is_in_range(rules.child_path(path, 36**4 - 1), path)


@given(numbers, numbers)
def test_children_sort_in_the_order_of_their_numbers(a: int, b: int) -> None:
    assert (rules.segment(a).encode() < rules.segment(b).encode()) == (a < b)


@given(close_paths, close_paths, close_paths)
def test_a_move_keeps_who_is_under_whom(path: str, old: str, parent: str) -> None:
    new = rules.child_path(parent, 7)
    after = rules.moved_path(path, old, new)
    assert rules.is_under(after, new) == rules.is_under(path, old)
    assert len(after) % rules.SEGMENT == 0
    if rules.is_under(path, old):
        assert len(after) - len(new) == len(path) - len(old)
    else:
        assert after == path


@pytest.mark.parametrize("number", [0, -1, 36**4])
def test_a_level_has_room_for_36_to_the_fourth_children_less_one(number: int) -> None:
    with pytest.raises(ValueError, match="room"):
        rules.segment(number)


def test_the_tree_holds_twenty_levels() -> None:
    with pytest.raises(ValueError, match="levels"):
        rules.child_path("0001" * 20, 1)


county = TreeFacts("00010001", "county_committee")
township = TreeFacts("000100010001", "township_committee")
branch = TreeFacts("0001000100010001", "village_branch")


def code(refusal: Refusal | None) -> str | None:
    return refusal.code if refusal else None


def test_a_kind_stands_only_under_the_kinds_of_its_configuration() -> None:
    assert code(rules.may_open(township, ["township_committee"])) is None
    assert code(rules.may_open(county, ["township_committee"])) == "wrong-parent"
    assert code(rules.may_open(None, ["township_committee"])) == "wrong-parent"
    assert code(rules.may_open(None, [])) is None


def test_nothing_is_opened_under_a_closed_organisation() -> None:
    closed = TreeFacts("0001", "township_committee", is_open=False)
    assert code(rules.may_open(closed, ["township_committee"])) == "parent-closed"


def test_an_organisation_does_not_move_under_itself_or_below_itself() -> None:
    for parent in (township, branch):
        refusal = rules.may_move(township, parent, [parent.kind], len(township.path))
        assert code(refusal) == "cycle"


def test_a_move_to_where_it_is_already_is_refused() -> None:
    assert code(rules.may_move(township, county, [county.kind], 12)) == "same-place"


def test_a_move_that_would_make_the_tree_too_deep_is_refused() -> None:
    deep = TreeFacts("0002" * 19, "county_committee")
    assert code(rules.may_move(township, deep, [deep.kind], len(township.path) + 4)) == "too-deep"


def test_organisations_merge_with_another_open_one_that_is_not_below() -> None:
    other = TreeFacts("000100010002", "township_committee")
    assert code(rules.may_merge(township, other, True)) is None
    assert code(rules.may_merge(township, township, True)) == "same"
    assert code(rules.may_merge(township, branch, True)) == "cycle"
    assert code(rules.may_merge(township, other, False)) == "wrong-parent"


def test_an_organisation_closes_only_when_nobody_is_left_in_it() -> None:
    assert code(rules.may_close(branch, 0, 0)) is None
    assert code(rules.may_close(branch, 1, 0)) == "open-children"
    assert code(rules.may_close(branch, 0, 1)) == "holds-people"


@pytest.mark.parametrize(("members", "expected"), [(2, "too-few-members"), (3, None)])
def test_a_branch_needs_three_full_members(members: int, expected: str | None) -> None:
    assert code(rules.may_form_branch(members)) == expected


def test_a_joint_branch_joins_five_units_at_most() -> None:
    assert code(rules.may_form_branch(9, units=5)) is None
    assert code(rules.may_form_branch(9, units=6)) == "too-many-units"


def test_a_branch_of_more_than_fifty_is_only_warned_of() -> None:
    assert not rules.is_large(50, 50)
    assert rules.is_large(51, 50)


WEEK = "周一至周五 08:30-12:00 14:30-18:00\n周六 09:00-12:00"


def test_duty_hours_are_read_and_written_in_the_same_words() -> None:
    hours = rules.read_duty_hours(WEEK)
    assert not isinstance(hours, Refusal)
    assert len(hours) == 11
    assert rules.write_duty_hours(hours) == WEEK.replace("14:30", "14:30")


def test_round_the_clock_is_written_in_one_word() -> None:
    hours = rules.read_duty_hours("24小时")
    assert not isinstance(hours, Refusal)
    assert rules.is_on_duty(hours, 6, time(23, 59))
    assert rules.write_duty_hours(hours) == "24小时"


@pytest.mark.parametrize(
    "text", ["上班时间", "周一 08:00-08:00", "周一 08:30-25:00", "08:30-12:00"]
)
def test_duty_hours_that_cannot_be_read_are_refused(text: str) -> None:
    refusal = rules.read_duty_hours(text)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "duty-hours"


def test_duty_that_runs_past_midnight_is_there_until_the_morning_after() -> None:
    hours = rules.read_duty_hours("周五至周日 18:00-08:00\n周二 20:00-00:00")
    assert not isinstance(hours, Refusal)
    assert rules.write_duty_hours(hours) == "周二 20:00-24:00\n周五至周日 18:00-08:00"
    there = [(4, time(18, 0)), (5, time(7, 59)), (0, time(0, 0)), (1, time(23, 59))]
    gone = [(4, time(7, 0)), (5, time(8, 0)), (0, time(18, 0)), (2, time(0, 0))]
    assert [rules.is_on_duty(hours, *when) for when in there] == [True] * 4
    assert [rules.is_on_duty(hours, *when) for when in gone] == [False] * 4


def test_nobody_is_on_duty_in_the_break_nor_in_the_last_minute() -> None:
    hours = [(0, "08:30", "12:00"), (0, "14:30", "18:00")]
    assert rules.is_on_duty(hours, 0, time(8, 30))
    assert not rules.is_on_duty(hours, 0, time(12, 0))
    assert not rules.is_on_duty(hours, 0, time(13, 0))
    assert not rules.is_on_duty(hours, 1, time(9, 0))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


duty_spans = st.builds(
    lambda start, length: (_clock(start), _clock((start + length) % 1440 or 1440)),
    st.integers(0, 24 * 60 - 1),
    st.integers(1, 90),
)


@given(st.sets(st.tuples(st.integers(0, 6), duty_spans), min_size=1, max_size=12))
def test_any_duty_hours_survive_being_written_and_read(
    chosen: set[tuple[int, tuple[str, str]]],
) -> None:
    hours = sorted((day, start, end) for day, (start, end) in chosen)
    assert rules.read_duty_hours(rules.write_duty_hours(hours)) == hours
