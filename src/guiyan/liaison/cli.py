"""`guiyan pair`: members and contact persons are paired as a whole, from two files or in the house."""

import click

from guiyan.liaison.pairing.files_cli import pair_files


@click.group()
def pair() -> None:
    """Pair members with contact persons: language, way, limits, trade; nobody is left over."""


pair.add_command(pair_files)
