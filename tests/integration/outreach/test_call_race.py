"""Two operators at the same moment, each on a connection of their own: what happens, happens once."""

from collections.abc import Callable
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connection
from tests.cast import CENTRE, OFFICIALS, official
from tests.integration.outreach.conftest import seen_by_the_database
from tests.people import invented_phone

from guiyan.field.models import Due
from guiyan.orgs import commands as orgs
from guiyan.outreach.hotline import commands
from guiyan.outreach.models import Call
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound

pytestmark = pytest.mark.django_db(transaction=True)
OPERATORS = (OFFICIALS["hotline_operator"], official("hotline_operator", CENTRE, "吴晚班"))
ROUNDS = 5


def line() -> UUID:
    point = orgs.add_service_point(
        by=OFFICIALS["county_officer"],
        organisation_id=CENTRE.id,
        kind="hotline",
        name="美姑热线",
        duty_hours=[(day, "00:00", "24:00") for day in range(7)],
        phone=invented_phone(8),
    )
    return point.id


def at_once(press: Callable[[Actor], object]) -> list[str]:
    """What both pressing at one moment came to: done, or the name of what was raised."""
    ready, outcomes = Barrier(len(OPERATORS)), []

    def run(by: Actor) -> None:
        try:
            ready.wait()
            press(by)
            outcomes.append("done")
        except NotFound:
            outcomes.append("gone")
        finally:
            connection.close()

    threads = [Thread(target=run, args=(by,)) for by in OPERATORS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_of_two_who_reached_the_caller_one_has_done_it_and_the_other_is_told_it_is_gone() -> None:
    point = line()
    for serial in range(ROUNDS):
        call = commands.note_missed(
            by=OPERATORS[0], point_id=point, number=invented_phone(100 + serial)
        )

        def reached(by: Actor, call_id: UUID = call.id) -> None:
            commands.record_try(by=by, call_id=call_id, was_reached=True)

        assert at_once(reached) == ["done", "gone"]
        with seen_by_the_database():
            row = Call.objects.get(id=call.id)
            assert (row.state, row.tries) == ("done", 1)
            assert [due.closing for due in Due.objects.filter(subject_id=call.id)] == ["done"]


def test_two_tries_in_vain_at_once_are_two_tries() -> None:
    call = commands.note_missed(by=OPERATORS[0], point_id=line(), number=invented_phone(99))
    for _ in range(ROUNDS):
        assert (
            at_once(lambda by: commands.record_try(by=by, call_id=call.id, was_reached=False))
            == ["done"] * 2
        )
    with seen_by_the_database():
        assert Call.objects.get(id=call.id).tries == 2 * ROUNDS


def test_one_number_noted_by_two_at_once_is_one_call_missed_twice() -> None:
    point = line()
    for serial in range(ROUNDS):
        number = invented_phone(200 + serial)
        both = at_once(
            lambda by, number=number: commands.note_missed(by=by, point_id=point, number=number)  # type: ignore[misc]
        )
        assert both == ["done", "done"]
    with seen_by_the_database():
        assert list(Call.objects.values_list("times", flat=True)) == [2] * ROUNDS
        assert Due.objects.filter(kind="call_back").count() == ROUNDS
