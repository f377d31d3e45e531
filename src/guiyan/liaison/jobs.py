"""The clock's work of keeping in touch, and what is sealed here."""

from guiyan.liaison.cadence.jobs import follow_case, forget_cases, look_again, put_dues
from guiyan.liaison.pairing.committing import commit_later
from guiyan.liaison.pairing.jobs import forget_proposals
from guiyan.liaison.pairing.leaving import follow_leaves
from guiyan.liaison.pairing.working_out import work_out
from guiyan.liaison.reminding import remind
from guiyan.liaison.six_clears.jobs import forget_old

__all__ = [
    "commit_later",
    "follow_case",
    "follow_leaves",
    "forget_cases",
    "forget_old",
    "forget_proposals",
    "look_again",
    "put_dues",
    "remind",
    "work_out",
]
