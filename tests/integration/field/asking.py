"""What tests ask of a door, an inbox, a receipt."""

from typing import Any
from uuid import UUID, uuid4

from tests.field_notes import give_area, rows
from tests.integration.field.conftest import Worker

from guiyan.access.models import Grant
from guiyan.field import queries
from guiyan.field.models import Receipt
from guiyan.platform.scope import Scope, scoped


def word(door: str) -> Any:
    found = rows("select word from tests_field.note where id = %s", door)
    return found[0][0] if found else None


def inbox(worker: Worker, *states: str) -> list[Any]:
    with scoped(worker.actor.scope):
        return queries.waiting_for(worker.actor, states or ("quarantined", "conflict", "held"))


def ids(worker: Worker, *states: str) -> list[UUID]:
    return [one.id for one in inbox(worker, *states)]


def state_of(operation_id: str) -> str:
    with scoped(Scope.everywhere()):
        return Receipt.objects.get(id=operation_id).state


def in_an_area(worker: Worker) -> str:
    area = uuid4()
    give_area(area, worker.actor)
    worker.phone.fetch_key()
    worker.phone.fetch_packet("note", str(area))
    return str(area)


def end_role(worker: Worker) -> None:
    Grant.objects.filter(account_id=worker.actor.account_id).delete()
