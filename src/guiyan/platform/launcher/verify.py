"""A backup counts when it was verified: every byte by its sum, and deep, by opening all of it."""

import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from guiyan.platform.launcher.account import run_program
from guiyan.platform.launcher.backup import BASE, MANIFEST, MANIFEST_SUM, Manifest
from guiyan.platform.launcher.cluster import Progress, unseen
from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.providers import find_binaries
from guiyan.platform.launcher.sealing import extract, sha256_of, unsealed

DUMP_HEAD = b"PGDMP"


@dataclass(frozen=True, slots=True)
class Problem:
    """One file of a backup and what is wrong with it."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome for one backup; `is_deep` when its contents were opened as well."""

    directory: Path
    is_deep: bool
    problems: tuple[Problem, ...]

    @property
    def is_sound(self) -> bool:
        return not self.problems


def read_manifest(directory: Path) -> Manifest:
    """The manifest of a backup; LauncherError when there is none or it can't be read."""
    try:
        return Manifest.from_json((directory / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"{directory} is no backup: {MANIFEST} is missing."
        raise LauncherError(message) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{directory / MANIFEST} is damaged."
        raise LauncherError(message) from error


def verify(
    directory: Path, *, identity: str | None = None, progress: Progress | None = None
) -> Verification:
    """Compares each file with its sum; with the identity also decrypts and checks every page.

    The deep check needs room on the disk for the unpacked database and removes it afterwards.
    """
    report = progress or unseen
    problems = list(_changed_files(directory, report))
    if identity is not None and not problems:
        problems += _opened(directory, identity, report)
    report("Verified", 1.0)
    return Verification(directory, identity is not None, tuple(problems))


def _changed_files(directory: Path, report: Progress) -> Iterator[Problem]:
    problem = _manifest_problem(directory)
    if problem is not None:
        yield problem
        return
    artefacts = read_manifest(directory).artefacts
    for index, artefact in enumerate(artefacts):
        report(artefact.name, index / len(artefacts))
        path = directory / artefact.name
        if not path.is_file():
            yield Problem(artefact.name, "is missing")
        elif path.stat().st_size != artefact.size:
            yield Problem(
                artefact.name, f"has {path.stat().st_size} bytes instead of {artefact.size}"
            )
        elif sha256_of(path) != artefact.sha256:
            yield Problem(artefact.name, "is not what was written (its SHA-256 differs)")


def _manifest_problem(directory: Path) -> Problem | None:
    for name in (MANIFEST, MANIFEST_SUM):
        if not (directory / name).is_file():
            return Problem(name, "is missing")
    line = (directory / MANIFEST_SUM).read_bytes()
    found = re.fullmatch(rb"([0-9a-f]{64})  manifest\.json\n", line)
    if found is None:
        return Problem(MANIFEST_SUM, "is not what was written")
    if found.group(1).decode() != sha256_of(directory / MANIFEST):
        return Problem(MANIFEST, f"doesn't agree with {MANIFEST_SUM}; one of the two was changed")
    return None


def _opened(directory: Path, identity: str, report: Progress) -> Iterator[Problem]:
    manifest = read_manifest(directory)
    for index, artefact in enumerate(manifest.artefacts):
        report(f"Opening {artefact.name}", index / len(manifest.artefacts))
        path = directory / artefact.name
        try:
            if artefact.name == BASE:
                _check_pages(path, identity, int(manifest.postgres.split(".")[0]))
            elif ".tar." in artefact.name:
                _read_archive(path, identity)
            else:
                _read_dump(path, identity)
        except LauncherError as error:
            yield Problem(artefact.name, str(error))


def _read_archive(path: Path, identity: str) -> None:
    with unsealed(path, identity) as plain, tarfile.open(fileobj=plain, mode="r|") as archive:
        for _ in archive:
            pass


def _read_dump(path: Path, identity: str) -> None:
    with unsealed(path, identity) as plain:
        head = plain.read(len(DUMP_HEAD))
    if head != DUMP_HEAD:
        message = f"{path.name} holds no dump of PostgreSQL."
        raise LauncherError(message)


def _check_pages(path: Path, identity: str, major: int) -> None:
    binaries = find_binaries(major=major)
    room = Path(tempfile.mkdtemp(prefix=".verify-", dir=path.parent))
    try:
        extract(path, identity, room)
        answer = run_program(binaries.program("pg_verifybackup"), room)
    finally:
        shutil.rmtree(room, ignore_errors=True)
    if answer.returncode != 0:
        message = f"pg_verifybackup refuses it: {answer.stderr.strip()[-800:]}"
        raise LauncherError(message)
