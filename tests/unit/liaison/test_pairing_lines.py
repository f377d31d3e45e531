"""What a line of the paired file says, and how little its making loads."""

import subprocess
import sys
from array import array

from hypothesis import given
from hypothesis import strategies as st

from guiyan.kernel.assignment import Match, Solution
from guiyan.liaison.pairing import rules
from guiyan.liaison.pairing.files import pairs_of
from guiyan.liaison.pairing.matching import Wish, weighed
from guiyan.liaison.pairing.rules import Liaison, Person

TONGUES = st.lists(st.sampled_from(["yi", "han", "zang"]), unique=True).map(tuple)
TRADES = st.sampled_from(["", "餐饮", "建筑 100%"])


@given(
    TONGUES, TONGUES, TRADES, TONGUES, TONGUES, TRADES, st.floats(0, 200) | st.just(float("nan"))
)
def test_a_line_says_just_what_the_rules_say_of_the_pair(
    spoken, read, trade, spoken_there, read_there, trade_there, km
):
    person = Person("甲", languages=spoken, reads=read, trade=trade)
    liaison = Liaison("阿支", languages=spoken_there, reads=read_there, trade=trade_there)
    places = array("i", [0])
    found = Match(Solution(places, 0, 0, 0), 1, places, array("d", [km]), 1, 0.0)
    (line,) = pairs_of(Wish([person], [liaison], [3]), found)
    pair = weighed(person, liaison, km, load=1, limit=3)
    assert line.why == rules.in_source(rules.reasons(pair, asks_language=bool(spoken)))
    assert line.km == ("" if pair.km is None else f"{km:.3f}")


def test_pairing_files_loads_neither_a_framework_nor_the_solver_into_its_own_process():
    loaded = subprocess.run(
        [sys.executable, "-c", "import guiyan.liaison.pairing.files_cli, sys; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert not {"django", "numpy", "scipy", "ortools"} & set(loaded)
