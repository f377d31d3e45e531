"""A scratch Guiyan: its own home, database, web process; gone at the end unless it is to be kept."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from guiyan.platform.cli import boot
from guiyan.platform.launcher import embedded
from guiyan.platform.launcher.embedded import Embedded
from guiyan.platform.launcher.home import find_home
from guiyan.platform.launcher.roles import DATABASE

PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class House:
    """A running database with tables, and the environment that every Guiyan process needs."""

    root: Path
    server: Embedded

    @property
    def owner_url(self) -> str:
        return self.server.urls.owner

    @property
    def admin_url(self) -> str:
        """The superuser's, in Guiyan's database."""
        return make_conninfo(self.server.urls.admin, dbname=DATABASE)

    @property
    def web_url(self) -> str:
        return self.server.urls.web

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A guiyan command to its end; its failure ends the run."""
        return subprocess.run(
            [sys.executable, "-m", "guiyan", *arguments],
            check=True,
            text=True,
            stdout=subprocess.PIPE,
        )

    @contextmanager
    def without_archive(self) -> Iterator[None]:
        """While invented people are poured in, their WAL is not worth keeping."""
        with psycopg.connect(self.server.urls.admin, autocommit=True) as admin:
            admin.execute("alter system set archive_command = '/bin/true'")
            admin.execute("alter system set max_wal_size = '8GB'")
            admin.execute("select pg_reload_conf()")
            try:
                yield
            finally:
                admin.execute("checkpoint")
                admin.execute("alter system reset archive_command")
                admin.execute("alter system reset max_wal_size")
                admin.execute("select pg_reload_conf()")


@contextmanager
def house(kept: Path | None = None) -> Iterator[House]:
    """A migrated Guiyan in a home of its own; the environment is as before afterwards."""
    before = dict(os.environ)
    parent = Path(tempfile.mkdtemp(prefix="guiyan-bench-"))
    parent.chmod(0o711)  # under root the database runs as another account, which must pass
    root = kept or parent / "home"
    os.environ["GUIYAN_HOME"] = str(root)
    os.environ.pop("DATABASE_URL", None)
    try:
        boot.prepare_home()
        with embedded.start(find_home()) as server:
            boot.configure()
            os.environ["DATABASE_URL"] = server.urls.web
            os.environ["OWNER_DATABASE_URL"] = server.urls.owner
            subprocess.run([sys.executable, "-m", "guiyan", "migrate"], check=True)
            os.environ.pop("OWNER_DATABASE_URL")
            yield House(root, server)
    finally:
        os.environ.clear()
        os.environ.update(before)
        shutil.rmtree(parent, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def web_server(arguments: list[str], port: int, **environment: str) -> Iterator[int]:
    """A web process that answers at the port; yields its process id."""
    child = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env=os.environ
        | {"GUIYAN_PORT": str(port), "GUIYAN_PUBLIC_URL": address(port)}
        | environment,
        start_new_session=True,
    )
    try:
        _wait_for(f"{address(port)}/livez", child)
        yield child.pid
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(20)


def guiyan_web() -> list[str]:
    """The web server as `guiyan serve` runs it: one process, eight threads."""
    return ["guiyan", "web"]


def empty_web(port: int) -> list[str]:
    """The same gunicorn with an empty page."""
    return [
        "gunicorn", "bench.empty_wsgi:application", "--bind", f"127.0.0.1:{port}",
        "--worker-class", "gthread", "--workers", "1", "--threads", "8",
        "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip


def address(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _wait_for(url: str, child: "subprocess.Popen[bytes]") -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_at:
        if child.poll() is not None:
            raise SystemExit(f"The web server has ended: {child.args!r}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"Nothing answers at {url}.")
