"""`serve` runs web, worker and the embedded database on one machine; `web` and `worker` run apart."""

import ctypes
import errno
import os
import select
import signal
import socket
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
from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.metrics.address import DEFAULT, WrongAddress, listening_at

STOP_PATIENCE_S = 20
START_PATIENCE_S = 90
PORT_PATIENCE_S = 6  # what a killed supervisor leaves behind lets go of its port within this
SUPERVISED_BY = "GUIYAN_SUPERVISED_BY"
PR_SET_PDEATHSIG = 1


def port() -> int:
    return int(os.environ.get("GUIYAN_PORT", "8000"))


def address() -> str:
    return os.environ.get("GUIYAN_BIND", f"127.0.0.1:{port()}")


@click.command()
def serve() -> None:
    """Run database, web and worker together; Ctrl-C ends all of them.

    Uses the embedded PostgreSQL, or your own by DATABASE_URL and OWNER_DATABASE_URL. Exit code 0
    after Ctrl-C or SIGTERM, 1 when a part ended by itself, 2 when it could not begin.
    """
    refuse_taken_port()
    with boot.database(as_owner=True):
        run_child("migrate")
        run_child("organisations", "seed")  # what a new version brings of kinds and rules
        os.environ.pop("OWNER_DATABASE_URL", None)
        supervise(lambda: click.echo(f"Guiyan is ready at {public_url()}"))


def public_url() -> str:
    return os.environ.get("GUIYAN_PUBLIC_URL", f"http://127.0.0.1:{port()}")


@click.command()
@click.option("--threads", default=8, show_default=True, help="Requests answered at once.")
def web(threads: int) -> None:
    """Run the web server alone (gunicorn). GUIYAN_BIND or GUIYAN_PORT chooses the address."""
    _end_with_supervisor()
    refuse_taken_port()
    boot.configure()
    refuse_wrong_metrics_address()
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
@click.option("--once", is_flag=True, help="Run what waits and what is due, then end.")
def worker(concurrency: int, once: bool) -> None:
    """Run the worker alone: jobs, the clock, sealing of the audit, what retention deletes.

    What the clock would have started within the last day and did not (nobody was at work) is made
    up for. Exit code 1 with --once when a job failed.
    """
    _end_with_supervisor()
    end_late_with_supervisor()
    with boot.database():
        boot.set_up_django()
        from guiyan.platform import work

        if once:
            failed = work.run_once(concurrency=concurrency)
            click.echo(f"Failed: {', '.join(failed)}" if failed else "Nothing waits.")
            sys.exit(1 if failed else 0)
        work.run(concurrency=concurrency)


def refuse_taken_port() -> None:
    """One clear line when something else listens on our address already."""
    host, _, number = address().rpartition(":")
    give_up_at = time.monotonic() + PORT_PATIENCE_S
    while not _is_free(host.strip("[]"), int(number)):
        if time.monotonic() > give_up_at:
            raise LauncherError(
                f"Port {number} on {host} is taken, perhaps by another Guiyan. End that program or "
                f"choose another port: GUIYAN_PORT={int(number) + 1}"
            )
        time.sleep(0.1)


def refuse_wrong_metrics_address() -> None:
    """Said before the server begins, not by a worker of it that ends again and again."""
    try:
        listening_at(os.environ.get("GUIYAN_METRICS_BIND", "").strip() or DEFAULT)
    except WrongAddress as error:
        raise LauncherError(str(error)) from error


def _is_free(host: str, number: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, number))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise LauncherError(
                f"Guiyan can't listen on {host}:{number}: {error.strerror}."
            ) from error
    return True


def _end_with_supervisor() -> None:
    """Let the kernel end this process when its supervisor is killed and can't do it itself."""
    supervisor = os.environ.get(SUPERVISED_BY)
    if supervisor is None or sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != int(supervisor):  # it was killed before we could ask
        sys.exit(1)


def end_late_with_supervisor() -> None:
    """A worker that missed the kernel's word, as its loop was just starting, goes all the same once
    it has had its time to end in order. What it was doing waits again, as after any crash."""
    supervisor = os.environ.get(SUPERVISED_BY)
    if supervisor is None or sys.platform != "linux":
        return
    try:
        watched = os.pidfd_open(int(supervisor))
    except ProcessLookupError:
        sys.exit(1)

    def wait_and_go() -> None:
        select.select([watched], [], [])
        threading.Event().wait(STOP_PATIENCE_S)
        os._exit(1)

    threading.Thread(target=wait_and_go, daemon=True).start()


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

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
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
    return subprocess.Popen(  # noqa: S603 - our own program, no shell
        [sys.executable, "-m", "guiyan", command],
        start_new_session=True,
        env=os.environ | {SUPERVISED_BY: str(os.getpid())},
    )


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
