"""`guiyan demo`: a running Guiyan with real places and invented people, in one command."""

import json
import os

import click

from guiyan.platform.cli import boot
from guiyan.platform.cli.progress import bar
from guiyan.platform.cli.serving import port, refuse_taken_port, run_child, supervise
from guiyan.platform.launcher.home import find_home
from guiyan.web.demo import loading


@click.command()
@click.option("--load-only", is_flag=True, help="Load the demo's data, serve nothing.")
def demo(load_only: bool) -> None:
    """Serve a demo at http://127.0.0.1:8000 (GUIYAN_PORT): Meigu county, invented members, a cast.

    Running it again changes nothing. Ctrl-C leaves nothing running.
    """
    os.environ["GUIYAN_DEMO"] = "1"
    os.environ.setdefault("GUIYAN_PUBLIC_URL", f"http://127.0.0.1:{port()}")
    if load_only:
        _load()
        return
    refuse_taken_port()
    home = find_home()
    with boot.database(as_owner=True):
        run_child("migrate")
        os.environ.pop("OWNER_DATABASE_URL", None)
        if not home.demo_json.exists():
            run_child("demo", "--load-only")
        facts = _facts_at_this_address()
        supervise(lambda: _greet(facts))


def _load() -> None:
    with boot.database():
        facts = loading.load(bar())
        loading.write_down(facts, boot.configure().demo_json_copies)


def _facts_at_this_address() -> dict[str, object]:
    """The facts as loaded, with the address of this run: the port may differ from the last one's."""
    home = find_home()
    facts: dict[str, object] = json.loads(home.demo_json.read_text(encoding="utf-8"))
    before, now = str(facts["url"]), os.environ["GUIYAN_PUBLIC_URL"]
    if before != now or not all(place.exists() for place in home.demo_json_copies):
        facts["url"] = now
        facts["checkin_url"] = str(facts["checkin_url"]).replace(before, now, 1)
        loading.write_down(facts, home.demo_json_copies)
    return facts


def _greet(facts: dict[str, object]) -> None:
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
