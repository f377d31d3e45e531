"""A page's end is one short text; what was tampered with is refused, never guessed and no crash."""

import base64
import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.kernel.crypto import KeyRing
from guiyan.kernel.keyset import CursorBroken, Place, decode_cursor, encode_cursor

MEMBER = UUID("0190a1b2-0000-7000-8000-000000000001")
BY_NAME = "members:name"

place = (
    st.none()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
    | st.integers(-(2**63), 2**63 - 1)
    | st.uuids()
    | st.dates()
    | st.datetimes(timezones=st.none() | st.just(UTC))
)
rows = st.lists(place, max_size=4).map(tuple)


@pytest.fixture(scope="module", params=["open", "sealed"])
def ring(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> KeyRing | None:
    if request.param == "open":
        return None
    return KeyRing.create(tmp_path_factory.mktemp("cursors"))


def shape_of(row: tuple[Place, ...]) -> tuple[type, ...]:
    return tuple(type(value) for value in row)


@given(row=rows)
def test_the_next_page_begins_where_the_last_one_ended(
    ring: KeyRing | None, row: tuple[Place, ...]
) -> None:
    text = encode_cursor(row, of=BY_NAME, ring=ring)
    assert decode_cursor(text, of=BY_NAME, shape=shape_of(row), ring=ring) == row
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(row=rows, choice=st.data())
def test_one_changed_character_is_refused_or_changes_nothing(
    ring: KeyRing | None, row: tuple[Place, ...], choice: st.DataObject
) -> None:
    text = encode_cursor(row, of=BY_NAME, ring=ring)
    at = choice.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + choice.draw(st.sampled_from("AQgw09-_")) + text[at + 1 :]
    try:
        assert decode_cursor(changed, of=BY_NAME, shape=shape_of(row), ring=ring) == row
    except CursorBroken as broken:
        assert "第一页" in str(broken)


@given(text=st.text(max_size=80) | st.binary(max_size=60).map(lambda b: b.hex()))
def test_no_text_makes_the_reader_fail(ring: KeyRing | None, text: str) -> None:
    with pytest.raises(CursorBroken):
        decode_cursor(text, of=BY_NAME, shape=(str, UUID), ring=ring)


def test_a_cursor_of_one_list_is_none_of_another(ring: KeyRing | None) -> None:
    text = encode_cursor(("wang2 wei3", MEMBER), of=BY_NAME, ring=ring)
    with pytest.raises(CursorBroken):
        decode_cursor(text, of="cases:due", shape=(str, UUID), ring=ring)


@pytest.mark.parametrize("shape", [(str,), (str, str), (UUID, str), (str, UUID, int), ()])
def test_a_cursor_of_another_shape_is_refused(
    ring: KeyRing | None, shape: tuple[type, ...]
) -> None:
    text = encode_cursor(("wang2 wei3", MEMBER), of=BY_NAME, ring=ring)
    with pytest.raises(CursorBroken):
        decode_cursor(text, of=BY_NAME, shape=shape, ring=ring)


def test_a_moment_is_not_a_day() -> None:
    text = encode_cursor((datetime(2026, 1, 2, tzinfo=UTC),), of="audit")
    with pytest.raises(CursorBroken):
        decode_cursor(text, of="audit", shape=(date,))


def test_a_sealed_cursor_shows_no_name(tmp_path: Path) -> None:
    ring = KeyRing.create(tmp_path / "keys")
    text = encode_cursor(("wang2 wei3 王伟", MEMBER), of=BY_NAME, ring=ring)
    shown = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    assert b"wang" not in shown
    assert "王".encode() not in shown


def test_a_cursor_of_endless_length_is_refused_unread() -> None:
    with pytest.raises(CursorBroken):
        decode_cursor("A" * 2001, of=BY_NAME, shape=(str,))


@pytest.mark.parametrize(
    "content",
    [{"a": 1}, [["z", "1"]], [["i", "1e9"]], [["i", "9" * 30]], [["i", "9" * 5000]],
     [["u", "no"]], [[]], [1], "x",
     [["d", "2026-13-01"]], [["s"]], [["i", 5]], 5, None],
)  # fmt: skip
def test_even_a_forged_digest_gets_no_nonsense_through(content: object) -> None:
    plain = json.dumps(content).encode()
    digest = hashlib.blake2b(BY_NAME.encode() + b"\x00" + plain, digest_size=6).digest()
    text = base64.urlsafe_b64encode(digest + plain).decode().rstrip("=")
    with pytest.raises(CursorBroken):
        decode_cursor(text, of=BY_NAME, shape=(int,))
