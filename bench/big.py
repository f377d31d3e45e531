"""The big house: filled once, with an officer of each level who can sign in."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import psycopg
import pyotp
from django.db import transaction

from bench import people
from bench.browsing import Browser
from bench.house import House
from guiyan.access import commands
from guiyan.flows.counts import remake
from guiyan.platform.actor import Actor
from guiyan.platform.cli.progress import bar
from guiyan.platform.clock import today
from guiyan.platform.scope import scoped

ROLES = {
    "province": (0, "province_officer"),
    "city": (1, "city_officer"),
    "county": (2, "county_officer"),
    "township": (3, "township_officer"),
    "branch": (4, "branch_secretary"),
}


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody of staff at one level, with what it takes to sign in."""

    level: str
    organisation: str
    path: str
    login: str
    password: str
    totp_secret: str

    def browser(self, port: int) -> Browser:
        browser = Browser(port)
        browser.sign_in(self.login, self.password, self.totp_secret)
        return browser


def fill(house: House, members: int, branches: int) -> dict[str, float]:
    """Seeds, divisions, tree, people and counts into a new house; a filled one is left alone.

    Returns how long each part took, in seconds.
    """
    note = house.root / "bench.json"
    if note.exists():
        kept: dict[str, float] = json.loads(note.read_text(encoding="utf-8"))
        return kept
    took: dict[str, float] = {}
    with house.without_archive():
        _timed(took, "seed", lambda: house.run("organisations", "seed"))
        _timed(took, "divisions", lambda: house.run("divisions", "load", "--json"))
        bodies = people.tree(branches)
        _timed(took, "people", lambda: people.pour(house.admin_url, bodies, members, bar()))
        _timed(took, "counts", lambda: _count(house))
    note.write_text(json.dumps(took), encoding="utf-8")
    return took


def officers(house: House, branches: int) -> list[Officer]:
    """One at each level, each above the next, in the first province; their sign-in is new."""
    by = Actor.system("bench")
    branch = next(body for body in people.tree(branches) if body.level == 4)
    line = {branch.level: branch}
    while line[min(line)].parent is not None:
        parent = line[min(line)].parent
        assert parent is not None
        line[parent.level] = parent
    found = []
    for name, (level, role) in ROLES.items():
        body = line[level]
        password, secret = secrets.token_urlsafe(16), pyotp.random_base32()
        login = f"bench-{name}-{secrets.token_hex(4)}"
        with transaction.atomic(), scoped(by.scope):
            account = commands.create_account(by=by, login=login, name="试算员", password=password)
            commands.grant_role(
                by=by, account_id=account, role=role, organisation_id=UUID(body.id),
                valid_from=today() - timedelta(days=1),
            )  # fmt: skip
            commands.provision_sign_in(
                by=by, account_id=account, password=password, totp_secret=secret
            )
        found.append(Officer(name, body.id, body.path, login, password, secret))
    return found


def _count(house: House) -> None:
    with transaction.atomic():
        remake()
    with psycopg.connect(house.owner_url, autocommit=True) as database:
        database.execute("vacuum analyze flows_registercount")


def _timed(took: dict[str, float], name: str, act: Callable[[], object]) -> None:
    started = time.perf_counter()
    act()
    took[name] = round(time.perf_counter() - started, 2)
    print(f"  {name}: {took[name]} s", flush=True)


def check_in_code(house: House, officer: Officer) -> str:
    """What the poster of the officer's organisation says."""
    with psycopg.connect(house.owner_url) as database:
        row = database.execute(
            "select check_in_code from orgs_organisation where id = %s", [officer.organisation]
        ).fetchone()
    assert row is not None
    return str(row[0])
