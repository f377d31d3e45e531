"""Notes by voice: after their operation, in pieces, once; heard when it took effect, gone in time."""

import hashlib
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.clients.field_client import FieldClient, Told, text
from tests.integration.field.asking import ids, in_an_area
from tests.integration.field.conftest import Worker

from guiyan.access import handsets
from guiyan.field import queries
from guiyan.field.commands import deciding, upkeep
from guiyan.field.models import SpokenNote, WaitingOperation
from guiyan.field.rules.spoken import AWAITED_FOR, LARGEST_BYTES, MOST_OF_A_PHONE
from guiyan.platform import clock, limits
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound
from guiyan.platform.keys import key_ring
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db

OGG = b"OggS" + bytes(range(256)) * 200


def spoken(worker: Worker, sound: bytes = OGG, kind: str = "note.write") -> tuple[str, str]:
    """An operation with a note, in the outbox; both ids."""
    if not worker.phone.key:
        worker.phone.fetch_key()
    operation = worker.phone.do(
        kind, str(uuid4()), {"word": "请听录音"}, version=2, spoken=worker.phone.speak(sound)
    )
    return operation, worker.phone.outbox[-1]["spoken"]["id"]


def heard(operation: str) -> bytes | None:
    with scoped(Scope.everywhere()):
        try:
            return queries.sound_of(operation)[0]  # type: ignore[arg-type]
        except NotFound:
            return None


def note_of(note: str) -> SpokenNote:
    with scoped(Scope.everywhere()):
        return SpokenNote.objects.get(id=note)


def test_a_note_follows_its_operation_in_pieces_and_is_heard_by_its_record(walker: Worker) -> None:
    operation, note = spoken(walker)
    with pytest.raises(Told) as early:
        walker.phone.send_note(note)
    assert early.value.status == 404
    walker.phone.push()
    assert heard(operation) is None
    walker.phone.send_note(note, size=9_000)
    assert heard(operation) == OGG
    with scoped(Scope.everywhere()):
        assert queries.sound_of(operation)[1] == "audio/ogg"  # type: ignore[arg-type]
    assert note not in walker.phone.notes


def test_pieces_that_come_twice_or_in_disorder_add_nothing_twice(walker: Worker) -> None:
    operation, note = spoken(walker)
    walker.phone.push()
    box = walker.phone.notes[note]
    put = walker.phone.put_piece
    assert put(note, 0, box[:1000])["came"] == 1000
    assert put(note, 0, box[:1000])["came"] == 1000
    assert put(note, 5000, box[5000:6000])["came"] == 1000  # a gap: go on from 1000
    assert put(note, 500, box[500:3000])["came"] == 3000
    assert walker.phone.call("GET", f"/spoken/{note}")["came"] == 3000
    assert put(note, 3000, box[3000:])["is_whole"] is True
    assert put(note, 0, box)["is_whole"] is True
    assert heard(operation) == OGG


def test_what_is_not_what_the_operation_named_begins_anew(walker: Worker) -> None:
    operation, note = spoken(walker)
    walker.phone.push()
    box = walker.phone.notes[note]
    wrong = box[:-1] + bytes([box[-1] ^ 1])
    assert walker.phone.put_piece(note, 0, wrong) == {
        "came": 0, "size": len(box), "is_whole": False,
    }  # fmt: skip
    assert walker.phone.put_piece(note, 0, box)["is_whole"] is True
    assert heard(operation) == OGG


@pytest.mark.parametrize("content", [b"", b"<script>alert(1)</script>", b"MZ\x90\x00" * 50])
def test_what_is_no_sound_is_not_kept_and_that_there_was_one_is_said(
    walker: Worker, content: bytes
) -> None:
    operation, note = spoken(walker, content or b"x")
    walker.phone.push()
    walker.phone.send_note(note)
    row = note_of(note)
    assert (row.is_broken, row.sound, row.box) == (True, None, None)
    assert heard(operation) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("size", LARGEST_BYTES + 1), ("size", 0), ("size", -1), ("size", "viel"),
        ("digest", "x"), ("digest", "AA" * 32), ("id", "keine"), ("mehr", 1),
    ],
)  # fmt: skip
def test_a_note_named_wrongly_is_refused_with_its_operation(
    walker: Worker, name: str, value: object
) -> None:
    _operation, _note = spoken(walker)
    walker.phone.outbox[-1]["spoken"][name] = value
    (result,) = walker.phone.push()
    assert (result["status"], result["code"]) == (422, "malformed")
    with scoped(Scope.everywhere()):
        assert not SpokenNote.objects.exists()


def test_a_kind_that_lets_nothing_be_heard_takes_no_note(walker: Worker) -> None:
    area = in_an_area(walker)
    walker.phone.do(
        "note.in_area", str(uuid4()), {"word": "x"}, area_id=area, spoken=walker.phone.speak(OGG)
    )
    assert walker.phone.push()[0]["code"] == "invalid"


def test_a_piece_too_large_or_beyond_the_end_is_refused(walker: Worker) -> None:
    _operation, note = spoken(walker)
    walker.phone.push()
    with pytest.raises(Told) as large:
        walker.phone.put_piece(note, 0, bytes(70_000))
    assert large.value.status == 413
    with pytest.raises(Told) as far:
        walker.phone.put_piece(note, LARGEST_BYTES + 1, b"x")
    assert far.value.status == 422
    size = len(walker.phone.notes[note])
    walker.phone.put_piece(note, 0, bytes(size + 500))  # more than was named: compared, let go
    assert note_of(note).came_bytes == 0


