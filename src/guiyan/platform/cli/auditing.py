"""`guiyan audit`: seal what waits, verify the chain."""

import json
import sys
from dataclasses import asdict

import click

from guiyan.platform import sealing
from guiyan.platform.cli import boot

EXIT_FAULTY = 1


@click.group()
def audit() -> None:
    """The audit: who did what, when, on whom and why, sealed into a signed chain."""


@audit.command()
@click.option("--json", "wants_json", is_flag=True, help="Answer as JSON.")
def verify(wants_json: bool) -> None:
    """Recompute every seal. Exit 1 when a row was changed, removed, re-ordered or cut off."""
    with boot.database():
        verdict = sealing.verify()
    if wants_json:
        click.echo(json.dumps(asdict(verdict), ensure_ascii=False))
    else:
        for fault in verdict.faults:
            click.echo(fault.message)
        click.echo(
            f"{verdict.seals} seals, {verdict.rows} rows, {verdict.waiting} waiting: "
            + ("whole" if verdict.is_whole else "NOT WHOLE")
        )
    sys.exit(0 if verdict.is_whole else EXIT_FAULTY)


@audit.command()
def seal() -> None:
    """Seal now what the worker would seal within seconds."""
    with boot.database():
        click.echo(f"{sealing.seal_waiting_rows()} rows sealed")
