"""Where divisions end, for maps."""

from collections.abc import Iterable

from guiyan.orgs.models import Boundary
from guiyan.orgs.types import BoundaryFacts


def boundaries_of(codes: Iterable[str]) -> dict[str, BoundaryFacts]:
    """The boundaries that are known of these divisions, by code. One query."""
    rows = Boundary.objects.filter(code__in=list(codes))
    return {
        row.code: BoundaryFacts(
            row.code, tuple(map(tuple, row.rings)), row.longitude, row.latitude, row.credit
        )
        for row in rows
    }
