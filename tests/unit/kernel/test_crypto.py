"""Sealed values open in their own place only, keys change without a stop, signatures prove us."""

import base64
import json
import shutil
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from guiyan.kernel import ciphers, key_files
from guiyan.kernel.crypto import (
    Algorithm,
    KeyFileUnsafe,
    KeyMissing,
    KeyRing,
    KeyUse,
    SealBroken,
    TokenBroken,
    read_token_with,
    sealed_key_id,
    verify_with,
)

HERE = "members_identity.id_number.0190a1"
THERE = "members_identity.id_number.0190a2"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def ring(directory: Path) -> KeyRing:
    return KeyRing.create(directory)


@pytest.fixture(scope="module", params=[Algorithm.AES_256_GCM, Algorithm.SM4_GCM])
def either_ring(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> KeyRing:
    index = Algorithm.HMAC_SM3 if request.param is Algorithm.SM4_GCM else Algorithm.HMAC_SHA256
    return KeyRing.create(tmp_path_factory.mktemp("ring"), seal=request.param, index=index)


@given(plain=st.binary(max_size=200), context=st.text(min_size=1, max_size=60))
def test_what_was_sealed_opens_again(either_ring: KeyRing, plain: bytes, context: str) -> None:
    sealed = either_ring.seal(plain, context=context)
    assert either_ring.open_sealed(sealed, context=context) == plain
    assert len(sealed) == len(plain) + 34
    if len(plain) > 3:
        assert plain not in sealed


@given(data=st.data())
def test_one_changed_bit_anywhere_is_noticed(either_ring: KeyRing, data: st.DataObject) -> None:
    sealed = bytearray(either_ring.seal(b"5134 of a person", context=HERE))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((SealBroken, KeyMissing)):
        either_ring.open_sealed(bytes(sealed), context=HERE)


@given(length=st.integers(0, 45))
def test_a_value_cut_short_is_noticed(either_ring: KeyRing, length: int) -> None:
    sealed = either_ring.seal(b"twelve bytes", context=HERE)
    assert len(sealed) == 46
    with pytest.raises(SealBroken):
        either_ring.open_sealed(sealed[:length], context=HERE)


def test_a_value_copied_to_another_row_does_not_open(either_ring: KeyRing) -> None:
    sealed = either_ring.seal(b"one person", context=HERE)
    with pytest.raises(SealBroken):
        either_ring.open_sealed(sealed, context=THERE)


def test_the_same_value_is_sealed_differently_each_time(ring: KeyRing) -> None:
    assert ring.seal(b"same", context=HERE) != ring.seal(b"same", context=HERE)


def test_a_value_needs_a_place(ring: KeyRing) -> None:
    with pytest.raises(ValueError, match="context"):
        ring.seal(b"plain", context="")


def test_sm4_gcm_gives_the_published_vector() -> None:
    """RFC 8998, appendix A.1."""
    cipher = ciphers.Sm4Gcm(bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"))
    nonce = bytes.fromhex("00001234567800000000ABCD")
    beside = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plain = bytes.fromhex("".join(digit * 16 for digit in "ABCDEFEA"))
    sealed = cipher.encrypt(nonce, plain, beside)
    assert sealed.hex().upper() == (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert cipher.decrypt(nonce, sealed, beside) == plain


def test_rotation_writes_with_the_new_key_and_still_reads_the_old(ring: KeyRing) -> None:
    old = ring.seal(b"before", context=HERE)
    new_id = ring.rotate()
    new = ring.seal(b"after", context=HERE)
    assert ring.primary_id() == new_id == sealed_key_id(new) != sealed_key_id(old)
    assert ring.open_sealed(old, context=HERE) == b"before"
    assert ring.open_sealed(new, context=HERE) == b"after"
    assert not ring.is_sealed_with_primary(old)
    assert ring.is_sealed_with_primary(new)


def test_the_algorithm_may_change_with_a_rotation(ring: KeyRing) -> None:
    old = ring.seal(b"before", context=HERE)
    ring.rotate(KeyUse.SEAL, Algorithm.SM4_GCM)
    new = ring.seal(b"after", context=HERE)
    assert (old[1], new[1]) == (1, 2)
    assert ring.open_sealed(old, context=HERE) == b"before"
    assert ring.open_sealed(new, context=HERE) == b"after"


def test_an_algorithm_of_another_use_is_refused(ring: KeyRing) -> None:
    with pytest.raises(ValueError, match="not an algorithm"):
        ring.rotate(KeyUse.SEAL, Algorithm.HMAC_SM3)


def test_a_process_that_has_not_restarted_reads_what_a_newer_key_sealed(
    ring: KeyRing, directory: Path
) -> None:
    running = KeyRing.load(directory)
    ring.rotate()
    assert running.open_sealed(ring.seal(b"new", context=HERE), context=HERE) == b"new"


def test_a_retired_key_opens_nothing_even_after_a_restart(ring: KeyRing, directory: Path) -> None:
    sealed = ring.seal(b"before", context=HERE)
    old_id = ring.primary_id()
    ring.rotate()
    ring.retire(old_id)
    for each in (ring, KeyRing.load(directory)):
        with pytest.raises(KeyMissing, match=old_id):
            each.open_sealed(sealed, context=HERE)


def test_the_key_that_writes_cannot_be_retired(ring: KeyRing) -> None:
    with pytest.raises(ValueError, match="轮换"):
        ring.retire(ring.primary_id())
    with pytest.raises(KeyMissing):
        ring.retire("00000000")


def test_a_lost_key_file_is_named(ring: KeyRing, directory: Path) -> None:
    sealed = ring.seal(b"plain", context=HERE)
    old_id = ring.primary_id()
    ring.rotate()
    (directory / f"{old_id}.json").unlink()
    with pytest.raises(KeyMissing, match=old_id):
        KeyRing.load(directory).open_sealed(sealed, context=HERE)


def test_a_ring_read_from_disk_is_the_same_ring(ring: KeyRing, directory: Path) -> None:
    again = KeyRing.load(directory)
    assert again.open_sealed(ring.seal(b"plain", context=HERE), context=HERE) == b"plain"
    assert again.blind_index("value", purpose="phone") == ring.blind_index("value", purpose="phone")
    assert again.public_keys() == ring.public_keys()


def test_key_files_are_the_owners_alone(ring: KeyRing, directory: Path) -> None:
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    files = list(directory.iterdir())
    assert len(files) == 4
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        fields = json.loads(file.read_text())
        assert set(fields) == {"id", "use", "algorithm", "serial", "created", "state", "key"}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_file_that_others_may_read_is_refused(
    ring: KeyRing, directory: Path, mode: int
) -> None:
    path = directory / f"{ring.primary_id()}.json"
    path.chmod(mode)
    with pytest.raises(KeyFileUnsafe, match="chmod 600"):
        KeyRing.load(directory)


def test_a_key_directory_that_others_may_enter_is_refused(ring: KeyRing, directory: Path) -> None:
    directory.chmod(0o755)
    with pytest.raises(KeyFileUnsafe, match="chmod 700"):
        KeyRing.load(directory)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"\xff", b'{"id": "x"}', b'{"id": 1, "use": "seal"}']
)
def test_a_broken_key_file_is_named(ring: KeyRing, directory: Path, content: bytes) -> None:
    path = directory / f"{ring.primary_id()}.json"
    path.write_bytes(content)
    with pytest.raises(KeyFileUnsafe, match=path.name):
        KeyRing.load(directory)


def test_a_key_file_under_another_name_is_refused(ring: KeyRing, directory: Path) -> None:
    (directory / f"{ring.primary_id()}.json").rename(directory / "aabbccdd.json")
    with pytest.raises(KeyFileUnsafe, match="aabbccdd"):
        KeyRing.load(directory)


def test_a_directory_without_all_kinds_of_keys_is_refused(ring: KeyRing, directory: Path) -> None:
    (directory / f"{ring.primary_id(KeyUse.INDEX)}.json").unlink()
    with pytest.raises(KeyMissing, match="index"):
        KeyRing.load(directory)
    shutil.rmtree(directory)
    with pytest.raises(KeyMissing):
        KeyRing.load(directory)


def test_keys_are_never_overwritten_by_creating_again(ring: KeyRing, directory: Path) -> None:
    with pytest.raises(KeyFileUnsafe):
        KeyRing.create(directory)
    assert KeyRing.load(directory).primary_id() == ring.primary_id()


def test_a_write_that_is_cut_off_leaves_no_key_behind(ring: KeyRing, directory: Path) -> None:
    before = sorted(directory.iterdir())
    blocker = directory / "cut.json"
    blocker.mkdir()  # the last step, the renaming, fails as a full disk would
    (blocker / "x").touch()
    key = key_files.new_key(
        KeyUse.SEAL,
        Algorithm.AES_256_GCM,
        serial=9,
        created=next(iter(ring._keys.values())).created,
    )
    object.__setattr__(key, "id", "cut")
    with pytest.raises(OSError, match="cut"):
        key_files.write_key(directory, key)
    shutil.rmtree(blocker)
    assert sorted(directory.iterdir()) == before


def test_no_secret_shows_in_a_traceback(ring: KeyRing, directory: Path) -> None:
    shown = repr(ring) + "".join(repr(key) for key in key_files.read_keys(directory))
    for file in directory.glob("*.json"):
        secret = json.loads(file.read_text())["key"]
        assert secret not in shown
        assert repr(base64.b64decode(secret)) not in shown


@given(value=st.text(), other=st.text())
def test_equal_values_and_only_they_have_equal_indexes(
    either_ring: KeyRing, value: str, other: str
) -> None:
    index = either_ring.blind_index(value, purpose="phone")
    assert len(index) == 16
    assert (index == either_ring.blind_index(other, purpose="phone")) == (value == other)


def test_indexes_of_two_purposes_or_two_deployments_cannot_be_joined(
    ring: KeyRing, tmp_path: Path
) -> None:
    index = ring.blind_index("12412434831", purpose="phone")
    assert index != ring.blind_index("12412434831", purpose="relative-phone")
    assert index != KeyRing.create(tmp_path / "next").blind_index("12412434831", purpose="phone")


def test_an_index_needs_a_purpose(ring: KeyRing) -> None:
    for purpose in ("", "a\x00b"):
        with pytest.raises(ValueError, match="purpose"):
            ring.blind_index("value", purpose=purpose)


def test_hmac_sm3_gives_the_published_vector(directory: Path) -> None:
    """GM/T 0042-2015, D.3: 32 bytes of key counting up, "abcdbcdecdefdefgefghfghighij…" doubled."""
    ring = KeyRing.create(directory, index=Algorithm.HMAC_SM3)
    key = next(k for k in ring._keys.values() if k.use is KeyUse.INDEX)
    key = replace(key, secret=bytes(range(1, 33)))
    message = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq" * 2
    assert ciphers.keyed_digest(key, message).hex() == (
        "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a"
    )


def test_while_the_index_key_rotates_both_indexes_are_found(ring: KeyRing) -> None:
    before = ring.blind_index("value", purpose="phone")
    ring.rotate(KeyUse.INDEX)
    assert ring.blind_index("value", purpose="phone") != before
    assert ring.blind_indexes("value", purpose="phone") == (
        ring.blind_index("value", purpose="phone"),
        before,
    )


@given(statement=st.binary(max_size=100), other=st.binary(max_size=100))
def test_a_signature_holds_for_its_statement_only(
    either_ring: KeyRing, statement: bytes, other: bytes
) -> None:
    signature = either_ring.sign(statement)
    assert either_ring.verify(statement, signature)
    assert either_ring.verify(other, signature) == (statement == other)
    assert not either_ring.verify(statement, signature[:-1])


def test_a_signature_outlives_its_key_until_that_is_retired(ring: KeyRing) -> None:
    old_id = ring.primary_id(KeyUse.SIGN)
    signature = ring.sign(b"letter 7")
    ring.rotate(KeyUse.SIGN)
    assert ring.verify(b"letter 7", signature)
    ring.retire(old_id)
    assert not ring.verify(b"letter 7", signature)


def test_others_check_a_signature_with_the_public_key_alone(ring: KeyRing) -> None:
    signature = ring.sign(b"checkpoint")
    assert verify_with(ring.public_keys().values(), b"checkpoint", signature)
    public = serialization.load_pem_public_key(ring.public_key_pem().encode())
    assert isinstance(public, Ed25519PublicKey)
    public.verify(signature, b"guiyan statement v1\x00checkpoint")


@given(payload=st.binary(max_size=64))
def test_a_token_gives_back_what_it_carries(either_ring: KeyRing, payload: bytes) -> None:
    token = either_ring.sign_token(payload)
    assert either_ring.read_token(token) == payload
    assert read_token_with(either_ring.public_keys().values(), token) == payload
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_token_for_a_document_fits_a_small_qr_code(ring: KeyRing) -> None:
    assert len(ring.sign_token(bytes(16))) <= 108


@given(data=st.data())
def test_a_token_with_one_changed_character_is_refused(
    either_ring: KeyRing, data: st.DataObject
) -> None:
    token = either_ring.sign_token(b"letter 7 of 2026")
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("ABCabc019-_").filter(lambda c: c != token[place]))
    with pytest.raises(TokenBroken):
        either_ring.read_token(token[:place] + other + token[place + 1 :])


@given(token=st.text(max_size=120))
def test_no_text_makes_the_token_reader_fail(either_ring: KeyRing, token: str) -> None:
    with pytest.raises(TokenBroken):
        either_ring.read_token(token)


def test_a_statement_cannot_be_passed_off_as_a_token(ring: KeyRing) -> None:
    signature = ring.sign(b"payload")
    forged = base64.urlsafe_b64encode(signature + b"payload").decode().rstrip("=")
    with pytest.raises(TokenBroken):
        ring.read_token(forged)
