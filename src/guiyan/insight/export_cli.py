"""`guiyan export`: a register out from the command line, always with masked numbers."""

import json
import sys
from pathlib import Path
from typing import NoReturn

import click
from django.db import transaction

from guiyan.insight.export_sources import SOURCES
from guiyan.insight.exporting import export_to_file
from guiyan.orgs import queries as orgs
from guiyan.platform.actor import Actor
from guiyan.platform.cli import boot
from guiyan.platform.cli.progress import bar
from guiyan.platform.errors import NotFound
from guiyan.platform.scope import scoped

EXIT_REFUSED = 2


@click.command("export")
@click.argument("register", type=click.Choice(sorted(SOURCES)))
@click.option("--organisation", "code", required=True, help="Code of the organisation.")
@click.option(
    "--out",
    "out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write: .xlsx or .csv.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def export_register(register: str, code: str, out: Path, as_json: bool) -> None:
    """Write a register of an organisation and all below it to a file, complete at any size.

    Numbers are masked; full ones are asked for in the web page and need a second person. Exit
    code 0 when the file is there, 2 when the organisation or the file was refused.
    """
    if out.suffix not in (".xlsx", ".csv"):
        _refuse("format", "The name of the file must end in .xlsx or .csv.", as_json)
    if not out.parent.is_dir():
        _refuse("place", f"There is no directory {out.parent}.", as_json)
    show = bar()
    with boot.database():
        by = Actor.system("guiyan export")
        try:
            with transaction.atomic(), scoped(by.scope):
                organisation = orgs.organisation_by_code(code)
                rows = export_to_file(
                    by=by,
                    register=register,
                    organisation_id=organisation.id,
                    out=out,
                    progress=lambda done: show(f"{register}: {done} rows", 0.5),
                )
        except NotFound:
            _refuse("organisation", f"There is no organisation with the code {code}.", as_json)
        except OSError as error:
            _refuse("place", f"{out} can't be written: {error.strerror}.", as_json)
    show(f"{register}: {rows} rows", 1.0)
    written = {"register": register, "organisation": code, "rows": rows, "file": str(out)}
    click.echo(json.dumps(written, ensure_ascii=False) if as_json else f"{rows} rows in {out}")


def _refuse(code: str, message: str, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps({"refused": code, "message": message}, ensure_ascii=False))
    click.echo(f"guiyan: {message}", err=True)
    sys.exit(EXIT_REFUSED)
