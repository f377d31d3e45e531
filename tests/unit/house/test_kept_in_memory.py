"""What a process keeps in its memory outlives a test that is rolled back: none of it is of a test.

A cached function answers by its arguments and by what is packaged with the program. What is
remembered of the database has a name here and is forgotten before each test (tests/conftest.py).
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests import conftest

import guiyan

SOURCE = Path(guiyan.__file__).parent
# Words of a body that reads rows, the clock or the person who asks.
OF_THE_MOMENT = re.compile(r"\b(objects|cursor|queries|connection|now|today|localdate|actor|by)\b")
# Remembered for seconds, and by whom it is forgotten.
FORGOTTEN = {"flows/views/check_in.py: SHEETS": "SHEETS.forget()"}
# Kept by an object that is itself made anew with every process that asks.
OWN = {"platform/metrics/readings.py: _kept": "each collector has its own"}


def trees(speaking_of: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if speaking_of in (text := path.read_text("utf-8")):
            yield str(path.relative_to(SOURCE)), ast.parse(text)


def is_cached(function: ast.FunctionDef) -> bool:
    names = {ast.unparse(each).split("(")[0].split(".")[-1] for each in function.decorator_list}
    return bool(names & {"cache", "lru_cache"})


def body_of(function: ast.FunctionDef) -> str:
    is_said = ast.get_docstring(function) is not None
    return "\n".join(ast.unparse(line) for line in function.body[is_said:])


def test_what_is_cached_depends_on_no_row_no_clock_and_no_person() -> None:
    cached = [
        (f"{place}: {node.name}", body_of(node))
        for place, tree in trees("cache")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and is_cached(node)
    ]
    assert len(cached) > 20, "the search finds caches"
    assert [name for name, body in cached if OF_THE_MOMENT.search(body)] == []


def test_what_is_remembered_of_the_database_is_forgotten_before_each_test() -> None:
    remembered = {
        f"{place}: {ast.unparse(node.target).removeprefix('self.')}"
        for place, tree in trees("Remembered[")
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign) and "Remembered[" in ast.unparse(node.annotation)
    }
    assert remembered == set(FORGOTTEN) | set(OWN)
    before_each = Path(conftest.__file__).read_text("utf-8")
    assert [call for call in FORGOTTEN.values() if call not in before_each] == []
