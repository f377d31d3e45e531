"""A machine is checked when it is declared, and the docs are drawn from it."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.kernel.state_machine import NotAllowed, State, StateMachine, Transition

OUT = State("out", "已借出", answers="skipper")
IN = State("in", "在港", answers="harbour")
SUNK = State("sunk", "已沉没")


def machine(
    *,
    initial: Sequence[str] = ("in",),
    states: Sequence[State] = (IN, OUT, SUNK),
    transitions: Sequence[Transition] = (
        Transition("lend", "in", "out"),
        Transition("bring back", "out", "in"),
        Transition("lose", "out", "sunk"),
    ),
) -> StateMachine:
    return StateMachine("boat", initial, states, transitions)


def test_an_act_leads_where_it_was_declared_to_lead() -> None:
    assert machine().next_state("in", "lend") == "out"
    assert machine().allowed("out") == {"bring back", "lose"}


@pytest.mark.parametrize(("state", "act"), [("out", "lend"), ("sunk", "lend"), ("in", "fly")])
def test_an_act_out_of_place_is_not_allowed_and_says_what_and_where(state: str, act: str) -> None:
    with pytest.raises(NotAllowed, match=f"{act}.*{state}") as refused:
        machine().next_state(state, act)
    assert (refused.value.act, refused.value.state) == (act, state)


def test_each_open_state_has_one_side_that_answers_and_a_final_one_none() -> None:
    boat = machine()
    assert (boat.answers("in"), boat.answers("out"), boat.answers("sunk")) == (
        "harbour",
        "skipper",
        "",
    )
    assert [state.code for state in boat.states if boat.is_final(state.code)] == ["sunk"]
    assert boat.label("sunk") == "已沉没"


def test_an_open_state_in_which_nobody_answers_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody answers in out"):
        machine(states=(IN, State("out", "已借出"), SUNK))


def test_a_state_that_nothing_leads_to_is_refused() -> None:
    with pytest.raises(ValueError, match=r"never reached.*ghost"):
        machine(states=(IN, OUT, SUNK, State("ghost", "幽灵")))


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown state flown"):
        machine(transitions=(Transition("fly", "in", "flown"),))
    with pytest.raises(ValueError, match="unknown state flown"):
        machine(transitions=(Transition("land", "flown", "in"),))
    with pytest.raises(ValueError, match="unknown initial state"):
        machine(initial=("new",))


def test_a_state_declared_twice_and_an_act_with_two_targets_are_refused() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        machine(states=(IN, IN, OUT, SUNK))
    with pytest.raises(ValueError, match="two targets"):
        machine(transitions=(Transition("lend", "in", "out"), Transition("lend", "in", "sunk")))


def test_the_drawing_shows_every_state_and_every_act() -> None:
    assert machine().to_mermaid() == (
        "stateDiagram-v2\n"
        "  in: 在港\n"
        "  out: 已借出\n"
        "  sunk: 已沉没\n"
        "  [*] --> in\n"
        "  in --> out: lend\n"
        "  out --> in: bring back\n"
        "  out --> sunk: lose\n"
        "  sunk --> [*]\n"
    )


def test_the_table_shows_who_answers_and_where_each_act_leads() -> None:
    assert machine().to_markdown_table() == (
        "| state | 名称 | answers | acts |\n"
        "|---|---|---|---|\n"
        "| in | 在港 | harbour | lend → out |\n"
        "| out | 已借出 | skipper | bring back → in, lose → sunk |\n"
        "| sunk | 已沉没 |  | end |\n"
    )


@given(st.lists(st.sampled_from(["lend", "bring back", "lose", "fly"]), max_size=20))
def test_no_row_of_acts_leaves_the_declared_states(acts: list[str]) -> None:
    boat, state = machine(), "in"
    for act in acts:
        if act in boat.allowed(state):
            state = boat.next_state(state, act)
        else:
            with pytest.raises(NotAllowed):
                boat.next_state(state, act)
    assert state in {"in", "out", "sunk"}
