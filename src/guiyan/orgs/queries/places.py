"""Places of the country: full names, and reading them out of an address as people write it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from guiyan.kernel.written import normal_width, without_invisible, without_spaces
from guiyan.orgs.division_names import NOT_WRITTEN, written_length
from guiyan.orgs.divisions.packed import DivisionLevel, counts, padded
from guiyan.orgs.models import Division, Organisation
from guiyan.orgs.types import Place

_LONGEST_KEY = 16
_LEVELS_BELOW = 2  # a county may follow its province at once, a village its county


@dataclass(frozen=True, slots=True)
class _Written:
    """A division and how many characters of the text name it."""

    division: Division
    length: int


def divisions_are_loaded() -> bool:
    """True when the table holds as many divisions in force as the packed list. One query."""
    return Division.objects.filter(valid_to=None).count() == sum(counts().values())


def divisions_under(code: str, *, level: int) -> list[tuple[str, str]]:
    """Code and name of the divisions of one level within a division, in code order. One query."""
    rows = Division.objects.filter(_within(code), level=level, valid_to=None)
    return list(rows.order_by("code").values_list("code", "name"))


def divisions_at_and_below(code: str) -> list[tuple[str, str]]:
    """Code and name of a division and of those directly below it, in code order. Two queries."""
    own = Division.objects.filter(code=code, valid_to=None).order_by("level").first()
    if own is None:
        return [(code, code)]
    below = Division.objects.filter(parent_code=code, level__gt=own.level, valid_to=None)
    return [(own.code, own.name), *below.order_by("code").values_list("code", "name")]


def division_name(code: str) -> str:
    """The division's own name; the code itself when it is unknown. One query."""
    row = Division.objects.filter(code=code, valid_to=None).order_by("level").first()
    return row.name if row else code


def full_division_name(code: str) -> str:
    """四川省凉山彝族自治州美姑县 for 513436000000, without what nobody writes. One query."""
    return full_division_names([code])[code]


def full_division_names(codes: Iterable[str]) -> dict[str, str]:
    """The same for many codes; an unknown code stands for itself. One query."""
    wanted = set(codes)
    lines = {code: {padded(code[: level.digits]) for level in DivisionLevel} for code in wanted}
    rows = Division.objects.filter(code__in=set().union(*lines.values()), valid_to=None)
    names: dict[str, dict[int, str]] = {}
    for row in rows.order_by("level"):
        names.setdefault(row.code, {}).setdefault(row.level, row.name)
    full = {}
    for code, line in lines.items():
        parts = [name for place in sorted(line) for name in list(names.get(place, {}).values())[:1]]
        written = [part for part in parts if part not in NOT_WRITTEN]
        full[code] = "".join(written) if code in names else code
    return full


def place_of(text: str, *, near: str | None = None) -> Place | None:
    """The narrowest division that an address names, read from left to right.

    `near` (a division code) says where the writer sits: names of townships and villages are
    looked for there. None when the text begins with no place, or with one of several.
    At most seven short queries.
    """
    rest = without_spaces(without_invisible(normal_width(text)))
    found = _first(rest, near)
    if found is None:
        return None
    while found is not None and found.division.level < DivisionLevel.VILLAGE:
        rest = rest[found.length :]
        narrower = _next(rest, found.division)
        if narrower is None:
            break
        found = narrower
    return _place(found.division)


def _first(text: str, near: str | None) -> _Written | None:
    wide = Division.objects.filter(level__lte=DivisionLevel.COUNTY)
    found = _best(text, wide.filter(_named_by(text), valid_to=None))
    if near:
        county = near[: DivisionLevel.COUNTY.digits]
        here = Division.objects.filter(
            _within(padded(county)), _named_by(text), level__gt=DivisionLevel.COUNTY, valid_to=None
        )
        local = _best(text, here)
        if local and (found is None or local.length >= found.length):
            return local
    if found is not None:
        return found
    townships = Division.objects.filter(level=DivisionLevel.TOWNSHIP, valid_to=None)
    return _best(text, townships.filter(_named_by(text)))


