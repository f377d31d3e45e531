"""Addresses of databases from the environment, and as Django wants them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.urls import (
    connection_settings,
    owner_url,
    parts_of,
    read_url,
    socket_url,
    url_of,
    web_url,
)

words = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1)


@given(user=words, password=words, database=words, directory=words)
def test_an_address_gives_back_what_went_in(
    user: str, password: str, database: str, directory: str
) -> None:
    url = socket_url(user, password, Path("/" + directory.replace("/", "")), database)
    assert parts_of(url) == {
        "user": user,
        "password": password,
        "dbname": database,
        "host": str(Path("/" + directory.replace("/", ""))),
    }


def test_an_address_over_the_network_keeps_port_and_options() -> None:
    url = "postgresql://a:b@db.example:5433/c?sslmode=require"
    assert url_of(parts_of(url)) == url


def test_an_address_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql://a@b/c\n")
    assert web_url({"DATABASE_URL_FILE": str(file)}) == "postgresql://a@b/c"
    assert owner_url({"OWNER_DATABASE_URL": "postgresql://o@b/c"}) == "postgresql://o@b/c"
    assert web_url({}) is None
    assert web_url({"DATABASE_URL": " "}) is None


def test_an_address_given_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LauncherError, match="both set"):
        read_url("X", {"X": "postgresql://a@b/c", "X_FILE": str(tmp_path / "url")})


def test_an_empty_or_missing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    for name, reason in (("empty", "is empty"), ("gone", "can't be read")):
        with pytest.raises(LauncherError, match=f"{name}, which {reason}"):
            read_url("X", {"X_FILE": str(tmp_path / name)})


def test_a_wrong_address_is_refused_without_showing_its_password() -> None:
    with pytest.raises(LauncherError) as refusal:
        parts_of("mysql://a:s3cret@b/c")
    assert "s3cret" not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_django_gets_each_part_and_libpqs_options() -> None:
    settings = connection_settings("postgresql://a:b@db.example:5433/c?sslmode=require")
    assert settings == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "c",
        "USER": "a",
        "PASSWORD": "b",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
    }


def test_a_pool_is_an_option_of_the_connection() -> None:
    settings = connection_settings("postgresql://a@b/c", pool={"min_size": 1, "max_size": 8})
    assert settings["OPTIONS"] == {"pool": {"min_size": 1, "max_size": 8}}
