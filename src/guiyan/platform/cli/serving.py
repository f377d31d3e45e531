"""`serve` runs web, worker and the embedded database on one machine; `web` and `worker` run apart."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from types import FrameType

import click

from guiyan.platform.cli import boot

STOP_PATIENCE_S = 20
START_PATIENCE_S = 90


def port() -> int:
    return int(os.environ.get("GUIYAN_PORT", "8000"))


def address() -> str:
    return os.environ.get("GUIYAN_BIND", f"127.0.0.1:{port()}")


@click.command()
def serve() -> None:
    """Run database, web and worker together; Ctrl-C ends all of them.

    Uses the embedded PostgreSQL, or your own by DATABASE_URL and OWNER_DATABASE_URL.
    """
    with boot.database(as_owner=True):
        run_child("migrate")
        os.environ.pop("OWNER_DATABASE_URL", None)
        supervise(lambda: click.echo(f"Guiyan is ready at {public_url()}"))


def public_url() -> str:
    return os.environ.get("GUIYAN_PUBLIC_URL", f"http://127.0.0.1:{port()}")


@click.command()
@click.option("--threads", default=8, show_default=True, help="Requests answered at once.")
def web(threads: int) -> None:
    """Run the web server alone (gunicorn). GUIYAN_BIND or GUIYAN_PORT chooses the address."""
    boot.configure()
    command = [
        sys.executable, "-m", "gunicorn", "guiyan.web.wsgi:application",
        "--bind", address(), "--worker-class", "gthread", "--workers", "1",
        "--threads", str(threads), "--graceful-timeout", "10", "--timeout", "60",
        "--max-requests", "20000", "--max-requests-jitter", "2000",
        "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip
    os.execv(sys.executable, command)  # noqa: S606 - fixed program, no shell


@click.command()
@click.option("--concurrency", default=2, show_default=True, help="Jobs run at once.")
@click.option("--once", is_flag=True, help="Run what waits, then end.")
def worker(concurrency: int, once: bool) -> None:
    """Run the worker alone: jobs, the clock, sealing of the audit."""
    with boot.database():
        boot.set_up_django()
        from guiyan.platform import work

        work.run(concurrency=concurrency, once=once)


def run_child(*arguments: str) -> None:
    """Run a guiyan command to its end; its failure is ours."""
    code = subprocess.run([sys.executable, "-m", "guiyan", *arguments], check=False).returncode  # noqa: S603
    if code:
        sys.exit(code)


class Stopped(Exception):
    """Somebody asked for the end: Ctrl-C or a service manager."""


def supervise(on_ready: Callable[[], None]) -> None:
    """Start web and worker, say when the web answers, and end both when one ends or on a signal."""
    asked = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        asked.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    children = [_start("web"), _start("worker")]
    try:
        _wait_until_ready(children, asked)
        on_ready()
        while not asked.wait(0.3):
            if ended := [child for child in children if child.poll() is not None]:
                raise click.ClickException(f"A part has ended by itself: {ended[0].args!r}")
    except Stopped:
        return
    finally:
        _end(children)


def _start(command: str) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches the supervisor, which ends the children in order.
    return subprocess.Popen([sys.executable, "-m", "guiyan", command], start_new_session=True)  # noqa: S603


def _wait_until_ready(children: Sequence[subprocess.Popen[bytes]], asked: threading.Event) -> None:
    give_up_at = time.monotonic() + START_PATIENCE_S
    url = f"http://{address()}/livez"
    while time.monotonic() < give_up_at:
        if asked.wait(0.1):
            raise Stopped
        if any(child.poll() is not None for child in children):
            raise click.ClickException("Guiyan did not start; the reason stands above.")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            continue
    raise click.ClickException(f"The web server does not answer at {url}.")


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    for child in children:
        try:
            child.wait(STOP_PATIENCE_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
