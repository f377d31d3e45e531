"""The installed command as processes: a place to serve from, its children, a visitor with cookies."""

import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.integration.platform.launching import open_place

from guiyan.platform.launcher.cluster import open_cluster
from guiyan.platform.launcher.embedded import database_url
from guiyan.platform.launcher.home import Home

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 60
READY = "Guiyan is ready at "


@dataclass(frozen=True, slots=True)
class Place:
    """A home with the environment of its commands."""

    home: Home
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> Mapping[str, str]:
        ours = ("GUIYAN_", "DATABASE_URL", "OWNER_DATABASE_URL", "DJANGO_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return kept | {
            "GUIYAN_HOME": str(self.home.root),
            "GUIYAN_PORT": str(self.port),
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        }

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True,
            text=True, timeout=PATIENCE_S,
        )  # fmt: skip

    def guiyan(self, *arguments: str, code: int = 0) -> str:
        """Run the command; its output when it ends with the expected code."""
        done = self.python("-m", "guiyan", *arguments)
        assert done.returncode == code, (
            f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        )
        return done.stdout if code == 0 else done.stdout + done.stderr

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(database_url("super", self.home)) as connection:
            return connection.execute(query.encode()).fetchall()


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@contextmanager
def new_place() -> Iterator[Place]:
    with open_place() as directory:
        place = Place(Home(directory / "home"), free_port())
        try:
            yield place
        finally:
            if place.home.pgdata.exists():
                open_cluster(place.home).stop()


@contextmanager
def serving(place: Place) -> Iterator[subprocess.Popen[str]]:
    """`guiyan serve` from the moment that it says it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "guiyan", "serve"], cwd=ROOT, env=place.environment,
        stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith(READY):
                break
        assert said[-1:] == [f"{READY}{place.url}\n"], said
        yield process
    finally:
        family = family_of(process.pid) if process.poll() is None else []
        process.terminate()
        code = process.wait(PATIENCE_S)
        process.stdout.close()
    if family:  # nobody has ended it before us
        assert_nothing_is_left(place, code, family)


def assert_nothing_is_left(place: Place, code: int, family: list[int]) -> None:
    assert code == 0
    assert [command_of(pid) for pid in family if "guiyan" in command_of(pid)] == []
    assert open_cluster(place.home).running_pid() is None


@contextmanager
def restored_place(house: Place, backup: dict[str, Any]) -> Iterator[Place]:
    """Another home, filled from the backup."""
    identity = str(house.home.secrets / "backup-identity.txt")
    with new_place() as other:
        other.guiyan("restore", backup["backup"], "--identity-file", identity)
        yield other


def until(is_so: Callable[[], object], what: str) -> None:
    """Ask again and again; a state is waited for, never a time."""
    pause = threading.Event()
    for _ in range(PATIENCE_S * 20):
        if is_so():
            return
        pause.wait(0.05)
    pytest.fail(f"never: {what}")


def children_of(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in found.split()]


def family_of(pid: int) -> list[int]:
    return [pid, *(grandchild for child in children_of(pid) for grandchild in family_of(child))]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


class Visitor:
    """A browser without a screen: keeps cookies, follows nothing."""

    class _Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    def __init__(self, url: str) -> None:
        self.url = url
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar, self._Stay)

    def form(self) -> dict[str, str]:
        """The hidden fields of the feedback page: the token and the key of this one write."""
        with self.opener.open(f"{self.url}/feedback", timeout=PATIENCE_S) as answer:
            page = answer.read().decode()
        inputs = [
            dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall("<input[^>]*>", page)
        ]
        return {
            each["name"]: each.get("value", "")
            for each in inputs
            if each.get("type") == "hidden" and "name" in each
        }

    def send(self, form: Mapping[str, str]) -> int | None:
        """The status of the answer; None when the connection broke before one came."""
        body = urllib.parse.urlencode(form).encode()
        try:
            with self.opener.open(f"{self.url}/feedback", body, timeout=PATIENCE_S) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError:
            return None


# -- help and refusals, without a home --------------------------------------------------------
