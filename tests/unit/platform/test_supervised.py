"""A worker never outlives its supervisor, even one that has missed the kernel's word of it."""

import os
import subprocess
import sys

PATIENCE_S = 60
DEAF = """
import signal, threading
from guiyan.platform.cli import serving
signal.signal(signal.SIGINT, signal.SIG_IGN)
serving.STOP_PATIENCE_S = 0
serving.end_late_with_supervisor()
print("at work", flush=True)
threading.Event().wait()
"""


def test_a_deaf_worker_goes_after_its_supervisor() -> None:
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE) as supervisor:
        worker = subprocess.Popen(
            [sys.executable, "-c", DEAF], stdout=subprocess.PIPE, text=True,
            env=os.environ | {"GUIYAN_SUPERVISED_BY": str(supervisor.pid)},
        )  # fmt: skip
        try:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "at work\n"
            assert worker.poll() is None
            supervisor.kill()
            assert worker.wait(PATIENCE_S) == 1
        finally:
            worker.kill()
            worker.communicate()
