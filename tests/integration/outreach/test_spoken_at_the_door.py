"""What was said beside a visit is heard on the page of the door, by who may see it, and goes with it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.acting import Browser
from tests.cast import OUTSIDERS, TODAY
from tests.integration.outreach.conftest import (
    OFFICER,
    Town,
    seen_by_the_database,
)

from guiyan.field.models import SpokenNote
from guiyan.field.rules.spoken import seal_context
from guiyan.outreach.census import commands, forgetting
from guiyan.outreach.census.types import NewVisit
from guiyan.outreach.models import Round
from guiyan.platform import clock
from guiyan.platform.keys import key_ring

pytestmark = pytest.mark.django_db

OGG = b"OggS" + bytes(500)


def spoken_visit(town: Town, *, sound: bytes | None = OGG, is_broken: bool = False) -> NewVisit:
    """A visit of the cadre's team with a note, as field keeps it."""
    door = next(one for one in town.doors() if one.area_id and "城东" in one.street)
    visit = NewVisit(id=uuid4(), standing_id=door.id, state="none_found", base_version=door.version)
    commands.record_visits(by=OFFICER, visits=[visit])
    note = uuid4()
    assert OFFICER.organisation_id is not None
    with seen_by_the_database():
        SpokenNote.objects.create(
            id=note, operation_id=visit.id, organisation_id=OFFICER.organisation_id,
            path=OFFICER.path, account_id=uuid4(), device_id=uuid4(), digest=bytes(32),
            size_bytes=700, is_broken=is_broken, media_type="audio/ogg" if sound else "",
            sound=key_ring().seal(sound, context=seal_context(note)) if sound else None,
            received_at=clock.now(),
        )  # fmt: skip
    return visit


def addresses(visit: NewVisit) -> tuple[str, str]:
    door = reverse("outreach:door", args=[visit.standing_id])
    return door, reverse("outreach:sound", args=[visit.standing_id, visit.id])


def test_it_is_heard_with_and_without_a_script(walked: Town) -> None:
    door, sound = addresses(spoken_visit(walked))
    officer = Browser(OFFICER)
    page = officer.get(door).content.decode()
    assert f'<audio controls preload="none" src="{sound}"' in page
    assert f'<a class="button plain" href="{sound}">' in page
    answer = officer.get(sound)
    assert (answer.status_code, answer.content) == (200, OGG)
    assert answer.headers["Content-Type"] == "audio/ogg"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_who_may_not_see_the_visit_hears_nothing(walked: Town) -> None:
    visit = spoken_visit(walked)
    _door, sound = addresses(visit)
    for stranger in (OUTSIDERS["township_officer"], OUTSIDERS["canvasser"]):
        assert Browser(stranger).get(sound).status_code == 404
    other_door = next(one.id for one in walked.doors() if one.id != visit.standing_id)
    beside = reverse("outreach:sound", args=[other_door, visit.id])
    assert Browser(OFFICER).get(beside).status_code == 404


@pytest.mark.parametrize(
    ("is_broken", "said"), [(True, "打不开，已删除"), (False, "还在走访人的手机上")]
)
def test_what_can_not_be_heard_is_said(walked: Town, is_broken: bool, said: str) -> None:
    door, sound = addresses(spoken_visit(walked, sound=None, is_broken=is_broken))
    assert said in Browser(OFFICER).get(door).content.decode()
    assert Browser(OFFICER).get(sound).status_code == 404


def test_it_goes_with_its_visit_three_years_after_the_round(walked: Town) -> None:
    spoken_visit(walked)
    with seen_by_the_database():
        for closed_on, stays in ((TODAY, True), (TODAY - timedelta(days=1200), False)):
            Round.objects.update(state="closed", closed_on=closed_on)
            forgetting.forget_walkers(TODAY)
            assert SpokenNote.objects.exists() is stays
