"""What is sealed comes back as it was, or not at all."""

import io
import tarfile
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.home import Home, make_home
from guiyan.platform.launcher.sealing import (
    BLOCK,
    IDENTITY_FILE,
    extract,
    recipient_of,
    seal,
    seal_directories,
    sha256_of,
    unsealed,
)

KEY = pyrage.x25519.Identity.generate()
IDENTITY, RECIPIENT = str(KEY), str(KEY.to_public())


@given(content=st.binary(max_size=3000), times=st.sampled_from([1, 7, 1000]))
def test_a_sealed_stream_comes_back_byte_by_byte(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, times: int
) -> None:
    target = tmp_path_factory.mktemp("sealed") / "stream.gz.age"
    seen: list[int] = []
    sealed = seal(io.BytesIO(content * times), target, RECIPIENT, seen=seen.append)
    assert sum(seen) == len(content) * times
    assert (sealed.size, sealed.sha256) == (target.stat().st_size, sha256_of(target))
    with unsealed(target, IDENTITY) as plain:
        assert plain.read() == content * times


def test_a_source_is_read_in_blocks_however_long_it_is(tmp_path: Path) -> None:
    class Endless:
        """Gives 64 blocks and notes the largest one asked for."""

        left, largest = 64, 0

        def read(self, size: int) -> bytes:
            self.largest = max(self.largest, size)
            self.left -= 1
            return bytes(size) if self.left >= 0 else b""

    source = Endless()
    seal(source, tmp_path / "long.gz.age", RECIPIENT)
    assert source.largest == BLOCK


@pytest.mark.parametrize("at", [0, 40, 0.5, -1])
def test_a_changed_byte_is_never_read_as_if_it_were_whole(tmp_path: Path, at: float) -> None:
    target = tmp_path / "stream.gz.age"
    seal(io.BytesIO(b"guiyan" * 100_000), target, RECIPIENT)
    content = bytearray(target.read_bytes())
    content[int(len(content) * at) if isinstance(at, float) else at] ^= 1
    target.write_bytes(content)
    with (
        pytest.raises(LauncherError, match=r"stream\.gz\.age can't be opened"),
        unsealed(target, IDENTITY) as plain,
    ):
        plain.read(1)


def test_directories_come_back_with_their_files_and_without_the_identity(tmp_path: Path) -> None:
    source = tmp_path / "secrets"
    (source / "deep" / "empty").mkdir(parents=True)
    (source / "deep" / "信.txt").write_text("信")
    (source / IDENTITY_FILE).write_text("secret")
    (source / "link").symlink_to("/etc/passwd")
    target = tmp_path / "secrets.tar.gz.age"
    seal_directories([("secrets", source), ("gone", tmp_path / "gone")], target, RECIPIENT)
    extract(target, IDENTITY, tmp_path / "out")
    found = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*")}
    assert found == {"secrets", "secrets/deep", "secrets/deep/empty", "secrets/deep/信.txt"}
    assert (tmp_path / "out/secrets/deep/信.txt").read_text() == "信"
    assert (tmp_path / "out/secrets/deep/信.txt").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../out.txt", tarfile.REGTYPE),
        ("/out.txt", tarfile.REGTYPE),
        ("a/../../out.txt", tarfile.REGTYPE),
        ("link", tarfile.SYMTYPE),
        ("hard", tarfile.LNKTYPE),
        ("device", tarfile.CHRTYPE),
    ],
)
def test_an_archive_that_leads_out_of_its_directory_is_refused(
    tmp_path: Path, name: str, kind: bytes
) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, "/etc/passwd"
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(member)
    packed.seek(0)
    seal(packed, tmp_path / "forged.tar.gz.age", RECIPIENT)
    with pytest.raises(LauncherError, match="which no backup of Guiyan does"):
        extract(tmp_path / "forged.tar.gz.age", IDENTITY, tmp_path / "room" / "inside")
    assert not list(tmp_path.rglob("out.txt"))


def test_the_recipient_stays_the_same_after_the_identity_was_taken_away(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    make_home(home)
    recipient = recipient_of(home)
    identity = home.secrets / IDENTITY_FILE
    key = pyrage.x25519.Identity.from_str(identity.read_text().strip())
    assert str(key.to_public()) == recipient
    assert identity.stat().st_mode & 0o777 == 0o600
    identity.unlink()
    assert recipient_of(home) == recipient
    assert not identity.exists()


def test_a_recipient_or_identity_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LauncherError, match="holds no age recipient"):
        seal(io.BytesIO(b""), tmp_path / "x.age", "age1nothing")
    with pytest.raises(LauncherError, match="isn't an age identity"), unsealed(tmp_path, "x"):
        pass
