"""The demo's hotline has a rota on each of the three levels, one gap, and two callers to call back."""

import pytest
from tests.cast import BRANCH, CENTRE, MEIGU, OFFICIALS, TOWNSHIP
from tests.integration.web.county import plant
from tests.people import invented_phone

from guiyan.access import commands as access
from guiyan.orgs import commands as orgs
from guiyan.outreach.hotline import queries
from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped
from guiyan.web.demo import cast, hotline

pytestmark = pytest.mark.django_db


def test_three_levels_answer_and_one_caller_who_called_twice_is_one_call_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant()
    officer = OFFICIALS["county_officer"]
    by = Actor.system("演示")
    hours = [(day, "08:30", "12:00") for day in range(5)] + [(4, "14:30", "18:00")]
    for name, place in {"MEIGU": MEIGU, "BAPU": TOWNSHIP, "BAPU_EAST": BRANCH}.items():
        monkeypatch.setattr(cast, name, place.code)
        orgs.add_service_point(
            by=officer,
            organisation_id=place.id,
            kind="hotline",
            name=f"{place.name}热线",
            duty_hours=hours,
            phone=invented_phone(len(name)),
        )
    operator = access.create_account(
        by=by, login="hotline_operator", name="沙马", password="Geese-come-home-9"
    )
    access.grant_role(
        by=by,
        account_id=operator,
        role="hotline_operator",
        organisation_id=MEIGU.id,
        valid_from=officer.today,
        reason="演示",
    )
    hotline.tell(by)
    with scoped(officer.scope):
        lines = {one.point.organisation_id: one for one in queries.standings_for(officer)}
    assert CENTRE.id not in lines
    assert lines[MEIGU.id].open_calls == 2
    assert lines[TOWNSHIP.id].gaps == ((4, "14:30", "18:00"),)
    assert (lines[MEIGU.id].gaps, lines[BRANCH.id].gaps) == ((), ())
