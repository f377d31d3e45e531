"""The only ways to turn names and codes into premises; row-level security answers."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import QuerySet

from guiyan.kernel.names import fold_name
from guiyan.outreach.models import Premises
from guiyan.outreach.types import NewPremises, PremisesFacts
from guiyan.platform.actor import Actor

_AT_ONCE = 5_000


def facts_of(row: Premises) -> PremisesFacts:
    return PremisesFacts(
        id=row.id,
        organisation_id=row.organisation_id,
        path=row.path,
        serial=row.serial,
        name=row.name,
        credit_code=row.credit_code,
        licence=row.licence,
        type=row.type,
        address=row.address,
        phone_mask=row.phone_mask,
        state=row.state,
        version=row.version,
    )


def premises_under(actor: Actor, path: str, *, limit: int = 100) -> list[PremisesFacts]:
    """Premises at and below an organisation, by name; at most one page. One query."""
    rows = _under(path).order_by("name_key", "id")[:limit]
    return [facts_of(row) for row in rows]


def find_same(
    actor: Actor, path: str, wanted: Mapping[int, NewPremises]
) -> dict[int, PremisesFacts]:
    """By the caller's numbers, those that are there already: by credit code, else by equal name
    and address below the same organisation. Two queries for every 5,000."""
    found: dict[int, PremisesFacts] = {}
    numbers = list(wanted)
    for start in range(0, len(numbers), _AT_ONCE):
        some = {number: wanted[number] for number in numbers[start : start + _AT_ONCE]}
        by_code = _by_code(path, some)
        by_place = _by_place(path, some)
        for number, new in some.items():
            if new.credit_code:
                same = by_code.get(new.credit_code)
            else:
                same = by_place.get((new.path, fold_name(new.name), fold_name(new.address)))
            if same is not None:
                found[number] = same
    return found


def _under(path: str) -> QuerySet[Premises]:
    return Premises.objects.filter(path__gte=path, path__lt=path + "~")


def _by_code(path: str, wanted: Mapping[int, NewPremises]) -> dict[str, PremisesFacts]:
    codes = [new.credit_code for new in wanted.values() if new.credit_code]
    rows = _under(path).filter(credit_code__in=codes)
    return {row.credit_code: facts_of(row) for row in rows}


def _by_place(
    path: str, wanted: Mapping[int, NewPremises]
) -> dict[tuple[str, str, str], PremisesFacts]:
    names = {fold_name(new.name) for new in wanted.values() if not new.credit_code}
    rows = _under(path).filter(name_key__in=names, credit_code="")
    return {(row.path, row.name_key, fold_name(row.address)): facts_of(row) for row in rows}


def batch_ids_of(actor: Actor, batch_id: UUID) -> list[tuple[UUID, int]]:
    """Id and version of the premises that an import brought."""
    return list(Premises.objects.filter(import_batch_id=batch_id).values_list("id", "version"))
