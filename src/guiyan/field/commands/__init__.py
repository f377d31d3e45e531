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
from guiyan.field.commands.settling import settle_conflicts

__all__ = [
    "cancel_dues",
    "close_dues",
    "carry_dues",
    "give_dues",
    "move_dues",
    "put_dues",
    "readdress_dues",
    "reopen_dues",
    "settle_conflicts",
    "take_dues",
]
