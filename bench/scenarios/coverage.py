"""The board of a province's census with five premises for each member of the house, over HTTP."""

from typing import Any

from bench import figures
from bench.bare import Bare, Statement, sent_by
from bench.big import Officer
from bench.browsing import timed
from bench.census import filled
from bench.house import House
from bench.scenarios.empty import spent
from guiyan.platform.scope import Scope

GOAL_PAGE_MS = 150.0
PREMISES_OF_A_MEMBER = 5
WARM_UP = 5


def measure(
    house: House,
    officers: list[Officer],
    port: int,
    pids: tuple[int, int],
    empty: dict[str, Any],
    members: int,
    times: int,
) -> dict[str, Any]:
    """The board of each level that may see it, beside its statements alone and an empty page."""
    top = min(officers, key=lambda one: len(one.path))
    round_id, found = filled(house, top, members * PREMISES_OF_A_MEMBER)
    for officer in officers:
        if officer.level in ("province", "city", "county", "township"):
            path = f"/w/census/{round_id}?at={officer.organisation}"
            found[officer.level] = _board(house, officer, path, port, pids, empty, times)
    return found


def _board(
    house: House,
    officer: Officer,
    path: str,
    port: int,
    pids: tuple[int, int],
    empty: dict[str, Any],
    times: int,
) -> dict[str, Any]:
    browser = officer.browser(port)
    timed(browser, lambda window, _number: window.get(path), times=WARM_UP)
    before = spent(pids[0]), spent(pids[1])
    took = figures.summary(timed(browser, lambda window, _number: window.get(path), times=times))
    cpu = [round((spent(pid) - was) / times, 2) for pid, was in zip(pids, before, strict=True)]
    sent = sent_by(browser.cookies, "GET", path, {})
    bare = Bare(house.web_url, Scope.under(officer.path))
    alone = {text: bare.timed(Statement(text), times=10) for text in sent.rows_read}
    slowest = max(alone, key=lambda text: figures.percentile(alone[text], 50))
    sql = sum(figures.percentile(each, 50) for each in alone.values())
    return took | {
        "page_ms": figures.verdict(took["p95"], GOAL_PAGE_MS),
        "beside": figures.beside(
            took["p50"], round(sql + empty["http_1"]["p50"], 2), "its statements and an empty page"
        ),
        "cpu_ms": {"web": cpu[0], "database": cpu[1]},
        "statements": len(sent.statements),
        "sql_p50_sum": round(sql, 2),
        "slowest_sql": {
            "ms": round(figures.percentile(alone[slowest], 50), 2),
            "text": slowest[:400],
        },
    }
