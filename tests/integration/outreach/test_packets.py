"""What a phone takes along of an area and what it brings back."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from tests.cast import OUTSIDERS, TODAY
from tests.integration.outreach.conftest import (
    CADRE,
    CANVASSER,
    COUNTY,
    OFFICER,
    Town,
    seen_by,
    seen_by_the_database,
)

from guiyan.field.offline import Operation, Written, operation_kinds, packet_kinds
from guiyan.field.rules.packets import FORBIDDEN_KEYS, keys_of
from guiyan.flows.models import Lead
from guiyan.outreach.census import commands, packets, queries
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound

pytestmark = pytest.mark.django_db


def operation(kind: str, subject: UUID, body: dict[str, object], **more: object) -> Operation:
    facts: dict[str, object] = {
        "id": uuid4(), "area_id": None, "base_version": None, "after": None, "supersedes": None,
        "opened": {}, "chosen": None,
    }  # fmt: skip
    return Operation(  # type: ignore[arg-type]
        kind=kind, version=1, subject_id=subject, device_id=uuid4(),
        body=operation_kinds[kind].body.model_validate(body),
        at_device=datetime(2026, 3, 2, tzinfo=UTC), skew_s=0, **(facts | more),
    )  # fmt: skip


def apply(by: Actor, *operations: Operation) -> list[str]:
    with seen_by(by):
        kind = operation_kinds[operations[0].kind]
        return [one.state for one in kind.apply(by, operations)]


def packet(by: Actor, area_id: UUID):  # type: ignore[no-untyped-def]
    with seen_by(by):
        return packet_kinds["census"].build(by, area_id)


def area_of(by: Actor) -> UUID:
    with seen_by(by):
        return packet_kinds["census"].areas_for(by)[0].id


def test_a_packet_holds_the_area_of_ones_team_and_nobody_elses(walked: Town) -> None:
    mine = area_of(CADRE)
    content = packet(CADRE, mine)
    assert len(content.records) == 5
    for stranger in (CANVASSER, OFFICER, OUTSIDERS["canvasser"]):
        with pytest.raises(NotFound):
            packet(stranger, mine)


def test_a_packet_names_no_person_and_no_number(walked: Town) -> None:
    (record, *_rest) = packet(CADRE, area_of(CADRE)).records
    assert set(record) == {
        "id", "version", "code", "name", "address", "type", "noted", "street", "house", "state",
        "reason", "come_back_on", "visited_on", "visit_id", "has_conflict",
    }  # fmt: skip


def test_no_key_of_a_packet_is_one_for_an_id_number(walked: Town) -> None:
    assert not FORBIDDEN_KEYS & set(keys_of(packet(CADRE, area_of(CADRE)).records))


def test_what_changed_bears_a_newer_version_and_what_did_not_keeps_its_own(walked: Town) -> None:
    area = area_of(CADRE)
    before = packet(CADRE, area)
    door = before.records[0]
    visit = operation(
        "census.visit", UUID(door["id"]), {"state": "none_found"}, base_version=door["version"]
    )
    assert apply(CADRE, visit) == ["applied"]
    after = packet(CADRE, area)
    assert after.version > before.version
    newer = [one["id"] for one in after.records if one["version"] > before.version]
    assert newer == [door["id"]]


def test_two_phones_at_one_door_are_a_conflict_that_is_decided_once(walked: Town) -> None:
    door = packet(CADRE, area_of(CADRE)).records[0]
    subject, seen = UUID(door["id"]), door["version"]
    apply(CADRE, operation("census.visit", subject, {"state": "none_found"}, base_version=seen))
    late = operation("census.visit", subject, {"state": "moved"}, base_version=seen)
    with seen_by(OFFICER):
        (found,) = operation_kinds["census.visit"].apply(OFFICER, [late])
    assert found.state == "conflict"
    assert found.kept == {"state": {"here": "none_found", "phone": "moved"}}
    chosen = operation(
        "census.visit", subject, {"state": "moved"}, id=late.id, chosen=frozenset({"state"})
    )
    assert apply(OFFICER, chosen) == ["applied"]
    assert apply(OFFICER, chosen) == ["applied"]
    with seen_by(OFFICER):
        assert queries.get_standing_for(OFFICER, subject).state == "moved"


def test_a_found_member_arrives_sealed_and_becomes_one_lead(walked: Town) -> None:
    door = packet(CADRE, area_of(CADRE)).records[0]
    opened = {"name": "阿果", "phone": "", "home": "雷波县", "note": "下午在"}
    found = operation("census.found", uuid4(), {"standing_id": door["id"]}, opened=opened)
    visit = operation(
        "census.visit", UUID(door["id"]), {"state": "members_found"}, base_version=door["version"]
    )
    assert apply(CADRE, found) == ["applied"]
    assert apply(CADRE, visit) == ["applied"]
    assert apply(CADRE, found) == ["applied"]
    with seen_by_the_database():
        assert Lead.objects.count() == 1


def test_a_shop_added_without_a_line_may_be_visited_by_its_own_id(walked: Town) -> None:
    area, new = area_of(CADRE), uuid4()
    added = operation("census.add_premises", new, {"name": "新开张"}, area_id=area)
    visit = operation("census.visit", new, {"state": "none_found"}, area_id=area)
    assert apply(CADRE, added) == ["applied"]
    assert apply(CADRE, visit) == ["applied"]
    assert apply(CADRE, added) == ["applied"]
    record = next(one for one in packet(CADRE, area).records if one["id"] == str(new))
    assert record["state"] == "none_found"


def test_what_left_the_area_has_a_tombstone_and_a_lost_area_has_an_owner(walked: Town) -> None:
    mine, other = area_of(CADRE), area_of(CANVASSER)
    before = packet(CADRE, mine)
    gone = UUID(before.records[0]["id"])
    commands.move_doors(by=OFFICER, area_id=other, standing_ids=[gone])
    after = packet(CADRE, mine)
    assert after.tombstones[gone] > before.version
    assert gone not in {UUID(one["id"]) for one in after.records}
    commands.give_area(by=OFFICER, area_id=mine, team_id=walked.teams[0].id)
    with pytest.raises(NotFound):
        packet(CADRE, mine)
    owner = packets.owner_of(mine)
    assert owner is not None
    assert owner.path == OFFICER.path


def test_a_team_that_falls_out_is_previewed_and_what_changed_since_is_not_overrun(
    walked: Town,
) -> None:
    team, taker = walked.teams
    with seen_by(OFFICER):
        (hit,) = queries.affected_by(OFFICER, team.id)
    assert (hit.to_team_id, hit.area.left) == (taker.id, 5)
    wrong = {hit.area.id: hit.area.version - 1}
    with pytest.raises(Exception, match="重新打开预览"):
        commands.fall_out(by=OFFICER, team_id=team.id, takers={}, expected=wrong, reason="下乡支教")
    commands.fall_out(
        by=OFFICER,
        team_id=team.id,
        takers={hit.area.id: taker.id},
        expected={hit.area.id: hit.area.version},
        reason="下乡支教",
    )
    with seen_by(CADRE):
        assert len(queries.my_areas(CADRE)) == 2
    with seen_by(CANVASSER):
        assert queries.my_areas(CANVASSER) == []
    assert COUNTY.today == TODAY


def test_what_waits_names_the_shop_and_the_state_in_words(walked: Town) -> None:
    door = packet(CADRE, area_of(CADRE)).records[0]
    words = operation_kinds["census.visit"].words
    assert words is not None
    body = {"state": "closed", "reason": "农忙", "come_back_on": "2026-03-06"}
    one = Written(uuid4(), UUID(door["id"]), None, body)
    unknown = Written(uuid4(), uuid4(), None, {"state": "none_found"})
    with seen_by(OFFICER):
        said = words.said(OFFICER, [one, unknown])
    assert said[one.id].startswith(f"{door['code']} {door['name']}（{door['address']}）：")
    assert said[one.id].endswith("，农忙，约好 2026-03-06 再去")
    assert "closed" not in said[one.id]
    assert said[unknown.id] == words.of_value("state", "none_found")[1] != "none_found"
    assert words.of_value("state", "moved")[0] == "走访结果"


def test_who_was_met_is_not_read_for_the_list(walked: Town) -> None:
    door = packet(CADRE, area_of(CADRE)).records[0]
    words = operation_kinds["census.found"].words
    assert words is not None
    found = Written(uuid4(), uuid4(), None, {"standing_id": door["id"]})
    with seen_by(OFFICER):
        assert door["name"] in words.said(OFFICER, [found])[found.id]
