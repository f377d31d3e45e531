"""Organisations: one, many, the tree around them, and how it was on another day."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Length

from guiyan.kernel.names import fold_name
from guiyan.orgs import rules
from guiyan.orgs.models import Organisation, OrganisationInterval, OrganisationKind
from guiyan.orgs.types import HistoryEntry, OrganisationFacts, Poster, Standing
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound
from guiyan.platform.reading import read_once

MANY = 10_000


def facts_of(row: Organisation) -> OrganisationFacts:
    """The facts of a row whose kind was fetched with it."""
    return OrganisationFacts(
        id=row.id,
        name=row.name,
        short_name=row.short_name,
        code=row.code,
        kind_code=row.kind_id,
        kind_name=row.kind.name,
        abilities=frozenset(row.kind.abilities),
        path=row.path,
        parent_id=row.parent_id,
        division_code=row.division_code,
        stands_in_code=row.stands_in_code,
        longitude=row.longitude,
        latitude=row.latitude,
        coordinates_origin=row.coordinates_origin,
        address=row.address,
        phone=row.phone,
        trades=tuple(row.trades),
        languages=tuple(row.languages),
        is_open=row.closed_on is None,
        check_in_code=row.check_in_code,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        merged_into_id=row.merged_into_id,
        version=row.version,
    )


def rows_under(path: str | None) -> QuerySet[Organisation]:
    """Open organisations at and below a path; everywhere for None or the empty path."""
    rows = Organisation.objects.select_related("kind").filter(closed_on=None)
    if path:
        low, high = rules.path_range(path)
        rows = rows.filter(path__gte=low, path__lt=high)
    return rows


def _one(**wish: object) -> OrganisationFacts:
    row = Organisation.objects.select_related("kind").filter(**wish).first()
    if row is None:
        raise NotFound("organisation")
    return facts_of(row)


def organisation(organisation_id: UUID) -> OrganisationFacts:
    """Any organisation, closed ones too: names are public. One query. Raises NotFound."""
    return _one(id=organisation_id)


def organisations_by_id(ids: Iterable[UUID]) -> dict[UUID, OrganisationFacts]:
    """Several at once; what does not exist is left out. One query."""
    rows = Organisation.objects.select_related("kind").filter(id__in=set(ids))
    return {row.id: facts_of(row) for row in rows}


@read_once
def standing_of(organisation_id: UUID) -> Standing | None:
    """Name, place in the tree and whether it is open, of any organisation: what every request of
    its staff asks for. One short query."""
    rows = Organisation.objects.filter(id=organisation_id)
    row = rows.values_list("id", "name", "path", "closed_on").first()
    return Standing(row[0], row[1], row[2], is_open=row[3] is None) if row else None


def know_standings(ids: Iterable[UUID | None]) -> None:
    """Read these at once for a page that then asks `standing_of` for each. One query."""
    rows = Organisation.objects.filter(id__any={one for one in ids if one})
    for row in rows.values_list("id", "name", "path", "closed_on"):
        standing_of.put(Standing(row[0], row[1], row[2], is_open=row[3] is None), row[0])


def names_by_id(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of several at once; what does not exist is left out. One query."""
    return dict(Organisation.objects.filter(id__any=set(ids)).values_list("id", "name"))


def names_below(organisation_id: UUID, *, limit: int) -> list[tuple[UUID, str]]:
    """The open organisations directly below, in the order of the tree. One query."""
    rows = Organisation.objects.filter(parent_id=organisation_id, closed_on=None)
    return list(rows.order_by("path").values_list("id", "name")[:limit])


def names_above(path: str, *, within: str) -> list[tuple[UUID, str]]:
    """The organisations above `path` that lie at or below `within`, the highest first. One query;
    none for the highest itself."""
    above = [one for one in rules.ancestor_paths(path)[:-1] if one.startswith(within)]
    if not above:
        return []
    rows = Organisation.objects.filter(path__in=above)
    return list(rows.order_by("path").values_list("id", "name"))


def organisation_by_path(path: str) -> OrganisationFacts:
    """One query. Raises NotFound."""
    return _one(path=path)


def organisation_by_code(code: str) -> OrganisationFacts:
    """By its own code. One query. Raises NotFound."""
    return _one(code=code.strip())


def organisation_by_check_in_code(code: str) -> Poster:
    """The open organisation whose poster bears this code. One short query. Raises NotFound."""
    rows = Organisation.objects.filter(check_in_code=code.strip().lower(), closed_on=None)
    row = rows.values_list("id", "name", "path", "check_in_code").first()
    if row is None:
        raise NotFound("organisation")
    return Poster(*row)


def get_organisation_for(actor: Actor, organisation_id: UUID) -> OrganisationFacts:
    """An organisation within the actor's scope. One query. Raises NotFound for all others."""
    found = organisation(organisation_id)
    if not actor.scope.covers(found.path):
        raise NotFound("organisation")
    return found


def organisations_under(
    path: str, *, ability: str | None = None, kind: str | None = None, limit: int = MANY
) -> list[OrganisationFacts]:
    """Open organisations at and below `path`, in the order of the tree. At most two queries."""
    rows = rows_under(path)
    if ability:
        rows = rows.filter(kind_id__in=kinds_with(ability))
    if kind:
        rows = rows.filter(kind_id=kind)
    return [facts_of(row) for row in rows.order_by("path")[:limit]]


