"""A contact does what is asked for on its day, whenever it is noted; what nobody did in its time stays
undone, and the secretary is told so."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.acting import Browser
from tests.cast import NEXT_BRANCH
from tests.integration.flows.conftest import (  # noqa: F401 - planted by being named
    HOST,
    HOST_TOWNSHIP,
    _planted,
    seen_by,
    seen_by_the_database,
)
from tests.integration.liaison.kept import LIAISON, MONDAY, call, kept_in_touch, on

from guiyan.field import commands as field_commands
from guiyan.field.models import Due
from guiyan.field.types import NewDue
from guiyan.flows.types import CaseFacts
from guiyan.liaison import commands as liaison
from guiyan.liaison.cadence import queries
from guiyan.liaison.rules import noon_of
from guiyan.platform.actor import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def asked(kind: str, case: CaseFacts) -> Due:
    with seen_by_the_database():
        return Due.objects.get(case_id=case.id, kind=kind)


def last_day(kind: str, case: CaseFacts) -> date:
    found = asked(kind, case).expires_on
    assert found
    return found


def told_of(day: date, who: Actor = HOST) -> list[tuple[str, str]]:
    with seen_by(on(day, who)):
        found = queries.missed(on(day, who))
    return [(row.case.member_name, one.kind) for row in found for one in row.owed]


def test_on_the_last_day_a_contact_still_does_it_and_on_the_next_it_stays_undone() -> None:
    case = kept_in_touch()
    last = last_day("contact", case)
    assert last_day("visit", case) > last
    for late_by, closing, told in ((0, "done", []), (1, "", [(case.member_name, "contact")])):
        day = last + timedelta(days=late_by)
        with time_machine.travel(noon_of(day), tick=False):
            made = call(case, how="visit", by=on(day, LIAISON))
            assert asked("contact", case).closing == closing
            assert asked("visit", case).closing == "done"  # asked for longer
            assert [one for one in told_of(day) if one[1] == "contact"] == told
            liaison.undo_contact(by=on(day, LIAISON), contact_id=made)  # type: ignore[arg-type]


def test_noted_after_it_expired_a_contact_of_its_time_does_it_and_nobody_is_told() -> None:
    case = kept_in_touch()
    last = last_day("contact", case)
    later = last + timedelta(days=3)
    assert (case.member_name, "contact") in told_of(later)
    with time_machine.travel(noon_of(later), tick=False):
        call(case, by=on(later, LIAISON), at=noon_of(last))
    assert asked("contact", case).closed_on == last
    assert (case.member_name, "contact") not in told_of(later)


def test_the_secretary_is_told_for_three_months_whoever_reached_the_member_since() -> None:
    case = kept_in_touch()
    last = last_day("contact", case)
    told = {
        days: (case.member_name, "contact") in told_of(last + timedelta(days=days))
        for days in (0, 1, 90, 91)
    }
    assert told == {0: False, 1: True, 90: True, 91: False}
    page = Browser(on(last + timedelta(days=1), HOST)).get("/w/unreached").content.decode()
    assert case.member_name in page.split("期限内没有联系上的")[1]
    assert (
        "期限内没有联系上的" not in Browser(on(MONDAY, HOST)).get("/w/unreached").content.decode()
    )


@given(
    waits=st.integers(0, 40),
    open_for=st.integers(0, 40),
    lasts=st.none() | st.integers(0, 40),
    happens=st.integers(0, 130),
    noted_after=st.integers(0, 100),
)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_the_window_the_day_of_the_contact_alone_decides(
    waits: int, open_for: int, lasts: int | None, happens: int, noted_after: int
) -> None:
    case_id, opens = uuid4(), MONDAY + timedelta(days=waits)
    due_on = opens + timedelta(days=open_for)
    expires = None if lasts is None else due_on + timedelta(days=lasts)
    happened = MONDAY + timedelta(days=happens)
    by = replace(Actor.system("test"), today=happened + timedelta(days=noted_after))
    owed = NewDue(
        "contact", case_id, "case", case_id, NEXT_BRANCH.id, NEXT_BRANCH.path,
        None, opens, due_on, expires, "p",
    )  # fmt: skip
    with seen_by_the_database():
        field_commands.put_dues(by=by, dues=[owed])
        closed = field_commands.close_dues(
            by=by, subject_id=case_id, kinds=["contact"], closed_by=uuid4(), on=happened
        )
    assert bool(closed) is (opens <= happened and (expires is None or happened <= expires))
