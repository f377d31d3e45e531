"""A table of many rows says what a loop over them would say."""

from dataclasses import dataclass

from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

BODY = (
    "<td>{{ row.name }}</td><td>{{ row.trade|default:'—' }}</td>"
    "{% if row.is_late %}<b>late, {{ row.days }}</b>{% endif %}"
)


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    trade: str
    days: int
    is_late: bool


def rendered(text: str, rows: list[Row]) -> str:
    return str(engines["django"].from_string("{% load lines %}" + text).render({"rows": rows}))


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)


@given(st.lists(st.builds(Row, words, words, st.integers(0, 40), st.booleans()), max_size=12))
def test_lines_say_what_a_loop_says(rows: list[Row]) -> None:
    as_lines = rendered("{% lines rows as row %}" + BODY + "{% endlines %}", rows)
    as_loop = rendered("{% for row in rows %}" + BODY + "{% endfor %}", rows)
    assert as_lines == as_loop


def test_a_word_that_looks_like_a_hole_stays_a_word() -> None:
    row = Row("\ue0001\ue001", "<i>", 1, is_late=False)
    shown = rendered("{% lines rows as row %}" + BODY + "{% endlines %}", [row, row])
    assert shown == 2 * "<td>\ue0001\ue001</td><td>&lt;i&gt;</td>"
