"""While sums are counted anew somebody goes on writing: whenever that is, it counts once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from tests.cast import NEXT_BRANCH
from tests.integration.flows.conftest import declared, seen_by_the_database

from guiyan.field import due_counts
from guiyan.field.commands import put_dues
from guiyan.field.models import Due, OverdueCount
from guiyan.field.types import NewDue
from guiyan.flows import counts
from guiyan.flows.models import Case, RegisterCount
from guiyan.platform.actor import Actor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_planted")]
STATEMENTS = 8  # more than a recount has
TODAY, LONG_AGO = date(2026, 3, 2), date(2026, 1, 2)


@contextmanager
def somebody_writes_before(statement: int, write: Callable[[], object]) -> Iterator[None]:
    """On a connection of their own, right before this statement of ours."""
    said = 0

    def writes_and_ends() -> None:
        write()
        connection.close()

    def between(execute: Callable[..., Any], *asked: Any) -> Any:
        nonlocal said
        said += 1
        if said == statement:
            other = Thread(target=writes_and_ends)
            other.start()
            other.join()
        return execute(*asked)

    with connection.execute_wrapper(between):
        yield


def test_a_stay_that_is_declared_at_any_moment_of_a_recount_counts_once() -> None:
    for statement in range(1, STATEMENTS + 1):
        declared()
        with (
            transaction.atomic(),
            seen_by_the_database(),
            somebody_writes_before(statement, declared),
        ):
            counts.remake()
        with transaction.atomic(), seen_by_the_database():
            while counts.fold():
                pass
            here = RegisterCount.objects.filter(path=NEXT_BRANCH.path, side="in")
            cases = Case.objects.filter(host_path=NEXT_BRANCH.path)
            assert dict(here.values_list("state", "count")) == {"notified": cases.count()}, (
                statement
            )


def owe() -> None:
    case_id = uuid4()
    owed = NewDue(
        "contact", case_id, "case", case_id, NEXT_BRANCH.id, NEXT_BRANCH.path,
        None, LONG_AGO, LONG_AGO, None, "",
    )  # fmt: skip
    with transaction.atomic(), seen_by_the_database():
        put_dues(by=Actor.system("test"), dues=[owed])


def test_a_due_that_comes_at_any_moment_of_a_recount_counts_once() -> None:
    for statement in range(1, STATEMENTS + 1):
        owe()
        with transaction.atomic(), seen_by_the_database(), somebody_writes_before(statement, owe):
            due_counts.remake(TODAY)
        with transaction.atomic(), seen_by_the_database():
            while due_counts.fold():
                pass
            here = OverdueCount.objects.get(path=NEXT_BRANCH.path, kind="contact")
            assert here.count == Due.objects.filter(path=NEXT_BRANCH.path).count(), statement