def _next(text: str, inside: Division) -> _Written | None:
    levels = (inside.level + 1, inside.level + _LEVELS_BELOW)
    if inside.level == DivisionLevel.PREFECTURE:
        levels = (inside.level + 1, DivisionLevel.VILLAGE - 1)
    rows = Division.objects.filter(
        _within_division(inside), _named_by(text), level__range=levels, valid_to=None
    )
    return _best(text, rows)


def _best(text: str, rows: Iterable[Division]) -> _Written | None:
    """The longest match; among equals the widest level; among those, only a single one."""
    matches = [
        _Written(row, length)
        for row in rows
        if (length := written_length(text, row.name, row.key, row.level))
    ]
    if not matches:
        return None
    rank = max((match.length, -match.division.level) for match in matches)
    best = [match for match in matches if (match.length, -match.division.level) == rank]
    return best[0] if len(best) == 1 else None


def _named_by(text: str) -> Q:
    keys = [text[:end] for end in range(2, min(len(text), _LONGEST_KEY) + 1)]
    return Q(key__in=keys)


def _within(code: str) -> Q:
    stem = code.rstrip("0")
    level = next(level for level in DivisionLevel if len(stem) <= level.digits)
    return Q(code__startswith=code[: level.digits])


def _within_division(division: Division) -> Q:
    digits = DivisionLevel(division.level).digits
    return Q(code__startswith=division.code[:digits])


def _place(division: Division) -> Place:
    longitude, latitude = coordinates_at(division.code)
    return Place(
        division_code=division.code,
        name=division.name,
        full_name=full_division_name(division.code),
        level=division.level,
        longitude=longitude,
        latitude=latitude,
    )


def coordinates_at(code: str) -> tuple[float | None, float | None]:
    """Where the organisation stands that is in this division, or in the township or county
    around it: the narrowest that has coordinates. (None, None) when none has. One query."""
    levels = (DivisionLevel.VILLAGE, DivisionLevel.TOWNSHIP, DivisionLevel.COUNTY)
    around = {padded(code[: level.digits]) for level in levels if code[: level.digits].strip("0")}
    around = {place for place in around if len(place.rstrip("0")) > DivisionLevel.PREFECTURE.digits}
    rows = Organisation.objects.filter(
        stands_in_code__in=around or {code}, closed_on=None, latitude__isnull=False
    )
    found = rows.order_by("-stands_in_code", "path").first()
    return (found.longitude, found.latitude) if found else (None, None)


def pins_of_divisions(codes: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of an organisation that stands in exactly this division, by its code;
    divisions without one are left out. One query."""
    rows = Organisation.objects.filter(
        stands_in_code__in=list(codes), closed_on=None, latitude__isnull=False
    )
    listed = rows.order_by("-path").values_list("stands_in_code", "longitude", "latitude")
    return {code: (x, y) for code, x, y in listed if x is not None and y is not None}


def place_by_code(code: str) -> Place | None:
    """The place with this code; None for an unknown one. At most three queries."""
    row = Division.objects.filter(code=code, valid_to=None).order_by("level").first()
    return _place(row) if row else None


def places_with_organisations(code: str) -> list[tuple[str, str]]:
    """Code and name of the divisions directly below in which an organisation stands: for choosing
    by hand, county by county. The empty code asks for the counties. Two queries."""
    if not code:
        committees = Organisation.objects.filter(kind_id="county_committee", closed_on=None)
        codes = list(committees.values_list("division_code", flat=True))
        return sorted(full_division_names(codes).items())
    below = divisions_at_and_below(code)[1:]
    standing = Organisation.objects.filter(
        stands_in_code__in=[place for place, _name in below], closed_on=None
    )
    known = set(standing.values_list("stands_in_code", flat=True))
    return [(place, name) for place, name in below if place in known]
