"""The secretary's way from a purpose to a saying, the contact person's calls and replies."""

import re

import pytest
from django.db import transaction
from tests.acting import Browser
from tests.cast import OFFICIALS, OUTSIDERS
from tests.integration.channels.conftest import AliyunFake
from tests.integration.messaging.conftest import (
    SECRETARY,
    SYSTEM,
    follow_up,
    go_out,
    outbox,
    remind,
    somebody,
)
from tests.people import invented_phone

from guiyan.channels import commands as channels
from guiyan.messaging import queries
from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock", "_planted", "_with_templates"),
]
SAY = "/w/messages/new/meeting_reminder"


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def test_a_secretary_sees_what_will_happen_and_sends_with_three_presses() -> None:
    people = [somebody(), somebody(whose="relative"), somebody(agrees=False)]
    browser = Browser(SECRETARY)
    assert SAY in text_of(browser.get("/w/messages/new"))
    assert "阿力木呷" in text_of(browser.get(SAY))
    ticked = {"people": [str(one) for one in people]}
    seen = text_of(browser.post(SAY, {**ticked, "preview": "1"}))
    assert "会这样发" in seen
    assert "打电话" in seen
    assert outbox() == []
    sent = browser.post(SAY, {**ticked, "confirm": "1"})
    assert sent.status_code == 303
    page = text_of(browser.get(sent.headers["Location"]))
    assert "已经安排，等结果（3）" in page
    assert "亲属或邻居的号码" in page
    assert "本人没有同意用消息联系" in page
    again = text_of(browser.post(SAY, {**ticked, "preview": "1"}))
    assert "3人，不再发" in again
    assert "/w/messages/said/" in text_of(browser.get("/w/messages/said"))


def test_before_sending_it_is_said_why_how_many_are_called_instead() -> None:
    people = [somebody(), somebody(agrees=False), somebody(agrees=False), somebody(has_phone=False)]
    seen = text_of(
        Browser(SECRETARY).post(SAY, {"people": [str(one) for one in people], "preview": "1"})
    )
    said = seen.split("为什么由人打电话")[1].split("</ul>")[0]
    lines = [re.sub("<.*?>", "", line).split() for line in said.split("<li>")[1:]]
    assert lines == [["短信：本人没有同意用消息联系", "2人"], ["短信：没有可用的号码或绑定", "1人"]]


def test_all_or_none_of_the_list_are_ticked_by_one_press_and_what_was_typed_stays() -> None:
    people = [somebody(), somebody()]
    fields = {
        "people": [str(people[0])],
        "fact_day": "周五",
        "fact_place": "文化站",
        "slot": "六月",
    }
    for which, ticked in (("none", 0), ("all", 2)):
        back = text_of(
            Browser(SECRETARY).post("/w/messages/new/meeting", {**fields, "tick": which})
        )
        assert back.count("checked") == ticked
        assert "文化站" in back
        assert 'value="六月"' in back
    assert outbox() == []


def test_a_form_that_comes_back_keeps_what_was_typed() -> None:
    member_id = somebody()
    fields = {
        "people": [str(member_id)],
        "fact_day": "周五",
        "fact_place": "城东党支部",
        "slot": "六月",
    }
    back = text_of(Browser(SECRETARY).post("/w/messages/new/meeting", {**fields, "confirm": "1"}))
    assert "会让旁人看出收信人的身份" in back
    assert "城东党支部" in back
    assert outbox() == []


def test_only_those_who_were_ticked_get_it() -> None:
    first, _second = somebody(), somebody()
    Browser(SECRETARY).post(SAY, {"people": [str(first)], "confirm": "1"})
    assert [row.recipient_id for row in outbox()] == [first]


def test_nobody_from_elsewhere_can_be_ticked() -> None:
    member_id = somebody()
    elsewhere = Browser(OUTSIDERS["township_officer"])
    assert elsewhere.post(SAY, {"people": [str(member_id)], "confirm": "1"}).status_code in {
        200,
        303,
    }
    other = Browser(OUTSIDERS["industry_committee"])
    other.post(SAY, {"people": [str(member_id)], "confirm": "1"})
    assert len(outbox()) <= 1


