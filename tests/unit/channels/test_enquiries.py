"""What a provider is asked of a message, and how its answer is read: against published examples.

Aliyun: "QuerySendDetails" (help.aliyun.com/document_detail/419277.html). Tencent Cloud:
"PullSmsSendStatusByPhoneNumber" (cloud.tencent.com/document/api/382/55976). Numbers and ids of the
examples are invented anew; names and forms are theirs.
"""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.channels.aliyun_sms import wire as aliyun
from guiyan.channels.aliyun_sms.fake import AliyunFake
from guiyan.channels.fakes import Asked
from guiyan.channels.reading import read_json
from guiyan.channels.rules import ASK_AFTER, ask_again_after
from guiyan.channels.tencent_sms import wire as tencent
from guiyan.channels.tencent_sms.fake import TencentFake
from guiyan.channels.types import Enquiry, Receipt

OURS = UUID("00000000-0000-4000-8000-000000000001")
ASKED = Enquiry(OURS, "932702304080415357^0", "+8612000000001", datetime(2026, 3, 2, 4, tzinfo=UTC))

ALIYUN = {
    "TotalCount": "1",
    "Message": "OK",
    "RequestId": "819BE656-D2E0-4858-8B21-B2E477085AAF",
    "SmsSendDetailDTOs": {
        "SmsSendDetailDTO": [
            {
                "SendDate": "2019-01-08 16:44:10",
                "OutId": str(OURS),
                "SendStatus": 3,
                "ReceiveDate": "2019-01-08 16:44:13",
                "ErrCode": "DELIVERED",
                "TemplateCode": "SMS_122310183",
                "Content": "【阿里云】验证码为：123，您正在登录，若非本人操作，请勿泄露",
                "PhoneNum": "12000000001",
            }
        ]
    },
    "Code": "OK",
}
TENCENT = {
    "Response": {
        "PullSmsSendStatusSet": [
            {
                "Description": "DELIVRD",
                "CountryCode": "86",
                "SubscriberNumber": "12000000001",
                "ReportStatus": "SUCCESS",
                "PhoneNumber": "+8612000000001",
                "SerialNo": "14:19325917feb3914eb78b50d6182d7e452e",
                "UserReceiveTime": 1620734188,
                "SessionContext": "",
            }
        ],
        "RequestId": "8979fc1e-9564-4fc9-bf7d-2958ce679b72",
    }
}
TENCENTS_ID = "14:19325917feb3914eb78b50d6182d7e452e"


def aliyuns(**changed: Any) -> dict[str, Any]:
    entry = ALIYUN["SmsSendDetailDTOs"]["SmsSendDetailDTO"][0] | changed  # type: ignore[index]
    return ALIYUN | {"SmsSendDetailDTOs": {"SmsSendDetailDTO": [entry]}}


def tencents(**changed: Any) -> dict[str, Any]:
    entry = TENCENT["Response"]["PullSmsSendStatusSet"][0] | changed  # type: ignore[index]
    return {"Response": {"PullSmsSendStatusSet": [entry], "RequestId": "R"}}


def test_aliyuns_published_answer_is_read() -> None:
    assert aliyun.word_in(ALIYUN, ASKED) == Receipt(ASKED.provider_id, OURS, True, "DELIVERED")


def test_aliyuns_single_entry_of_old_is_read_as_well() -> None:
    """Older answers bear one entry as an object, with a number for an id."""
    answer = aliyuns()
    (entry,) = answer["SmsSendDetailDTOs"]["SmsSendDetailDTO"]
    answer["SmsSendDetailDTOs"] = {"SmsSendDetailDTO": entry}
    assert isinstance(aliyun.word_in(answer, ASKED), Receipt)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (aliyuns(SendStatus=1), "taken"),
        (aliyuns(SendStatus=7), "no-answer"),
        (aliyuns(OutId="123"), "nothing"),
        (ALIYUN | {"SmsSendDetailDTOs": {"SmsSendDetailDTO": []}}, "nothing"),
        ({"Code": "isv.BUSINESS_LIMIT_CONTROL"}, "no-answer"),
        ({}, "no-answer"),
        (None, "no-answer"),
    ],
)
def test_only_aliyuns_word_on_this_message_counts(answer: Any, word: str) -> None:
    assert aliyun.word_in(answer, ASKED) == word


def test_a_failure_at_aliyun_bears_the_operators_code() -> None:
    word = aliyun.word_in(aliyuns(SendStatus=2, ErrCode="MOBILE_NOT_ON_SERVICE"), ASKED)
    assert word == Receipt(ASKED.provider_id, OURS, False, "MOBILE_NOT_ON_SERVICE")


