"""Every write of the hotline: the rota, calls, and the telephone question."""

from guiyan.outreach.hotline.commands.back import (
    note_missed,
    open_number,
    record_try,
    release_operator,
    set_aside,
)
from guiyan.outreach.hotline.commands.calls import (
    close_passed,
    forget_old_calls,
    note_passed_try,
    record_pack_answer,
    take_call,
)
from guiyan.outreach.hotline.commands.duty import (
    add_day,
    add_shift,
    remove_day,
    remove_shift,
    take_over,
)

__all__ = [
    "add_day",
    "add_shift",
    "close_passed",
    "forget_old_calls",
    "note_missed",
    "note_passed_try",
    "open_number",
    "record_pack_answer",
    "record_try",
    "release_operator",
    "remove_day",
    "remove_shift",
    "set_aside",
    "take_call",
    "take_over",
]
