"""One operation, one outcome: however often it comes, from whomever, in whatever order."""

from typing import Any
from uuid import uuid4

import pytest
from tests.field_notes import rows
from tests.integration.field.conftest import Worker

pytestmark = pytest.mark.django_db


def effects() -> int:
    return int(rows("select count(*) from tests_field.effect")[0][0])


def note(note_id: str) -> tuple[Any, ...]:
    return rows("select colour, word, version from tests_field.note where id = %s", note_id)[0]


def test_an_operation_takes_effect_and_has_a_receipt(walker: Worker) -> None:
    phone, door = walker.phone, str(uuid4())
    operation = phone.do("note.write", door, {"word": "关门"}, version=2)
    (result,) = phone.push()
    assert (result["status"], result["state"], result["version"]) == (200, "applied", 1)
    assert phone.outbox == []
    assert note(door) == (None, "关门", 1)
    assert phone.call("GET", f"/operations/{operation}")["state"] == "applied"


def test_the_same_operation_again_gets_the_first_answer_and_no_second_effect(
    walker: Worker,
) -> None:
    phone = walker.phone
    phone.do("note.write", str(uuid4()), {"word": "关门"}, version=2)
    again = list(phone.outbox)
    phone.push()
    (result,) = phone.push_some(again)
    assert (result["state"], result["is_replay"], result["version"]) == ("applied", True, 1)
    assert effects() == 1


def test_the_same_id_with_another_body_is_409_for_that_operation_alone(walker: Worker) -> None:
    phone, door = walker.phone, str(uuid4())
    phone.do("note.write", door, {"word": "关门"}, version=2)
    first = dict(phone.outbox[0])
    phone.push()
    changed = {**first, "body": {"word": "开门"}}
    other = {**first, "id": str(uuid4()), "subject_id": str(uuid4())}
    results = phone.push_some([changed, other])
    assert [(each["status"], each["state"]) for each in results] == [
        (409, "different"),
        (200, "applied"),
    ]
    assert note(door)[1] == "关门"
