"""Which organisation may have been meant where a name fits none, or several."""

from difflib import get_close_matches

from django.utils.translation import gettext as _

from guiyan.kernel.names import fold_name
from guiyan.orgs.queries.organisations import rows_under, search_organisations

OFFERED = 4
COMPARED = 5_000  # names of a county many times over; of a province the first
ALIKE = 0.5


def may_be_meant(text: str, under: str | None = None) -> str:
    """A sentence that offers the names with this text in them, else those written most alike;
    empty when none comes near. One or two queries, and only where a form comes back."""
    names = [facts.name for facts in search_organisations(text, under=under, limit=OFFERED)]
    if not names:
        names = _written_alike(fold_name(text), under)
    return _("您要找的是不是：%(names)s？") % {"names": "、".join(names)} if names else ""


def _written_alike(key: str, under: str | None) -> list[str]:
    rows: list[tuple[str, str, str]] = list(
        rows_under(under).order_by("path").values_list("name_key", "short_name", "name")[:COMPARED]
    )
    by_key: dict[str, str] = {}
    for name_key, short_name, name in rows:
        by_key.setdefault(name_key, name)
        by_key.setdefault(fold_name(short_name), name)
    found = get_close_matches(key, by_key, n=2 * OFFERED, cutoff=ALIKE)
    return list(dict.fromkeys(by_key[each] for each in found))[:OFFERED]
