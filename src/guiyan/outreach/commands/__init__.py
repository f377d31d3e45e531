"""Every write on premises; those of a census stand in its own folder."""

from guiyan.outreach.commands.premises import (
    change_premises,
    number_of,
    register_premises,
    seal_context,
    undo_batch,
)

__all__ = ["change_premises", "number_of", "register_premises", "seal_context", "undo_batch"]
