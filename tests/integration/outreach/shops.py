"""A shop of which the page and phones say different things."""

from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID, uuid4

from tests.cast import TOWNSHIP
from tests.integration.field.conftest import enlist
from tests.integration.outreach.conftest import (
    COUNTY,
    OFFICER,
    planned,
    premises,
    seen_by,
    seen_by_the_database,
)

from guiyan.field import queries as field_queries
from guiyan.field.commands import receiving
from guiyan.field.models import Receipt
from guiyan.field.types import Batch, WaitingFacts
from guiyan.outreach import commands as register
from guiyan.outreach.census import commands, queries
from guiyan.outreach.census.types import NewVisit, StandingFacts
from guiyan.platform.actor import Actor


class Walked(NamedTuple):
    """What the phone of an area's visitor bears."""

    round_id: UUID
    area_id: UUID
    device_id: UUID
    token: str


@dataclass
class Shop:
    """One door of which the page and phones say different things."""

    id: UUID
    round_id: UUID
    area_id: UUID
    device_id: UUID
    token: str
    sent: list[UUID] = field(default_factory=list)

    def visit(self, state: str, **more: object) -> dict[str, object]:
        """As its phone writes it down."""
        self.sent.append(uuid4())
        return {
            "id": str(self.sent[-1]), "kind": "census.visit", "version": 1, "base_version": 1,
            "area_id": str(self.area_id), "subject_id": str(self.id), "at_device": "",
            "body": {"state": state},
        } | more  # fmt: skip

    def say_by_phone(self, state: str, **more: object) -> str:
        operation = self.visit(state, **more)
        sender, actor = receiving.sender_of(self.device_id)
        batch = Batch((operation,), packets={str(self.area_id): self.token})
        return receiving.receive(by=actor, sender=sender, batch=batch)[0].state

    def another_phone(self) -> tuple[UUID, str]:
        """Of somebody else in the same team; the phone and the token of its packet."""
        walker = enlist("canvasser", TOWNSHIP, "阿库木果")
        with seen_by(OFFICER):
            team_id = queries.get_area_for(OFFICER, self.area_id).team_id
        assert team_id is not None
        commands.add_person(
            by=OFFICER, team_id=team_id, kind="volunteer", name=walker.actor.name,
            account_id=walker.actor.account_id,
        )  # fmt: skip
        walker.phone.fetch_key()
        packet = walker.phone.fetch_packet("census", str(self.area_id))
        return walker.handset_id, packet.token

    def now(self) -> StandingFacts:
        with seen_by(OFFICER):
            return queries.get_standing_for(OFFICER, self.id)

    def at_the_doors(self) -> list[UUID]:
        with seen_by(OFFICER):
            return [one.id for one in queries.conflicts(OFFICER, self.round_id)]

    def brought(self) -> list[UUID]:
        with seen_by(OFFICER):
            return [one.id for one in field_queries.waiting_for(OFFICER, ("conflict",))]

    def sides(self) -> set[str]:
        with seen_by(OFFICER):
            return {one.state for one in queries.sides_of(OFFICER, self.now())}

    def seen_by_its_walker(self) -> list[WaitingFacts]:
        walker = receiving.sender_of(self.device_id)[1]
        with seen_by(walker):
            return field_queries.waiting_for(walker, ("conflict",))

    def told(self) -> list[str]:
        with seen_by_the_database():
            states = dict(Receipt.objects.values_list("id", "state"))
        return [states[one] for one in self.sent]


def area_of_a_walker(shops: int, by: Actor = COUNTY) -> tuple[Walked, list[UUID]]:
    """The only area of an open round over so many shops, with its packet on the phone of one of its
    team; and its doors in the order of the walk."""
    walker = enlist("canvasser", TOWNSHIP, "马海拉且")
    register.register_premises(by=COUNTY, new=premises(shops))
    round_ = commands.open_round(by=by, round_id=planned(by).id)
    at = {"round_id": round_.id, "organisation_id": TOWNSHIP.id}
    (area,) = commands.propose_areas(by=OFFICER, parts=1, **at)
    commands.confirm_areas(by=OFFICER, **at)
    team = commands.make_team(by=OFFICER, name="一组", **at)
    commands.give_area(by=OFFICER, area_id=area.id, team_id=team.id)
    commands.add_person(
        by=OFFICER, team_id=team.id, kind="volunteer", name=walker.actor.name,
        account_id=walker.actor.account_id,
    )  # fmt: skip
    walker.phone.fetch_key()
    packet = walker.phone.fetch_packet("census", str(area.id))
    with seen_by(OFFICER):
        doors = [one.id for one in queries.standings_of_area(OFFICER, area.id)]
    return Walked(round_.id, area.id, walker.handset_id, packet.token), doors


def open_shop(by: Actor = COUNTY) -> Shop:
    """One that was visited by page and stands in the only area of a phone."""
    walked, doors = area_of_a_walker(2, by)
    seen = NewVisit(id=uuid4(), standing_id=doors[0], state="none_found")
    commands.record_visits(by=OFFICER, visits=[seen])
    return Shop(doors[0], *walked)


def dispute(shop: Shop) -> Shop:
    """The phone says something else."""
    assert shop.say_by_phone("does_not_exist") == "conflict"
    assert shop.at_the_doors() == [shop.id]
    assert shop.brought() == shop.sent
    return shop
