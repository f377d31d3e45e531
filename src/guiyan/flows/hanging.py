"""What upper rooms hang on a placement: while there is any, it is not taken back with one tap.

An upper room registers its question in `ready()`; flows knows neither its name nor its tables.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

# Asked of a case since a moment: what stands against taking the placement back, empty for nothing.
Question = Callable[[UUID, datetime], str]

_questions: list[Question] = []


def register(question: Question) -> None:
    """`question` answers with a sentence for the person, or "" where nothing hangs."""
    if question not in _questions:
        _questions.append(question)


def what_hangs_on(case_id: UUID, since: datetime) -> str:
    """The first thing that hangs; each question costs one query."""
    return next((said for ask in _questions if (said := ask(case_id, since))), "")
