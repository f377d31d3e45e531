"""Every write on the tree, the directory and the rule parameters."""

from guiyan.orgs.commands.boundaries import load_boundaries
from guiyan.orgs.commands.directory import (
    add_service_point,
    add_service_points,
    change_particulars,
    change_service_point,
    close_service_point,
    place_pin,
)
from guiyan.orgs.commands.opening import open_organisation, open_organisations
from guiyan.orgs.commands.seeds import (
    load_divisions,
    seed_kinds,
    seed_parameters,
    seed_working_days,
    set_parameter,
    set_workday,
)
from guiyan.orgs.commands.stillness import keep_tree_still
from guiyan.orgs.commands.tree import close, merge, move, rename

__all__ = [
    "add_service_point",
    "add_service_points",
    "change_particulars",
    "change_service_point",
    "close",
    "close_service_point",
    "keep_tree_still",
    "load_boundaries",
    "load_divisions",
    "merge",
    "move",
    "open_organisation",
    "open_organisations",
    "place_pin",
    "rename",
    "seed_kinds",
    "seed_parameters",
    "seed_working_days",
    "set_parameter",
    "set_workday",
]
