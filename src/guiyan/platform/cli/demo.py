"""`guiyan demo`: a running Guiyan with real places and invented people, in one command.

What loads the demo is a process of its own, so that the supervisor which stays needs no Django:
75 MB less for as long as the demo runs.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from guiyan.platform.cli import boot
from guiyan.platform.cli.serving import port, refuse_taken_port, run_child, supervise
from guiyan.platform.launcher.home import find_home

LOADING = "guiyan.web.demo"  # run with -m; it stands in a room above this one


@click.command()
@click.option("--load-only", is_flag=True, help="Load the demo's data, serve nothing.")
def demo(load_only: bool) -> None:
    """Serve a demo at http://127.0.0.1:8000 (GUIYAN_PORT): Meigu county, invented members, a cast.

    Running it again changes nothing. Ctrl-C leaves nothing running.
    """
    os.environ["GUIYAN_DEMO"] = "1"
    os.environ.setdefault("GUIYAN_PUBLIC_URL", f"http://127.0.0.1:{port()}")
    if load_only:
        with boot.database():
            _load()
        return
    refuse_taken_port()
    with boot.database(as_owner=True):
        run_child("migrate")
        os.environ.pop("OWNER_DATABASE_URL", None)
        if not find_home().demo_json.exists():
            _load()
        facts = _facts_at_this_address()
        supervise(lambda: _greet(facts))


def _load() -> None:
    code = subprocess.run([sys.executable, "-m", LOADING], check=False).returncode  # noqa: S603
    if code:
        sys.exit(code)


def _facts_at_this_address() -> dict[str, Any]:
    """The facts as loaded, with the address of this run: the port may differ from the last one's."""
    home = find_home()
    facts: dict[str, Any] = json.loads(home.demo_json.read_text(encoding="utf-8"))
    before, now = str(facts["url"]), os.environ["GUIYAN_PUBLIC_URL"]
    if before != now or not all(place.exists() for place in home.demo_json_copies):
        facts["url"] = now
        facts["checkin_url"] = str(facts["checkin_url"]).replace(before, now, 1)
        write_down(facts, home.demo_json_copies)
    return facts


def write_down(facts: dict[str, Any], places: tuple[Path, ...]) -> None:
    """The same facts in every place, mode 0600; written whole or not at all."""
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        part.rename(place)


def _greet(facts: dict[str, Any]) -> None:
    cast = facts["cast"]
    click.echo(f"Guiyan is ready at {facts['url']}")
    click.echo(f"Check-in page: {facts['checkin_url']}    Hotline: {facts['hotline']}")
    if not isinstance(cast, dict):
        return
    for role, person in cast.items():
        if person["totp_secret"]:
            code = f"password {person['password']}  code from {person['totp_secret']}"
        else:
            code = "code shown at /demo/messages"
        click.echo(f"  {role:<31} {person['login']:<31} {code}  {person['name']}")
