"""Pages of many rooms read each thing once: the statements of a page are counted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.acting import Browser
from tests.cast import MEIGU, official
from tests.integration.flows.conftest import HOST, _planted, placed
from tests.integration.liaison.kept import with_contact_person

from guiyan.liaison.pairing import queries as pairing
from guiyan.platform.scope import scoped
from guiyan.web import short_lists
from guiyan.web.waiting import waiting_for

pytestmark = pytest.mark.django_db
__all__ = ["_planted"]

OFFICER = official("county_officer", MEIGU, "阿牛尔布")
# Reads and what opens and ends the transaction in a test; without those of the sign-in.
CASE, FILE, START = 15, 12, 22


def statements(url: str) -> list[str]:
    browser = Browser(HOST)
    assert browser.get(url).status_code == 200  # what is looked up once a process is known now
    with CaptureQueriesContext(connection) as sent:
        assert browser.get(url).status_code == 200
    return [one["sql"] for one in sent.captured_queries]


@pytest.mark.parametrize(("name", "most"), [("case", CASE), ("file", FILE), ("work", START)])
def test_a_page_sends_few_statements_and_none_twice(name: str, most: int) -> None:
    case = with_contact_person(placed())
    url = {
        "case": reverse("flows:case", args=[case.id]),
        "file": reverse("members:file", args=[case.member_id]),
        "work": reverse("web:work"),
    }[name]
    sent = statements(url)
    reads = [one for one in sent if one.startswith("SELECT")]
    assert len(reads) == len(set(reads))
    assert len(sent) <= most, "\n".join(one[:160] for one in sent)


def test_members_are_not_looked_up_one_by_one_for_who_has_no_contact_person() -> None:
    alone = [placed() for _ in range(3)]
    kept = with_contact_person(placed())
    with scoped(HOST.scope), CaptureQueriesContext(connection) as sent:
        found = [case.id for case in pairing.without_contact_person(HOST)]
        assert len(sent) == 2
        assert set(found) == {case.id for case in alone}
        assert kept.id not in found
        assert pairing.count_without(HOST) == 3
        assert len(pairing.without_contact_person(HOST, limit=2)) == 2


def test_nobody_outside_the_scope_is_found_without_a_contact_person() -> None:
    placed()
    with scoped(OFFICER.scope):
        theirs = {case.host_path for case in pairing.without_contact_person(OFFICER)}
    assert all(OFFICER.scope.covers(path) for path in theirs)


def test_a_list_is_asked_for_only_from_who_may_see_it() -> None:
    auditor = official("audit_administrator", MEIGU, "马海建国")
    with scoped(auditor.scope):
        assert not any(short_lists.holds(auditor, name) for name in ("leads", "calls", "unknown"))
        assert waiting_for(auditor) == []
