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

from bench import figures
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
        parts = _memory_mb(demo.pid)
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(60)
    whole = round(sum(parts.values()), 1)
    return {"ready_s": ready, "pss_mb": parts, "whole_mb": figures.verdict(whole, GOAL_MB)}


def _memory_mb(root: int) -> dict[str, float]:
    parts = {"supervisor": 0.0, "web": 0.0, "worker": 0.0, "database": 0.0}
    for pid in _family(root):
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        kind = (
            "web" if "gunicorn" in command
            else "worker" if " worker" in command
            else "supervisor" if "guiyan" in command and pid == root
            else "database"
        )  # fmt: skip
        parts[kind] += _pss_kb(pid) / 1024
    return {name: round(value, 1) for name, value in parts.items()}


def _family(root: int) -> list[int]:
    """The process and all below it, and the database's, which runs apart under its own account."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    home = Path(f"/proc/{root}/environ").read_bytes().split(b"GUIYAN_HOME=")[1].split(b"\0")[0]
    pid_file = Path(os.fsdecode(home)) / "pgdata" / "postmaster.pid"
    roots = {root, int(pid_file.read_text().splitlines()[0])}
    found = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


def _pss_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


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
