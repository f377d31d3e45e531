"""The page of an area is by street: what one walks next is open, the rest a press away, nothing left out."""

import re

import pytest
from django.urls import reverse
from tests.acting import Browser
from tests.cast import TOWNSHIP
from tests.integration.outreach.conftest import COUNTY, OFFICER, planned, premises

from guiyan.outreach import commands as register
from guiyan.outreach.census import commands

pytestmark = pytest.mark.django_db


def page_of(many_by_street: dict[str, int]) -> str:
    for street, many in many_by_street.items():
        register.register_premises(by=OFFICER, new=premises(many, street=street))
    round_ = commands.open_round(by=COUNTY, round_id=planned().id)
    for parts in (1, 2):  # the second has something to move to
        areas = commands.propose_areas(
            by=OFFICER, round_id=round_.id, organisation_id=TOWNSHIP.id, parts=1
        )
        if parts == 1:
            commands.confirm_areas(by=OFFICER, round_id=round_.id, organisation_id=TOWNSHIP.id)
            register.register_premises(by=OFFICER, new=premises(1, street="后街"))
    largest = max(areas, key=lambda one: one.total)
    return Browser(OFFICER).get(reverse("outreach:area", args=[largest.id])).content.decode()


def opened(page: str) -> list[bool]:
    return ["open" in one for one in re.findall(r'<details class="card walk"([^>]*)>', page)]


def test_a_long_street_is_in_parts_of_which_one_is_open_and_holds_each_door_once() -> None:
    page = page_of({"城东社区新建路": 90, "城西社区": 5})
    assert opened(page) == [True, False, False, False]
    assert page.count('name="door"') == 95 == len(set(re.findall(r'id="(door-[^"]+)"', page)))
    assert "第 1—40 家" in page and "第 81—90 家" in page


def test_a_short_area_is_open_as_a_whole() -> None:
    assert opened(page_of({"城东社区新建路": 4, "城西社区": 3})) == [True, True]
