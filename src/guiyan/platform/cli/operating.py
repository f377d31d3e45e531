"""Commands of the person who runs a Guiyan: migrate, back up, verify, restore, and ask the doctor."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from guiyan import __version__
from guiyan.platform.cli import boot
from guiyan.platform.cli.progress import bar
from guiyan.platform.launcher import backup as backups
from guiyan.platform.launcher import restore as restoring
from guiyan.platform.launcher import verify as verifying
from guiyan.platform.launcher.cluster import open_cluster
from guiyan.platform.launcher.home import find_home

EXIT_FAULTY = 1


as_json = click.option("--json", "wants_json", is_flag=True, help="Answer as JSON.")


@click.command()
def migrate() -> None:
    """Bring the database's tables to this version."""
    with boot.database(as_owner=True):
        boot.set_up_django()
        from django.core.management import call_command

        call_command("migrate", database="owner", verbosity=0, interactive=False)


@click.command()
@as_json
def backup(wants_json: bool) -> None:
    """Copy database, files and keys into a sealed directory under the home's backups."""
    with boot.database(as_owner=True):
        home = boot.configure()
        boot.set_up_django()
        from guiyan.platform.counting import row_counts

        counts = row_counts()
        if boot.is_embedded():
            made = backups.back_up(
                open_cluster(home), counts=counts, version=__version__, progress=bar()
            )
        else:
            made = backups.back_up_database(
                home, boot.owners_address(), counts=counts, version=__version__, progress=bar()
            )
    click.echo(json.dumps({"backup": str(made), "counts": counts}) if wants_json else str(made))


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--identity-file", type=click.Path(exists=True, path_type=Path), help="Opens it too.")
@as_json
def verify(directory: Path, identity_file: Path | None, wants_json: bool) -> None:
    """Check a backup: every file's sum; with the identity also that it opens and is whole.

    Exit code 1 and the file's name when something is wrong.
    """
    identity = identity_file.read_text(encoding="utf-8").strip() if identity_file else None
    result = verifying.verify(directory, identity=identity, progress=bar())
    problems = [str(problem) for problem in result.problems]
    if wants_json:
        click.echo(json.dumps({"ok": not problems, "problems": problems}, ensure_ascii=False))
    else:
        click.echo("\n".join(problems) or "The backup is whole.")
    sys.exit(EXIT_FAULTY if problems else 0)


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--identity-file", required=True, type=click.Path(exists=True, path_type=Path),
    help="The identity that was kept elsewhere.",
)  # fmt: skip
@click.option(
    "--to-time", type=click.DateTime(), help="A later moment (UTC), from the WAL archive."
)
@click.option("--wal-archive", type=click.Path(exists=True, path_type=Path))
def restore(
    directory: Path, identity_file: Path, to_time: datetime | None, wal_archive: Path | None
) -> None:
    """Fill an empty home (GUIYAN_HOME) from a backup, up to the backup or to a moment after it."""
    from datetime import UTC

    moment = to_time.replace(tzinfo=UTC) if to_time else "backup"
    restored = restoring.restore(
        directory,
        into=find_home(),
        identity=identity_file.read_text(encoding="utf-8").strip(),
        to_time=moment,  # type: ignore[arg-type]
        wal_archive=wal_archive,
        progress=bar(),
    )
    click.echo(f"Restored into {find_home().root}: {restored}")


@click.command()
@as_json
def doctor(wants_json: bool) -> None:
    """Look the installation over; each fault comes with the line that mends it. Exit 1 on faults."""
    with boot.database():
        boot.set_up_django()
        from guiyan.platform.health.doctor import examine

        findings = examine()
    if wants_json:
        click.echo(json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(finding.as_line())
    sys.exit(EXIT_FAULTY if any(finding.is_fault for finding in findings) else 0)
