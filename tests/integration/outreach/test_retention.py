"""A manager's name and number go when no census needs them any more."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.cast import MEIGU, TODAY
from tests.integration.outreach.conftest import COUNTY, premises, seen_by_the_database
from tests.people import invented_phone

from guiyan.outreach import commands, ending
from guiyan.outreach.models import Premises, Round, Standing
from guiyan.platform.clock import now

pytestmark = pytest.mark.django_db


def shops(**said: str) -> None:
    new = [replace(one, manager="吉克伍呷", phone=invented_phone(7), **said) for one in premises(2)]
    commands.register_premises(by=COUNTY, new=new)


def with_number() -> int:
    with seen_by_the_database():
        return Premises.objects.filter(
            manager_sealed__isnull=False, phone_sealed__isnull=False, phone_blind__isnull=False
        ).count()


def erase() -> int:
    with seen_by_the_database():
        return ending.erase_managers(TODAY)


def a_round(state: str, closed_days_ago: int | None = None) -> None:
    with seen_by_the_database():
        made = Round.objects.create(
            path=MEIGU.path,
            organisation_id=MEIGU.id,
            title="摸排",
            purpose="摸清",
            starts_on=TODAY,
            ends_on=TODAY,
            state=state,
            closed_on=None if closed_days_ago is None else TODAY - timedelta(days=closed_days_ago),
        )
        for number, one in enumerate(Premises.objects.all(), start=1):
            Standing.objects.create(
                round=made,
                path=one.path,
                organisation_id=one.organisation_id,
                premises=one,
                number=number,
            )


@pytest.mark.parametrize("state", ["closed", "moved"])
def test_of_a_shop_that_is_no_more_they_go_in_the_night(state: str) -> None:
    shops(state=state)
    shops()
    assert (erase(), with_number()) == (2, 2)
    assert erase() == 0


@pytest.mark.parametrize("state", ["planned", "open"])
def test_they_stay_while_a_census_goes_on(state: str) -> None:
    shops(state="closed")
    a_round(state)
    assert (erase(), with_number()) == (0, 2)


def test_of_an_open_shop_they_go_three_years_after_the_last_census() -> None:
    shops()
    a_round("closed", closed_days_ago=1094)
    with seen_by_the_database():
        Premises.objects.update(created_at=now() - timedelta(days=4000))
    assert (erase(), with_number()) == (0, 2)
    with seen_by_the_database():
        Round.objects.update(closed_on=TODAY - timedelta(days=1096))
    assert (erase(), with_number()) == (2, 0)
