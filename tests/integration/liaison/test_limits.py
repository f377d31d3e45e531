"""Whoever is chosen by hand beyond their limit is named first; the same press once more does it."""

import re
from datetime import date, timedelta

import pytest
from django.db import transaction
from tests.acting import Browser
from tests.cast import BRANCH, OFFICIALS, OTHER_BRANCH
from tests.integration.flows.conftest import (  # noqa: F401 - planted by being named
    _planted,
    seen_by,
    seen_by_the_database,
)
from tests.integration.liaison.kept import MONDAY
from tests.integration.liaison.test_pairing import TOWN, placed, someone

from guiyan.access.models import Account, Grant
from guiyan.liaison import commands as liaison
from guiyan.liaison.models import ContactPerson, Leave
from guiyan.liaison.pairing import commands, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
WARNING = "有联系人超过了上限"


def kept_by(account_id, name):
    case = placed(name)
    liaison.assign_contact_person(by=TOWN, case_id=case.id, account_id=account_id)
    return case


def person_of(case):
    with seen_by_the_database():
        return ContactPerson.objects.get(case_id=case.id, valid_to__isnull=True).account_id


def twice(browser, url, typed):
    """The page comes back with a warning; what it says was read goes along the second time."""
    page = browser.post(url, typed).content.decode()
    assert WARNING in page
    known = re.search(r'name="over" value="([^"]+)"', page)
    assert known
    return page, browser.post(url, {**typed, "over": known[1]})


def test_who_stands_in_beyond_the_limit_is_named_and_the_same_press_again_does_it():
    away, other = someone("阿支"), someone("拉铁", limit=2)
    for name in ("甲", "乙"):
        kept_by(away, name)
    kept_by(other, "丙")
    days = {"starts_on": MONDAY, "ends_on": MONDAY + timedelta(days=2)}
    typed = {**days, "stand_in_account_id": str(other), "note": "母亲在县医院"}
    url = f"/w/pairing/people/{away}/{BRANCH.id}/leave"
    page, done = twice(Browser(TOWN), url, typed)
    assert "拉铁：这样一来共联系 3 人，上限 2 人" in page
    assert "母亲在县医院" in page  # nothing that was typed is lost
    assert done.status_code == 303
    with seen_by_the_database():
        assert Leave.objects.get().stand_in_account_id == other
    with seen_by(TOWN):  # those for whom they stand in count from now on
        (over,) = queries.beyond_limit(TOWN, {other: 1})
    assert (over.load, over.limit) == (4, 2)


def test_so_is_who_stands_in_for_the_rest_of_a_leave():
    away, first, other = someone("阿支"), someone("木牛"), someone("拉铁", limit=0)
    kept_by(away, "甲")
    url = f"/w/pairing/people/{away}/{BRANCH.id}/leave"
    days = {"starts_on": MONDAY, "ends_on": MONDAY + timedelta(days=2)}
    browser = Browser(TOWN)
    assert browser.post(url, {**days, "stand_in_account_id": str(first)}).status_code == 303
    twice(browser, url, {"act": "other", "other_account_id": str(other)})
    with seen_by_the_database():
        assert Leave.objects.get().stand_in_account_id == other


def test_so_is_who_is_chosen_for_one_member_and_who_takes_one_over():
    first, full = someone("阿支"), someone("拉铁", limit=0)
    case = kept_by(first, "甲")
    url = f"/w/cases/{case.id}/contact-person"
    twice(Browser(TOWN), url, {"account_id": str(full)})
    assert person_of(case) == full
    secretary = OFFICIALS["branch_secretary"]
    with seen_by_the_database(), transaction.atomic():
        Account.objects.create(
            id=secretary.account_id, login="secretary", name=secretary.name, password="-"
        )
        Grant.objects.create(
            account_id=secretary.account_id, role="branch_secretary", organisation_id=BRANCH.id,
            path=BRANCH.path, valid_from=date(2020, 1, 1), granted_by="test",
        )  # fmt: skip
    commands.set_availability(
        by=TOWN, account_id=secretary.account_id, organisation_id=BRANCH.id,
        languages=[], trade="", limit=0, takes_members=True,
    )  # fmt: skip
    twice(Browser(secretary), f"/w/cases/{case.id}/help", {"how": "take_over", "note": ""})
    assert person_of(case) == secretary.account_id


def test_a_hand_over_says_beforehand_that_the_others_have_no_room():
    leaving = someone("阿支")
    someone("拉铁", OTHER_BRANCH, limit=1)
    for name in ("甲", "乙", "丙"):
        kept_by(leaving, name)
    url = f"/w/pairing/people/{leaving}/{BRANCH.id}/hand-over"
    page = Browser(TOWN).get(url).content.decode()
    assert "别人照上限一共还能联系 1 人；分不出去的 2 人" in page
    someone("木牛", limit=2)
    assert "别人的余量不够" not in Browser(TOWN).get(url).content.decode()