def test_texts_of_ones_own_are_looked_at_and_kept() -> None:
    browser = Browser(SECRETARY)
    page = text_of(browser.get("/w/messages/new/meeting/words"))
    assert "文化站" in page
    fields = {
        "title": "请来", "short": "您好，{day}在{place}有安排。", "long": "{day}在{place}有安排。",
        "reason": "改短",
    }  # fmt: skip
    assert browser.post("/w/messages/new/meeting/words", fields).status_code == 303
    assert "有安排" in text_of(browser.get("/w/messages/new"))
    back = browser.post("/w/messages/new/meeting/words", {**fields, "short": "支部开会"})
    assert back.status_code == 200
    assert "支部开会" in text_of(back)
    assert browser.get("/w/messages/new/sign_in_code/words").status_code == 404


def test_who_decides_an_unknown_outcome_sees_whose_it_is_and_what_it_was_about(
    aliyun: AliyunFake,
) -> None:
    member_id = somebody()
    remind(member_id)
    aliyun.misbehave("drop")
    go_out()
    page = text_of(Browser(SECRETARY).get("/w/messages"))
    assert f"/w/members/{member_id}" in page
    assert "每月学习提醒" in page
    elsewhere = text_of(Browser(OFFICIALS["outpost_head"]).get("/w/messages"))
    assert "阿力木呷" not in elsewhere


def test_a_contact_person_finds_calls_with_whose_number_it_is(aliyun: AliyunFake) -> None:
    remind(somebody(agrees=False, whose="relative"))
    go_out()
    browser = Browser(OUTSIDERS["liaison"])
    page = text_of(browser.get("/w/calls"))
    assert "亲属或邻居的号码，只说请回电话" in page
    with transaction.atomic(), scoped(SECRETARY.scope):
        (call,) = queries.calls_for(SECRETARY)
    assert browser.post(f"/w/calls/{call.id}/done", {"outcome": "reached"}).status_code == 303
    assert "没有要打的电话" in text_of(browser.get("/w/calls"))


def test_a_reply_is_opened_by_a_press_and_answered_by_another(aliyun: AliyunFake) -> None:
    remind(somebody(number=9100))
    go_out()
    channels.take_reply(
        by=SYSTEM, channel="aliyun_sms", address="+86" + invented_phone(9100), text="周六回来"
    )
    follow_up()
    browser = Browser(OUTSIDERS["liaison"])
    with transaction.atomic(), scoped(SECRETARY.scope):
        (waiting,) = queries.open_replies(SECRETARY)
    url = f"/w/replies/{waiting.id}"
    assert "周六回来" not in text_of(browser.get(url))
    assert "周六回来" in text_of(browser.post(url, {"open": "1"}))
    assert browser.post(url, {"answered": "1"}).status_code == 303
    assert "没有等着答复的回复" in text_of(browser.get("/w/replies"))
    assert "周六回来" not in text_of(browser.get("/w/replies"))


def test_of_two_with_one_name_the_sender_ticks_the_one_that_is_meant() -> None:
    somebody(number=9103)
    somebody(has_phone=False)
    page = text_of(Browser(SECRETARY).get("/w/messages/new/meeting_reminder"))
    assert "阿力木呷（120****9103）" in page
    assert "阿力木呷（没有电话）" in page


def test_a_member_who_has_not_agreed_reads_so_where_they_choose_the_way() -> None:
    own = Browser(Actor.member(somebody(number=9102, agrees=False), "阿力木呷"))
    page = text_of(own.get("/me/ways"))
    assert "您还没有同意收消息" in page
    assert "meeting_reminder" not in page
    assert own.post("/me/ways/stop", {"resume": "1"}).status_code == 303
    assert "meeting_reminder" in text_of(own.get("/me/ways"))


def test_the_members_own_page_leads_to_messages_and_stops_them(aliyun: AliyunFake) -> None:
    member_id = somebody(number=9101)
    own = Browser(Actor.member(member_id, "阿力木呷"))
    own.post("/me/ways", {"meeting_reminder": "inbox"})
    remind(member_id)
    go_out()
    assert "1条新的" in text_of(own.get("/me/"))
    assert "学习安排" in text_of(own.get("/me/inbox"))
    assert own.post("/me/ways/stop").status_code == 303
    assert "已经停发" in text_of(own.get("/me/ways"))
    assert "您回的消息" in text_of(own.get("/me/why?more=1"))
    assert "您的微信账号代号" in text_of(own.get("/me/why?more=1"))
