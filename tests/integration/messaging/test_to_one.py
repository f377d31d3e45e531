"""A message to one member: by who may send, or by the member's own contact person."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from django.db import transaction
from tests.acting import Browser
from tests.cast import OFFICIALS, OUTSIDERS
from tests.integration.channels.conftest import AliyunFake
from tests.integration.messaging.conftest import (
    CODES,
    SECRETARY,
    go_out,
    outbox,
    remind,
    somebody,
    state_of,
)

from guiyan.messaging import commands, policy
from guiyan.messaging.purposes import purpose_of
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, NotFound, Refused
from guiyan.platform.scope import scoped

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock", "_planted", "_with_templates"),
]
LIAISON = OUTSIDERS["liaison"]
PHONE = {"phone": "0834-8222222"}


@pytest.fixture
def own() -> Iterator[set[UUID]]:
    """Whose contact person the liaison is."""
    theirs: set[UUID] = set()

    def keeps_in_touch(actor: Actor, member_id: UUID) -> bool:
        return actor.account_id == LIAISON.account_id and member_id in theirs

    policy.looks_after.append(keeps_in_touch)
    yield theirs
    policy.looks_after.remove(keeps_in_touch)


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def to_one(member_id: UUID, *, by: Actor = LIAISON, purpose: str = "please_call") -> None:
    commands.say_to_one(
        by=by,
        purpose=purpose,
        member_id=member_id,
        facts=PHONE if purpose == "please_call" else {},
    )


def test_a_contact_person_writes_to_their_own_member_and_to_no_other(
    aliyun: AliyunFake, own: set[UUID]
) -> None:
    theirs, another = somebody(), somebody()
    own.add(theirs)
    to_one(theirs)
    with pytest.raises(NotFound):
        to_one(another)
    with transaction.atomic(), scoped(LIAISON.scope), pytest.raises(NotFound):
        commands.preview_to_one(by=LIAISON, purpose="please_call", member_id=another, facts=PHONE)
    go_out()
    assert state_of(theirs) == ("reached", "sms")
    assert [row.recipient_id for row in outbox()] == [theirs]


def test_a_contact_person_may_not_write_to_many(own: set[UUID]) -> None:
    theirs = somebody()
    own.add(theirs)
    with pytest.raises(Forbidden):
        remind(theirs, by=LIAISON)
    assert Browser(LIAISON).get("/w/messages/new").status_code == 403


def test_being_somebodys_contact_person_does_not_reach_beyond_ones_part(own: set[UUID]) -> None:
    theirs = somebody()
    elsewhere = OFFICIALS["outpost_head"]
    own.add(theirs)
    with pytest.raises(NotFound):
        to_one(theirs, by=elsewhere)


def test_who_may_not_message_at_all_is_refused(own: set[UUID]) -> None:
    with pytest.raises(Forbidden):
        to_one(somebody(), by=OUTSIDERS["security_administrator"])


def test_one_tap_shows_the_text_the_way_and_the_cost_and_one_press_sends(
    aliyun: AliyunFake, own: set[UUID]
) -> None:
    theirs = somebody()
    own.add(theirs)
    browser = Browser(LIAISON)
    url = f"/w/messages/new/to/{theirs}?purpose=meeting_reminder"
    page = text_of(browser.get(url))
    assert purpose_of("meeting_reminder").texts.short in page
    assert "0.05元" in page
    assert "短信" in page
    assert outbox() == []
    assert browser.post(url, {"confirm": "1"}).status_code == 303
    go_out()
    again = text_of(browser.get(url))
    assert "这一次已经说过了" in again
    assert "已经送到" in again
    browser.post(url, {"confirm": "1"})
    go_out()
    assert sum(aliyun.accepted.values()) == 1


def test_the_first_tap_asks_nothing_even_where_no_number_to_call_back_is_known(
    own: set[UUID],
) -> None:
    theirs = somebody()
    own.add(theirs)
    page = text_of(Browser(LIAISON).get(f"/w/messages/new/to/{theirs}"))
    assert "会这样发" in page
    assert "就这样发" in page


def test_a_fact_that_nobody_knows_is_asked_and_kept_when_the_form_comes_back(
    own: set[UUID],
) -> None:
    theirs = somebody()
    own.add(theirs)
    browser = Browser(LIAISON)
    url = f"/w/messages/new/to/{theirs}?purpose=please_call"
    assert "就这样发" not in text_of(browser.get(url))
    looked = text_of(browser.post(url, {"fact_phone": "0834-8222222", "preview": "1"}))
    assert "方便时请回电话0834-8222222" in looked
    back = text_of(browser.post(url, {"fact_phone": "党委办公室", "preview": "1"}))
    assert "会让旁人看出" in back
    assert "党委办公室" in back


@pytest.mark.parametrize("whose", ["relative", "shared"])
def test_what_somebody_else_will_read_is_shown_as_it_will_go(own: set[UUID], whose: str) -> None:
    theirs = somebody(whose=whose)
    own.add(theirs)
    page = text_of(Browser(LIAISON).get(f"/w/messages/new/to/{theirs}?purpose=meeting_reminder"))
    assert purpose_of("meeting_reminder").texts.neutral in page
    assert purpose_of("meeting_reminder").texts.short not in page
    assert "只说请回电话" in page


@pytest.mark.parametrize("reason", ["no-consent", "month-full", "no-address"])
def test_whom_no_message_reaches_is_to_be_called_and_nothing_is_put(
    own: set[UUID], reason: str
) -> None:
    theirs = somebody(agrees=reason != "no-consent", has_phone=reason != "no-address")
    own.add(theirs)
    if reason == "month-full":
        for slot in range(4):
            remind(theirs, slot=f"{slot}")
    page = text_of(Browser(LIAISON).get(f"/w/messages/new/to/{theirs}?purpose=meeting_reminder"))
    assert "请打电话或上门" in page
    assert "就这样发" not in page
    assert ("问一句愿不愿意收短信" in page) is (reason == "no-consent")


def test_an_answer_which_no_quota_holds_back_is_said_to_one_once_a_week(own: set[UUID]) -> None:
    theirs = somebody()
    own.add(theirs)
    commands.set_texts(
        by=SECRETARY,
        purpose="service_news",
        texts=purpose_of("service_news").texts,
        templates=CODES,
        reason="登记了服务商的模板",
    )
    for weekday in range(1, 8):
        day = date.fromisocalendar(2026, 12, weekday)
        to_one(theirs, by=replace(LIAISON, today=day), purpose="service_news")
    assert len(outbox()) == 1


def test_a_fact_with_an_address_of_the_web_goes_to_nobody(own: set[UUID]) -> None:
    theirs = somebody()
    own.add(theirs)
    with pytest.raises(Refused) as refused:
        commands.say_to_one(
            by=LIAISON,
            purpose="please_call",
            member_id=theirs,
            facts={"phone": "见 http://pay.example/x"},
        )
    assert refused.value.code == "link"
    assert outbox() == []


def test_nobody_says_by_hand_what_the_program_says(own: set[UUID]) -> None:
    theirs = somebody()
    own.add(theirs)
    with pytest.raises(NotFound):
        to_one(theirs, purpose="stop_confirmed")


def test_what_would_be_too_late_is_not_promised(own: set[UUID]) -> None:
    theirs = somebody()
    own.add(theirs)
    with pytest.raises(Refused):
        commands.say_to_one(by=LIAISON, purpose="please_call", member_id=theirs, facts={})
