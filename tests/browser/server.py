"""A real Guiyan for the browser: gunicorn on a database of its own, gone with the session."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.postgres import ROOT, WEB, address, drop_database, make_database

START_S = 60
STOP_S = 15

# Runs what prepares the database as the server would see it, and hands back the facts as JSON.
PREPARE = """
import importlib, json, sys
import django
django.setup()
module, _, name = sys.argv[1].partition(":")
print("\\n" + json.dumps(getattr(importlib.import_module(module), name)() or {}))
"""


@dataclass(frozen=True, slots=True)
class Server:
    """Where it listens, what prepared it said, and its environment for further commands."""

    url: str
    facts: dict[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    def run(self, *arguments: str) -> str:
        """Run Python with these arguments against the same database, and give its output."""
        return _python(self.environment, *arguments)


def _python(environment: Mapping[str, str], *arguments: str) -> str:
    finished = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if finished.returncode:
        raise RuntimeError(f"{arguments[:2]} failed:\n{finished.stdout}\n{finished.stderr}")
    return finished.stdout


@contextmanager
def running_server(
    admin_url: str,
    *,
    name: str,
    keys_dir: Path,
    prepare: Callable[[], Mapping[str, Any] | None] | None = None,
    application: str = "guiyan.web.wsgi:application",
    host: str = "127.0.0.1",
    **variables: str,
) -> Iterator[Server]:
    """Serve `application` from a fresh database called `name`.

    `prepare` is a function at the top of a module; it runs in a process of its own, connected
    as the web role, and what it returns (JSON) stands in `Server.facts`. `host` is its name in
    `Server.url`: browsers bind passkeys to names only, so "localhost" there.
    """
    make_database(admin_url, name)
    # The socket is open before the process starts: no port is guessed and no start is polled for.
    with tempfile.TemporaryDirectory(prefix="gy-web-") as home, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        url = f"http://{host}:{listening.getsockname()[1]}"
        environment = _environment(admin_url, name, home, keys_dir, url) | variables
        facts = _prepared(prepare, environment) if prepare else {}
        with _gunicorn(application, listening, environment, Path(home) / "web.log"):
            yield Server(url, facts, environment)
    drop_database(admin_url, name)


def _prepared(
    prepare: Callable[[], Mapping[str, Any] | None], environment: Mapping[str, str]
) -> dict[str, Any]:
    place = f"{prepare.__module__}:{prepare.__qualname__}"
    said = _python(environment, "-c", PREPARE, place)
    facts: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return facts


def _environment(admin_url: str, name: str, home: str, keys_dir: Path, url: str) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("GUIYAN_")}
    return inherited | {
        "DJANGO_SETTINGS_MODULE": "guiyan.platform.settings",
        "DATABASE_URL": address(admin_url, name, WEB),
        "GUIYAN_SECRET_KEY": "for-tests-only-never-served",
        "GUIYAN_KEYS_DIR": str(keys_dir),
        "GUIYAN_HOME": home,
        "GUIYAN_PUBLIC_URL": url,
        "GUIYAN_LOG_LEVEL": "WARNING",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }


@contextmanager
def _gunicorn(
    application: str, listening: socket.socket, environment: Mapping[str, str], log: Path
) -> Iterator[None]:
    command = [sys.executable, "-m", "gunicorn", application, "--workers", "1", "--threads", "4"]
    command += ["--bind", f"fd://{listening.fileno()}", "--no-control-socket"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            pass_fds=[listening.fileno()],
            stdout=output,
            stderr=output,
        )
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/readyz"
    listening.close()
    try:
        try:
            urllib.request.urlopen(url, timeout=START_S).close()
        except OSError as error:
            raise RuntimeError(f"the server did not start:\n{log.read_text()}") from error
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
