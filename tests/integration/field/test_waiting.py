"""What may not be applied waits for a person, and nothing is lost."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from tests.cast import BRANCH, NEXT_TOWNSHIP
from tests.clients.field_client import Told, text
from tests.field_notes import give_area, rows
from tests.integration.field.asking import end_role, ids, in_an_area, inbox, state_of, word
from tests.integration.field.conftest import Worker, enlist

from guiyan.access import handsets
from guiyan.access.models import Handset
from guiyan.field import packets, queries
from guiyan.field.commands import deciding, upkeep
from guiyan.field.models import WaitingOperation
from guiyan.platform import clock
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, NotFound
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db


# -- two phones at one record (F13) ----------------------------------------------------------


def test_different_fields_of_one_record_merge(walker: Worker, other: Worker) -> None:
    door = str(uuid4())
    walker.phone.do("note.write", door, {"word": "关门", "colour": "红"}, version=2)
    walker.phone.push()
    walker.phone.do("note.write", door, {"word": "开门"}, version=2, base_version=1)
    other.phone.do("note.write", door, {"colour": "蓝"}, version=2, base_version=1)
    assert walker.phone.push()[0]["state"] == "applied"
    assert other.phone.push()[0]["state"] == "merged"
    assert rows("select colour, word from tests_field.note where id = %s", door) == [("蓝", "开门")]


def test_of_the_same_field_both_values_are_kept_and_a_person_chooses(
    walker: Worker, other: Worker, officer: Worker
) -> None:
    door = str(uuid4())
    walker.phone.do("note.write", door, {"word": "关门"}, version=2, base_version=0)
    other.phone.do("note.write", door, {"word": "开门", "colour": "蓝"}, version=2, base_version=0)
    walker.phone.push()
    (result,) = other.phone.push()
    assert (result["status"], result["state"]) == (202, "conflict")
    assert result["kept"] == {"word": {"here": "关门", "phone": "开门"}}
    (one,) = ids(officer, "conflict")
    assert deciding.choose(by=officer.actor, operation_id=one, take=["word"]) == "applied"
    assert rows("select colour, word from tests_field.note where id = %s", door) == [("蓝", "开门")]
    assert state_of(str(one)) == "applied"
    assert inbox(officer) == []


def test_the_value_here_stays_when_the_person_takes_nothing(
    walker: Worker, other: Worker, officer: Worker
) -> None:
    door = str(uuid4())
    walker.phone.do("note.write", door, {"word": "关门"}, version=2, base_version=0)
    other.phone.do("note.write", door, {"word": "开门"}, version=2, base_version=0)
    walker.phone.push()
    other.phone.push()
    deciding.choose(by=officer.actor, operation_id=ids(officer)[0], take=[])
    assert word(door) == "关门"


# -- chains ------------------------------------------------------------------------------------


def test_a_link_that_comes_before_its_predecessor_is_held_and_shown(
    walker: Worker, officer: Worker
) -> None:
    phone, door = walker.phone, str(uuid4())
    first = phone.do("note.write", door, {"word": "一"}, version=2)
    second = phone.do("note.write", door, {"word": "二"}, version=2, after=first)
    third = phone.do("note.write", door, {"word": "三"}, version=2, after=second)
    one, two, three = phone.outbox
    assert [r["state"] for r in phone.push_some([three, two])] == ["held", "held"]
    assert set(ids(officer, "held")) == {UUID(second), UUID(third)}
    assert [each["state"] for each in phone.call("GET", "/inbox")["own"]] == ["held", "held"]
    phone.push_some([one])
    assert word(door) == "三"
    assert state_of(second) == state_of(third) == "applied"
    assert inbox(officer) == []


def test_a_whole_chain_in_any_order_in_one_batch_is_followed(walker: Worker) -> None:
    phone, door = walker.phone, str(uuid4())
    before = None
    for number in range(20):
        before = phone.do("note.write", door, {"word": f"{number}"}, version=2, after=before)
    results = phone.push_some(list(reversed(phone.outbox)))
    assert {each["state"] for each in results} == {"applied"}
    assert word(door) == "19"


def test_a_link_whose_predecessor_never_comes_goes_before_a_person_after_five_days(
    walker: Worker, officer: Worker
) -> None:
    phone, door = walker.phone, str(uuid4())
    phone.do("note.write", door, {"word": "二"}, version=2, after=str(uuid4()))
    phone.push()
    with scoped(Scope.everywhere()):
        WaitingOperation.objects.update(received_at=clock.now() - timedelta(days=6))
    upkeep.release_held(by=Actor.system())
    assert ids(officer, "conflict") != []
    deciding.accept(by=officer.actor, operation_ids=ids(officer))
    assert word(door) == "二"


def test_a_mistake_that_waits_is_closed_by_what_supersedes_it(
    walker: Worker, officer: Worker
) -> None:
    phone, door = walker.phone, str(uuid4())
    wrong = phone.do("note.write", door, {"word": "错"}, version=2, after=str(uuid4()))
    phone.push()
    phone.do("note.write", door, {"word": "对"}, version=2, supersedes=wrong)
    phone.push()
    assert (word(door), state_of(wrong), inbox(officer)) == ("对", "superseded", [])


# -- reassigned, role ended, phone lost, packet forged (F16, F18) ----------------------------------


def test_work_in_a_reassigned_area_waits_for_its_new_owner(
    walker: Worker, other: Worker, officer: Worker
) -> None:
    area, door = in_an_area(walker), str(uuid4())
    operation = walker.phone.do("note.in_area", door, {"word": "早上来过"}, area_id=area)
    give_area(UUID(area), other.actor)
    assert walker.phone.fetch_areas() == []
    assert walker.phone.packets == {}  # told that it moved away
    (result,) = walker.phone.push()
    assert (result["state"], result["code"]) == ("quarantined", "area-reassigned")
    assert word(door) is None
    assert ids(walker) == []
    assert ids(other) == ids(officer) == [UUID(operation)]
    deciding.accept(by=other.actor, operation_ids=[UUID(operation)])
    assert (word(door), state_of(operation)) == ("早上来过", "applied")


def test_the_new_owner_in_another_township_finds_it_too(walker: Worker) -> None:
    area = in_an_area(walker)
    neighbour = enlist("canvasser", BRANCH, "阿尔石布")
    operation = walker.phone.do("note.in_area", str(uuid4()), {"word": "来过"}, area_id=area)
    give_area(UUID(area), neighbour.actor)
    walker.phone.push()
    assert ids(neighbour) == [UUID(operation)]
    assert [each["id"] for each in walker.phone.call("GET", "/inbox")["own"]] == [operation]


def test_who_is_not_the_owner_can_decide_nothing(walker: Worker, other: Worker) -> None:
    area = in_an_area(walker)
    operation = walker.phone.do("note.in_area", str(uuid4()), {"word": "来过"}, area_id=area)
    give_area(UUID(area), other.actor)
    walker.phone.push()
    with pytest.raises(NotFound):
        deciding.accept(by=walker.actor, operation_ids=[UUID(operation)])


def test_when_the_role_has_ended_work_waits_and_nothing_more_is_pulled(
    walker: Worker, officer: Worker
) -> None:
    door = str(uuid4())
    walker.phone.do("note.write", door, {"word": "来过"}, version=2)
    end_role(walker)
    with pytest.raises(Told) as told:
        walker.phone.fetch_areas()
    assert (told.value.status, told.value.code) == (401, "device-without-role")
    (result,) = walker.phone.push()
    assert (result["state"], result["code"]) == ("quarantined", "role-ended")
    deciding.accept(by=officer.actor, operation_ids=ids(officer))
    assert word(door) == "来过"


def test_a_lost_phone_pulls_nothing_and_what_it_sends_waits(
    walker: Worker, officer: Worker
) -> None:
    handsets.revoke_handset(by=walker.actor, handset_id=walker.handset_id)
    walker.phone.do("note.write", str(uuid4()), {"word": "捡来的"}, version=2)
    with pytest.raises(Told) as told:
        walker.phone.fetch_key()
    assert told.value.code == "device-revoked"
    assert walker.phone.push()[0]["code"] == "device-lost"
    deciding.decline(by=officer.actor, operation_ids=ids(officer), reason="手机已报失")
    assert rows("select count(*) from tests_field.effect") == [(0,)]


def test_a_token_unused_for_three_weeks_is_over_and_the_outbox_stays(walker: Worker) -> None:
    walker.phone.do("note.write", str(uuid4()), {"word": "迟了"}, version=2)
    Handset.objects.update(seen_at=clock.now() - timedelta(days=22))
    with pytest.raises(Told) as told:
        walker.phone.push()
    assert (told.value.code, len(walker.phone.outbox)) == ("device-expired", 1)


@pytest.mark.parametrize(
    ("kind_of", "code"),
    [("none", "packet-missing"), ("forged", "packet-forged"), ("old", "packet-expired")],
)
def test_work_on_a_forged_or_expired_packet_is_kept_for_a_person(
    walker: Worker, officer: Worker, kind_of: str, code: str
) -> None:
    area = in_an_area(walker)
    packet = walker.phone.packets["note", area]
    old = (clock.now() - timedelta(days=22)).isoformat()
    place = packets.Place(0, 1, "", 1, "", old)
    packet.token = {
        "none": "",
        "forged": packet.token[:-8] + text(b"forged")[:8],
        "old": packets._token("note", UUID(area), place),
    }[kind_of]
    walker.phone.do("note.in_area", str(uuid4()), {"word": "来过"}, area_id=area)
    assert walker.phone.push()[0]["code"] == code
    assert len(inbox(officer)) == 1


def test_what_waits_comes_page_by_page_and_each_once(walker: Worker, officer: Worker) -> None:
    give_area(area := uuid4(), walker.actor)
    walker.phone.fetch_key()
    for n in range(5):  # no packet was shown: all of it waits for a person
        walker.phone.do("note.in_area", str(uuid4()), {"word": f"门{n}"}, area_id=str(area))
    walker.phone.push()
    seen: list[UUID] = []
    cursor = ""
    with scoped(officer.actor.scope):
        while True:
            page = queries.waiting_page(officer.actor, ["quarantined"], cursor, limit=2)
            seen += [one.id for one in page.rows]
            cursor = page.next_cursor
            if not cursor:
                break
    assert len(seen) == len(set(seen)) == 5
    assert seen == ids(officer, "quarantined")


def test_its_sender_is_told_in_words_what_waits_and_why_it_was_turned_down(
    walker: Worker, officer: Worker
) -> None:
    area = in_an_area(walker)
    give_area(UUID(area), officer.actor)
    phone = walker.phone
    phone.do("note.in_area", str(uuid4()), {"word": "来过"}, area_id=area)
    assert phone.push()[0]["state"] == "quarantined"
    (waits,) = phone.call("GET", "/inbox")["own"]
    assert (waits["said"], waits["code"]) == ("片区里门上的话：来过", "area-reassigned")
    deciding.decline(by=officer.actor, operation_ids=ids(officer), reason="这家已经关门")
    said = phone.call("GET", "/inbox")
    assert said["own"] == []
    assert said["declined"] == [
        {"id": waits["id"], "said": "片区里门上的话：来过", "told": "这家已经关门"}
    ]


def test_who_answers_for_the_work_ends_a_lost_phone_of_their_place_and_no_other(
    walker: Worker, officer: Worker
) -> None:
    theirs = {account for one in (walker, officer) if (account := one.actor.account_id)}

    def end(by: Worker, phone: Worker, workers: set[UUID]) -> None:
        handsets.revoke_field_handset(by=by.actor, handset_id=phone.handset_id, workers=workers)

    with pytest.raises(NotFound):
        end(officer, walker, set())
    end(officer, walker, theirs)
    assert handsets.revoked_among(officer.actor, [walker.handset_id]) == {walker.handset_id}
    with pytest.raises(Forbidden):
        end(walker, officer, theirs)
    with pytest.raises(NotFound):
        end(enlist("township_officer", NEXT_TOWNSHIP, "外县乙"), officer, theirs)
