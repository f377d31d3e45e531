"""The clock's work of keeping in touch, and what is sealed here."""

from guiyan.liaison.cadence.jobs import follow_case, forget_cases, look_again, put_dues
from guiyan.liaison.reminding import remind
from guiyan.liaison.six_clears.jobs import forget_old

__all__ = ["follow_case", "forget_cases", "forget_old", "look_again", "put_dues", "remind"]
