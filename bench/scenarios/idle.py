"""Memory of web, worker and database while nobody does anything, after the demo has loaded.

PSS: pages that processes share are counted once, divided among them.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from bench import figures, processes
from bench.house import address, free_port

GOAL_MB = 600.0
PATIENCE_S, SETTLE_S, OPENED = 900, 20, 20


def measure() -> dict[str, Any]:
    """`guiyan demo` from nothing; each of its processes with what it holds."""
    parent = Path(tempfile.mkdtemp(prefix="guiyan-bench-"))
    parent.chmod(0o711)
    port = free_port()
    environment = os.environ | {"GUIYAN_HOME": str(parent / "home"), "GUIYAN_PORT": str(port)}
    started = time.perf_counter()
    demo = subprocess.Popen(
        [sys.executable, "-m", "guiyan", "demo"], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(address(port), demo)
        ready = round(time.perf_counter() - started, 1)
        for _ in range(OPENED):  # a process that never rendered a page holds less than any in use
            urllib.request.urlopen(address(port), timeout=30).close()
        time.sleep(SETTLE_S)
        parts = _memory_mb(demo.pid, parent / "home")
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(60)
    whole = round(sum(parts.values()), 1)
    return {"ready_s": ready, "pss_mb": parts, "whole_mb": figures.verdict(whole, GOAL_MB)}


def _memory_mb(root: int, home: Path) -> dict[str, float]:
    """The database runs apart, under an account of its own."""
    database = int((home / "pgdata" / "postmaster.pid").read_text().splitlines()[0])
    parts = {"supervisor": 0.0, "web": 0.0, "worker": 0.0, "database": 0.0}
    for pid in processes.family(root):
        words = processes.command(pid)
        kind = "web" if "gunicorn" in words else "worker" if " worker" in words else "supervisor"
        parts[kind] += processes.pss_mb(pid)
    for pid in processes.family(database):
        parts["database"] += processes.pss_mb(pid)
    return {name: round(value, 1) for name, value in parts.items()}


def _wait_for(url: str, demo: "subprocess.Popen[bytes]") -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_at:
        if demo.poll() is not None:
            raise SystemExit("The demo has ended by itself.")
        try:
            urllib.request.urlopen(f"{url}/livez", timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The demo is not ready.")
