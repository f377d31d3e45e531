"""Every write of a census."""

from guiyan.outreach.census.commands.areas import (
    confirm_areas,
    give_area,
    move_doors,
    propose_areas,
)
from guiyan.outreach.census.commands.doors import add_door
from guiyan.outreach.census.commands.rounds import (
    ask_to_open,
    change_round,
    close_round,
    keep_refusal,
    open_round,
    plan_round,
)
from guiyan.outreach.census.commands.teams import (
    add_person,
    fall_out,
    make_team,
    remove_person,
)
from guiyan.outreach.census.commands.typing_in import door_of_code, type_in
from guiyan.outreach.census.commands.visiting import (
    decide_conflict,
    open_again,
    record_found,
    record_visits,
)

__all__ = [
    "add_door",
    "add_person",
    "ask_to_open",
    "change_round",
    "close_round",
    "confirm_areas",
    "decide_conflict",
    "door_of_code",
    "fall_out",
    "give_area",
    "keep_refusal",
    "make_team",
    "move_doors",
    "open_again",
    "open_round",
    "plan_round",
    "propose_areas",
    "record_found",
    "record_visits",
    "remove_person",
    "type_in",
]
