"""Premises that no list knew, added by who stands before them."""

from uuid import UUID, uuid4

from guiyan.kernel.credit_codes import CreditCode, read_credit_code
from guiyan.kernel.names import fold_name
from guiyan.orgs import queries as orgs
from guiyan.orgs.commands import keep_tree_still
from guiyan.outreach.census import queries, register, rules
from guiyan.outreach.census.counts import Place, note_changes
from guiyan.outreach.census.types import NewDoor, StandingFacts
from guiyan.outreach.census.versions import stamp
from guiyan.outreach.models import Premises, Standing
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused, refuse
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import beyond_scope


@command(Permission.CANVASS)
def add_door(
    *,
    by: Actor,
    round_id: UUID,
    door: NewDoor,
    organisation_id: UUID | None = None,
    area_id: UUID | None = None,
    premises_id: UUID | None = None,
) -> StandingFacts:
    """A shop on the street becomes one of the register and stands in every open round over it.

    Looked for first by credit code in the whole round, then by equal name and address in the
    township: Refused "listed" (it is there: go to it) or "looks-alike" (say that it is another).
    `premises_id` is its maker's, and its standing in this round bears it too: the same one twice
    is one, and a phone may say what it found there before it has heard from here.
    """
    keep_tree_still()
    round_ = queries.get_round_for(by, round_id)
    refuse(rules.may_visit(round_.state))
    area = queries.get_area_for(by, area_id) if area_id else None
    if area is None and organisation_id is None:
        raise NotFound("organisation")
    place = (
        orgs.organisation(area.organisation_id)
        if area
        else orgs.get_organisation_for(by, organisation_id or round_.organisation_id)
    )
    with beyond_scope(queries.OWN_TEAM):
        if premises_id and (again := _standing_of(round_id, premises_id)):
            return queries.standing_facts(again)
        code = _credit_code(door.credit_code)
        _refuse_listed(round_.path, place.path, door, code, round_id)
        row = Premises(
            id=premises_id or uuid4(),
            path=place.path,
            organisation_id=place.id,
            division_code=place.division_code,
            name=door.name.strip()[:200],
            name_key=fold_name(door.name)[:200],
            credit_code=code,
            type=door.type[:40],
            address=door.address.strip()[:200],
        )
        row.save(force_insert=True)
        register.take_up([row], as_standing=(round_.id, row.id))
        standing = _standing_of(round_id, row.id)
        if standing is None:  # the round is of a body beside this township
            raise NotFound("round")
        if area:
            _into(standing, area.id)
    audit.note(subject_kind="premises", subject_id=row.id)
    return queries.standing_facts(standing)


def _standing_of(round_id: UUID, premises_id: UUID) -> Standing | None:
    rows = Standing.objects.select_related("premises")
    return rows.filter(round_id=round_id, premises_id=premises_id).first()


def _into(standing: Standing, area_id: UUID) -> None:
    before = Place.of(standing)
    standing.area_id = area_id
    stamp([standing])
    standing.save(update_fields=["area", "area_version"])
    note_changes([(before, Place.of(standing), None)])


def _credit_code(written: str) -> str:
    if not written.strip():
        return ""
    code = read_credit_code(written)
    if not isinstance(code, CreditCode):
        raise Refused("credit-code", code.message)
    return code.text if code.kind == "credit-code" else ""


def _refuse_listed(round_path: str, path: str, door: NewDoor, code: str, round_id: UUID) -> None:
    """The one that is there already, named with its code on the sheet, so that one can go to it."""
    within = Premises.objects.filter(path__gte=round_path, path__lt=round_path + "~")
    same = within.filter(credit_code=code).first() if code else None
    if same is not None:
        raise Refused("listed", LISTED, _named(round_id, same))
    if door.is_another:
        return
    alike = within.filter(path=path, name_key=fold_name(door.name)[:200])
    for one in alike[:20]:
        if not door.address or fold_name(one.address) == fold_name(door.address):
            raise Refused("looks-alike", LOOKS_ALIKE, _named(round_id, one))


def _named(round_id: UUID, premises: Premises) -> dict[str, str | int | tuple[str, ...]]:
    standing = _standing_of(round_id, premises.id)
    code = queries.standing_facts(standing).code if standing else "—"
    return {"name": premises.name, "address": premises.address or "—", "code": code}


LISTED = "台账里已经有这家：%(name)s（%(address)s，编码 %(code)s）。请直接登记那一家。"
LOOKS_ALIKE = (
    "台账里有一家同名的：%(name)s（%(address)s，编码 %(code)s）。是同一家就登记那一家；"
    "确是另一家，请勾选“确是另一家”再保存。"
)