def test_aliyun_is_asked_in_its_published_form() -> None:
    assert aliyun.query_params(ASKED, date(2025, 6, 1)) == {
        "PhoneNumber": "12000000001",
        "BizId": "932702304080415357^0",
        "SendDate": "20250601",
        "PageSize": "50",
        "CurrentPage": "1",
    }
    assert "BizId" not in aliyun.query_params(replace(ASKED, provider_id=""), date(2025, 6, 1))


def test_tencents_published_answer_is_read() -> None:
    ours = replace(ASKED, provider_id=TENCENTS_ID)
    assert tencent.word_in(TENCENT, ours) == Receipt(TENCENTS_ID, OURS, True, "DELIVRD")


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (tencents(SessionContext="another"), "nothing"),
        (tencents(), "nothing"),  # the published id, which is not ours
        (tencents(SessionContext=str(OURS), ReportStatus="?"), "no-answer"),
        ({"Response": {"Error": {"Code": "RequestLimitExceeded"}}}, "no-answer"),
        ({"Response": {"PullSmsSendStatusSet": []}}, "nothing"),
        (None, "no-answer"),
    ],
)
def test_only_tencents_word_on_this_message_counts(answer: Any, word: str) -> None:
    assert tencent.word_in(answer, ASKED) == word


def test_tencent_knows_a_message_by_the_context_that_we_gave() -> None:
    """An unknown one has no id of theirs: its answer never came."""
    answer = tencents(SessionContext=str(OURS), ReportStatus="FAIL", Description="关机")
    word = tencent.word_in(answer, replace(ASKED, provider_id=""))
    assert word == Receipt(TENCENTS_ID, OURS, False, "关机")


def test_tencent_is_asked_in_its_published_form() -> None:
    body = json.loads(tencent.pull_body(ASKED, app_id="1400006666"))
    assert body.keys() == {"BeginTime", "Offset", "Limit", "PhoneNumber", "SmsSdkAppId"}
    assert (body["Offset"], body["PhoneNumber"]) == (0, "+8612000000001")
    assert 0 < body["Limit"] <= 100


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["Code", "SmsSendDetailDTOs", "SmsSendDetailDTO", "OutId", "SendStatus", "Response",
                 "PullSmsSendStatusSet", "SessionContext", "ReportStatus", "SerialNo"]
            ),
            inner | st.just("OK") | st.just(str(OURS)),
        ),
        max_leaves=12,
    )
)  # fmt: skip
def test_no_answer_whatever_it_says_breaks_the_reader(said: Any) -> None:
    answer = said if isinstance(said, dict) else None
    for wire in (aliyun, tencent):
        word = wire.word_in(answer, ASKED)
        assert isinstance(word, Receipt) or word in {"taken", "nothing", "no-answer"}


def test_no_forged_answer_breaks_the_run_in_which_others_are_asked_for() -> None:
    listed = {"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": 5}}
    assert aliyun.word_in(listed, ASKED) == "nothing"
    assert tencent.word_in(tencents(ReportStatus=[], SessionContext=str(OURS)), ASKED) == (
        "no-answer"
    )
    with pytest.raises(ValueError, match="without end"):
        read_json(b"[" * 60_000)


def test_the_fakes_answer_in_the_published_form() -> None:
    """Every field of the fakes' answers stands in the published ones, with the same type."""
    stand = AliyunFake("k")
    stand.sent = [{"PhoneNum": "1", "SendDate": "2025-06-01 00:00:00", "OutId": "o", "SendStatus": 3,
                   "ErrCode": "DELIVERED", "TemplateCode": "t", "Content": "c", "BizId": "b"}]  # fmt: skip
    query = "PhoneNumber=1&SendDate=20250601&PageSize=50&CurrentPage=1"
    _, said = stand._details(Asked("POST", "/", query, {}, b""))
    assert_same_form(said, ALIYUN)
    other = TencentFake("k")
    other.sent = [
        {"PhoneNumber": "+1", "UserReceiveTime": 5, "SerialNo": "s", "SessionContext": "c",
         "ReportStatus": "SUCCESS", "Description": "DELIVRD", "CountryCode": "86",
         "SubscriberNumber": "1"}
    ]  # fmt: skip
    body = {"Offset": 0, "Limit": 2, "PhoneNumber": "+1", "BeginTime": 1}
    _, said = other._pulled(body)
    assert_same_form(said, TENCENT)


def assert_same_form(said: Any, published: Any) -> None:
    assert type(said) is type(published)
    if isinstance(said, dict):
        assert said.keys() <= published.keys()
        for name in said:
            assert_same_form(said[name], published[name])
    elif isinstance(said, list):
        for entry in said:
            assert_same_form(entry, published[0])


def test_a_provider_is_asked_less_and_less_often_and_no_longer_than_the_address_is_kept() -> None:
    assert list(ASK_AFTER) == sorted(ASK_AFTER)
    assert sum(pause.total_seconds() for pause in ASK_AFTER) < 7 * 24 * 3600
    assert ask_again_after(len(ASK_AFTER)) is None
