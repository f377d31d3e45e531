"""Commands of the person who runs a Guiyan: migrate, back up, verify, restore, and ask the doctor."""

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from guiyan import __version__
from guiyan.platform.cli import boot
from guiyan.platform.cli.progress import bar
from guiyan.platform.launcher import backup as backups
from guiyan.platform.launcher import restore as restoring
from guiyan.platform.launcher import verify as verifying
from guiyan.platform.launcher.cluster import open_cluster
from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.home import find_home
from guiyan.platform.launcher.keeping import prune

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
@click.option(
    "--keep", type=click.IntRange(min=1), help="Then remove all but the newest N backups."
)
@as_json
def backup(keep: int | None, wants_json: bool) -> None:
    """Copy database, files and keys into a sealed directory under the home's backups.

    Prints that directory. With --keep also the WAL that no kept backup needs is removed.
    """
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
    removed = [str(path) for path in prune(home, keep=keep)] if keep else []
    if wants_json:
        click.echo(json.dumps({"backup": str(made), "counts": counts, "removed": removed}))
    else:
        click.echo(made)


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
    problems = [asdict(problem) for problem in result.problems]
    if wants_json:
        click.echo(json.dumps({"ok": not problems, "problems": problems}, ensure_ascii=False))
    else:
        lines = [f"{problem.file} {problem.reason}" for problem in result.problems]
        click.echo("\n".join(lines) or "The backup is whole.")
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
@click.option(
    "--wal-archive", type=click.Path(exists=True, path_type=Path),
    help="Where the WAL was copied to; else the one beside the backup's directory.",
)  # fmt: skip
@as_json
def restore(
    directory: Path,
    identity_file: Path,
    to_time: datetime | None,
    wal_archive: Path | None,
    wants_json: bool,
) -> None:
    """Fill an empty home (GUIYAN_HOME) from a backup, up to the backup or to a moment after it.

    The backup of a server of your own goes into the empty database of OWNER_DATABASE_URL, made by
    `guiyan database prepare`. Exit code 2 when the backup is damaged or the place is not empty.
    """
    home, identity = find_home(), identity_file.read_text(encoding="utf-8").strip()
    if verifying.read_manifest(directory).kind == "logical":
        if to_time:
            raise LauncherError("The backup of a server of your own has no WAL: omit --to-time.")
        manifest = restoring.restore_into_database(
            directory, boot.owners_address(), identity=identity, into=home, progress=bar()
        )
        reached = None
    else:
        restored = restoring.restore(
            directory,
            into=home,
            identity=identity,
            to_time=to_time.replace(tzinfo=UTC) if to_time else "backup",
            wal_archive=wal_archive,
            progress=bar(),
        )
        manifest, reached = restored.manifest, restored.reached
    if wants_json:
        found = {"home": str(home.root), "counts": manifest.counts}
        click.echo(json.dumps(found | {"reached": reached.isoformat() if reached else None}))
    else:
        click.echo(f"Restored into {home.root}" + (f", up to {reached}." if reached else "."))


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