def paths_under(path: str, *, ability: str) -> list[tuple[UUID, str]]:
    """Id and path of all open organisations at and below that may do this, in the order of the
    tree, however many: for what is made for each of thousands. Two queries."""
    rows = rows_under(path).filter(kind_id__in=kinds_with(ability))
    return list(rows.order_by("path").values_list("id", "path"))


def organisations_of_division(code: str, *, ability: str) -> list[OrganisationFacts]:
    """Open organisations of one division that may do this, the highest in the tree first. Two
    short queries."""
    rows = rows_under(None).filter(division_code=code, kind_id__in=kinds_with(ability))
    return sorted(map(facts_of, rows), key=lambda found: (len(found.path), found.path))


def kinds_with(ability: str) -> list[str]:
    """Codes of the kinds that may do this. One query over a dozen rows."""
    return [
        code
        for code, abilities in OrganisationKind.objects.values_list("code", "abilities")
        if ability in abilities
    ]


def kinds_under(kind_code: str | None) -> list[tuple[str, str]]:
    """Code and name of the kinds that may stand under a kind, in their order. One query."""
    return [
        (row.code, row.name)
        for row in OrganisationKind.objects.order_by("position")
        if (kind_code in row.allowed_parents if kind_code else not row.allowed_parents)
    ]


def children_of(organisation_id: UUID) -> list[OrganisationFacts]:
    """The open organisations directly below, in the order of the tree. One query."""
    rows = Organisation.objects.select_related("kind").filter(parent_id=organisation_id)
    return [facts_of(row) for row in rows.filter(closed_on=None).order_by("path")]


def ancestors_of(path: str) -> list[OrganisationFacts]:
    """From the root down to the organisation at `path` itself. One query by exact paths."""
    rows = Organisation.objects.select_related("kind").filter(path__in=rules.ancestor_paths(path))
    return [facts_of(row) for row in rows.order_by("path")]


def counts_under(path: str) -> list[tuple[str, int]]:
    """How many open organisations of each kind hang below `path`, itself not counted. One query."""
    rows = (
        rows_under(path)
        .exclude(path=path)
        .values_list("kind__name")
        .annotate(how_many=Count("id"))
        .order_by("kind__position")
    )
    return [(name, how_many) for name, how_many in rows]


def search_organisations(
    text: str, under: str | None = None, limit: int = 20
) -> list[OrganisationFacts]:
    """Open organisations whose code or folded name has `text` in it; the shortest names first.

    One query that reads the part of the tree it is asked about.
    """
    key = fold_name(text)
    if not key:
        return []
    rows = rows_under(under).filter(Q(name_key__contains=key) | Q(code=text.strip()))
    return [facts_of(row) for row in rows.order_by(Length("name_key"), "name_key", "path")[:limit]]


def find_organisation(*, text: str, under: str | None = None) -> OrganisationFacts | None:
    """The one open organisation that is meant: by code, by name, else by a unique part of a name.

    A place alone (巴普镇) means the committee of that place, not the branches below it. None when
    nothing fits or several fit equally well. At most six short queries.
    """
    key = fold_name(text)
    if not key:
        return None
    rows = rows_under(under)
    for wish in (
        Q(code=text.strip()),
        Q(name_key=key),
        Q(short_name=text.strip()),
        Q(name_key__endswith=key),
        Q(name_key__endswith=key + fold_name("委员会")),
        Q(name_key__contains=key),
    ):
        found = list(rows.filter(wish)[:2])
        if found:
            return facts_of(found[0]) if len(found) == 1 else None
    return None


def find_organisations(
    texts: Sequence[str], under: str | None = None
) -> dict[str, OrganisationFacts]:
    """Many names or codes at once, exact ones only: for imports. One query; what fits none or
    several is left out."""
    keys = {fold_name(text): text for text in texts}
    found: dict[str, list[Organisation]] = {}
    wish = Q(name_key__in=list(keys)) | Q(code__in=[text.strip() for text in texts])
    for row in rows_under(under).filter(wish):
        for text in {keys.get(row.name_key), row.code} & set(texts):
            found.setdefault(str(text), []).append(row)
    return {text: facts_of(rows[0]) for text, rows in found.items() if len(rows) == 1}


def history_of(organisation_id: UUID) -> list[HistoryEntry]:
    """Every name, place and act, the oldest first. Two queries."""
    return _entries(
        OrganisationInterval.objects.filter(organisation_id=organisation_id).order_by("version")
    )


def organisation_as_of(organisation_id: UUID, day: date) -> HistoryEntry | None:
    """What it was called and where it hung on that day; None before it opened, after it closed."""
    found = _entries(_as_of(day).filter(organisation_id=organisation_id))
    return found[0] if found else None


def children_as_of(organisation_id: UUID, day: date) -> list[HistoryEntry]:
    """What hung directly below on that day, under the names of that day. Two queries."""
    return _entries(_as_of(day).filter(parent_id_then=organisation_id).order_by("name"))


def _as_of(day: date) -> QuerySet[OrganisationInterval]:
    holds = Q(valid_to=None) | Q(valid_to__gt=day)
    return OrganisationInterval.objects.filter(holds, valid_from__lte=day)


def _entries(rows: Iterable[OrganisationInterval]) -> list[HistoryEntry]:
    listed = list(rows)
    parents = organisations_by_id(row.parent_id_then for row in listed if row.parent_id_then)
    return [
        HistoryEntry(
            organisation_id=row.organisation_id,
            name=row.name,
            kind_code=row.kind_code,
            parent_id=row.parent_id_then,
            parent_name=parents[row.parent_id_then].name if row.parent_id_then in parents else "",
            act=row.act,
            reason=row.reason,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in listed
    ]
