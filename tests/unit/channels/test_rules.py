"""When a message may go, and what a group may read."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.channels import rules
from guiyan.channels.aliyun_sms import wire as aliyun
from guiyan.channels.tencent_sms import wire as tencent
from guiyan.channels.types import Accepted, Declined, Unknown
from guiyan.channels.wechat import wire as wechat
from guiyan.channels.wecom import wire as wecom

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@given(st.integers(1, 200))
def test_pauses_grow_and_never_exceed_six_hours(tries: int) -> None:
    assert rules.pause_after(tries) <= rules.pause_after(tries + 1) <= timedelta(hours=6)
    assert rules.pause_after(1) == timedelta(minutes=1)


def test_no_state_leads_back_to_sending_but_the_known_refusal() -> None:
    """At most once: only a try that is known not to be sent is followed by another."""
    back = [(t.source, t.act) for t in rules.OUTBOX.transitions if t.target == "waiting"]
    assert back == [("claimed", "put_off")]
    assert [t.source for t in rules.OUTBOX.transitions if t.target == "claimed"] == ["waiting"]


@pytest.mark.parametrize(
    ("apart", "is_dead"),
    [(timedelta(minutes=4), False), (timedelta(minutes=6), True), (timedelta(hours=-1), True)],
)
def test_a_claim_lives_five_minutes_and_none_comes_from_the_future(
    apart: timedelta, is_dead: bool
) -> None:
    assert rules.is_dead(AT - apart, AT) is is_dead


@pytest.mark.parametrize(("signs", "parts"), [(0, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_a_long_text_counts_as_several_messages(signs: int, parts: int) -> None:
    assert rules.sms_parts("好" * signs) == parts


@pytest.mark.parametrize(
    "text",
    [
        "请打12" + "000000001", "手机 12" + "0 0000 0001", "１２" + "００００００００１",
        "电话0834-8222222", "证号51343619700101" + "990X", "阿依木牛同志请回电",
    ],
)  # fmt: skip
def test_a_group_reads_no_number_and_no_name(text: str) -> None:
    assert rules.may_go_to_a_group(text, ["阿依木牛"]) is not None


def test_a_group_reads_days_places_and_amounts() -> None:
    text = "3月15日上午9点30分在党群服务中心开会，二楼203室，请带党费证。"
    assert rules.may_go_to_a_group(text, ["阿依木牛"]) is None


@given(st.text())
def test_whatever_aliyun_answers_is_understood_or_unknown(code: str) -> None:
    outcome = aliyun.outcome_of({"Code": code})
    assert isinstance(outcome, Unknown) is (code == "" or code.startswith("InternalError"))


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (aliyun.outcome_of(None), Unknown("unreadable")),
        (aliyun.outcome_of({"Code": "OK", "BizId": "7^0"}), Accepted("7^0")),
        (
            aliyun.outcome_of({"Code": "isv.BUSINESS_LIMIT_CONTROL"}),
            Declined("isv.BUSINESS_LIMIT_CONTROL", False),
        ),
        (
            aliyun.outcome_of({"Code": "isv.MOBILE_NUMBER_ILLEGAL"}),
            Declined("isv.MOBILE_NUMBER_ILLEGAL", True),
        ),
        (aliyun.outcome_of({"Code": "InternalError"}), Unknown("InternalError")),
        (
            tencent.outcome_of({"Response": {"Error": {"Code": "InternalError.Timeout"}}}),
            Unknown("InternalError.Timeout"),
        ),
        (tencent.outcome_of({"Response": {}}), Unknown("unreadable")),
        (tencent.outcome_of({"Response": {"SendStatusSet": []}}), Unknown("unreadable")),
        (wechat.outcome_of({"errcode": 45009}), Declined("45009", False)),
        (wechat.outcome_of({"errmsg": "ok"}), Unknown("unreadable")),
        (wecom.outcome_of({"errcode": 0, "invaliduser": "a"}), Declined("invalid-user", True)),
    ],
)
def test_a_refusal_is_known_and_a_riddle_is_unknown(outcome: object, expected: object) -> None:
    assert outcome == expected


def test_receipts_of_aliyun_are_read_in_the_published_form() -> None:
    """help.aliyun.com "SmsReport": a list, with our own id in out_id."""
    body = (
        '[{"phone_number":"12000000001","send_time":"2017-08-30 00:00:00",'
        '"report_time":"2017-08-30 00:00:00","success":true,"err_code":"DELIVERED",'
        '"err_msg":"用户接收成功","sms_size":"1","biz_id":"932702304080415357^0",'
        '"out_id":"1184585343"}]'
    )
    (receipt,) = aliyun.receipts_in(body.encode())
    assert receipt.provider_id == "932702304080415357^0"
    assert (receipt.is_delivered, receipt.message_id) == (True, None)


def test_receipts_of_tencent_are_read_in_the_published_form() -> None:
    """cloud.tencent.com/document/product/382/59178: a list, known by sid."""
    body = (
        '[{"user_receive_time":"2015-10-17 08:03:04","nationcode":"86","mobile":"12000000001",'
        '"report_status":"SUCCESS","errmsg":"DELIVRD","description":"用户短信送达成功",'
        '"sid":"xxxxxxx"}]'
    )
    (receipt,) = tencent.receipts_in(body.encode())
    assert (receipt.provider_id, receipt.is_delivered) == ("xxxxxxx", True)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_reports_and_replies_are_read_in_either_encoding(encoding: str) -> None:
    """A gateway in between may turn UTF-8 into GBK; a stop word must not be lost by that."""
    report = '[{"success":false,"err_msg":"空号","out_id":"1","err_code":"MOBILE_NOT_ON_SERVICE"}]'
    assert not aliyun.receipts_in(report.encode(encoding))[0].is_delivered
    up = '[{"phone_number":"12000000001","content":"退订"}]'
    assert aliyun.replies_in(up.encode(encoding))[0].text == "退订"
    reply = '{"nationcode":"86","mobile":"12000000001","text":"退订"}'
    assert tencent.replies_in(reply.encode(encoding))[0].text == "退订"


def test_wechats_published_event_of_a_tap_is_read() -> None:
    """developers.weixin.qq.com/doc/service/guide/product/subscription_messages/push.html"""
    event = wechat.event_in(
        "<xml><ToUserName><![CDATA[gh_123456789abc]]></ToUserName>"
        "<FromUserName><![CDATA[otFpruAK8D-E6EfStSYonYSBZ8_4]]></FromUserName>"
        "<CreateTime>1610969440</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        "<Event><![CDATA[subscribe_msg_popup_event]]></Event><SubscribeMsgPopupEvent><List>"
        "<TemplateId><![CDATA[VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3_3gz3Oc0NIc]]></TemplateId>"
        "<SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString>"
        "<PopupScene>2</PopupScene></List><List>"
        "<TemplateId><![CDATA[9nLIlbOQZC5Y89AZteFEux3WCXRRRG5Wfzkpssu4bLI]]></TemplateId>"
        "<SubscribeStatusString><![CDATA[reject]]></SubscribeStatusString>"
        "<PopupScene>2</PopupScene></List></SubscribeMsgPopupEvent></xml>"
    )
    assert event.openid == "otFpruAK8D-E6EfStSYonYSBZ8_4"
    assert [tap.is_accepted for tap in event.taps] == [True, False]
