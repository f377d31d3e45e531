"""The bare framework: the house's own empty page, through the same gunicorn and the same client."""

from typing import Any

from bench import figures, processes
from bench.browsing import Browser, timed
from bench.house import empty_web, free_port, web_server

TIMES, WARM_UP, CROWD = 200, 20, 8


def measure() -> dict[str, Any]:
    """{"staff": …, "public": …}: times of one client and of eight, and requests each second."""
    port = free_port()
    with web_server(empty_web(port), port) as pid:
        return {name: times_of(port, f"/bench/{name}", pid) for name in ("staff", "public")}


def times_of(port: int, path: str, *pids: int) -> dict[str, Any]:
    """Of one client and of eight; and the processor time of these processes for one request."""
    browser = Browser(port)
    timed(browser, lambda window, _: window.get(path), times=WARM_UP)
    before = spent(*pids)
    one = timed(browser, lambda window, _: window.get(path), times=TIMES)
    cpu = round((spent(*pids) - before) / TIMES, 3)
    crowd = timed(browser, lambda window, _: window.get(path), times=TIMES * 4, clients=CROWD)
    # Eight clients are always waiting, so the rate follows from how long each of them waits.
    return {
        "http_1": figures.summary(one),
        "http_8": figures.summary(crowd),
        "cpu_ms": cpu,
        "per_second_1": figures.rate(len(one), sum(one) / 1000),
        "per_second_8": figures.rate(len(crowd), sum(crowd) / 1000 / CROWD),
    }


def spent(*pids: int) -> float:
    return sum(processes.cpu_ms(pid) for pid in pids)
