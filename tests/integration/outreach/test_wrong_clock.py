"""A phone whose clock went 400 days wrong while it had no line: no visit is refused, none is of a wrong
day, and who shall come back comes back on the day that was meant."""

from datetime import timedelta

import pytest
from tests.integration.outreach.conftest import seen_by_the_database
from tests.integration.outreach.shops import Shop, open_shop

from guiyan.field.commands import receiving
from guiyan.field.types import Batch
from guiyan.kernel.calendar import day_of
from guiyan.outreach.models import Visit
from guiyan.platform import clock

pytestmark = pytest.mark.django_db


def say_shut(shop: Shop, ahead: timedelta, *, knows: bool) -> Visit:
    """Shut, come back tomorrow; `knows`: the server has told the phone how wrong it is."""
    at = clock.now() + ahead
    on = clock.today() if knows else day_of(at)
    body = {"state": "closed", "visited_on": f"{on}", "come_back_on": f"{on + timedelta(days=1)}"}
    said = shop.visit("closed", body=body, at_device=at.isoformat())
    sender, actor = receiving.sender_of(shop.device_id)
    batch = Batch((said,), packets={str(shop.area_id): shop.token}, clock=at.isoformat())
    (answer,) = receiving.receive(by=actor, sender=sender, batch=batch)
    assert answer.state in {"applied", "merged", "conflict"}
    with seen_by_the_database():
        return Visit.objects.get(pk=shop.sent[-1])


@pytest.mark.parametrize("days", [400, -400, 0])
def test_a_visit_is_of_the_day_on_which_it_was_by_the_servers_clock(days: int) -> None:
    shop = open_shop()
    for knows in (False, True):
        visit = say_shut(shop, timedelta(days=days, seconds=1 if days > 0 else -1), knows=knows)
        assert abs(visit.visited_on - clock.today()) <= timedelta(days=1)
        assert visit.come_back_on == visit.visited_on + timedelta(days=1)
