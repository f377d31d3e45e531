"""`guiyan import`: a workbook in from the command line, by the same stages as on the page."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from django.db import transaction

from guiyan.insight.export_cli import export_register
from guiyan.insight.importing import commands
from guiyan.insight.importing.judged import context_for, judge_table
from guiyan.insight.importing.sources import opened, refuse_missing
from guiyan.insight.importing.types import problems_at
from guiyan.kernel.workbooks.kinds import KINDS
from guiyan.kernel.workbooks.problems import RowProblem
from guiyan.orgs import queries as orgs
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor
from guiyan.platform.cli import boot
from guiyan.platform.cli.progress import bar
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.scope import scoped

__all__ = ["export_register", "import_workbook"]

EXIT_REFUSED = 2
_SHOWN_PROBLEMS = 20


@click.command("import")
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organisation", "code", required=True, help="Code of the organisation it is for.")
@click.option("--dry-run", is_flag=True, help="Judge every row and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print counts and problems as JSON.")
def import_workbook(kind: str, file: Path, code: str, dry_run: bool, as_json: bool) -> None:
    """Import a workbook (xlsx, xls, csv) as one batch that can be undone.

    Wrong rows are left out and listed; the others come in. Exit code 0 when the workbook was
    read, 2 when it or the organisation was refused and nothing was written.
    """
    with boot.database():
        try:
            found = _preview(kind, file, code) if dry_run else _commit(kind, file, code)
        except Refused as refused:
            _refuse(refused.code, refused.message, as_json)
        except NotFound:
            _refuse("organisation", f"There is no organisation with the code {code}.", as_json)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        _say(found)


def _preview(kind: str, file: Path, code: str) -> dict[str, Any]:
    with _standing_for(code) as (by, organisation):
        table = opened(file, file.name, kind, None)
        refuse_missing(table)
        judged = judge_table(table, context_for(by, organisation))
        return _found(judged.counts, judged.problems, table.layout.sheet) | {"state": "previewed"}


def _commit(kind: str, file: Path, code: str) -> dict[str, Any]:
    show = bar()
    with _standing_for(code) as (by, organisation):
        batch = commands.read_upload(
            by=by, organisation_id=organisation.id, kind=kind, source=file, file_name=file.name
        )
        done = commands.commit(
            by=by,
            batch_id=batch.id,
            progress=lambda rows, total: show(file.name, rows / total if total else 1.0),
        )
    found = _found(done.counts, done.problems, done.sheet)
    return found | {"state": done.state, "batch": str(done.id)}


@contextmanager
def _standing_for(code: str) -> Iterator[tuple[Actor, OrganisationFacts]]:
    by = Actor.system("command line")
    with transaction.atomic(), scoped(by.scope):
        organisation = orgs.organisation_by_code(code)
        yield (
            by.standing_for(organisation.id, organisation.path, organisation.name),
            organisation,
        )


def _found(counts: dict[str, int], problems: list[RowProblem], sheet: str) -> dict[str, Any]:
    return {**counts, "problems": problems_at(problems, sheet)}


def _say(found: dict[str, Any]) -> None:
    """Counts on one line, then the first problems."""
    keys = ("rows", "new", "changed", "duplicate", "wrong", "skipped")
    click.echo("  ".join(f"{key} {found[key]}" for key in keys))
    for each in found["problems"][:_SHOWN_PROBLEMS]:
        click.echo(
            f"{each['sheet']}!{each['column']}{each['row']}  {each['code']}: {each['message']}"
        )
    if len(found["problems"]) > _SHOWN_PROBLEMS:
        click.echo(f"… {len(found['problems'])} problems in all; --json lists every one.")


def _refuse(code: str, message: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"refused": code, "message": message}, ensure_ascii=False))
    else:
        click.echo(f"guiyan: {message}", err=True)
    raise SystemExit(EXIT_REFUSED)
