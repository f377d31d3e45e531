"""What was agreed or decided and then taken back, and two who decide at the same moment."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from threading import Barrier, Thread
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from tests.cast import NEXT_TOWNSHIP, OFFICIALS
from tests.integration.flows.conftest import (  # noqa: F401 - planted by being named
    HOST,
    HOST_TOWNSHIP,
    _planted,
)
from tests.integration.liaison.kept import LIAISON, call, due, kept_in_touch, on

from guiyan.flows import commands as flows
from guiyan.flows.types import CaseFacts
from guiyan.liaison import commands as liaison
from guiyan.liaison.cadence import commands as cadence
from guiyan.liaison.cadence import jobs
from guiyan.platform.errors import Refused

pytestmark = pytest.mark.usefixtures("clock", "_planted")
TENTH, TWENTIETH = date(2026, 3, 10), date(2026, 3, 20)


def agreed(case: CaseFacts, day: date, **more: object) -> UUID:
    contact_id = call(case, next_on=day, **more)
    assert isinstance(contact_id, UUID)
    return contact_id


def comes_home(case: CaseFacts) -> None:
    flows.take_step(by=OFFICIALS["branch_secretary"], case_id=case.id, act="come_home")
    jobs.follow_case(case_id=str(case.id))


@pytest.mark.django_db
class TestTakenBack:
    def test_a_day_agreed_by_a_slip_is_agreed_again_with_the_contact_that_was(self) -> None:
        case = kept_in_touch()
        liaison.undo_contact(by=LIAISON, contact_id=agreed(case, TWENTIETH))
        assert "next" not in due(case, TWENTIETH)
        agreed(case, TWENTIETH)
        assert "next" in due(case, TWENTIETH)

    def test_what_somebody_else_agreed_on_stands(self) -> None:
        case = kept_in_touch()
        agreed(case, TENTH, by=HOST)
        liaison.undo_contact(by=LIAISON, contact_id=agreed(case, TWENTIETH))
        assert "next" in due(case, TENTH)

    def test_what_the_slip_had_done_is_owed_again_and_what_it_agreed_on_is_not(
        self, clock: time_machine.Traveller
    ) -> None:
        case = kept_in_touch()
        agreed(case, TENTH)
        clock.move_to(datetime(2026, 3, 10, 2, tzinfo=UTC))
        that_day = on(TENTH, LIAISON)
        slip = agreed(case, TWENTIETH, by=that_day)
        assert "next" not in due(case, TENTH)
        liaison.undo_contact(by=that_day, contact_id=slip)
        assert "next" in due(case, TENTH)
        agreed(case, date(2026, 3, 25), by=that_day)
        assert "next" not in due(case, TWENTIETH)

    def test_about_a_stay_that_is_over_nothing_is_owed_again(self) -> None:
        case = kept_in_touch()
        slip = agreed(case, TWENTIETH)
        comes_home(case)
        liaison.undo_contact(by=LIAISON, contact_id=slip)
        assert due(case, TWENTIETH) == set()

    def test_nor_when_a_relief_ends_after_it(self) -> None:
        case = kept_in_touch()
        cadence.exempt_member(by=HOST, member_id=case.member_id, reason_code="ill")
        comes_home(case)
        cadence.end_relief(by=OFFICIALS["branch_secretary"], member_id=case.member_id)
        assert due(case) == set()


def both(act: Callable[[], object]) -> list[str]:
    """The same act twice at once, each on a connection of its own: what came of each."""
    ready, outcomes = Barrier(2), []

    def run() -> None:
        try:
            ready.wait()
            act()
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.code)
        except Exception as other:
            outcomes.append(type(other).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_the_same_at_once_the_second_is_told() -> None:
    case = kept_in_touch()
    assert both(lambda: cadence.help_to_reach(by=HOST, case_id=case.id, how="take_over")) in (
        ["changed-meanwhile", "done"],
        ["already-yours", "done"],
    )
    assert LIAISON.account_id
    liaison_id = LIAISON.account_id
    named = both(
        lambda: liaison.assign_contact_person(by=HOST, case_id=case.id, account_id=liaison_id)
    )
    assert set(named) <= {"changed-meanwhile", "done"}
    relieved = both(
        lambda: cadence.exempt_member(by=HOST, member_id=case.member_id, reason_code="ill")
    )
    assert relieved == ["already-relieved", "done"]
    declared = both(
        lambda: cadence.declare_policy(
            by=HOST_TOWNSHIP,
            organisation_id=NEXT_TOWNSHIP.id,
            kind="contact",
            cycle="quarter",
            is_on=True,
            keep_days=31,
            valid_from=date(2026, 3, 15),
            source="镇党委会议",
        )
    )
    assert declared == ["already", "done"]
