"""A text that a person copies into a group: looked at, checked, kept; it names nobody."""

import pytest
from django.db import transaction
from tests.acting import Browser
from tests.cast import OFFICIALS, OUTSIDERS
from tests.integration.messaging.conftest import SECRETARY, outbox, somebody
from tests.people import invented_id, invented_phone

from guiyan.channels.models import GroupText
from guiyan.messaging import commands
from guiyan.platform.errors import Forbidden, Refused
from guiyan.platform.scope import Scope, scoped

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock", "_planted", "_with_templates"),
]
GROUP = "/w/messages/new/meeting/group"
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
GOOD = "周五下午三点在文化站有学习活动，请互相转告。"


def kept() -> list[str]:
    with transaction.atomic(), scoped(Scope.everywhere()):
        return list(GroupText.objects.values_list("text", flat=True))


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def test_a_text_is_written_looked_at_and_stands_ready_to_be_copied_at_once() -> None:
    browser = Browser(SECRETARY)
    assert "____在____有学习活动" in text_of(browser.get(GROUP))
    facts = {"fact_day": "周五下午三点", "fact_place": "文化站"}
    assert "周五下午三点在文化站" in text_of(browser.post(GROUP, facts))
    assert browser.post(GROUP, {"text": GOOD}).status_code == 303
    page = text_of(browser.get("/w/texts"))
    assert GOOD in page
    assert 'data-copies="text-1" hidden' in page  # without the script: a text to be marked
    (row,) = outbox()
    assert (row.state, row.contents) == ("delivered", None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"请回电话{invented_phone(1)}。", "phone"),
        (f"请回电话{invented_phone(1).translate(WIDE)}。", "phone"),
        ("电话 0834-8222222。", "phone"),
        (f"证件{invented_id()}请带来。", "id-number"),
        ("请阿力木呷周五来一趟。", "name"),
        ("请阿力 木呷周五来一趟。", "name"),
        ("请阿力·木呷周五来一趟。", "name"),
        ("请到支部来。", "betrays"),
        ("____在文化站。", "gap"),
        ("   ", "empty"),
    ],
)  # fmt: skip
def test_what_would_tell_of_somebody_is_refused_with_what_was_typed(text: str, code: str) -> None:
    somebody()
    with pytest.raises(Refused) as refused:
        commands.write_group_text(by=SECRETARY, purpose="meeting", text=text)
    assert refused.value.code == code
    if text.strip():
        assert text in text_of(Browser(SECRETARY).post(GROUP, {"text": text}))
    assert kept() == []


def test_a_word_that_is_also_a_name_is_kept_when_somebody_looked_at_it() -> None:
    somebody()
    text = "阿力木呷是一种荞麦酒的名字。"
    browser = Browser(SECRETARY)
    page = text_of(browser.post(GROUP, {"text": text}))
    assert "和党员同名的字" in page
    assert browser.post(GROUP, {"text": text, "names_nobody": "on"}).status_code == 303
    assert kept() == [text]


def test_that_nobody_is_named_does_not_excuse_a_number() -> None:
    with pytest.raises(Refused):
        commands.write_group_text(
            by=SECRETARY,
            purpose="meeting",
            text=f"阿力木呷，{invented_phone(1)}",
            names_nobody=True,
        )


def test_members_elsewhere_are_not_told_by_the_check() -> None:
    """Whoever asks learns nothing of who is a member out of their part of the tree."""
    somebody()
    elsewhere = OFFICIALS["outpost_head"]
    commands.write_group_text(by=elsewhere, purpose="meeting", text="请阿力木呷来。")
    assert kept() == ["请阿力木呷来。"]


def test_who_may_not_send_writes_no_text() -> None:
    with pytest.raises(Forbidden):
        commands.write_group_text(by=OUTSIDERS["liaison"], purpose="meeting", text=GOOD)
