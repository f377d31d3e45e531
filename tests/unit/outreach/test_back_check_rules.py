"""The sample is anybody's to draw again; the interval is Wilson's; others look, not the same ones."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.outreach.backcheck import rules

IDS = [UUID(int=n) for n in range(1, 201)]
A, B = UUID(int=1000), UUID(int=1001)


@given(st.text(max_size=12), st.integers(1, 100), st.integers(0, 120), st.integers(0, 80))
def test_each_team_gives_its_share_at_least_one_and_the_seed_alone_decides_which(
    seed: str, share: int, of_a: int, of_b: int
) -> None:
    by_team: dict[rules.Team, list[UUID]] = {A: IDS[:of_a], B: IDS[120 : 120 + of_b]}
    chosen = rules.sample(seed, share, by_team)
    for ids in by_team.values():
        taken = len(set(chosen) & set(ids))
        assert taken * 100 >= len(ids) * share
        assert taken * 100 < len(ids) * share + 100
    turned = {team: list(reversed(ids)) for team, ids in reversed(by_team.items())}
    assert rules.sample(seed, share, turned) == chosen


def test_another_seed_is_another_sample() -> None:
    assert rules.sample("a", 10, {A: IDS}) != rules.sample("b", 10, {A: IDS})


@pytest.mark.parametrize(
    ("agreed", "checked", "low", "high"),
    # By the formula of the paper; the last two are where the usual interval fails.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (29, 29, 0.8830, 1.0)],
)  # fmt: skip
def test_the_interval_is_wilsons(agreed: int, checked: int, low: float, high: float) -> None:
    found = rules.agreement(agreed, checked)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_interval_holds_the_rate_and_lies_between_nothing_and_all(n: int, more: int) -> None:
    found = rules.agreement(n, n + more)
    assert 0 <= found.low <= found.rate + 1e-9
    assert found.rate - 1e-9 <= found.high <= 1


def test_nothing_checked_says_nothing() -> None:
    assert rules.agreement(0, 0) == rules.Agreement(0, 0, 0.0, 1.0)


def code(**facts: object) -> str:
    given = {"is_done": False, "second_team": B, "first_team": A, "by": A, "first_by": A} | facts
    refusal = rules.may_check(**given)  # type: ignore[arg-type]
    return refusal.code if refusal else ""


def test_another_team_looks_or_where_none_goes_another_person() -> None:
    assert code() == ""
    assert code(second_team=A) == "same-team"
    assert code(second_team=None) == "same-person"
    assert code(second_team=None, by=B) == ""
    assert code(is_done=True) == "done"


def test_a_draw_waits_until_the_last_one_is_done() -> None:
    def drawn(*case: object) -> str:
        refusal = rules.may_draw(*case)  # type: ignore[arg-type]
        return refusal.code if refusal else ""

    assert drawn("open", 5, 100, 0) == ""
    assert drawn("closed", 5, 100, 0) == "not-open"
    assert drawn("open", 0, 100, 0) == "share"
    assert drawn("open", 5, 100, 2) == "waiting"
    assert drawn("open", 5, 0, 0) == "nothing"
