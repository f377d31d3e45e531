"""A small declared state machine: what may follow what, and who answers in each state."""

from collections.abc import Sequence
from dataclasses import dataclass, field


class NotAllowed(Exception):
    """The act does not belong to the state."""

    def __init__(self, act: str, state: str) -> None:
        super().__init__(f"{act} is not allowed in {state}")
        self.act = act
        self.state = state


@dataclass(frozen=True, slots=True)
class State:
    """A state, its name for people, and the side that answers for the next step."""

    code: str
    label: str
    answers: str = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """An act leads from one state to another."""

    act: str
    source: str
    target: str


@dataclass(frozen=True)
class StateMachine:
    """States and transitions, checked when they are declared.

    Raises ValueError for an unknown or doubled name, two targets of one act in one state, a
    state that can't be reached from an initial one, or an open state in which nobody answers.
    """

    name: str
    initial: Sequence[str]
    states: Sequence[State]
    transitions: Sequence[Transition]
    _targets: dict[tuple[str, str], str] = field(init=False, repr=False)
    _states: dict[str, State] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        states = {state.code: state for state in self.states}
        if unknown := set(self.initial) - set(states):
            raise ValueError(f"{self.name}: unknown initial state {sorted(unknown)}")
        if len(states) != len(self.states):
            raise ValueError(f"{self.name}: a state is declared twice")
        targets: dict[tuple[str, str], str] = {}
        for transition in self.transitions:
            for code in (transition.source, transition.target):
                if code not in states:
                    raise ValueError(f"{self.name}: unknown state {code}")
            key = (transition.source, transition.act)
            if key in targets:
                raise ValueError(f"{self.name}: {key} has two targets")
            targets[key] = transition.target
        object.__setattr__(self, "_targets", targets)
        object.__setattr__(self, "_states", states)
        if lost := set(states) - self._reachable():
            raise ValueError(f"{self.name}: never reached: {sorted(lost)}")
        for state in self.states:
            if not state.answers and not self.is_final(state.code):
                raise ValueError(f"{self.name}: nobody answers in {state.code}")

    def _reachable(self) -> set[str]:
        reached: set[str] = set()
        waiting = list(self.initial)
        while waiting:
            state = waiting.pop()
            if state in reached:
                continue
            reached.add(state)
            waiting += [target for (source, _), target in self._targets.items() if source == state]
        return reached

    def allowed(self, state: str) -> frozenset[str]:
        """The acts that belong to a state."""
        return frozenset(act for source, act in self._targets if source == state)

    def next_state(self, state: str, act: str) -> str:
        """Where the act leads. Raises NotAllowed."""
        try:
            return self._targets[state, act]
        except KeyError:
            raise NotAllowed(act, state) from None

    def answers(self, state: str) -> str:
        """The side that owes the next step in this state."""
        return self._states[state].answers

    def label(self, state: str) -> str:
        """The state's name for people."""
        return self._states[state].label

    def is_final(self, state: str) -> bool:
        """True when no act leads on."""
        return not self.allowed(state)

    def to_mermaid(self) -> str:
        """A state diagram for the docs; redrawn by a test when the code changes."""
        lines = ["stateDiagram-v2"]
        lines += [f"  {state.code}: {state.label}" for state in self.states]
        lines += [f"  [*] --> {code}" for code in self.initial]
        lines += [f"  {t.source} --> {t.target}: {t.act}" for t in self.transitions]
        lines += [f"  {state.code} --> [*]" for state in self.states if self.is_final(state.code)]
        return "\n".join(lines) + "\n"

    def to_markdown_table(self) -> str:
        """Each state, who answers, and where each act leads."""
        lines = ["| state | 名称 | answers | acts |", "|---|---|---|---|"]
        for state in self.states:
            acts = ", ".join(
                f"{act} → {self._targets[state.code, act]}"
                for act in sorted(self.allowed(state.code))
            )
            lines.append(f"| {state.code} | {state.label} | {state.answers} | {acts or 'end'} |")
        return "\n".join(lines) + "\n"