def test_another_phone_neither_sees_nor_fills_a_note(walker: Worker, other: Worker) -> None:
    operation, note = spoken(walker)
    walker.phone.push()
    for call in (
        lambda: other.phone.put_piece(note, 0, b"OggS"),
        lambda: other.phone.call("GET", f"/spoken/{note}"),
    ):
        with pytest.raises(Told) as told:
            call()
        assert told.value.status == 404
    # Nor does naming the same note take it away from who named it first.
    other.phone.fetch_key()
    named = dict(walker.phone.speak(OGG), id=note)
    other.phone.do("note.write", str(uuid4()), {"word": "x"}, version=2, spoken=named)
    other.phone.push()
    assert str(note_of(note).operation_id) == operation


def test_in_quarantine_it_stays_sealed_and_is_heard_once_somebody_took_it_over(
    walker: Worker, officer: Worker
) -> None:
    operation, note = spoken(walker)
    handsets.revoke_handset(by=walker.actor, handset_id=walker.handset_id)
    walker.phone.push()
    walker.phone.send_note(note)
    row = note_of(note)
    assert (row.sound, row.is_broken) == (None, False)
    assert bytes(row.box or b"") and b"OggS" not in bytes(row.box or b"")
    assert heard(operation) is None
    deciding.accept(by=officer.actor, operation_ids=ids(officer))
    assert heard(operation) == OGG


def test_what_was_turned_down_loses_its_note_thirty_days_later(
    walker: Worker, officer: Worker
) -> None:
    _operation, note = spoken(walker)
    handsets.revoke_handset(by=walker.actor, handset_id=walker.handset_id)
    walker.phone.push()
    walker.phone.send_note(note)
    deciding.decline(by=officer.actor, operation_ids=ids(officer), reason="重复了")
    upkeep.tidy(by=Actor.system("test"))
    assert note_of(note)
    with scoped(Scope.everywhere()):
        WaitingOperation.objects.update(decided_at=clock.now() - timedelta(days=31))
    upkeep.tidy(by=Actor.system("test"))
    with scoped(Scope.everywhere()):
        assert not SpokenNote.objects.exists()


def test_what_never_came_whole_goes_after_sixty_days(walker: Worker) -> None:
    _operation, note = spoken(walker)
    walker.phone.push()
    walker.phone.put_piece(note, 0, walker.phone.notes[note][:100])
    for age, stays in ((59, True), (61, False)):
        with scoped(Scope.everywhere()):
            SpokenNote.objects.update(received_at=clock.now() - timedelta(days=age))
        upkeep.tidy(by=Actor.system("test"))
        with scoped(Scope.everywhere()):
            assert SpokenNote.objects.exists() is stays
    assert timedelta(days=60) == AWAITED_FOR


def test_stored_it_is_sealed_for_here_and_the_phones_key_may_end(walker: Worker) -> None:
    operation, note = spoken(walker)
    walker.phone.push()
    walker.phone.send_note(note)
    row = note_of(note)
    assert b"OggS" not in bytes(row.sound or b"")
    assert hashlib.sha256(OGG).digest() != bytes(row.digest)
    key_ring().rotate()
    assert heard(operation) == OGG


def test_a_key_that_a_sealed_note_waits_for_is_kept(walker: Worker) -> None:
    _operation, note = spoken(walker)
    handsets.revoke_handset(by=walker.actor, handset_id=walker.handset_id)
    walker.phone.push()
    walker.phone.send_note(note)
    with scoped(Scope.everywhere()):
        WaitingOperation.objects.update(key_id="")
        assert walker.phone.key["id"] in upkeep.keys_waited_for()


def test_a_file_handed_over_brings_its_notes_along_and_twice_is_once(
    walker: Worker, other: Worker
) -> None:
    operation, note = spoken(walker)
    handed = walker.phone.hand_over()
    assert "OggS" not in json.dumps(handed) and text(OGG)[:40] not in json.dumps(handed)
    for _time in range(2):
        other.phone.carry(handed)
        assert heard(operation) == OGG
    walker.phone.push()
    walker.phone.send_note(note)
    assert heard(operation) == OGG


def test_a_file_with_more_notes_than_a_day_takes_loses_none_of_its_operations(
    walker: Worker, other: Worker
) -> None:
    operation, note = spoken(walker)
    handed = walker.phone.hand_over()
    times, per = MOST_OF_A_PHONE
    for _time in range(times):
        limits.take("field-spoken", walker.phone.device_id, limit=times, per=per)
    assert [answer["state"] for answer in other.phone.carry(handed)] == ["applied"]
    assert heard(operation) is None
    limits.give_back("field-spoken", walker.phone.device_id)
    walker.phone.push()
    walker.phone.send_note(note)
    assert heard(operation) == OGG


def test_an_operation_with_its_note_named_stays_below_two_kilobytes(walker: Worker) -> None:
    walker.phone.fetch_key()
    walker.phone.do(
        "note.write", str(uuid4()), {"word": "路口"}, version=2,
        secret={"name": "阿" * 60, "phone": "1" * 30, "home": "雷" * 60, "note": "说" * 120},
        spoken=walker.phone.speak(OGG),
    )  # fmt: skip
    assert walker.phone.push()[0]["state"] == "applied"


def test_a_phone_of_its_own_speaks_through_the_client_of_the_page(walker: Worker) -> None:
    """What docs/offline.md says is enough for another client."""
    stranger = FieldClient(walker.phone.send, walker.phone.token, walker.phone.device_id)
    stranger.fetch_key()
    operation = stranger.do(
        "note.write", str(uuid4()), {"word": "新机"}, version=2, spoken=stranger.speak(OGG)
    )
    stranger.push()
    stranger.push_notes()
    assert heard(operation) == OGG
