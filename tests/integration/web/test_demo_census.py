"""The demo's census stands on invented premises, of which two teams have walked a part."""

import pytest
from tests.cast import BRANCH, MEIGU, OFFICIALS, TOWNSHIP
from tests.integration.web.county import plant

from guiyan.access import commands as access
from guiyan.orgs import queries as orgs
from guiyan.outreach.census import counts, queries, rules
from guiyan.platform.actor import Actor
from guiyan.platform.scope import Scope, scoped
from guiyan.web.demo import cast, census

pytestmark = pytest.mark.django_db


def test_two_teams_have_walked_a_part_of_the_4568_premises_and_a_branch_has_begun_its_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant()
    monkeypatch.setattr(cast, "MEIGU", MEIGU.code)
    monkeypatch.setattr(cast, "BAPU", TOWNSHIP.code)
    monkeypatch.setattr(cast, "BAPU_EAST", BRANCH.code)
    by = Actor.system("演示")
    for key in ("canvasser", "branch_secretary", "township_officer"):
        access.create_account(by=by, login=key, name=key, password="Geese-come-home-9")
    census.tell(by, lambda step, share: None)
    with scoped(Scope.everywhere()):
        while counts.fold():
            pass
    officer = OFFICIALS["county_officer"]
    with scoped(officer.scope):
        (round_,) = [one for one in queries.rounds_for(officer) if one.kind == "premises"]
        whole, _parts = queries.coverage(officer, round_.id, orgs.organisation(MEIGU.id).id)
        assert sum(whole.counts.values()) == census.PREMISES
        assert set(whole.counts) == set(rules.STATES) - {rules.DUPLICATE}
        assert whole.counts[rules.MEMBERS_FOUND] == 3
        assert len(queries.conflicts(officer, round_.id)) == 1
        areas = queries.areas_of(officer, round_.id, path=TOWNSHIP.path)
        assert sum(area.total for area in areas) == census.PREMISES
        assert {area.team_name for area in areas} == {"巴普一组", "巴普二组"}
