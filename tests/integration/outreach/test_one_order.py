"""Two at one moment, each on a connection of their own, take locks in one order: none is thrown out.

Each pair crossed each other once: the first held what the second wanted and the other way round, and
the database ended one of them (docs/offline.md, "One order of locks").
"""

from collections.abc import Callable
from threading import Event, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from tests.cast import NEXT_COUNTY, TOWNSHIP
from tests.integration.outreach.conftest import OFFICER, Town, seen_by_the_database
from tests.integration.outreach.shops import Shop, dispute, open_shop

from guiyan.field.commands import deciding, receiving
from guiyan.field.models import DeviceState, Receipt, WaitingOperation
from guiyan.field.types import Batch
from guiyan.orgs import commands as orgs
from guiyan.orgs.commands.stillness import hold_tree
from guiyan.orgs.models import Organisation
from guiyan.outreach.census import commands
from guiyan.outreach.census.types import NewVisit
from guiyan.outreach.models import Area, Standing, Visit
from guiyan.platform.actor import Actor
from guiyan.platform.errors import ComeLater, Conflict, NotFound, Refused
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db(transaction=True)

_BLOCKED = "select cardinality(pg_blocking_pids(%s))"
_PATIENCE_S = 20
Act = Callable[[], object]


class Pressed(Thread):
    """One who acts on a connection of their own; `outcome` is what came of it."""

    def __init__(self, act: Act) -> None:
        super().__init__(daemon=True)
        self.act, self.outcome, self.pid = act, "", 0
        self.connected = Event()

    def run(self) -> None:
        connection.ensure_connection()
        self.pid = connection.connection.info.backend_pid
        self.connected.set()
        try:
            self.act()
            self.outcome = "done"
        except (ComeLater, Conflict, NotFound, Refused) as told:
            self.outcome = type(told).__name__
        except Exception as thrown:
            self.outcome = str(thrown)
        finally:
            connection.close()

    def start_and_wait_in_line(self) -> None:
        """Until it stands in line for a lock, or has ended."""
        self.start()
        self.connected.wait(_PATIENCE_S)
        while self.is_alive():
            with connection.cursor() as cursor:
                cursor.execute(_BLOCKED, [self.pid])
                if (cursor.fetchone() or [0])[0]:
                    return
            self.join(0.02)


def crossing(row: Standing | Area, first: Act, second: Act) -> list[str]:
    """Both come while somebody else holds this row, and go on when it is let go."""
    pressed = [Pressed(first), Pressed(second)]
    with transaction.atomic(), scoped(Scope.everywhere()):
        type(row).objects.select_for_update().get(pk=row.pk)  # type: ignore[attr-defined]
        for one in pressed:
            one.start_and_wait_in_line()
    for one in pressed:
        one.join(_PATIENCE_S)
    return [one.outcome for one in pressed]


def row_of(model: Any, key: UUID) -> Any:
    with seen_by_the_database():
        return model.objects.get(pk=key)


def test_who_decides_at_the_door_and_who_decides_in_the_list_do_not_stand_in_each_others_way() -> (
    None
):
    shop = dispute(open_shop())
    standing = row_of(Standing, shop.id)
    (brought,) = shop.sent
    outcomes = crossing(
        standing,
        lambda: commands.decide_conflict(by=OFFICER, standing_id=shop.id, visit_id=brought),
        lambda: deciding.choose(by=OFFICER, operation_id=brought, take=[]),
    )
    assert outcomes == ["done", "NotFound"]  # the second is told that it is decided
    assert (shop.told(), shop.at_the_doors(), shop.brought()) == (["applied"], [], [])


def test_a_phone_that_corrects_itself_and_who_decides_about_it_do_not_stand_in_each_others_way() -> (
    None
):
    shop = dispute(open_shop())
    (brought,) = shop.sent
    outcomes = crossing(
        row_of(Standing, shop.id),
        lambda: shop.say_by_phone("none_found", supersedes=str(brought)),
        lambda: deciding.choose(by=OFFICER, operation_id=brought, take=["state"]),
    )
    assert outcomes == ["done", "NotFound"]
    assert (shop.at_the_doors(), shop.brought()) == ([], [])


def test_one_phone_adds_a_shop_and_visits_another_visits_and_adds_in_the_same_area() -> None:
    shop = open_shop()
    others = shop.another_phone()

    def of_kind(kind: str, subject: UUID, body: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": str(uuid4()), "kind": kind, "version": 1, "base_version": 1, "at_device": "",
            "area_id": str(shop.area_id), "subject_id": str(subject), "body": body,
        }  # fmt: skip

    def sends(device_id: UUID, token: str, *operations: dict[str, Any]) -> Act:
        sender, actor = receiving.sender_of(device_id)
        batch = Batch(operations, packets={str(shop.area_id): token})
        return lambda: receiving.receive(by=actor, sender=sender, batch=batch)

    def visit() -> dict[str, Any]:
        return of_kind("census.visit", shop.id, {"state": "none_found"})

    def add(name: str) -> dict[str, Any]:
        return of_kind("census.add_premises", uuid4(), {"name": name})

    area = row_of(Area, shop.area_id)
    first = sends(shop.device_id, shop.token, add("新一家"), visit())
    second = sends(*others, visit(), add("新二家"))
    assert crossing(area, first, second) == ["done", "done"]
    with seen_by_the_database():
        assert Standing.objects.filter(area_id=shop.area_id).count() == 4


