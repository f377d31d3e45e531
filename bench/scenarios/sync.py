"""Work without a line: a first sync over a thin line, how fast operations are applied, and a thousand
phones that come back within ten minutes."""

import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.clients.field_client import FieldClient, Told

from bench import figures, processes
from bench.bound import insert_again
from bench.house import free_port, guiyan_web, house, web_server
from bench.shaper import Line, thin_line

BITS_PER_S, ROUND_TRIP_S = 3_000_000, 0.3
FIRST_SYNC_S, FIRST_SYNC_BYTES = 15, 1_000_000
APPLIED_PER_S = 1_000
CALL_P95_S = 5
OPERATIONS = 20
CALLS_IN_A_ROW = 4  # a connection, the key, the areas, at least one page
WRITTEN = ("field_receipt", "outreach_visit")
PHONES = int(os.environ.get("BENCH_PHONES", "1000"))
WITHIN_S = float(os.environ.get("BENCH_WITHIN_S", "600"))
CALLERS = 64


def measure() -> dict[str, Any]:
    """In a house of its own: 20,000 doors in areas of 500, a phone for every twenty of them."""
    with house() as home, tempfile.TemporaryDirectory() as there:
        seeded = Path(there) / "phones.json"
        _step("seed", str(PHONES), str(seeded))
        phones = json.loads(seeded.read_text(encoding="utf-8"))
        port = free_port()
        with web_server(guiyan_web(), port, GUIYAN_LOG_LEVEL="ERROR"):
            first = _first_sync(port, phones[0])
            database = home.server.cluster.running_pid() or 0
            spent = processes.cpu_ms(database)
            applied = _step("apply", str(seeded))
            spent = processes.cpu_ms(database) - spent
            bound = insert_again(home.admin_url, *WRITTEN)
            before = _step("count")
            herd = _herd(port, phones)
            after = _step("count")
        rate = figures.rate(applied["applied"], applied["s"])
        each = 1000 / applied["applied"]
        receipts, visits = (after[name] - before[name] for name in ("receipts", "visits"))
        herd["lost"] = figures.verdict(herd["sent"] - receipts, 0)
        herd["doubled"] = figures.verdict(visits - receipts, 0)
        return {
            "first_sync": first,
            "applied_per_s": figures.verdict(rate, APPLIED_PER_S, at_least=True),
            "applied_beside": figures.beside(
                round(applied["s"] * each, 3),
                round(sum(bound.values()) * each, 3),
                "ms each: the same receipts and visits, the database alone",
            ),
            "applied_cpu_ms": {
                "python": round(applied["cpu_s"] * each, 3),
                "database": round(spent / applied["applied"], 3),
            },
            "herd": herd,
        }


def _first_sync(port: int, phone: dict[str, Any]) -> dict[str, Any]:
    """From the token to a whole area of 500 doors on the phone: key, areas, every page."""
    line = Line(BITS_PER_S, ROUND_TRIP_S)
    with thin_line(port, line) as thin:
        client = FieldClient(_Http(thin).send, token=phone["token"])
        started = time.monotonic()
        client.fetch_key()
        client.fetch_areas()
        packet = client.fetch_packet("census", phone["area_id"])
        took = time.monotonic() - started
    passed = sum(line.passed.values())
    least = passed * 8 / BITS_PER_S + CALLS_IN_A_ROW * ROUND_TRIP_S
    return {
        "doors": len(packet.records),
        "s": figures.verdict(round(took, 1), FIRST_SYNC_S),
        "bytes": figures.verdict(passed, FIRST_SYNC_BYTES),
        "beside": figures.beside(round(took, 2), round(least, 2), "s: the line alone"),
    }


def _herd(port: int, phones: list[dict[str, Any]]) -> dict[str, Any]:
    """Each phone comes at a moment of the window, pulls its area, brings what it did; who is told
    to come later does so. A call's time is that of the call itself."""
    dice = random.Random(20)
    took: list[float] = []
    told: list[int] = []
    lock = threading.Lock()
    begun = time.monotonic()
    coming = sorted((dice.uniform(0, WITHIN_S * 0.8), n) for n in range(len(phones)))

    def come(at: float, phone: dict[str, Any]) -> int:
        time.sleep(max(0.0, begun + at - time.monotonic()))
        line = _Http(port)
        client = FieldClient(_clocked(line, took, lock), token=phone["token"])
        _until_let_in(client.fetch_key, told)
        _until_let_in(lambda: client.fetch_packet("census", phone["area_id"]), told)
        for door in phone["doors"][:OPERATIONS]:
            record = client.packets["census", phone["area_id"]].records[door]
            client.do("census.visit", door, {"state": "none_found"}, area_id=phone["area_id"],
                      base_version=record["version"])  # fmt: skip
        sent = len(client.outbox)
        _until_let_in(client.push, told)
        line.close()
        return sent if not client.outbox else sent - len(client.outbox)

    with ThreadPoolExecutor(CALLERS) as pool:
        sent = sum(pool.map(lambda each: come(each[0], phones[each[1]]), coming))
    seconds = figures.summary(took)
    return {
        "phones": len(phones),
        "operations_each": OPERATIONS,
        "sent": sent,
        "took_s": figures.verdict(round(time.monotonic() - begun), WITHIN_S),
        "call_s": seconds,
        "call_p95_s": figures.verdict(seconds["p95"], CALL_P95_S),
        "told_to_come_later": len(told),
    }


def _until_let_in(call: Any, told: list[int]) -> None:
    while True:
        try:
            call()
            return
        except Told as later:
            if not later.retry_s:
                raise
            told.append(later.retry_s)
            time.sleep(later.retry_s)


class _Http:
    """One connection that is kept, as a browser keeps it."""

    def __init__(self, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def send(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        try:
            return self._once(method, path, headers, body)
        except (OSError, http.client.HTTPException):  # cut off: the same call again, as it was
            self._line.close()
            return self._once(method, path, headers, body)

    def _once(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        self._line.request(method, path, body or None, headers)
        answer = self._line.getresponse()
        return answer.status, dict(answer.headers), answer.read()

    def close(self) -> None:
        self._line.close()


def _clocked(line: _Http, took: list[float], lock: threading.Lock) -> Any:
    def send(*call: Any) -> Any:
        started = time.perf_counter()
        answer = line.send(*call)
        with lock:
            took.append(time.perf_counter() - started)
        return answer

    return send


def _step(*arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "bench.sync_steps", *arguments],
        check=True, text=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    return json.loads(done.stdout) if done.stdout.strip() else None
