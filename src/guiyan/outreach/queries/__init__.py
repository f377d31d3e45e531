"""The only ways to turn names and codes into premises; those of a census stand in its own folder."""

from guiyan.outreach.queries.premises import (
    batch_ids_of,
    facts_of,
    find_same,
    premises_under,
)

__all__ = ["batch_ids_of", "facts_of", "find_same", "premises_under"]
