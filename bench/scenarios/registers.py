"""Registers, searches, files and cases, as officers of each level see them over HTTP."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bench import figures
from bench.bare import Bare, Statement, sent_by
from bench.big import Officer
from bench.browsing import Answer, Browser, timed
from bench.house import House
from bench.scenarios.empty import spent
from guiyan.platform.scope import Scope

WARM_UP, CROWD = 5, 8
MIDDLE_PAGES = 5
GOAL_RATIO, GOAL_SEARCH_MS, GOAL_PAGE_MS = 3.0, 60.0, 150.0
SLOW_SQL_MS = 10.0
_NEXT = re.compile(r'name="cursor" value="([^"]+)"|[?&](?:amp;)?cursor=([^"&]+)')


@dataclass(frozen=True, slots=True)
class Page:
    """One page in one officer's browser; several wordings of a search take turns."""

    name: str
    path: str
    table: str
    searches: tuple[dict[str, str], ...] = ()
    is_search: bool = False
    method: str = field(init=False, default="")

    def visit(self, browser: Browser, number: int) -> Answer:
        if not self.searches:
            return browser.get(self.path)
        return browser.post(self.path, **self.searches[number % len(self.searches)])


def measure(
    house: House, officers: list[Officer], port: int, pids: tuple[int, int], empty: dict[str, Any], plans: Path,
    times: int, progress: Callable[[str], None],
) -> dict[str, Any]:  # fmt: skip
    """{level: {page: figures}}; plans of slow statements go into the directory."""
    plans.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = {}
    for officer in officers:
        browser = officer.browser(port)
        bare = Bare(house.web_url, Scope.under(officer.path))
        found[officer.level] = {}
        for page in _pages(house, officer, browser):
            plan = plans / f"{officer.level}-{page.name}.txt"
            figure = _figures(page, browser, bare, pids, empty, plan, times)
            found[officer.level][page.name] = figure
            progress(_line(officer.level, page.name, figure))
    return found


def _line(level: str, name: str, figure: dict[str, Any]) -> str:
    http, sql, parts = figure["http_1"], figure["main_statement"], figure["ratio"]
    return (
        f"  {level:9}{name:24} p50 {http['p50']:7.1f}  p95 {http['p95']:7.1f}  sql p95"
        f" {sql['p95']:7.2f}  ratio {parts['p95']}  statements {figure['statements']}"
        f"  cpu {figure['cpu_ms']['web']}+{figure['cpu_ms']['database']}"
    )


