"""What providers call back with: forged, replayed, late, too long, in another tongue (F20, F37)."""

import json
import secrets
from typing import Any

import pytest
from django.test import Client
from tests.integration.channels.conftest import (
    OWN,
    MovableClock,
    everywhere,
    only_row,
    person,
    put,
    reminder,
)

from guiyan.channels import binding, dispatching, taps, weixin
from guiyan.channels.aliyun_sms.fake import AliyunFake
from guiyan.channels.events import ReplyReceived
from guiyan.channels.models import Binding
from guiyan.channels.wechat.fake import called_back
from guiyan.platform import events
from guiyan.platform.clock import now
from guiyan.platform.models import AuditRow

pytestmark = pytest.mark.django_db
OPENID = "otFpruAK8D-E6EfStSYonYSBZ8_4"
TAP = (
    f"<xml><FromUserName><![CDATA[{OPENID}]]></FromUserName><CreateTime>1</CreateTime>"
    "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe_msg_popup_event]]></Event>"
    "<SubscribeMsgPopupEvent><List><TemplateId><![CDATA[t1]]></TemplateId>"
    "<SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString></List>"
    "</SubscribeMsgPopupEvent></xml>"
)


def call(xml: str = TAP, **changed: Any) -> tuple[str, str]:
    given = {
        "token": OWN["wechat"]["token"],
        "aes_key": OWN["wechat"]["aes_key"],
        "receiver": "wx-ours",
        "timestamp": int(now().timestamp()),
        "nonce": secrets.token_hex(4),
    }
    query, body = called_back(xml, **(given | changed))
    return f"/hooks/wechat?{query}", body


def post(call: tuple[str, str]) -> int:
    url, body = call
    return int(Client().post(url, body, content_type="text/xml").status_code)


@pytest.fixture
def owner() -> Binding:
    with everywhere():
        row = binding.begin("member", person(1), "code")
        binding.finish(row.id, OPENID)
        return Binding.objects.get(pk=row.id)


def balance(owner: Binding) -> int:
    with everywhere():
        return taps.balance(owner, "t1")


def test_a_tap_that_wechat_reports_counts_once_however_often_it_is_sent(owner: Binding) -> None:
    first = call()
    assert [post(first), post(first), post(call())] == [200, 200, 200]
    assert balance(owner) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"token": "guessed"},
        {"aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"},
        {"receiver": "wx-others"},
        {"timestamp": 1},
        {"timestamp": 9_999_999_999},
    ],
)
def test_a_forged_or_late_call_is_refused_and_noted(
    owner: Binding, changed: dict[str, Any]
) -> None:
    assert (post(call(**changed)), balance(owner)) == (403, 0)
    with everywhere():
        assert AuditRow.objects.filter(action="channels.refuse_call").count() == 1


def test_two_hundred_mutations_of_a_call_are_all_refused(owner: Binding) -> None:
    url, body = call()
    mutated = {body[:at] + ("A" if body[at] != "A" else "B") + body[at + 1 :]
               for at in range(30, 230)}  # fmt: skip
    assert {post((url, other)) for other in mutated} == {403}
    assert post((url, body[: len(body) // 2])) == 403
    assert post((url, "x" * 70_000)) == 403
    assert balance(owner) == 0


def test_wechat_proves_the_address_with_its_signature() -> None:
    timestamp = str(int(now().timestamp()))
    query = {"timestamp": timestamp, "nonce": "n", "echostr": "hello"}
    signed = weixin.signature("token", timestamp, "n")
    good = Client().get("/hooks/wechat", query | {"signature": signed})
    assert (good.status_code, good.content) == (200, b"hello")
    assert Client().get("/hooks/wechat", query | {"signature": "0" * 40}).status_code == 403


def test_wecom_proves_the_address_with_an_encrypted_text() -> None:
    timestamp, given = str(int(now().timestamp())), OWN["wecom"]
    echo = weixin.encrypt(given["aes_key"], "42", "corp", random=b"0123456789abcdef")
    signed = weixin.signature("token", timestamp, "n", echo)
    query = {"timestamp": timestamp, "nonce": "n", "echostr": echo, "msg_signature": signed}
    assert Client().get("/hooks/wecom", query).content == b"42"
    assert Client().get("/hooks/wecom", query | {"nonce": "m"}).status_code == 403


def test_without_configuration_there_is_no_such_address(settings: Any) -> None:
    settings.CHANNELS = {}
    answers = [Client().get("/hooks/wechat"), Client().get("/hooks/wecom")]
    answers += [Client().post("/hooks/sms/aliyun"), Client().post("/hooks/sms/nobody")]
    assert {answer.status_code for answer in answers} == {404}


def report(key: str, body: str) -> int:
    url = f"/hooks/sms/aliyun?key={key}"
    return int(Client().post(url, body, content_type="application/json").status_code)


def test_a_receipt_of_aliyun_delivers_what_it_names(
    aliyun: AliyunFake, clock: MovableClock
) -> None:
    (message_id,) = put([reminder(1)])
    dispatching.run(clock)
    body = json.dumps([{"out_id": str(message_id), "biz_id": "1^0", "success": True}])
    assert (report("guessed", body), only_row().state) == (403, "accepted")
    assert (report("the-hook-key", body), only_row().state) == (200, "delivered")


@pytest.mark.parametrize("body", ["", "{}", "[1]", "nonsense", '{"a":'])
def test_a_report_that_is_none_is_refused(body: str) -> None:
    assert report("the-hook-key", body) == 400


def test_a_stop_word_by_sms_is_heard_with_whose_it_is(clock: MovableClock) -> None:
    (message_id,) = put([reminder(1)])
    heard: list[ReplyReceived] = []
    events.subscribe(ReplyReceived, heard.append)
    body = json.dumps([{"phone_number": reminder(1).address[3:], "content": "TD"}])
    assert report("the-hook-key", body) == 200
    assert (heard[0].message_id, heard[0].recipient_id, heard[0].text) == (
        message_id,
        person(1),
        "TD",
    )
