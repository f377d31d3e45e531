"""Tables of field: what is due, and work without a line."""

from guiyan.field.models.dues import CountedDay, Due, OverdueCount, OverdueDelta
from guiyan.field.models.spoken import SpokenNote
from guiyan.field.models.sync import DeviceState, PulledArea, Receipt, WaitingOperation

__all__ = [
    "CountedDay",
    "DeviceState",
    "Due",
    "OverdueCount",
    "OverdueDelta",
    "PulledArea",
    "Receipt",
    "SpokenNote",
    "WaitingOperation",
]
