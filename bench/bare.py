"""The bare query: what a page sends to PostgreSQL, sent again by psycopg alone, prepared."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg import sql

from guiyan.platform.scope import Scope

_SET = "select set_config('app.low', %s, true), set_config('app.high', %s, true)"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as it was sent, values and all."""

    text: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The statements of one request, and how large its page was."""

    statements: tuple[str, ...]

    def main(self, table: str) -> "Statement":
        """The statement that reads the page's own rows, with what its planner was told before."""
        begins = f'from "{table}"'
        found = [one for one in self.statements if begins in one.lower()]
        if not found:  # the page is not for this officer's role: it asks for nothing
            return Statement("select 1")
        text = max(found, key=lambda one: ("LIMIT" in one, len(one)))
        before = self.statements[: self.statements.index(text)]
        told = [one for one in before if "enable_bitmapscan" in one]
        return Statement(text, told[-1] if told else "")

    @property
    def rows_read(self) -> tuple[str, ...]:
        """Those that read under the scope: without signing in, settings and savepoints."""
        begin = next(
            (n for n, one in enumerate(self.statements) if "app.low" in one), len(self.statements)
        )
        return tuple(
            one
            for one in self.statements[begin:]
            if one.lower().startswith("select") and "set_config" not in one
        )


def sent_by(cookies: Mapping[str, str], method: str, path: str, fields: Mapping[str, str]) -> Sent:
    """Ask for the page inside this process, signed in by the cookies, and keep what it sent."""
    client = Client(HTTP_HOST="127.0.0.1")
    for name, value in cookies.items():
        client.cookies[name] = value
    with CaptureQueriesContext(connection) as captured:
        answer: Any = client.get(path) if method == "GET" else client.post(path, dict(fields))
    connection.close()
    if answer.status_code != 200:
        raise SystemExit(f"{method} {path} answered {answer.status_code} in this process")
    return Sent(tuple(query["sql"] for query in captured.captured_queries))


@dataclass(frozen=True, slots=True)
class Bare:
    """A connection of the web role under a scope."""

    url: str
    scope: Scope

    def timed(self, statement: Statement, *, times: int) -> list[float]:
        """Milliseconds of one statement, its rows fetched; the first runs, which plan, left out."""
        took = []
        with psycopg.connect(self.url) as database:
            database.execute(_SET, [self.scope.low, self.scope.high])
            if statement.told:
                database.execute(_literal(statement.told))
            for number in range(times + 3):
                started = time.perf_counter()
                database.execute(_literal(statement.text), prepare=True).fetchall()
                if number >= 3:
                    took.append((time.perf_counter() - started) * 1000)
        return took

    def plan(self, statement: Statement) -> str:
        """How PostgreSQL ran it, with buffers."""
        with psycopg.connect(self.url) as database:
            database.execute(_SET, [self.scope.low, self.scope.high])
            if statement.told:
                database.execute(_literal(statement.told))
            explained = f"explain (analyze, buffers) {statement.text}"
            return "\n".join(row[0] for row in database.execute(_literal(explained)))


def _literal(statement: str) -> sql.SQL:
    """A statement whose values stand in it already."""
    return sql.SQL(statement)
