"""Boundaries of divisions, brought by an operator from a file; all of it or nothing."""

from collections.abc import Sequence

from guiyan.kernel.findings import gettext_noop as _
from guiyan.orgs.boundaries.geojson import Shape
from guiyan.orgs.models import Boundary, Division
from guiyan.orgs.types import LoadedBoundaries
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import Refused
from guiyan.platform.permissions import Permission

_AT_ONCE = 500
_NAMED = 5


@command(Permission.ADMINISTER_SYSTEM)
def load_boundaries(*, by: Actor, shapes: Sequence[Shape], credit: str = "") -> LoadedBoundaries:
    """Each boundary is that of a division in the list, abolished ones too; one that is there already
    is replaced. Raises Refused("unknown") with the first codes that no division bears.

    `credit` is said below a map: under the Map Administration Regulations (2015, art. 15) a map
    that the public sees bears the number of its review (审图号).
    """
    codes = [one.code for one in shapes]
    known = set(Division.objects.filter(code__in=codes).values_list("code", flat=True))
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise Refused(
            "unknown",
            _("有 %(n)s 个代码不在行政区划里：%(codes)s。请核对代码。"),
            {"n": len(unknown), "codes": "、".join(unknown[:_NAMED])},
        )
    there = Boundary.objects.filter(code__in=codes).count()
    rows = [
        Boundary(
            code=one.code,
            rings=one.rings,
            longitude=one.longitude,
            latitude=one.latitude,
            credit=credit.strip()[:120],
            loaded_on=by.today,
        )
        for one in shapes
    ]
    Boundary.objects.bulk_create(
        rows,
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["rings", "longitude", "latitude", "credit", "loaded_on"],
    )
    audit.note(subject_kind="boundaries", new=len(rows) - there, replaced=there)
    return LoadedBoundaries(len(rows) - there, there)
