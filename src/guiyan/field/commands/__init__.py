"""Every write of field: what is due, and what phones bring home."""

from guiyan.field.commands.dues import (
    cancel_dues,
    carry_dues,
    close_dues,
    give_dues,
    move_dues,
    put_dues,
    readdress_dues,
    reopen_dues,
    take_dues,
)
from guiyan.field.commands.holding import begin_deciding
from guiyan.field.commands.settling import settle_conflicts
from guiyan.field.commands.speaking import forget_notes

__all__ = [
    "begin_deciding",
    "cancel_dues",
    "carry_dues",
    "close_dues",
    "forget_notes",
    "give_dues",
    "move_dues",
    "put_dues",
    "readdress_dues",
    "reopen_dues",
    "settle_conflicts",
    "take_dues",
]
