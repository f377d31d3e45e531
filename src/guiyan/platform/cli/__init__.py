"""The `guiyan` command: its own commands and those that rooms bring as entry points."""

import ast
import functools
import signal
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

import click
from django.db.utils import OperationalError, ProgrammingError
from psycopg.errors import UndefinedTable

from guiyan import __version__
from guiyan.kernel.crypto import KeyFileUnsafe, KeyMissing
from guiyan.platform.cli import boot
from guiyan.platform.cli.demo import demo
from guiyan.platform.cli.operating import backup, doctor, migrate, restore, verify
from guiyan.platform.cli.own_database import database
from guiyan.platform.cli.serving import serve, web, worker
from guiyan.platform.launcher.errors import LauncherError

GROUP = "guiyan.commands"
EXIT_INTERRUPTED = 130
WITHOUT_DATABASE = {"files"}  # which needs none
EXIT_REFUSED = 2  # the wish was understood and can't be met; the sentence says why


class RoomsGroup(click.Group):
    """Rooms register commands in the distribution's entry points; loading one loads Django."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *(e.name for e in entry_points(group=GROUP))})

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list for --help; a room's line is read from its module, which is not loaded for it:
        asking for help makes no home and needs no database."""
        rows = [(name, command.get_short_help_str(70)) for name, command in self.commands.items()]
        rows += [
            (entry.name, _first_line(entry.module))
            for entry in entry_points(group=GROUP)
            if entry.name not in self.commands  # as of an older installation
        ]
        with formatter.section("Commands"):
            formatter.write_dl(sorted(rows))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if own := super().get_command(ctx, cmd_name):
            return own
        for entry in entry_points(group=GROUP):
            if entry.name == cmd_name:
                boot.set_up_django()
                loaded: click.Command = entry.load()
                return _with_database(loaded)
        return None


def _with_database(command: click.Command) -> click.Command:
    """Rooms' commands find a database that answers, also when nothing is being served."""
    if isinstance(command, click.Group):
        for part in command.commands.values():
            _with_database(part)
    elif command.callback is not None and command.name not in WITHOUT_DATABASE:
        command.callback = _while_it_runs(command.callback)
    return command


def _while_it_runs(act: Callable[..., object]) -> Callable[..., object]:
    @functools.wraps(act)
    def with_database(*words: object, **options: object) -> object:
        with boot.database():
            return act(*words, **options)

    return with_database


def _first_line(module: str) -> str:
    """What a module's docstring says after its command's name."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        return ""
    text = ast.get_docstring(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0].rpartition("`: ")[2]


@click.group(cls=RoomsGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="guiyan")
def cli() -> None:
    """归雁 Guiyan: members who moved away are found, received, placed and kept in touch with.

    GUIYAN_HOME chooses where state is kept, DATABASE_URL a database of your own.
    """


for own_command in (serve, demo, web, worker, migrate, backup, verify, restore, doctor, database):
    cli.add_command(own_command)


def _end_in_order(number: int, _: FrameType | None) -> None:
    """A service manager's or a closed terminal's wish unwinds the stack, so that a database which
    this process started is stopped."""
    sys.exit(128 + number)


def main() -> None:
    """Run the command; a known failure is one clear line and exit code 2, never a traceback."""
    signal.signal(signal.SIGTERM, _end_in_order)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        signal.signal(signal.SIGHUP, _end_in_order)
    try:
        cli.main(prog_name="guiyan", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(EXIT_INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (LauncherError, KeyMissing, KeyFileUnsafe) as error:
        _refuse(str(error))
    except OperationalError as error:
        _refuse(f"The database doesn't answer: {_first_sentence(error)}")
    except ProgrammingError as error:
        if not isinstance(error.__cause__, UndefinedTable):
            raise
        _refuse("The database's tables are not made yet. Run: guiyan migrate")


def _refuse(sentence: str) -> None:
    click.echo(f"guiyan: {sentence}", err=True)
    sys.exit(EXIT_REFUSED)


def _first_sentence(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
