"""The `guiyan` command: its own commands and those that rooms bring as entry points."""

import ast
import sys
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

import click

from guiyan import __version__
from guiyan.platform.cli import boot
from guiyan.platform.cli.operating import backup, doctor, migrate, restore, verify
from guiyan.platform.cli.own_database import database
from guiyan.platform.cli.serving import serve, web, worker
from guiyan.platform.launcher.errors import LauncherError

GROUP = "guiyan.commands"
EXIT_REFUSED = 2  # the wish was understood and can't be met; the sentence says why


class RoomsGroup(click.Group):
    """Rooms register commands in the distribution's entry points; loading one loads Django."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *(e.name for e in entry_points(group=GROUP))})

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list for --help; a room's line is read from its module, which is not loaded for it:
        asking for help makes no home and needs no database."""
        rows = [(name, command.get_short_help_str(70)) for name, command in self.commands.items()]
        rows += [(entry.name, _first_line(entry.module)) for entry in entry_points(group=GROUP)]
        with formatter.section("Commands"):
            formatter.write_dl(sorted(rows))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if own := super().get_command(ctx, cmd_name):
            return own
        for entry in entry_points(group=GROUP):
            if entry.name == cmd_name:
                boot.set_up_django()
                loaded: click.Command = entry.load()
                return loaded
        return None


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


for own_command in (serve, web, worker, migrate, backup, verify, restore, doctor, database):
    cli.add_command(own_command)


def main() -> None:
    """Run the command; a known failure is one clear line and exit code 2, never a traceback."""
    try:
        cli.main(prog_name="guiyan", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except LauncherError as error:
        click.echo(f"guiyan: {error}", err=True)
        sys.exit(EXIT_REFUSED)
