"""Two people changed one record apart from each other: what merges and what a person chooses.

Different fields merge; of the same field both values are kept (design §4; F13). Never the last
writer wins.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Merge:
    """`take` is written; `kept` holds both values of each field that a person must choose."""

    take: dict[str, Any]
    kept: dict[str, dict[str, Any]]
    is_merge: bool

    @property
    def state(self) -> str:
        if self.kept:
            return "conflict"
        return "merged" if self.is_merge else "applied"


def three_way(
    wanted: Mapping[str, Any], current: Mapping[str, Any], changed_since: Set[str]
) -> Merge:
    """`wanted` was typed over an older state; `changed_since` names what changed here meanwhile.

    The same value from both sides is no conflict. With any conflict nothing is taken: a record is
    changed as a whole, or waits as a whole for a person.
    """
    kept = {
        name: {"here": current.get(name), "phone": value}
        for name, value in wanted.items()
        if name in changed_since and current.get(name) != value
    }
    take = {} if kept else {k: v for k, v in wanted.items() if current.get(k) != v}
    return Merge(take, kept, is_merge=bool(changed_since) and not kept)
