"""Where the state lies, by environment, checkout and user."""

import os
from pathlib import Path

import pytest

from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.home import (
    LONGEST_SOCKET_PATH,
    SOCKET_NAME,
    SYSTEM_HOME,
    Home,
    choose_root,
    find_home,
    make_home,
    others_may_enter,
    short_socket_directory,
    source_checkout,
)

USER_HOME = Path("/home/aji")


@pytest.fixture
def open_checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout below the root directory alone, which everybody may enter."""
    return Path("/usr")


@pytest.fixture
def closed_checkout(tmp_path: Path) -> Path:
    closed = tmp_path / "closed"
    checkout = closed / "guiyan"
    checkout.mkdir(parents=True)
    closed.chmod(0o700)
    return checkout


def test_guiyan_home_chooses_before_anything_else(closed_checkout: Path) -> None:
    for is_root in (True, False):
        root = choose_root(
            {"GUIYAN_HOME": "/srv/guiyan"},
            checkout=closed_checkout,
            is_root=is_root,
            user_home=USER_HOME,
        )
        assert root == Path("/srv/guiyan")


def test_a_checkout_keeps_its_state_in_var(open_checkout: Path) -> None:
    for is_root in (True, False):
        root = choose_root({}, checkout=open_checkout, is_root=is_root, user_home=USER_HOME)
        assert root == open_checkout / "var"


def test_root_in_a_closed_checkout_keeps_its_state_under_var_lib(closed_checkout: Path) -> None:
    root = choose_root({}, checkout=closed_checkout, is_root=True, user_home=USER_HOME)
    assert root == SYSTEM_HOME


def test_a_user_in_his_own_closed_checkout_needs_no_other_place(closed_checkout: Path) -> None:
    root = choose_root({}, checkout=closed_checkout, is_root=False, user_home=USER_HOME)
    assert root == closed_checkout / "var"


def test_an_installed_package_uses_the_users_own_share_and_root_the_systems() -> None:
    assert (
        choose_root({}, checkout=None, is_root=False, user_home=USER_HOME)
        == USER_HOME / ".local/share/guiyan"
    )
    assert choose_root({}, checkout=None, is_root=True, user_home=USER_HOME) == SYSTEM_HOME


def test_a_place_not_made_yet_is_judged_by_the_nearest_directory_above(
    closed_checkout: Path,
) -> None:
    assert others_may_enter(Path("/usr/share"))
    assert not others_may_enter(closed_checkout / "var" / "not" / "yet")


def test_the_demos_facts_also_stand_in_the_checkout_when_the_home_is_elsewhere() -> None:
    checkout = Path("/srv/guiyan")
    elsewhere = Home(Path("/var/lib/guiyan"), checkout)
    assert elsewhere.demo_json_copies == (
        Path("/var/lib/guiyan/demo.json"),
        checkout / "var" / "demo.json",
    )
    assert Home(checkout / "var", checkout).demo_json_copies == (checkout / "var" / "demo.json",)
    assert Home(Path("/srv/x")).demo_json_copies == (Path("/srv/x/demo.json"),)


def test_the_socket_lies_in_the_home_while_its_path_is_short_enough() -> None:
    longest = LONGEST_SOCKET_PATH - len("/" + "/sockets/" + SOCKET_NAME)
    fits, is_too_long = Home(Path("/" + "x" * longest)), Home(Path("/" + "x" * (longest + 1)))
    assert fits.sockets == fits.root / "sockets"
    assert is_too_long.sockets == short_socket_directory(is_too_long.root)
    assert len(os.fsencode(is_too_long.sockets / SOCKET_NAME)) <= LONGEST_SOCKET_PATH


def test_two_long_homes_never_share_a_socket_directory() -> None:
    one, other = Path("/" + "x" * 120), Path("/" + "x" * 119 + "y")
    assert short_socket_directory(one) != short_socket_directory(other)


def test_every_directory_of_a_new_home_is_closed_and_no_ancestor_is_touched(
    tmp_path: Path,
) -> None:
    above = tmp_path / "above"
    above.mkdir(mode=0o750)
    before = above.stat().st_mode
    home = Home(above / "home")
    make_home(home)
    for directory in (home.secrets, home.keys, home.files, home.backups, home.run):
        assert directory.stat().st_mode & 0o777 == 0o700
    assert home.root.stat().st_mode & 0o066 == 0, "nobody else lists or writes the home"
    assert above.stat().st_mode == before


def test_a_file_in_the_way_of_the_home_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(LauncherError, match="is in the way"):
        make_home(Home(tmp_path / "home"))


def test_this_source_tree_finds_itself() -> None:
    checkout = source_checkout()
    assert checkout is not None
    assert (checkout / "src" / "guiyan").is_dir()
    assert find_home({"GUIYAN_HOME": "/srv/x"}) == Home(Path("/srv/x"), checkout)
