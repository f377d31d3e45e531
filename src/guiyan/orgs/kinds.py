"""Kinds of organisation as packaged: where each may stand, what it may do, and by which rule."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Ability(StrEnum):
    """What organisations of a kind may do (支部工作条例 2018); absence is a prohibition."""

    HOLDS_MEMBERS = "holds_members"  # members' relations lie here: it can be a home
    HOSTS_MEMBERS = "hosts_members"  # takes members in where they stay
    COMMITTEE = "committee"  # admits and transfers
    SERVICE = "service"  # a desk that is open to members
    OUTPOST = "outpost"  # belongs to one place and stands in another
    DEVELOPS_MEMBERS = "develops_members"
    COLLECTS_DUES = "collects_dues"
    ELECTS = "elects"
    INDUSTRY = "industry"  # keeps the book of one trade's requests


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: no parents means that it may be the root of a tree."""

    code: str
    name: str
    parents: tuple[str, ...]
    abilities: frozenset[Ability]
    source: str
    position: int


@cache
def packaged_kinds() -> tuple[Kind, ...]:
    """The kinds that are shipped (kinds.toml), in the order in which lists show them.

    Raises ValueError when the file names an unknown ability or parent.
    """
    table = tomllib.loads((files(__package__) / "kinds.toml").read_text("utf-8"))
    kinds = tuple(
        Kind(
            code=code,
            name=kind["name"],
            parents=tuple(kind["parents"]),
            abilities=frozenset(Ability(ability) for ability in kind["abilities"]),
            source=kind["source"],
            position=position,
        )
        for position, (code, kind) in enumerate(table.items())
    )
    if unknown := {parent for kind in kinds for parent in kind.parents} - set(table):
        raise ValueError(f"kinds.toml names unknown parents: {sorted(unknown)}")
    return kinds
