"""Clocks, old forms, what can't be read, what was sealed."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.field_notes import poison, rows
from tests.integration.field.asking import inbox, word
from tests.integration.field.conftest import Worker

from guiyan.field import queries
from guiyan.field.models import Receipt, WaitingOperation
from guiyan.kernel.crypto import KeyUse
from guiyan.platform import clock
from guiyan.platform.keys import key_ring
from guiyan.platform.models import AuditRow
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db


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
