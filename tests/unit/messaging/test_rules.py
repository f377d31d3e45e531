"""When a message may go, to whom, over what, saying what."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.kernel import quiet_hours
from guiyan.kernel.calendar import CHINA
from guiyan.messaging import rules
from guiyan.messaging.rules import Reach, Recipient

moments = st.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001
    datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
LADDER = ("wechat", "sms", "call_list")


def reach(channel: str, **more: object) -> Reach:
    return Reach(channel, **({"has_address": True, "is_configured": True} | more))  # type: ignore[arg-type]


def somebody(**more: object) -> Recipient:
    known = {
        "agrees": True,
        "has_stopped": False,
        "sent_this_month": 0,
        "reaches": {channel: reach(channel) for channel in LADDER},
    }
    return Recipient(**(known | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"),
    [(7, 59, True), (8, 0, False), (12, 0, False), (19, 59, False), (20, 0, True), (0, 0, True)],
)
def test_nobody_is_disturbed_between_eight_and_eight(hour: int, minute: int, quiet: bool) -> None:
    assert quiet_hours.is_quiet(datetime(2026, 3, 2, hour, minute, tzinfo=CHINA)) is quiet


@given(moments)
def test_the_next_open_moment_is_never_quiet_and_at_most_twelve_hours_away(at: datetime) -> None:
    opens = quiet_hours.next_open(at)
    assert not quiet_hours.is_quiet(opens)
    assert timedelta(0) <= opens - at <= timedelta(hours=12)


@given(moments, st.integers(0, 60))
def test_what_would_be_too_old_by_then_is_not_sent(at: datetime, hours: int) -> None:
    expires = at + timedelta(hours=hours)
    opens = rules.send_window(at, expires)
    assert opens is None or (opens < expires and not quiet_hours.is_quiet(opens))


@pytest.mark.parametrize(
    "text",
    [
        "请参加支部会议", "党 员大会", "本月党课在周五", "您的党费已收到", "联系王书记",
        "请参加党\u200b员大会", "党\u2060\u00ad费已收到", "黨員大會", "王書記找您",
    ],
)  # fmt: skip
def test_a_text_that_tells_of_the_membership_is_refused(text: str) -> None:
    refusal = rules.may_send_text(text)
    assert refusal is not None
    assert refusal.code == "betrays"


@pytest.mark.parametrize(
    "text",
    [
        "http://t.example/a",
        "ｈｔｔｐｓ：／／x",
        "www.x",
        "请点 abc.cn 看",
        "a-b.TOP/1",
        "a.club",
        "t\u200b.cn",
        "x。com",
        "1.2.3.4/x",
    ],
)
def test_a_fact_that_leads_to_the_web_is_seen(text: str) -> None:
    assert rules.has_link(text)


@pytest.mark.parametrize(
    "text", ["镇政府2.5楼", "3.15", "0834-1234567", "下午3:00", "二楼.东", "2026.3.15", "在A。请来"]
)
def test_a_place_or_a_day_leads_nowhere(text: str) -> None:
    assert not rules.has_link(text)


def test_a_neutral_text_may_go() -> None:
    assert rules.may_send_text("这个月的学习安排好了，有空请回个电话。") is None
    assert rules.may_send_text("请带上那本书，记得回个电话。") is None


@pytest.mark.parametrize(
    "reply",
    [
        "td", "退订", " T ", "停。", "“退订”", "Ｔ", "ＴＤ", "退訂！", "（退订）", "T\u200b", "回复T", "回TD",
        "「T」", "td 退订", "停发",
    ],
)  # fmt: skip
def test_one_word_stops_the_messages(reply: str) -> None:
    assert rules.is_stop_word(reply)


def test_an_ordinary_reply_does_not_stop_them() -> None:
    for text in ("好的，我周五到", "不要紧，收到了", "请回电", "回复", "停车场见"):
        assert not rules.is_stop_word(text)
    assert rules.is_resume_word("恢復")


def test_the_ladder_begins_at_its_first_open_rung() -> None:
    without = somebody(reaches={"wechat": reach("wechat", credits=0), "sms": reach("sms")})
    found, passed = rules.first_rung(LADDER, (), without)
    assert found is not None
    assert found.channel == "sms"
    assert [(each.channel, each.why_not) for each in passed] == [("wechat", "no-credit")]


def test_the_fifth_message_of_a_month_becomes_a_call() -> None:
    found, passed = rules.first_rung(LADDER, (), somebody(sent_this_month=4))
    assert found is not None
    assert found.channel == "call_list"
    assert {each.why_not for each in passed} == {"month-full"}


def test_who_is_called_is_so_because_of_the_text_message_or_the_last_way_or_their_own_wish() -> (
    None
):
    bound_to_nothing = ("wechat", "no-address")
    assert rules.why_called([bound_to_nothing, ("sms", "month-full"), ("inbox", "no-address")]) == (
        "sms", "month-full"
    )  # fmt: skip
    assert rules.why_called([bound_to_nothing]) == bound_to_nothing
    assert rules.why_called([]) == rules.CHOSEN
    assert rules.CHOSEN[1] in rules.WHY_NOT


def test_an_answer_to_what_was_asked_counts_toward_no_quota() -> None:
    found, _passed = rules.first_rung(LADDER, (), somebody(sent_this_month=9), is_answer=True)
    assert found is not None
    assert found.channel == "wechat"


def test_a_relative_never_gets_what_names_the_member() -> None:
    theirs = somebody(reaches={"sms": reach("sms", whose="relative")})
    found, passed = rules.first_rung(("sms",), (), theirs, names_them=True)
    assert found is None
    assert passed[0].why_not == "not-their-own"


def test_without_consent_nothing_is_pushed_and_a_person_calls() -> None:
    found, passed = rules.first_rung(LADDER, (), somebody(agrees=False))
    assert found is not None
    assert found.channel == "call_list"
    assert {each.why_not for each in passed} == {"no-consent"}


@given(
    agrees=st.booleans(),
    stopped=st.booleans(),
    sent=st.integers(0, 9),
    tried=st.sets(st.sampled_from(LADDER)),
    missing=st.sets(st.sampled_from(LADDER)),
)
def test_no_push_without_consent_within_the_month_and_never_a_channel_twice(
    agrees: bool, stopped: bool, sent: int, tried: set[str], missing: set[str]
) -> None:
    reaches = {channel: reach(channel) for channel in LADDER if channel not in missing}
    person = somebody(agrees=agrees, has_stopped=stopped, sent_this_month=sent, reaches=reaches)
    found, passed = rules.first_rung(LADDER, tried, person)
    if found is not None:
        assert found.channel not in tried | missing
        if found.channel != "call_list":
            assert agrees
            assert not stopped
            assert sent < rules.MOST_A_MONTH
    assert all(each.why_not for each in passed)


@pytest.mark.parametrize("state", ["unknown", "accepted", "delivered", "expired", "cancelled"])
def test_what_may_have_arrived_is_never_followed_by_a_second_message(state: str) -> None:
    assert not rules.goes_on(state)


def test_what_is_known_not_sent_goes_to_the_next_rung() -> None:
    assert rules.goes_on("declined")
