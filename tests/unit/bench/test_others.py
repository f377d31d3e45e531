"""Specification of how the bench knows that others use the machine."""

import os
import subprocess
import sys
from pathlib import Path

from bench.others import Others
from bench.processes import own_family, spent_ticks

NOBODY = 2**30  # above every process id
WORK = "sum(n * n for n in range(4_000_000))"


class TestOthers:
    def test_are_not_this_process_nor_what_it_starts(self) -> None:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        try:
            family = own_family(os.getpid(), Path("/nowhere"))
        finally:
            child.communicate(b"\n")
        assert {os.getpid(), child.pid} <= family
        assert os.getppid() not in family

    def test_are_not_what_works_in_the_house(self, tmp_path: Path) -> None:
        child = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, cwd=tmp_path
        )
        try:
            assert child.pid in own_family(NOBODY, tmp_path)
            assert child.pid not in own_family(NOBODY, tmp_path / "elsewhere")
        finally:
            child.communicate(b"\n")

    def test_are_counted_when_they_work(self) -> None:
        with Others(pid=NOBODY) as watched:
            child = subprocess.Popen(
                [sys.executable, "-c", f"{WORK}; input()"],
                stdin=subprocess.PIPE,
            )
            while child.poll() is None and spent_ticks().get(child.pid, 0) < 5:
                pass
            watched._look()
            child.communicate(b"\n")
        assert watched.used_ms > 0
        assert set(watched.told()) == {"others_used_cores", "loaded"}
