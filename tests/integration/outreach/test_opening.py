"""A round over a large register is opened by the worker, for who asked, and its page says how far it is."""

from uuid import UUID

import pytest
from django.urls import reverse
from tests.acting import Browser
from tests.integration.outreach.conftest import (
    COUNTY,
    OFFICER,
    planned,
    premises,
    seen_by_the_database,
)

from guiyan.outreach import commands as register
from guiyan.outreach import jobs
from guiyan.outreach.census.commands.rounds import OPENED_AT_ONCE
from guiyan.outreach.models import Premises, Round, RoundOpening, Standing

TOLD_EVERY = 5_000
pytestmark = pytest.mark.django_db(transaction=True)


def asked(many: int) -> UUID:
    """A round over so many premises, which the county asks to open on its page."""
    register.register_premises(by=OFFICER, new=premises(many))
    round_id = planned().id
    assert press(round_id) == 303
    return round_id


def press(round_id: UUID) -> int:
    return Browser(COUNTY).post(reverse("outreach:open_round", args=[round_id])).status_code


def page(round_id: UUID) -> tuple[str, str]:
    answer = Browser(COUNTY).get(reverse("outreach:round", args=[round_id]))
    return answer.content.decode(), answer.headers.get("Refresh", "")


def standing(round_id: UUID) -> tuple[str, int]:
    with seen_by_the_database():
        many = Standing.objects.filter(round_id=round_id).count()
        return Round.objects.get(pk=round_id).state, many


def test_a_small_register_is_opened_at_once() -> None:
    assert standing(asked(3)) == ("open", 3)


def test_a_large_one_is_opened_by_the_worker_once_however_often_it_is_asked() -> None:
    many = TOLD_EVERY + 1
    round_id = asked(many)
    assert standing(round_id) == ("planned", 0)
    assert press(round_id) == 303
    said, again_s = page(round_id)
    assert f"已经列出 0 家，共 {many} 家" in said and again_s
    for _twice in range(2):
        jobs.open_round(round_id=str(round_id))
        assert standing(round_id) == ("open", many)
    said, again_s = page(round_id)
    assert "已经列出" not in said and not again_s
    with seen_by_the_database():
        assert not RoundOpening.objects.exists()
        assert Round.objects.get(pk=round_id).last_number == many


def test_how_far_it_is_is_seen_while_it_runs() -> None:
    round_id = asked(OPENED_AT_ONCE + 1)
    with seen_by_the_database():
        RoundOpening.objects.update(done=1_000)
    assert "已经列出 1000 家" in page(round_id)[0]


def test_what_can_not_be_opened_any_more_is_said_on_its_page_and_may_be_asked_again() -> None:
    round_id = asked(OPENED_AT_ONCE + 1)
    with seen_by_the_database():
        Premises.objects.all().delete()
    jobs.open_round(round_id=str(round_id))
    said, again_s = page(round_id)
    assert "名下还没有单位" in said and "开始摸排" in said and not again_s
    assert standing(round_id) == ("planned", 0)