def test_doors_are_moved_while_a_batch_from_both_areas_comes(walked: Town) -> None:
    areas: dict[UUID, list[UUID]] = {}
    for door in walked.doors():
        if door.area_id:
            areas.setdefault(door.area_id, []).append(door.id)
    # The batch holds the door of the one area and waits for that of the other, which is moved.
    (one, two) = sorted((min(ids), area) for area, ids in areas.items())
    visits = [
        NewVisit(id=uuid4(), standing_id=key, state="none_found") for key, _area in (one, two)
    ]
    outcomes = crossing(
        row_of(Standing, two[0]),
        lambda: commands.record_visits(by=OFFICER, visits=visits),
        lambda: commands.move_doors(by=OFFICER, area_id=one[1], standing_ids=[two[0]]),
    )
    assert outcomes == ["done", "done"]
    assert {d.area_id for d in walked.doors() if d.id in (one[0], two[0])} == {one[1]}


def test_two_teams_that_fall_out_and_give_each_other_their_areas(walked: Town) -> None:
    with seen_by_the_database():
        areas = {row.team_id: row for row in Area.objects.filter(is_confirmed=True)}
    here, there = (team.id for team in walked.teams)

    def falls_out(team: UUID, taker: UUID) -> Act:
        own = areas[team]
        return lambda: commands.fall_out(
            by=OFFICER, team_id=team, takers={own.id: taker}, expected={own.id: own.version},
            reason="生病",
        )  # fmt: skip

    outcomes = crossing(areas[here], falls_out(here, there), falls_out(there, here))
    assert outcomes == ["done", "Conflict"]  # the second has more to give up than was shown


def moves_away() -> object:
    """The township goes under another county; the cast's tree was planted, not opened."""
    with transaction.atomic(), scoped(Scope.everywhere()):
        Organisation.objects.filter(pk=NEXT_COUNTY.id).update(last_child=50)
    return orgs.move(
        by=Actor.system("测试"),
        organisation_id=TOWNSHIP.id,
        parent_id=NEXT_COUNTY.id,
        reason="区划",
    )


def places_of(shop: Shop, model: Any, **which: object) -> set[str]:
    with seen_by_the_database():
        return set(model.objects.filter(**which).values_list("path", flat=True))


@pytest.mark.parametrize("token", ["good", "forged"])
def test_a_township_moves_while_a_phone_of_it_sends_and_all_that_it_sent_goes_along(
    token: str,
) -> None:
    shop = open_shop()
    shop.say_by_phone("none_found")
    if token == "forged":
        shop.token = "x" + shop.token
    outcomes = crossing(
        row_of(Standing, shop.id), lambda: shop.say_by_phone("does_not_exist"), moves_away
    )
    assert outcomes == ["done", "done"]
    (path,) = places_of(shop, Standing, id=shop.id)
    assert path.startswith(NEXT_COUNTY.path)
    assert places_of(shop, Visit, standing_id=shop.id) == {path}
    assert places_of(shop, Receipt) == places_of(shop, DeviceState) == {path}
    assert places_of(shop, WaitingOperation) <= {path}
    assert len(shop.told()) == 2


def test_a_phone_that_comes_while_its_township_moves_is_told_to_come_again_and_then_goes_on() -> (
    None
):
    shop = open_shop()
    sender, actor = receiving.sender_of(shop.device_id)
    sends = Pressed(
        lambda: receiving.receive(
            by=actor, sender=sender, batch=Batch((shop.visit("does_not_exist"),))
        )
    )
    with transaction.atomic(), scoped(Scope.everywhere()):
        moves_away()
        sends.start_and_wait_in_line()
    sends.join(_PATIENCE_S)
    assert sends.outcome == "ComeLater"
    assert shop.say_by_phone("does_not_exist") in {"applied", "conflict", "quarantined"}


def test_who_moves_does_not_wait_for_ever_for_those_who_write() -> None:
    def gives_up() -> None:
        with transaction.atomic():
            hold_tree(patience_ms=10)

    mover = Pressed(gives_up)
    with transaction.atomic():
        orgs.keep_tree_still()
        mover.start()
        mover.join(_PATIENCE_S)
    assert mover.outcome == "Refused"
