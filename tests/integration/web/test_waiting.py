"""What a line of the start page says, with its number in it."""

from django.utils.translation import ngettext_lazy, override

from guiyan.web.waiting import Waiting
from guiyan.web.waiting.rows import COUNTED

MESSAGES = ngettext_lazy("%(n)s条", "%(n)s条", COUNTED)


def test_one_thing_that_waits_is_said_otherwise_than_many() -> None:
    with override("en"):
        assert Waiting(MESSAGES, 1, "").task == "1 message"
        assert Waiting(MESSAGES, 2, "").task == "2 messages"


def test_a_list_longer_than_a_page_says_so_and_is_many() -> None:
    with override("en"):
        assert Waiting(MESSAGES, 50, "", is_more=True).task == "50+ messages"
