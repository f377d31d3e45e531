"""`guiyan pair files`: two csv files are paired as a whole, without a house, a database or Django."""

import json
from pathlib import Path
from typing import Any

import click

from guiyan.kernel.assignment import SolverFailed
from guiyan.liaison.pairing import files
from guiyan.liaison.pairing.tables import TableRefused

EXIT_REFUSED = 2
_SHOWN_PROBLEMS = 20
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("files")
@click.option("--people", type=_FILE, required=True, help="csv: id, lon, lat, languages, trade.")
@click.option("--liaisons", type=_FILE, required=True, help="csv: the same, and limit.")
@click.option("--out", type=_FILE, required=True, help="csv: person, liaison, km, why.")
@click.option("--json", "as_json", is_flag=True, help="Print counts and problems as JSON.")
def pair_files(people: Path, liaisons: Path, out: Path, as_json: bool) -> None:
    """Pair two csv files (UTF-8 or GB18030; languages as yi;han; any column but id may be absent).

    Rows that can't be used are left out and named by their line. Exit code 0 when the answer was
    written, 2 when a file was refused and nothing was written.
    """
    try:
        found = files.pair_files(people, liaisons, out)
    except TableRefused as refused:
        _refuse(refused.code, refused.message, as_json)
    except SolverFailed as failed:
        _refuse("solver", f"求解没有完成（{failed}）。请检查内存后重试。", as_json)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        _say(found)


def _say(found: dict[str, Any]) -> None:
    keys = ("people", "liaisons", "paired", "left_over", "without_common_language", "total_km")
    click.echo("  ".join(f"{key} {found[key]}" for key in keys))
    click.echo(f"proven: at most {found['gap']:.4%} above the optimum")
    for each in found["problems"][:_SHOWN_PROBLEMS]:
        place = f"{each['file']}:{each['line']} {each['column']}"
        click.echo(f"{place}  {each['code']}: {each['message']}")
    if found["problem_count"] > _SHOWN_PROBLEMS:
        click.echo(f"… {found['problem_count']} problems in all; --json lists them.")


def _refuse(code: str, message: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"refused": code, "message": message}, ensure_ascii=False))
    else:
        click.echo(f"guiyan: {message}", err=True)
    raise SystemExit(EXIT_REFUSED)