def _figures(
    page: Page,
    browser: Browser,
    bare: Bare,
    pids: tuple[int, int],
    empty: dict[str, Any],
    plan: Path,
    times: int,
) -> dict[str, Any]:
    timed(browser, page.visit, times=WARM_UP)
    before = spent(pids[0]), spent(pids[1])
    one = figures.summary(timed(browser, page.visit, times=times))
    cpu = [round((spent(pid) - was) / times, 2) for pid, was in zip(pids, before, strict=True)]
    crowd = figures.summary(timed(browser, page.visit, times=times * 2, clients=CROWD))
    token = {"csrfmiddlewaretoken": browser.cookies.get("csrftoken", "")}
    statements: list[Statement] = []
    sent = None
    for asked in page.searches or ({},):
        sent = sent_by(
            browser.cookies, "POST" if page.searches else "GET", page.path, {**asked, **token}
        )
        statements.append(sent.main(page.table))
    assert sent is not None
    mains = [
        took for each in statements for took in bare.timed(each, times=times // len(statements))
    ]
    main = figures.summary(mains)
    every = [bare.timed(Statement(text), times=20) for text in sent.rows_read]
    if main["p95"] > SLOW_SQL_MS:
        plan.write_text(
            "\n\n".join(f"{each.told}\n{each.text}\n\n{bare.plan(each)}" for each in statements)
        )
    found = {
        "http_1": one,
        "http_8": crowd,
        "cpu_ms": {"web": cpu[0], "database": cpu[1]},
        "main_statement": main,
        "all_statements_p50_sum": round(sum(figures.percentile(took, 50) for took in every), 3),
        "statements": len(sent.statements),
        "ratio": figures.ratio(one, main, empty["http_1"]),
        "under_150_ms": figures.verdict(one["p95"], GOAL_PAGE_MS),
    }
    if page.is_search:
        found["search_goal"] = figures.verdict(one["p95"], GOAL_SEARCH_MS)
    if page.name.startswith("moved"):
        found["ratio_goal"] = figures.verdict(found["ratio"]["p95"], GOAL_RATIO)
    return found


def _pages(house: House, officer: Officer, browser: Browser) -> list[Page]:
    case, member, number = _somebody(house, officer.path)
    inward, outward = "/w/registers/in", "/w/registers/out"
    searched = {
        "search_han": ("王伟", "吉木", "李"),
        "search_pinyin": ("wangwei", "lij", "jimu"),
        "search_initials": ("wjg", "lm", "jmjg"),
        "search_id_number": (number,),
    }
    return [
        Page("moved_in_first", inward, "flows_case"),
        Page("moved_in_middle", _middle(browser, inward), "flows_case"),
        Page("moved_out_first", outward, "flows_case"),
        Page("moved_out_middle", _middle(browser, outward), "flows_case"),
        *(
            Page(name, outward, "flows_case", tuple({"search": text} for text in texts), True)
            for name, texts in searched.items()
        ),
        Page("file", f"/w/members/{member}", "members_member"),
        Page("case", f"/w/cases/{case}", "flows_case"),
        Page("work", "/w/", "flows_case"),
    ]


def _middle(browser: Browser, path: str) -> str:
    """The address of a page well inside the register; the last one when it is short."""
    address = path
    for _ in range(MIDDLE_PAGES):
        found = _NEXT.search(browser.get(address).text)
        if found is None:
            return address
        address = f"{path}?cursor={found[1] or found[2]}"
    return address


def _somebody(house: House, path: str) -> tuple[str, str, str]:
    """A placed member whose home lies below, with the ID number where it is one of the sample."""
    from bench.people import SAMPLE, people, tree

    with psycopg.connect(house.owner_url) as database:
        row = database.execute(
            "select c.id::text, c.member_id::text from flows_case c where home_path >= %s"
            " and home_path < %s and state = 'placed' order by home_path, id limit 1",
            [path, path + "~"],
        ).fetchone()
        branches = database.execute(
            "select count(*) from orgs_organisation where kind_id = 'village_branch'"
        ).fetchone()
    assert row is not None and branches is not None
    for place, person in enumerate(people(tree(branches[0]), SAMPLE)):
        if person.home.path.startswith(path) and place < SAMPLE:
            return str(row[0]), str(row[1]), person.id_number
    raise SystemExit("nobody of the sample lives here")


def one_sided(house: House, officers: list[Officer], times: int) -> dict[str, Any]:
    """The same register statement on a copy of the cases that only the host may see."""
    found: dict[str, Any] = {}
    with psycopg.connect(house.owner_url, autocommit=True) as owner:
        owner.execute("drop table if exists bench_case")
        owner.execute("create table bench_case (like flows_case including all)")
        owner.execute("insert into bench_case select * from flows_case")
        owner.execute("alter table bench_case enable row level security")
        low, high = (
            "(select current_setting('app.low', true))",
            "(select current_setting('app.high', true))",
        )
        owner.execute(
            f"create policy bench on bench_case using (host_path >= {low} and host_path < {high})"
        )
        owner.execute("grant select on bench_case to guiyan_web")
        owner.execute("vacuum analyze bench_case")
    for officer in officers:
        bare = Bare(house.web_url, Scope.under(officer.path))
        two = _register_statement(officer, "flows_case")
        one = two.replace('"flows_case"', '"bench_case"')
        told = TOLD if officer.level in ("province", "city") else ""
        sides = [
            figures.summary(bare.timed(Statement(each, told), times=times)) for each in (two, one)
        ]
        found[officer.level] = {
            "two_sided": sides[0], "one_sided": sides[1],
            "ratio": figures.ratio(sides[0], sides[1]),
        }  # fmt: skip
    with psycopg.connect(house.owner_url, autocommit=True) as owner:
        owner.execute("drop table bench_case")
    return found


# As the register is read in wide scopes.
TOLD = "select set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)"


def _register_statement(officer: Officer, table: str) -> str:
    low, high = officer.path, officer.path + "~"
    return (
        f"select * from \"{table}\" where host_path >= '{low}' and host_path < '{high}'"
        " and state in ('claimed', 'verified', 'placed', 'transferring')"
        " order by pinyin, id limit 51"
    )
