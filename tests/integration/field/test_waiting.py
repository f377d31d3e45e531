"""What may not be applied waits for a person, and nothing is lost."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from tests.cast import BRANCH
from tests.clients.field_client import FieldClient, Told, text
from tests.field_notes import give_area, poison, rows
from tests.integration.field.conftest import Worker, enlist
from tests.people import invented_id

from guiyan.access import handsets
from guiyan.access.models import Grant, Handset
from guiyan.field import admission, packets, queries
from guiyan.field.commands import deciding, upkeep
from guiyan.field.models import Receipt, WaitingOperation
from guiyan.kernel.crypto import KeyUse
from guiyan.platform import clock
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound
from guiyan.platform.keys import key_ring
from guiyan.platform.models import AuditRow
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db


def word(door: str) -> Any:
    found = rows("select word from tests_field.note where id = %s", door)
    return found[0][0] if found else None


def inbox(worker: Worker, *states: str) -> list[Any]:
    with scoped(worker.actor.scope):
        return queries.waiting_for(worker.actor, states or ("quarantined", "conflict", "held"))


def ids(worker: Worker, *states: str) -> list[UUID]:
    return [one.id for one in inbox(worker, *states)]


def state_of(operation_id: str) -> str:
    with scoped(Scope.everywhere()):
        return Receipt.objects.get(id=operation_id).state


def in_an_area(worker: Worker) -> str:
    area = uuid4()
    give_area(area, worker.actor)
    worker.phone.fetch_key()
    worker.phone.fetch_packet("note", str(area))
    return str(area)


def end_role(worker: Worker) -> None:
    Grant.objects.filter(account_id=worker.actor.account_id).delete()


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


# -- clocks (F14), versions (F17), what can't be read ----------------------------------------------


@pytest.mark.parametrize("days", [-400, 400])
def test_a_clock_wrong_by_400_days_is_flagged_and_never_refused(
    walker: Worker, officer: Worker, days: int
) -> None:
    walker.phone.now = lambda: datetime.now(UTC) + timedelta(days=days)
    walker.phone.do("note.write", str(uuid4()), {"word": "来过"}, version=2)
    assert walker.phone.push()[0]["state"] == "applied"
    ((skew,),) = rows("select skew_s from tests_field.effect")
    assert abs(skew - days * 86400) < 60
    with scoped(officer.actor.scope):
        (phone,) = [p for p in queries.phones_for(officer.actor) if p.id == walker.handset_id]
        assert phone.is_flagged
        assert Receipt.objects.get().received_at <= clock.now()


def test_a_clock_that_jumps_leaves_the_servers_order(walker: Worker) -> None:
    phone, door = walker.phone, str(uuid4())
    for jump, said in ((400, "先"), (-400, "后")):
        phone.now = lambda jump=jump: datetime.now(UTC) + timedelta(days=jump)
        phone.do("note.write", door, {"word": said}, version=2)
    phone.push()
    assert word(door) == "后"


@pytest.mark.parametrize("said", ["", "昨天", "0000-00-00", "9999-12-31T23:59:59+00:00", "1"])
def test_whatever_the_clock_says_nothing_is_refused(walker: Worker, said: str) -> None:
    walker.phone.do("note.write", str(uuid4()), {"word": "来过"}, version=2)
    walker.phone.outbox[0]["at_device"] = said
    body = {"operations": walker.phone.outbox, "clock": said}
    (result,) = walker.phone.call("POST", "/operations", body)["results"]
    assert result["state"] == "applied"


def test_the_form_of_an_older_version_is_converted(walker: Worker) -> None:
    door = str(uuid4())
    walker.phone.do("note.write", door, {"text": "旧表"}, version=1)
    assert walker.phone.push()[0]["state"] == "applied"
    assert word(door) == "旧表"


def test_what_cannot_be_read_is_refused_alone_and_uses_up_no_receipt(walker: Worker) -> None:
    phone, door = walker.phone, str(uuid4())
    good = phone.do("note.write", door, {"word": "好"}, version=2)
    kept = phone.outbox.pop()
    wrong = [
        "nonsense", None, [], {"id": "x"}, {**kept, "id": str(uuid4()), "extra": 1},
        {**kept, "id": str(uuid4()), "version": 3}, {**kept, "id": str(uuid4()), "kind": "a.b"},
        {**kept, "id": str(uuid4()), "body": {"word": 1}},
        {**kept, "id": str(uuid4()), "body": {"word": "长" * 700}},
        {**kept, "id": str(uuid4()), "body": {"word": "\x00"}},
    ]  # fmt: skip
    results = phone.push_some([*wrong, kept])
    assert [r["code"] for r in results] == [
        "malformed", "malformed", "malformed", "malformed", "malformed", "version-too-new",
        "unknown-kind", "invalid", "too-large", "malformed", "",
    ]  # fmt: skip
    assert results[8]["status"] == 413
    with scoped(Scope.everywhere()):
        assert [str(each.id) for each in Receipt.objects.all()] == [good]


def test_a_refusal_of_the_room_leaves_the_id_free_and_spoils_no_other(walker: Worker) -> None:
    poison.refuse.add("骂人")
    phone, bad, good = walker.phone, str(uuid4()), str(uuid4())
    phone.do("note.write", bad, {"word": "骂人"}, version=2)
    phone.do("note.write", good, {"word": "好话"}, version=2)
    results = phone.push()
    assert [(r["status"], r["code"]) for r in results] == [(422, "unkind"), (200, "")]
    assert results[0]["message"] == "这句话不能写。请换一句。"
    phone.outbox[0]["body"] = {"word": "改好了"}
    assert phone.push()[0]["state"] == "applied"
    assert (word(bad), word(good)) == ("改好了", "好话")


def test_a_fault_in_one_operation_keeps_it_for_a_person_and_applies_the_others(
    walker: Worker, officer: Worker
) -> None:
    poison.breaks.add("坏")
    for said in ("好", "坏", "也好"):
        walker.phone.do("note.write", str(uuid4()), {"word": said}, version=2)
    assert [r["state"] for r in walker.phone.push()] == ["applied", "quarantined", "applied"]
    assert [one.code for one in inbox(officer)] == ["fault"]


# -- sealed ----------------------------------------------------------------------------------------


def test_what_was_sealed_is_opened_only_when_applied_and_stored_nowhere_in_the_clear(
    walker: Worker, officer: Worker
) -> None:
    secret = {"name": "阿力木呷", "phone": "12000000001"}
    walker.phone.fetch_key()
    walker.phone.do("note.write", str(uuid4()), {"word": "一"}, version=2, secret=secret)
    walker.phone.do("note.write", str(uuid4()), {}, version=2, secret=secret, after=str(uuid4()))
    walker.phone.push()
    ((length,),) = rows("select secret_length from tests_field.note")
    assert length == sum(map(len, secret.values()))
    with scoped(Scope.everywhere()):
        stored = list(WaitingOperation.objects.values_list("sent", "kept"))
        noted = list(AuditRow.objects.values_list("facts", flat=True))
    whole = json.dumps([stored, noted], ensure_ascii=False)
    assert "阿力木呷" not in whole and "12000000001" not in whole


def test_a_box_moved_to_another_operation_does_not_open(walker: Worker, officer: Worker) -> None:
    walker.phone.fetch_key()
    for _ in range(2):
        walker.phone.do("note.write", str(uuid4()), {}, version=2, secret={"name": "阿果"})
    one, two = walker.phone.outbox
    one["sealed"] = two["sealed"]
    assert [r["code"] for r in walker.phone.push()] == ["sealed-unreadable", ""]


def test_after_a_rotation_the_old_key_still_opens(walker: Worker) -> None:
    walker.phone.fetch_key()
    walker.phone.do("note.write", str(uuid4()), {}, version=2, secret={"name": "阿果"})
    key_ring().rotate(KeyUse.FIELD)
    assert walker.phone.push()[0]["state"] == "applied"


# -- hand-over files -------------------------------------------------------------------------------


def test_a_file_handed_over_counts_as_the_first_phones_and_twice_is_once(
    walker: Worker, other: Worker
) -> None:
    walker.phone.fetch_key()
    door = str(uuid4())
    operation = walker.phone.do("note.write", door, {"word": "没信号"}, version=2)
    handed = walker.phone.hand_over()
    assert "没信号" not in json.dumps(handed, ensure_ascii=False)
    for is_replay in (False, True):
        (result,) = other.phone.carry(handed)
        assert (result["state"], result["is_replay"]) == ("applied", is_replay)
    (result,) = walker.phone.push()
    assert (result["id"], result["is_replay"], word(door)) == (operation, True, "没信号")
    with scoped(Scope.everywhere()):
        assert Receipt.objects.get().account_id == walker.actor.account_id


def test_a_file_without_the_phones_signature_waits_for_a_person(
    walker: Worker, other: Worker, officer: Worker
) -> None:
    walker.phone.fetch_key()
    walker.phone.do("note.write", str(uuid4()), {"word": "冒充"}, version=2)
    forger = FieldClient(walker.phone.send, device_id=walker.phone.device_id, key=walker.phone.key)
    forger.outbox = walker.phone.outbox
    assert other.phone.carry(forger.hand_over())[0]["code"] == "handover-unsigned"
    assert len(inbox(officer)) == 1


@pytest.mark.parametrize("broken", ["sealed", "device_id"])
def test_a_broken_file_is_refused_with_words(walker: Worker, other: Worker, broken: str) -> None:
    walker.phone.fetch_key()
    walker.phone.do("note.write", str(uuid4()), {"word": "x"}, version=2)
    handed = walker.phone.hand_over()
    handed[broken] = str(uuid4()) if broken == "device_id" else handed["sealed"][:-6] + "AAAAAA"
    with pytest.raises(Told) as told:
        other.phone.carry(handed)
    assert told.value.code == "handover-broken"


# -- packets ---------------------------------------------------------------------------------------


def fill(area: str, number: int) -> None:
    for n in range(number):
        rows(
            "insert into tests_field.note (id, area_id, word, version) values (%s, %s, %s, 2)",
            uuid4(), area, f"门{n}",
        )  # fmt: skip


def test_a_packet_comes_in_pages_each_signed_and_chained(walker: Worker) -> None:
    area = in_an_area(walker)
    fill(area, 25)
    walker.phone.packets.clear()
    assert len(walker.phone.fetch_packet("note", area, size=10).records) == 25
    pages = list(walker.phone.pages("note", area, size=10))
    assert [(page["number"], len(page["records"]), page["is_last"]) for page in pages] == [
        (1, 10, False), (2, 10, False), (3, 5, True),
    ]  # fmt: skip


def test_a_delta_brings_only_what_changed(walker: Worker) -> None:
    area = in_an_area(walker)
    fill(area, 5)
    walker.phone.fetch_packet("note", area)
    held = walker.phone.packets["note", area]
    changed = next(iter(held.records))
    rows("update tests_field.note set word = %s, version = 9 where id = %s", "新", changed)
    (page,) = walker.phone.pages("note", area, since=held.version)
    assert [record["id"] for record in page["records"]] == [changed]
    walker.phone.fetch_packet("note", area)
    assert (len(held.records), walker.phone.packets["note", area].records[changed]["word"]) == (
        5,
        "新",
    )


def test_a_page_that_was_changed_on_the_way_is_noticed(walker: Worker) -> None:
    area = in_an_area(walker)
    answer = walker.phone.call("GET", f"/packets/note/{area}")
    answer["page"] = answer["page"].replace("note", "nope")
    with pytest.raises(InvalidSignature):
        walker.phone.checked(answer)


def test_an_area_of_somebody_else_is_not_there(walker: Worker, other: Worker) -> None:
    area = in_an_area(walker)
    with pytest.raises(Told) as told:
        other.phone.call("GET", f"/packets/note/{area}")
    assert told.value.status == 404


def test_a_cursor_of_another_area_or_none_at_all_begins_anew(walker: Worker) -> None:
    area = in_an_area(walker)
    with pytest.raises(Told) as told:
        walker.phone.call("GET", f"/packets/note/{area}?after=nonsense")
    assert told.value.code == "cursor"


def test_no_id_number_leaves_on_a_phone(walker: Worker) -> None:
    area = in_an_area(walker)
    rows(
        "insert into tests_field.note (id, area_id, word, version) values (%s, %s, %s, 1)",
        uuid4(), area, f"店主 {invented_id()}",
    )  # fmt: skip
    with pytest.raises(Told) as told:
        walker.phone.call("GET", f"/packets/note/{area}")
    assert told.value.code == "packet-has-id-number"


def test_a_page_that_is_here_already_is_not_sent_again(walker: Worker) -> None:
    area = in_an_area(walker)
    fill(area, 15)
    first = walker.phone.call("GET", f"/packets/note/{area}?size=10")
    where = f"/api/field/packets/note/{area}?size=10&after={first['next']}"
    headers = {"Authorization": f"Bearer {walker.phone.token}"}
    _, said, _ = walker.phone.send("GET", where, headers, b"")
    status, _, body = walker.phone.send(
        "GET", where, {**headers, "If-None-Match": said["ETag"]}, b""
    )
    assert (status, body) == (304, b"")


# -- the gate --------------------------------------------------------------------------------------


def test_too_many_at_once_are_told_when_to_come_and_lose_nothing(
    walker: Worker, settings: Any
) -> None:
    settings.FIELD_CALLS_BURST, settings.FIELD_CALLS_PER_S = 1, 1
    admission.open_anew()
    for _ in range(3):
        walker.phone.do("note.write", str(uuid4()), {"word": "来过"}, version=2)
    walker.phone.push_some(walker.phone.outbox[:1])
    with pytest.raises(Told) as told:
        walker.phone.push()
    assert (told.value.status, told.value.code) == (429, "come-later")
    assert told.value.retry_s >= 2
    assert len(walker.phone.outbox) == 2


def test_a_cookie_does_not_help_a_call_without_a_token(walker: Worker) -> None:
    status, headers, body = walker.phone.send("GET", "/api/field/key", {"Cookie": "guiyan=x"}, b"")
    assert (status, headers["Content-Type"]) == (401, "application/problem+json")
    assert json.loads(body)["code"] == "not-signed-in"


def test_a_call_with_a_token_sets_no_cookie(walker: Worker) -> None:
    headers = {"Authorization": f"Bearer {walker.phone.token}"}
    status, said, _ = walker.phone.send("GET", "/api/field/key", headers, b"")
    assert status == 200 and "Set-Cookie" not in said


def test_each_operation_has_an_audit_row_of_its_own(walker: Worker) -> None:
    doors = [str(uuid4()) for _ in range(3)]
    for door in doors:
        walker.phone.do("note.write", door, {"word": "来过"}, version=2)
    walker.phone.push()
    with scoped(Scope.everywhere()):
        subjects = set(AuditRow.objects.values_list("subject_id", flat=True))
    assert {UUID(door) for door in doors} <= subjects


def test_only_a_hash_of_the_token_is_stored(walker: Worker) -> None:
    stored = bytes(Handset.objects.get(id=walker.handset_id).token_hash)
    assert walker.phone.token.encode() not in stored
