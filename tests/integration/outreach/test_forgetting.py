"""Three years after a round was closed nobody is named any more; results and sums stay."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from tests.integration.outreach.conftest import (
    COUNTY,
    OFFICER,
    Town,
    seen_by_the_database,
)

from guiyan.outreach.backcheck import commands as backcheck
from guiyan.outreach.census import commands
from guiyan.outreach.census.forgetting import KEPT, forget_walkers
from guiyan.outreach.census.types import NewVisit
from guiyan.outreach.models import BackCheck, Draw, Round, Standing, TeamPerson, Visit
from guiyan.platform.clock import today

pytestmark = pytest.mark.django_db


def many() -> dict[str, int]:
    with seen_by_the_database():
        return {
            one._meta.model_name or "": one.objects.count()
            for one in (Visit, TeamPerson, BackCheck, Draw, Standing)
        }


def closed_on(town: Town, day: date) -> None:
    with seen_by_the_database():
        Round.objects.filter(pk=town.round.id).update(state="closed", closed_on=day)


def forget() -> int:
    with transaction.atomic(), seen_by_the_database():
        return forget_walkers(today())


def test_who_walked_goes_three_years_after_the_end_and_not_a_day_before(walked: Town) -> None:
    for door in walked.doors():
        if door.area_id:
            commands.record_visits(
                by=OFFICER,
                visits=[NewVisit(id=uuid4(), standing_id=door.id, state="none_found")],
            )
    backcheck.draw_back_check(by=COUNTY, round_id=walked.round.id, share=50)
    before = many()
    assert forget() == 0
    closed_on(walked, today() - KEPT)
    assert forget() == 0
    assert many() == before
    closed_on(walked, today() - KEPT - timedelta(days=1))
    assert forget() > 0
    assert many() == {**dict.fromkeys(before, 0), "standing": before["standing"]}
    assert forget() == 0


def test_the_web_role_cannot_remove_a_younger_visit_by_asking_for_it(walked: Town) -> None:
    door = next(one for one in walked.doors() if one.area_id)
    commands.record_visits(
        by=OFFICER, visits=[NewVisit(id=uuid4(), standing_id=door.id, state="none_found")]
    )
    closed_on(walked, today())
    with seen_by_the_database():
        forget_walkers(today() + timedelta(days=5_000))
        assert Visit.objects.count() == 1
