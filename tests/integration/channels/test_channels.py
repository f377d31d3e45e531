"""Each channel against its fake, which checks the signature by itself."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.integration.channels.conftest import (
    OWN,
    MovableClock,
    everywhere,
    only_row,
    person,
    put,
    reminder,
    states,
)

from guiyan.channels import binding, contents, dispatching, endpoints, jobs, network, taps
from guiyan.channels.email.fake import MailFake
from guiyan.channels.endpoints import NotOnThisMachine, standing_in
from guiyan.channels.models import Binding, ChannelToken
from guiyan.channels.tencent_sms.fake import TencentFake
from guiyan.channels.wechat.fake import WeChatFake
from guiyan.channels.wecom.fake import WeComFake

pytestmark = pytest.mark.django_db
OPENID = "otFpruAK8D-E6EfStSYonYSBZ8_4"


@pytest.fixture
def tencent() -> Iterator[TencentFake]:
    with TencentFake("secret") as fake, standing_in({"tencent_sms": fake.address}):
        yield fake


@pytest.fixture
def wechat() -> Iterator[WeChatFake]:
    fake = WeChatFake(app_id="wx-ours", secret="secret")
    with fake, standing_in({"wechat": fake.address}):
        yield fake


@pytest.fixture
def wecom() -> Iterator[WeComFake]:
    fake = WeComFake(corp_id="corp", secret="secret")
    with fake, standing_in({"wecom": fake.address}):
        yield fake


def bound(number: int, openid: str = OPENID) -> Binding:
    with everywhere():
        row = binding.begin("member", person(number), "code")
        binding.finish(row.id, openid)
        return Binding.objects.get(pk=row.id)


def test_tencents_sms_goes_out_signed(tencent: TencentFake, clock: MovableClock) -> None:
    put([reminder(1, channel="tencent_sms")])
    dispatching.run(clock)
    assert (only_row().state, tencent.refused, len(tencent.accepted)) == ("accepted", 0, 1)


@pytest.mark.parametrize(("mood", "state"), [("throttle", "waiting"), ("drop", "unknown")])
def test_tencents_refusal_and_silence_are_told_apart(
    tencent: TencentFake, clock: MovableClock, mood: Any, state: str
) -> None:
    put([reminder(1, channel="tencent_sms")])
    tencent.misbehave(mood)
    dispatching.run(clock)
    assert only_row().state == state


def test_a_wrong_secret_is_ours_to_mend_so_the_message_waits(
    tencent: TencentFake, clock: MovableClock, settings: Any
) -> None:
    settings.CHANNELS = {"tencent_sms": OWN["tencent_sms"] | {"secret_key": "wrong"}}
    put([reminder(1, channel="tencent_sms")])
    dispatching.run(clock)
    assert (only_row().state, tencent.refused) == ("waiting", 1)


def test_a_channel_without_configuration_sends_nothing(clock: MovableClock, settings: Any) -> None:
    settings.CHANNELS = {}
    put([reminder(n, channel=code) for n, code in enumerate(OWN)])
    put([reminder(9, channel="email")])
    dispatching.run(clock)
    assert states() == ["declined"] * 5


def test_the_demo_reaches_only_fakes_and_invented_numbers(
    clock: MovableClock, settings: Any
) -> None:
    settings.DEMO = True
    put([reminder(1), reminder(2, address="+86" + "139" + "00000000")])
    put([reminder(3, channel="wechat", address=OPENID)])
    dispatching.run(clock)
    assert states() == ["accepted", "declined", "declined"]
    with pytest.raises(network.NotSent):
        network.ask("wechat", "GET", "/")


def test_a_fake_stands_on_this_machine_and_only_where_it_may(settings: Any) -> None:
    with pytest.raises(NotOnThisMachine), standing_in({"wechat": "http://169.254.169.254"}):
        pass
    settings.CHANNELS_STAND_IN = False
    with pytest.raises(NotOnThisMachine), standing_in({"wechat": "http://127.0.0.1:1"}):
        pass
    assert all(host.startswith("https://") for host in endpoints.HOSTS.values())


def test_one_tap_in_wechat_allows_one_message(wechat: WeChatFake, clock: MovableClock) -> None:
    owner = bound(1)
    with everywhere():
        assert taps.tapped(owner, "t1", "event-1") and not taps.tapped(owner, "t1", "event-1")
    for slot in range(2):
        put([reminder(1, channel="wechat", address=OPENID, template="t1", key=f"k{slot}")])
    dispatching.run(clock)
    assert (states(), wechat.accepted[OPENID]) == (["accepted", "declined"], 1)


def test_a_tap_is_given_back_when_nothing_was_sent(wechat: WeChatFake, clock: MovableClock) -> None:
    owner = bound(1)
    with everywhere():
        taps.tapped(owner, "t1", "event-1")
    put([reminder(1, channel="wechat", address=OPENID, template="t1")])
    wechat.misbehave("throttle")
    dispatching.run(clock)
    wechat.misbehave("well")
    clock.goes_on(timedelta(hours=1))
    dispatching.run(clock)
    with everywhere():
        assert (states(), taps.balance(owner, "t1")) == (["accepted"], 0)


def test_a_long_term_subscription_needs_no_tap(wechat: WeChatFake, clock: MovableClock) -> None:
    put([reminder(1, channel="wechat", address=OPENID, template="long")])
    dispatching.run(clock)
    assert states() == ["accepted"]


def test_who_has_withdrawn_loses_all_taps(wechat: WeChatFake, clock: MovableClock) -> None:
    owner = bound(1)
    with everywhere():
        taps.tapped(owner, "t1", "event-1")
        taps.tapped(owner, "t1", "event-2")
    wechat.refusing.add(OPENID)
    put([reminder(1, channel="wechat", address=OPENID, template="t1")])
    dispatching.run(clock)
    with everywhere():
        assert (states(), taps.balance(owner, "t1")) == (["declined"], 0)


def test_the_access_token_is_asked_for_once_sealed_and_renewed(
    wechat: WeChatFake, clock: MovableClock
) -> None:
    put([reminder(n, channel="wechat", address=OPENID, template="long") for n in range(3)])
    dispatching.run(clock)
    assert wechat.tokens_given == 1
    with everywhere():
        assert wechat.token.encode() not in bytes(ChannelToken.objects.get().token)
    wechat.void_token()
    put([reminder(9, channel="wechat", address=OPENID, template="long")])
    dispatching.run(clock)
    clock.goes_on(timedelta(minutes=2))
    dispatching.run(clock)
    assert (states(), wechat.tokens_given) == (["accepted"] * 4, 2)


def test_a_code_from_wechat_binds_the_account_once(wechat: WeChatFake) -> None:
    wechat.codes["the-code"] = OPENID
    with everywhere():
        row = binding.begin("member", person(1), "the-code")
        assert b"the-code" not in bytes(row.code or b"")
    jobs.exchange_codes()
    with everywhere():
        found = binding.by_address("wechat", OPENID)
        assert found is not None and binding.address_of(found) == OPENID
        assert found.code is None


def test_an_account_that_was_another_persons_leaves_them() -> None:
    first, second = bound(1), bound(2)
    with everywhere():
        assert binding.active("wechat", "member", first.recipient_id) is None
        assert binding.active("wechat", "member", second.recipient_id) is not None


def test_only_who_set_out_for_wechat_may_come_back() -> None:
    state = binding.state_for("member", person(1))
    assert binding.is_state_of(state, "member", person(1))
    assert not binding.is_state_of(state, "member", person(2))
    assert not binding.is_state_of(state[:-2] + "xx", "member", person(1))


def test_wecom_takes_a_message_and_names_who_is_not_there(
    wecom: WeComFake, clock: MovableClock
) -> None:
    wecom.nobody.add("lisi")
    put([reminder(1, channel="wecom", address="zhangsan")])
    put([reminder(2, channel="wecom", address="lisi")])
    dispatching.run(clock)
    assert (states(), dict(wecom.accepted)) == (["accepted", "declined"], {"zhangsan": 1})


@pytest.mark.parametrize(
    ("mood", "state"),
    [
        ("well", "accepted"),
        ("refuses", "declined"),
        ("busy", "waiting"),
        ("falls_silent", "unknown"),
    ],
)
def test_a_mail_server_may_take_refuse_wait_or_fall_silent(
    clock: MovableClock, settings: Any, mood: Any, state: str
) -> None:
    with MailFake() as server:
        server.mood = mood
        settings.CHANNELS = {
            "email": {
                "host": "127.0.0.1", "port": str(server.port), "security": "none",
                "sender": "guiyan@example.org",
            }
        }  # fmt: skip
        put([reminder(1, channel="email", address="muga@example.org", title="三月\r\nBcc: x")])
        dispatching.run(clock)
    assert only_row().state == state
    assert not any("\nBcc:" in letter for letter in server.letters)


def test_masks_tell_two_addresses_apart_and_reach_nobody() -> None:
    assert contents.mask_of("muga@example.org") == "mug****"
    assert contents.mask_of(OPENID) == "otF****"
    assert contents.mask_of("") == ""
