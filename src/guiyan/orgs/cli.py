"""`guiyan divisions` and `guiyan organisations`: what is done once, and what scripts ask for."""

import json
from collections.abc import Callable
from typing import BinaryIO, TypeVar

import click
from django.db import transaction
from django.utils.translation import gettext as _

from guiyan.orgs import commands as orgs
from guiyan.orgs import queries
from guiyan.orgs.boundaries.geojson import MOST_BYTES, read_boundaries
from guiyan.orgs.divisions.packed import counts, source
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.scope import scoped

T = TypeVar("T")
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def divisions() -> None:
    """The country's divisions: provinces down to villages."""


@divisions.command()
@_AS_JSON
def load(as_json: bool) -> None:
    """Bring the packed divisions into the database; a second time changes nothing.

    What vanished from the list keeps its row and ends; no code is ever given another meaning.
    """
    whole = sum(counts().values())
    with click.progressbar(length=whole, label="divisions", hidden=as_json) as bar:
        loaded = _run(
            lambda by: orgs.load_divisions(by=by, progress=lambda done: bar.update(done - bar.pos))
        )
    if as_json:
        click.echo(json.dumps({"source": source(), "new": loaded.new, "ended": loaded.ended}))
    else:
        click.echo(f"{source()}: {loaded.new} new, {loaded.ended} ended")


@divisions.command()
@click.argument("file", type=click.File("rb"))
@click.option("--property", "code_in", default="code", help="The property that holds the code.")
@click.option("--credit", default="", help="Said below a map, such as the number of its review.")
@_AS_JSON
def boundaries(file: BinaryIO, code_in: str, credit: str, as_json: bool) -> None:
    """Bring boundaries of divisions out of a GeoJSON file; all of it or nothing.

    Each feature is a Polygon or MultiPolygon in degrees with the division's code of 2 to 12 digits.
    They are stored as fine as a map on a page needs. What is there already is replaced.
    """
    shapes, problems = read_boundaries(file.read(MOST_BYTES + 1), code_in=code_in)
    if problems:
        lines = [
            " ".join(filter(None, (f"{one.number or ''}", one.code, _(one.finding.message))))
            for one in problems
        ]
        raise click.ClickException("\n".join(lines))
    loaded = _run(lambda by: orgs.load_boundaries(by=by, shapes=shapes, credit=credit))
    if as_json:
        click.echo(json.dumps({"new": loaded.new, "replaced": loaded.replaced}))
    else:
        click.echo(f"{loaded.new} new, {loaded.replaced} replaced")


@click.group()
def organisations() -> None:
    """The organisation tree: list a part of it, open an organisation, renew the kinds."""


@organisations.command(name="list")
@click.option("--under", "code", default="", help="Code of the organisation to list from.")
@click.option("--kind", help="Only this kind.")
@_AS_JSON
def list_organisations(code: str, kind: str | None, as_json: bool) -> None:
    """List organisations, parents before their children."""

    def listed(by: Actor) -> list[OrganisationFacts]:
        top = queries.organisation_by_code(code).path if code else ""
        return queries.organisations_under(top, kind=kind)

    for facts in _run(listed):
        click.echo(_line(facts, as_json))


@organisations.command(name="open")
@click.argument("kind")
@click.argument("code")
@click.argument("name")
@click.option("--under", "parent", default="", help="Code of the parent; without it a root.")
@click.option("--division", "division_code", required=True, help="12-digit code of the place.")
@click.option("--stands-in", "stands_in_code", default="", help="Where it stands, if elsewhere.")
@click.option("--reason", default="command line", help="Why; it stands in the history.")
@_AS_JSON
def open_organisation(
    kind: str,
    code: str,
    name: str,
    parent: str,
    division_code: str,
    stands_in_code: str,
    reason: str,
    as_json: bool,
) -> None:
    """Open an organisation. KIND is one of the configured kinds, such as county_committee."""
    opened = _run(
        lambda by: orgs.open_organisation(
            by=by,
            parent_id=queries.organisation_by_code(parent).id if parent else None,
            kind=kind,
            name=name,
            code=code,
            division_code=division_code.ljust(12, "0"),
            stands_in_code=stands_in_code.ljust(12, "0") if stands_in_code else "",
            reason=reason,
        )
    )
    click.echo(_line(opened, as_json))


@organisations.command()
def seed() -> None:
    """Put the packaged kinds, rule parameters and working days into the database."""

    def seeded(by: Actor) -> tuple[int, int, int]:
        return (
            orgs.seed_kinds(by=by),
            orgs.seed_parameters(by=by),
            orgs.seed_working_days(by=by),
        )

    kinds, parameters, days = _run(seeded)
    click.echo(f"{kinds} kinds; new: {parameters} parameters, {days} days")


def _line(facts: OrganisationFacts, as_json: bool) -> str:
    if not as_json:
        return f"{facts.code}\t{facts.kind_code}\t{facts.name}"
    shown = {
        "code": facts.code,
        "kind": facts.kind_code,
        "name": facts.name,
        "path": facts.path,
        "division": facts.division_code,
        "stands_in": facts.stands_in_code,
    }
    return json.dumps(shown, ensure_ascii=False)


def _run(act: Callable[[Actor], T]) -> T:
    by = Actor.system("command line")
    try:
        with transaction.atomic(), scoped(by.scope):
            return act(by)
    except Refused as refusal:
        raise click.ClickException(_(refusal.message)) from refusal
    except NotFound as missing:
        raise click.ClickException(_("没有这个代码的组织。请核对 --under 的值。")) from missing


commands: list[click.Command] = [divisions, organisations]
