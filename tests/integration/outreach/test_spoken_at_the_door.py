"""What was said beside a visit is heard on the page of the door, and of the lead that was met there,
by who may see the visit, and goes with it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.acting import Browser
from tests.cast import OFFICIALS, OUTSIDERS, TODAY
from tests.integration.outreach.conftest import (
    OFFICER,
    Town,
    seen_by,
    seen_by_the_database,
)

from guiyan.field.models import SpokenNote
from guiyan.field.rules.spoken import seal_context
from guiyan.flows.inbox import get_screened_lead_for
from guiyan.flows.types import LeadSaid
from guiyan.outreach.census import commands, forgetting, lead_panel
from guiyan.outreach.census.types import NewVisit
from guiyan.outreach.models import Round, Visit
from guiyan.platform import clock
from guiyan.platform.keys import key_ring

pytestmark = pytest.mark.django_db

OGG = b"OggS" + bytes(500)


def spoken_visit(town: Town, *, sound: bytes | None = OGG, is_broken: bool = False) -> NewVisit:
    """A visit of the cadre's team with a note, as field keeps it."""
    door = next(one for one in town.doors() if one.area_id and "城东" in one.street)
    visit = NewVisit(id=uuid4(), standing_id=door.id, state="none_found", base_version=door.version)
    commands.record_visits(by=OFFICER, visits=[visit])
    say_beside(visit, sound=sound, is_broken=is_broken)
    return visit


def say_beside(visit: NewVisit, *, sound: bytes | None = OGG, is_broken: bool = False) -> None:
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


def found_with_a_note(town: Town) -> tuple[NewVisit, str]:
    """A member met at a door and spoken of; the visit, and the address of the lead."""
    door = town.doors()[0]
    visit = NewVisit(id=uuid4(), standing_id=door.id, state="members_found")
    commands.record_found(
        by=OFFICER, visit=visit, said=LeadSaid(name="阿洛呷", phone="12800000000")
    )
    say_beside(visit)
    with seen_by_the_database():
        lead_id = Visit.objects.get(pk=visit.id).lead_id
    return visit, reverse("flows:lead", args=[lead_id])


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


def test_it_is_heard_on_the_page_of_the_lead_that_was_met_there(walked: Town) -> None:
    visit, lead = found_with_a_note(walked)
    door, sound = addresses(visit)
    for answer in (Browser(OFFICER).get(lead), Browser(OFFICER).post(lead)):
        page = answer.content.decode()
        assert page.count(f'<audio controls preload="none" src="{sound}"') == 1
        assert f'<a href="{door}">' in page


def test_who_screens_leads_but_may_not_see_visits_is_shown_none_of_it(walked: Town) -> None:
    visit, lead = found_with_a_note(walked)
    clerk = replace(OFFICIALS["desk_clerk"], organisation_id=OFFICER.organisation_id,
                    organisation_name=OFFICER.organisation_name, path=OFFICER.path)  # fmt: skip
    answer = Browser(clerk).get(lead)
    assert answer.status_code == 200
    assert str(visit.id) not in answer.content.decode()
    assert str(visit.standing_id) not in answer.content.decode()


def test_the_page_of_a_lead_asks_twice_more_and_that_of_another_way_not_at_all(
    walked: Town,
) -> None:
    _visit, lead = found_with_a_note(walked)
    with seen_by(OFFICER):
        facts = get_screened_lead_for(OFFICER, UUID(lead.rsplit("/", 1)[-1]))
        with CaptureQueriesContext(connection) as asked:
            assert lead_panel.visit_panel(OFFICER, facts) is not None
        assert sum(" FROM " in query["sql"] for query in asked.captured_queries) == 2
        with CaptureQueriesContext(connection) as asked:
            assert lead_panel.visit_panel(OFFICER, replace(facts, door="poster")) is None
        assert not asked.captured_queries


def test_it_goes_with_its_visit_three_years_after_the_round(walked: Town) -> None:
    spoken_visit(walked)
    with seen_by_the_database():
        for closed_on, stays in ((TODAY, True), (TODAY - timedelta(days=1200), False)):
            Round.objects.update(state="closed", closed_on=closed_on)
            forgetting.forget_walkers(TODAY)
            assert SpokenNote.objects.exists() is stays
