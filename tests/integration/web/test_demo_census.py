"""The demo's census stands on invented premises and begins with everything left to do."""

import pytest
from tests.cast import MEIGU, OFFICIALS, TOWNSHIP
from tests.integration.web.county import plant

from guiyan.access import commands as access
from guiyan.orgs import queries as orgs
from guiyan.outreach.census import counts, queries
from guiyan.platform.actor import Actor
from guiyan.platform.scope import Scope, scoped
from guiyan.web.demo import cast, census

pytestmark = pytest.mark.django_db


def test_4568_premises_are_not_visited_and_two_teams_have_the_county_towns_areas(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant()
    monkeypatch.setattr(cast, "MEIGU", MEIGU.code)
    monkeypatch.setattr(cast, "BAPU", TOWNSHIP.code)
    by = Actor.system("演示")
    for key in ("canvasser", "branch_secretary", "township_officer"):
        access.create_account(by=by, login=key, name=key, password="Geese-come-home-9")
    census.tell(by, lambda step, share: None)
    with scoped(Scope.everywhere()):
        while counts.fold():
            pass
    officer = OFFICIALS["county_officer"]
    with scoped(officer.scope):
        (round_,) = queries.rounds_for(officer)
        whole, _parts = queries.coverage(officer, round_.id, orgs.organisation(MEIGU.id).id)
        assert whole.counts == {"not_visited": census.PREMISES}
        areas = queries.areas_of(officer, round_.id, path=TOWNSHIP.path)
        assert sum(area.total for area in areas) == census.PREMISES
        assert {area.team_name for area in areas} == {"巴普一组", "巴普二组"}
