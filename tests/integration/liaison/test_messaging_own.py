"""Call, message or visit: from today's list and the screen of a contact, to one's own members only."""

from datetime import timedelta

import pytest
from tests.acting import Browser
from tests.integration.flows.conftest import _planted, placed  # noqa: F401 - planted by being named
from tests.integration.liaison.kept import LIAISON, MONDAY, kept_in_touch, on, with_contact_person

from guiyan.liaison import queries
from guiyan.messaging import policy
from guiyan.platform.scope import scoped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ME = on(MONDAY, LIAISON)


def test_one_tap_on_todays_list_leads_to_the_message_with_its_text_and_cost() -> None:
    case = kept_in_touch()
    browser = Browser(ME)
    to_one = f"/w/messages/new/to/{case.member_id}"
    assert to_one in browser.get("/w/today").content.decode()
    assert to_one in browser.get(f"/w/contact/{case.id}").content.decode()
    page = browser.get(f"{to_one}?purpose=meeting_reminder").content.decode()
    assert "会这样发" in page
    assert f"/w/contact/{case.id}" in page  # and back, to call, visit and record


def test_somebody_elses_member_can_be_seen_but_not_written_to() -> None:
    case = placed()
    assert Browser(ME).get(f"/w/messages/new/to/{case.member_id}").status_code == 404
    with scoped(LIAISON.scope):
        assert not policy.may_message(ME, case.member_id)
    with_contact_person(case)
    with scoped(LIAISON.scope):
        assert policy.may_message(ME, case.member_id)


def test_who_is_no_longer_the_contact_person_writes_no_more() -> None:
    case = with_contact_person(placed())
    with scoped(LIAISON.scope):
        assert queries.is_contact_person(ME, case.member_id)
        rows = queries.ContactPerson.objects.filter(case_id=case.id, valid_to=None)
        rows.update(valid_to=MONDAY - timedelta(days=1))
        assert not queries.is_contact_person(ME, case.member_id)
    assert Browser(ME).get(f"/w/messages/new/to/{case.member_id}").status_code == 404
