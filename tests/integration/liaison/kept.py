"""A member whom the liaison of the host's branch keeps in touch, and what is due of them."""

from dataclasses import replace
from datetime import date

from tests.cast import NEXT_BRANCH, OUTSIDERS
from tests.integration.flows.conftest import HOST, placed, seen_by_the_database

from guiyan.access.models import Account, Grant
from guiyan.field import queries as field_queries
from guiyan.flows.types import CaseFacts
from guiyan.liaison import commands as liaison
from guiyan.liaison.cadence import materialising
from guiyan.platform.actor import Actor

LIAISON = OUTSIDERS["liaison"]
MONDAY = date(2026, 3, 2)


def on(day: date, actor: Actor) -> Actor:
    return replace(actor, today=day)


def night(day: date = MONDAY) -> int:
    return materialising.tonight(day, replace(Actor.system("test"), today=day))


def with_contact_person(case: CaseFacts) -> CaseFacts:
    """The liaison of the host's branch keeps in touch."""
    Account.objects.update_or_create(
        id=LIAISON.account_id,
        defaults={"login": "liaison", "name": LIAISON.name, "password": "unusable"},
    )
    Grant.objects.get_or_create(
        account_id=LIAISON.account_id,
        role="liaison",
        organisation_id=NEXT_BRANCH.id,
        path=NEXT_BRANCH.path,
        valid_from=date(2020, 1, 1),
    )
    assert LIAISON.account_id
    liaison.assign_contact_person(by=HOST, case_id=case.id, account_id=LIAISON.account_id)
    return case


def kept_in_touch() -> CaseFacts:
    case = with_contact_person(placed())
    night()
    return case


def due(case: CaseFacts, day: date = MONDAY) -> set[str]:
    with seen_by_the_database():
        found = field_queries.open_kinds_of(Actor.system(), case.id, day)
    return {one.kind for one in found}


def call(case: CaseFacts, how: str = "call", by: Actor = LIAISON, **more: object) -> object:
    return liaison.record_contact(
        by=by,
        case_id=case.id,
        how=how,
        **{"was_reached": True, **more},  # type: ignore[arg-type]
    )
