"""What other rooms may want to hear of the tree; their subscribers only enqueue jobs."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OrganisationMoved:
    """A subtree hangs elsewhere: repeated paths have followed, sums by path are to be remade."""

    organisation_id: UUID
    old_path: str
    new_path: str


@dataclass(frozen=True, slots=True)
class OrganisationsMerged:
    """One organisation was closed into another, with its members, cases and grants."""

    gone_id: UUID
    kept_id: UUID
    gone_path: str
    kept_path: str
