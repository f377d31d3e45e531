"""`guiyan database prepare`: roles, rights and extensions on a PostgreSQL of one's own."""

import json

import click

from guiyan.platform.launcher.home import find_home, make_home
from guiyan.platform.launcher.roles import DATABASE, prepare_external
from guiyan.platform.launcher.secrets_store import write_secret


@click.group()
def database() -> None:
    """A PostgreSQL of your own instead of the embedded one."""


@database.command()
@click.option("--admin-url", required=True, help="A superuser's address of the server.")
@click.option("--name", default=DATABASE, show_default=True, help="Name of the database.")
@click.option("--json", "wants_json", is_flag=True, help="Answer as JSON.")
def prepare(admin_url: str, name: str, wants_json: bool) -> None:
    """Make roles, database, extensions and rights where they lack; safe to run again.

    The addresses for web and owner are written to files in the home's secrets, mode 0600; the
    lines to export are printed. Exit code 2 when the server does not let us in or is too old.
    """
    home = find_home()
    make_home(home)  # without keys: a restore brings its own
    urls = prepare_external(admin_url, home.secrets, database=name)
    files = {
        "DATABASE_URL_FILE": home.secrets / "database-url.txt",
        "OWNER_DATABASE_URL_FILE": home.secrets / "owner-database-url.txt",
    }
    for file, url in zip(files.values(), (urls.web, urls.owner), strict=True):
        write_secret(file, url)
    if wants_json:
        click.echo(json.dumps({variable: str(file) for variable, file in files.items()}))
        return
    for variable, file in files.items():
        click.echo(f"export {variable}={file}")
