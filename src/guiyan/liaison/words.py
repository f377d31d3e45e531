"""Codes of keeping in touch in words, for pages of upper rooms."""

from guiyan.liaison import rules
from guiyan.liaison.six_clears import rules as clear_rules

WAYS: dict[str, str] = dict(rules.WAYS)
WHY_NOT: dict[str, str] = dict(rules.WHY_NOT)
NEUTRAL_SCRIPT = rules.NEUTRAL_SCRIPT
SAYERS: dict[str, str] = dict(clear_rules.SAYERS)
speaks_to_others = rules.speaks_to_others
may_still_undo = rules.may_undo
