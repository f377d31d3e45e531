"""Opening organisations, one from a form or hundreds from a list."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.names import fold_name
from guiyan.orgs import rules, tree_sql
from guiyan.orgs.commands.rows import begin_interval, tree_facts
from guiyan.orgs.models import Organisation, OrganisationInterval, OrganisationKind
from guiyan.orgs.queries.organisations import facts_of
from guiyan.orgs.types import NewOrganisation, OrganisationFacts
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused, refuse
from guiyan.platform.permissions import Permission

Progress = Callable[[int, int], None]
# Read from a poster, typed by hand and said on the telephone: no letter that looks like another.
CHECK_IN_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
CHECK_IN_LENGTH = 8
_BATCH = 500


def _silent(_done: int, _all: int) -> None:
    """Tells nobody."""


def check_in_code() -> str:
    """A code for a poster: eight of 31 signs, so that nobody finds another's by counting up."""
    return "".join(secrets.choice(CHECK_IN_ALPHABET) for _place in range(CHECK_IN_LENGTH))


@command(Permission.CHANGE_ORGANISATIONS)
def open_organisation(
    *,
    by: Actor,
    parent_id: UUID | None,
    kind: str,
    name: str,
    code: str,
    division_code: str,
    stands_in_code: str = "",
    short_name: str = "",
    address: str = "",
    phone: str = "",
    trades: Sequence[str] = (),
    languages: Sequence[str] = (),
    longitude: float | None = None,
    latitude: float | None = None,
    coordinates_origin: str = "",
    reason: str = "",
) -> OrganisationFacts:
    """Open an organisation under another, where its kind may stand.

    Refuses: unknown-kind, wrong-parent, parent-closed, code-taken, name-taken. NotFound when the
    parent lies outside the scope; roots are opened by the system alone.
    """
    parent_code = None
    if parent_id is not None:
        row = Organisation.objects.filter(id=parent_id).first()
        if row is None or not by.scope.covers(row.path):
            raise NotFound("organisation")
        parent_code = row.code
    new = NewOrganisation(
        parent_code=parent_code,
        kind=kind,
        name=name,
        code=code,
        division_code=division_code,
        stands_in_code=stands_in_code,
        short_name=short_name,
        address=address,
        phone=phone,
        trades=tuple(trades),
        languages=tuple(languages),
        longitude=longitude,
        latitude=latitude,
        coordinates_origin=coordinates_origin,
    )
    return _open(by, [new], reason, _silent)[0]


@command(Permission.CHANGE_ORGANISATIONS)
def open_organisations(
    *,
    by: Actor,
    new: Sequence[NewOrganisation],
    reason: str = "",
    progress: Progress = _silent,
) -> list[OrganisationFacts]:
    """Open many, parents before their children, all or none; an audit row for each.

    A parent may stand earlier in the same list. Refusals as for one.
    """
    return _open(by, new, reason, progress)


def _open(
    by: Actor, new: Sequence[NewOrganisation], reason: str, progress: Progress
) -> list[OrganisationFacts]:
    if any(wish.parent_code is None for wish in new):
        if by.kind != "system":
            raise NotFound("organisation")
        tree_sql.lock_roots()
    _refuse_taken_codes(new)
    rows = list(_rows(by, new))
    for start in range(0, len(rows), _BATCH):
        Organisation.objects.bulk_create(rows[start : start + _BATCH])
        OrganisationInterval.objects.bulk_create(
            begin_interval(row, "opened", by.today, reason) for row in rows[start : start + _BATCH]
        )
        progress(min(start + _BATCH, len(rows)), len(rows))
    for row in rows:
        audit.note(subject_kind="organisation", subject_id=row.id, code=row.code, kind=row.kind_id)
    return [facts_of(row) for row in rows]


def _refuse_taken_codes(new: Sequence[NewOrganisation]) -> None:
    codes = [wish.code.strip() for wish in new]
    taken = Organisation.objects.filter(code__in=codes).exists()
    if taken or len(set(codes)) < len(codes):
        raise Refused(
            "code-taken", _("这个组织代码已经有组织在用。请核对代码，或查看是否已经登记。")
        )


def _rows(by: Actor, new: Sequence[NewOrganisation]) -> Iterator[Organisation]:
    """Unsaved rows with their paths; the parents' counters of children are written."""
    kinds = {kind.code: kind for kind in OrganisationKind.objects.all()}
    parents = _locked_parents(by, {wish.parent_code for wish in new if wish.parent_code})
    stored = set(parents)
    names = _names_below(parents)
    roots = _last_root()
    for wish in new:
        kind = kinds.get(wish.kind)
        if kind is None:
            raise Refused("unknown-kind", _("没有这种组织类别。请从列表里选择一种。"))
        parent = parents.get(wish.parent_code) if wish.parent_code else None
        if wish.parent_code and parent is None:
            raise NotFound("organisation")
        refuse(rules.may_open(tree_facts(parent) if parent else None, kind.allowed_parents))
        if parent is None:
            roots += 1
            path = rules.child_path("", roots)
        else:
            parent.last_child += 1
            path = rules.child_path(parent.path, parent.last_child)
        row = _row(by, wish, kind, parent, path)
        if (parent.id if parent else None, row.name_key) in names:
            raise Refused(
                "name-taken", _("同一上级之下已经有同名的组织。请写全名称，或查看是否已经登记。")
            )
        names.add((row.parent_id, row.name_key))
        parents[row.code] = row
        yield row
    Organisation.objects.bulk_update(
        [parents[code] for code in sorted(stored)], ["last_child"], batch_size=_BATCH
    )


def _locked_parents(by: Actor, codes: set[str]) -> dict[str, Organisation]:
    rows = Organisation.objects.select_for_update(of=("self",)).select_related("kind")
    found = rows.filter(code__in=codes).order_by("path")
    return {row.code: row for row in found if by.scope.covers(row.path)}


def _names_below(parents: dict[str, Organisation]) -> set[tuple[UUID | None, str]]:
    rows = Organisation.objects.filter(parent__in=parents.values(), closed_on=None)
    return set(rows.values_list("parent_id", "name_key"))


def _last_root() -> int:
    last = Organisation.objects.filter(parent=None).order_by("-path").first()
    return int(last.path, len(rules.DIGITS)) if last else 0


def _row(
    by: Actor,
    wish: NewOrganisation,
    kind: OrganisationKind,
    parent: Organisation | None,
    path: str,
) -> Organisation:
    name = wish.name.strip()
    return Organisation(
        parent=parent,
        path=path,
        kind=kind,
        code=wish.code.strip(),
        name=name,
        short_name=wish.short_name.strip() or name,
        name_key=fold_name(name),
        division_code=wish.division_code,
        stands_in_code=wish.stands_in_code or wish.division_code,
        address=wish.address.strip(),
        phone=wish.phone.strip(),
        trades=list(wish.trades),
        languages=list(wish.languages),
        longitude=wish.longitude,
        latitude=wish.latitude,
        coordinates_origin=wish.coordinates_origin,
        check_in_code=check_in_code(),
        opened_on=by.today,
    )
