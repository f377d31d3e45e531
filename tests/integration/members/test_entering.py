"""To enter an ID number is to ask for it: the same count and the same row as a search (F31)."""

from typing import Any

import pytest
from tests.acting import Browser
from tests.integration.members.test_changes import SECRETARY, register
from tests.people import invented_id

from guiyan.members import commands
from guiyan.members.rules import SEARCHES_PER_HOUR, kind_of_number
from guiyan.platform.errors import Refused
from guiyan.platform.models import AuditRow
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db
NUMBER = invented_id(sequence=31)


def searches() -> list[Any]:
    with scoped(Scope.everywhere()):
        return [row.member_id for row in AuditRow.objects.filter(action="members.search_identity")]


def use_up_the_hour() -> None:
    """The number that was entered to open the file was the first."""
    for _ in range(SEARCHES_PER_HOUR - 1):
        commands.search_identity(by=SECRETARY, kind="id_number", value=NUMBER, reason="verify")


def typed(number: str) -> dict[str, str]:
    return {
        "name": "另一个", "id_number": number, "category": "full", "joined_precision": "day",
        "phone_whose": "own", "has_phone": "on",
    }  # fmt: skip


def test_that_an_entered_number_has_a_file_is_told_to_its_member_like_a_search() -> None:
    member = register(id_number=NUMBER)
    page = Browser(SECRETARY).post("/w/members/new", typed(NUMBER)).content.decode()
    assert "已有档案" in page
    assert str(member.id) in page
    assert searches() == [member.id]


def test_a_number_put_into_another_file_is_told_as_well() -> None:
    member, other = register(id_number=NUMBER), register(name="另一个")
    wish = {"kind": "id_number", "value": NUMBER, "whose": "own", "reason": "补录"}
    page = Browser(SECRETARY).post(f"/w/members/{other.id}/identity", wish).content.decode()
    assert str(member.id) in page
    assert searches() == [member.id]


def test_beyond_sixty_an_hour_an_entered_number_tells_nothing() -> None:
    member = register(id_number=NUMBER)
    use_up_the_hour()
    known = Browser(SECRETARY).post("/w/members/new", typed(NUMBER)).content.decode()
    unknown = Browser(SECRETARY).post("/w/members/new", typed(invented_id(sequence=32)))
    for page in (known, unknown.content.decode()):
        assert "次数太多" in page
        assert str(member.id) not in page


def test_numbers_that_have_no_file_count_as_well() -> None:
    for sequence in range(100, 100 + SEARCHES_PER_HOUR):
        register(name=f"甲{sequence}", id_number=invented_id(sequence=sequence))
    with pytest.raises(Refused) as refused:
        commands.search_identity(by=SECRETARY, kind="id_number", value=NUMBER, reason="verify")
    assert refused.value.code == "too-many"


@pytest.mark.parametrize(
    ("text", "kind"),
    [("吉克", ""), ("jike 1", ""), ("12012345678", "phone"), (NUMBER, "id_number")],
)
def test_what_is_searched_is_told_by_its_digits(text: str, kind: str) -> None:
    assert kind_of_number(text) == kind
