"""A visit at a door: recorded once, corrected, disagreed with, decided; people leave no trace."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from tests.cast import OFFICIALS, OUTSIDERS, TODAY, TOWNSHIP, with_permissions
from tests.integration.outreach.conftest import (
    CADRE,
    CANVASSER,
    COUNTY,
    OFFICER,
    Town,
    premises,
    seen_by,
    seen_by_the_database,
)
from tests.people import invented_phone

from guiyan.flows import commands as flows
from guiyan.flows.models import Lead
from guiyan.flows.types import LeadSaid
from guiyan.kernel.findings import Finding
from guiyan.members.models import Member
from guiyan.outreach import commands as register
from guiyan.outreach.census import commands, queries
from guiyan.outreach.census.codes import written_code
from guiyan.outreach.census.types import NewDoor, NewVisit, StandingFacts, VisitOutcome
from guiyan.outreach.models import Premises, Standing, Visit
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, NotFound, Refused
from guiyan.platform.models import AuditRow
from guiyan.platform.permissions import Permission

pytestmark = pytest.mark.django_db


def visit(door: StandingFacts, state: str = "none_found", **more: object) -> NewVisit:
    facts: dict[str, object] = {"id": uuid4(), "base_version": door.version}
    return NewVisit(standing_id=door.id, state=state, **(facts | more))  # type: ignore[arg-type]


def record(by: Actor, *visits: NewVisit) -> list[VisitOutcome]:
    return commands.record_visits(by=by, visits=visits)


def now(door: StandingFacts) -> StandingFacts:
    with seen_by(COUNTY):
        return queries.get_standing_for(COUNTY, door.id)


def test_a_shop_with_nobody_to_find_is_explained_by_one_visit(town: Town) -> None:
    door = town.doors()[0]
    (outcome,) = record(CANVASSER, visit(door))
    assert outcome.state == "applied"
    found = now(door)
    assert (found.state, found.reason, found.visited_on) == ("none_found", "问过，没有党员", TODAY)
    assert outcome.version == found.version == door.version + 1


def test_the_same_visit_sent_twice_is_one(town: Town) -> None:
    new = visit(town.doors()[0])
    assert [one.state for one in record(CANVASSER, new, new)] == ["applied", "again"]
    assert [one.state for one in record(CANVASSER, new)] == ["again"]
    assert Visit.objects.count() == 0  # nobody's scope: nothing is seen
    with seen_by_the_database():
        assert Visit.objects.count() == 1


def test_every_visit_of_a_batch_has_its_row_in_the_audit(town: Town) -> None:
    doors = town.doors(CANVASSER)[:3]
    record(CANVASSER, *(visit(door) for door in doors))
    with seen_by_the_database():
        rows = AuditRow.objects.filter(action="outreach.record_visits")
        assert {row.subject_id for row in rows} == {door.id for door in doors}


def test_two_teams_at_one_shop_are_both_kept_and_a_person_decides(town: Town) -> None:
    door = town.doors(OFFICER)[0]
    record(CANVASSER, visit(door))
    other = visit(door, "moved")
    (outcome,) = record(OFFICER, other)
    assert outcome.state == "conflict"
    assert now(door).state == "none_found"
    assert now(door).has_conflict
    with seen_by(OFFICER):
        assert [one.id for one in queries.conflicts(OFFICER, town.round.id)] == [door.id]
        assert len(queries.visits_of(OFFICER, door.id)) == 2
    commands.decide_conflict(by=OFFICER, standing_id=door.id, visit_id=other.id, reason="去看过")
    assert (now(door).state, now(door).has_conflict) == ("moved", False)
    with pytest.raises(Refused, match="裁定过"):
        commands.decide_conflict(by=OFFICER, standing_id=door.id, visit_id=other.id)


def test_who_disagreed_by_mistake_takes_it_back_and_nothing_is_left_to_decide(town: Town) -> None:
    door = town.doors(OFFICER)[0]
    record(CANVASSER, visit(door))
    wrong = visit(door, "moved")
    record(OFFICER, wrong)
    record(OFFICER, visit(door, "none_found", supersedes=wrong.id))
    assert (now(door).state, now(door).has_conflict) == ("none_found", False)


def test_a_mistake_is_corrected_by_a_visit_that_supersedes_the_first(town: Town) -> None:
    door = town.doors()[0]
    first = visit(door, "moved")
    record(CANVASSER, first, visit(door, "none_found", supersedes=first.id))
    assert (now(door).state, now(door).has_conflict) == ("none_found", False)
    with seen_by(COUNTY):
        assert len(queries.visits_of(COUNTY, door.id)) == 2


def test_a_shut_door_says_when_to_come_back_and_is_left(town: Town) -> None:
    door = town.doors()[0]
    (refused,) = record(CANVASSER, visit(door, "closed"))
    assert (refused.state, refused.code) == ("refused", "come-back")
    friday = TODAY + timedelta(days=4)
    record(CANVASSER, visit(door, "closed", come_back_on=friday))
    assert now(door).is_left
    with seen_by(COUNTY):
        due = queries.come_back_due(COUNTY, town.round.id, path=TOWNSHIP.path, on=friday)
        none = queries.come_back_due(COUNTY, town.round.id, path=TOWNSHIP.path, on=TODAY)
    assert ([one.id for one in due], none) == ([door.id], [])


def test_a_refused_visit_does_not_hold_up_the_others_of_its_batch(town: Town) -> None:
    first, second = town.doors()[:2]
    outcomes = record(OFFICER, visit(first, "refused"), visit(second))
    assert [one.state for one in outcomes] == ["refused", "applied"]
    assert "原因" in outcomes[0].message


def test_a_found_member_is_a_lead_and_never_a_file(town: Town) -> None:
    door = town.doors(CANVASSER)[0]
    new = visit(door)
    said = LeadSaid(name="阿木", phone=invented_phone(5), home="昭觉县", trade="餐饮")
    assert commands.record_found(by=CANVASSER, visit=new, said=said).state == "applied"
    assert commands.record_found(by=CANVASSER, visit=new, said=said).state == "again"
    assert now(door).state == "members_found"
    with seen_by_the_database():
        (lead,) = Lead.objects.all()
        assert (lead.door, lead.search_method, lead.path) == ("census", "door", TOWNSHIP.path)
        assert not Member.objects.exists()
        kept = Visit.objects.get(pk=new.id)
        assert kept.lead_id == lead.id
        assert "阿木" not in repr([getattr(kept, f.name) for f in Visit._meta.concrete_fields])
    told = flows.read_lead(by=OFFICER, lead_id=lead.id)
    assert told.now_at.endswith(door.name)


def test_a_village_cadre_walks_the_area_of_their_team_although_it_lies_above(walked: Town) -> None:
    with seen_by(CADRE):
        (area,) = queries.my_areas(CADRE)
        mine = queries.standings_of_area(CADRE, area.id)
        own = {one.id for one in mine}
    other = next(door for door in walked.doors() if door.id not in own)
    assert record(CADRE, visit(mine[0]))[0].state == "applied"
    assert record(CADRE, visit(other))[0].state == "not-found"
    said = LeadSaid(name="阿衣")
    assert commands.record_found(by=CADRE, visit=visit(mine[1]), said=said).state == "applied"
    with seen_by(CADRE), pytest.raises(NotFound):
        queries.get_standing_for(CADRE, other.id)


def test_next_county_sees_and_visits_nothing(town: Town) -> None:
    stranger = OUTSIDERS["canvasser"]
    door = town.doors()[0]
    assert record(stranger, visit(door))[0].state == "not-found"
    with seen_by(stranger), pytest.raises(NotFound):
        queries.get_round_for(stranger, town.round.id)
    with pytest.raises(Forbidden):
        record(OFFICIALS["liaison"], visit(door))


def test_a_township_reads_the_countys_round_and_does_not_change_it(town: Town) -> None:
    with seen_by(OFFICER):
        assert queries.get_round_for(OFFICER, town.round.id).title == "第一轮摸排"
    with pytest.raises(Forbidden):
        commands.close_round(by=OFFICER, round_id=town.round.id)


def test_a_shop_that_no_list_knew_is_added_at_the_door_once(town: Town) -> None:
    new = uuid4()
    door = NewDoor("新开小吃", "巴普镇城东社区新建路200号")
    added = [
        commands.add_door(
            by=CANVASSER, round_id=town.round.id, organisation_id=TOWNSHIP.id, door=door,
            premises_id=new,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert added[0].id == added[1].id
    assert (added[0].street, added[0].house) == ("城东社区新建路", 200)
    with seen_by_the_database():
        assert Premises.objects.filter(name="新开小吃").count() == 1
        assert Standing.objects.filter(premises_id=new).count() == 1


def test_a_shop_that_is_listed_is_not_added_a_second_time(town: Town) -> None:
    listed = town.doors(CANVASSER)[0]
    again = NewDoor(f" {listed.name}", listed.address)

    def add(door: NewDoor) -> StandingFacts:
        return commands.add_door(
            by=CANVASSER, round_id=town.round.id, organisation_id=TOWNSHIP.id, door=door
        )

    with pytest.raises(Refused) as refused:
        add(again)
    assert refused.value.code == "looks-alike"
    assert listed.code in refused.value.message
    other = add(NewDoor(again.name, again.address, is_another=True))
    assert other.id != listed.id
    coded = NewDoor("甲", "某街1号", credit_code="92513436442646028U")
    add(coded)
    with pytest.raises(Refused) as refused:
        add(NewDoor("乙", "别处", credit_code="92513436442646028U", is_another=True))
    assert refused.value.code == "listed"
    with pytest.raises(Refused) as refused:
        add(NewDoor("丙", credit_code="92513436442646028A"))
    assert refused.value.code in {"checksum", "credit-code"}


def test_a_sheet_typed_twice_is_harmless_and_typed_otherwise_asks(town: Town) -> None:
    door = town.doors(CANVASSER)[0]

    def type_in(state: str, **more: object) -> str:
        return commands.type_in(
            by=CANVASSER, standing_id=door.id, state=state, visited_on=TODAY, **more
        ).state  # type: ignore[arg-type]

    assert [type_in("none_found"), type_in("none_found")] == ["applied", "again"]
    with pytest.raises(Refused) as refused:
        type_in("moved")
    assert "没有党员" in refused.value.message
    assert type_in("moved", is_correction=True) == "applied"
    assert now(door).state == "moved"
    with seen_by(COUNTY):
        assert len(queries.visits_of(COUNTY, door.id)) == 2


def test_an_old_sheet_does_not_overwrite_what_another_team_found_since(town: Town) -> None:
    door = town.doors(OFFICER)[0]
    record(OFFICER, visit(door, "moved"))
    outcome = commands.type_in(
        by=CANVASSER, standing_id=door.id, state="none_found",
        visited_on=TODAY - timedelta(days=3),
    )  # fmt: skip
    assert outcome.state == "conflict"
    assert now(door).state == "moved"


def test_a_code_on_paper_leads_to_its_door_and_a_wrong_one_nowhere(town: Town) -> None:
    door = town.doors(CANVASSER)[0]
    with seen_by(CANVASSER):
        assert commands.door_of_code(CANVASSER, town.round.id, door.code).id == door.id
        for wrong in (
            "12",
            written_code(9999),
            door.code[:-1] + str((int(door.code[-1]) + 1) % 10),
        ):
            with pytest.raises(Refused):
                commands.door_of_code(CANVASSER, town.round.id, wrong)
    assert not isinstance(door.code, Finding)


def test_a_closed_round_takes_no_more_visits(town: Town) -> None:
    with pytest.raises(Refused) as refused:
        commands.close_round(by=COUNTY, round_id=town.round.id)
    assert refused.value.code == "unexplained"
    record(COUNTY, *(visit(door) for door in town.doors(COUNTY)))
    assert (
        commands.close_round(by=COUNTY, round_id=town.round.id, reason="试点不复核").state
        == "closed"
    )
    door = town.doors()[0]
    assert record(COUNTY, visit(door))[0].code == "closed"


def test_what_a_back_check_opens_again_is_left_again(town: Town) -> None:
    door = town.doors(OFFICER)[0]
    record(CANVASSER, visit(door))
    commands.open_again(by=OFFICER, standing_ids=[door.id], reason="复核说法不一")
    assert now(door).state == "not_visited"
    assert record(CANVASSER, visit(now(door)))[0].state == "applied"


def test_premises_of_a_later_import_stand_in_the_round_at_once(town: Town) -> None:
    before = len(town.doors())
    batch = uuid4()
    register.register_premises(by=OFFICER, new=premises(3), import_batch_id=batch)
    doors = town.doors()
    assert len(doors) == before + 3
    assert len({door.number for door in doors}) == len(doors)
    record(CANVASSER, visit(doors[-1]) if doors[-1].path == TOWNSHIP.path else visit(doors[0]))


def test_an_import_taken_back_leaves_what_was_visited(town: Town) -> None:
    batch = uuid4()
    ids = register.register_premises(by=OFFICER, new=premises(3), import_batch_id=batch)
    door = next(one for one in town.doors() if one.premises_id == ids[0])
    record(CANVASSER, visit(door))
    assert register.undo_batch(by=OFFICER, batch_id=batch, reason="传错") == {
        "removed": 2,
        "kept": 1,
    }
    assert {UUID(str(one.premises_id)) for one in town.doors()} & set(ids) == {ids[0]}


def test_only_who_may_canvass_records(town: Town) -> None:
    watcher = with_permissions(OFFICER, Permission.SEE_CENSUS)
    with pytest.raises(Forbidden):
        record(watcher, visit(town.doors()[0]))
