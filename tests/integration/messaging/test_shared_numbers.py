"""A stop word comes from a number: nobody who shares it is written to there any more."""

import pytest
from django.db import connection, transaction
from tests.acting import Browser
from tests.integration.channels.conftest import AliyunFake
from tests.integration.messaging.conftest import (
    SECRETARY,
    SYSTEM,
    go_out,
    outbox,
    remind,
    somebody,
)
from tests.people import invented_phone

from guiyan.channels import commands as channels
from guiyan.members import queues
from guiyan.messaging import commands
from guiyan.messaging.models import SayingTo, Stop, StoppedNumber
from guiyan.messaging.purposes import purpose_of
from guiyan.platform.actor import Actor
from guiyan.platform.scope import Scope, scoped

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock", "_planted", "_with_templates"),
]
SHARED = 9500


def reply(word: str, number: int = SHARED, *, twice: bool = False) -> None:
    for _ in range(1 + twice):
        channels.take_reply(
            by=SYSTEM, channel="aliyun_sms", address="+86" + invented_phone(number), text=word
        )
    go_out()


def stops() -> tuple[int, int]:
    """Of persons and of numbers, that hold."""
    with transaction.atomic(), scoped(Scope.everywhere()):
        return (
            Stop.objects.filter(ended_at=None).count(),
            StoppedNumber.objects.filter(ended_at=None).count(),
        )


def pushed_next_month(*members: object) -> int:
    plan = remind(*members, slot="2026-04")  # type: ignore[arg-type]
    return plan.by_channel.get("sms", 0)


@pytest.mark.parametrize("whose", ["shared", "relative"])
def test_one_word_stops_everybody_who_shares_the_number(aliyun: AliyunFake, whose: str) -> None:
    told, other = (somebody(number=SHARED, whose=whose) for _ in range(2))
    elsewhere = somebody(number=SHARED + 1, whose=whose)
    remind(told)  # the other one was never written to
    go_out()
    reply("TD", twice=True)
    assert pushed_next_month(told, other) == 0
    assert pushed_next_month(elsewhere) == 1
    assert stops() == (0, 1)  # the phone spoke, not a person: nobody's consent is withdrawn
    with transaction.atomic(), scoped(Scope.everywhere()):
        assert [one.withdrawn_on for one in queues.consents_ever(SYSTEM, told)] == [None]
    confirmed = [row for row in outbox() if ":stop_confirmed:" in row.key]
    assert len(confirmed) == 1


def test_whose_own_number_it_is_has_spoken_and_who_only_uses_it_is_not_silenced_elsewhere(
    aliyun: AliyunFake,
) -> None:
    mother, son = somebody(number=SHARED), somebody(number=SHARED, whose="relative")
    remind(mother, son)
    go_out()
    reply("T")
    with transaction.atomic(), scoped(Scope.everywhere()):
        assert list(Stop.objects.values_list("member_id", flat=True)) == [mother]
    plan = remind(mother, son, slot="2026-04")
    assert plan.by_channel == {"call_list": 2}


def test_a_member_who_comes_with_the_number_later_is_not_written_to_either(
    aliyun: AliyunFake,
) -> None:
    remind(somebody(number=SHARED, whose="shared"))
    go_out()
    reply("停")
    assert pushed_next_month(somebody(number=SHARED, whose="shared")) == 0


def test_not_even_an_answer_goes_to_somebody_elses_phone_that_said_no_more(
    aliyun: AliyunFake,
) -> None:
    member_id = somebody(number=SHARED, whose="relative")
    commands.set_texts(
        by=SECRETARY,
        purpose="service_news",
        texts=purpose_of("service_news").texts,
        templates={"sms_template": "S", "neutral_sms_template": "N"},
        reason="登记了服务商的模板",
    )
    remind(member_id)
    go_out()
    reply("退订")
    plan = commands.say(
        by=SECRETARY, purpose="service_news", slot="1", member_ids=[member_id], facts={}
    )
    assert plan.by_channel == {"call_list": 1}


def test_the_same_phone_takes_it_back_by_one_word(aliyun: AliyunFake) -> None:
    own, shared = somebody(number=SHARED), somebody(number=SHARED, whose="shared")
    remind(own, shared)
    go_out()
    reply("T")
    assert stops() == (1, 1)
    reply("恢复", twice=True)
    assert stops() == (0, 0)
    assert pushed_next_month(own, shared) == 2


def test_a_member_takes_back_their_own_number_on_their_page_and_no_shared_one(
    aliyun: AliyunFake,
) -> None:
    own, shared = somebody(number=SHARED), somebody(number=SHARED + 1, whose="shared")
    remind(own, shared)
    go_out()
    reply("T")
    reply("T", SHARED + 1)
    assert stops() == (1, 2)
    page = Browser(Actor.member(shared, "阿力木呷")).get("/me/ways").content.decode()
    assert "合用的或亲友的号码已经停发" in page
    for member_id in (own, shared):
        commands.resume_own(by=Actor.member(member_id, "阿力木呷"))
    assert stops() == (0, 1)
    assert pushed_next_month(own) == 1
    assert pushed_next_month(shared) == 0


def test_no_job_holds_the_number_that_said_no_more(aliyun: AliyunFake) -> None:
    remind(somebody(number=SHARED))
    go_out()
    channels.take_reply(
        by=SYSTEM, channel="aliyun_sms", address="+86" + invented_phone(SHARED), text="T"
    )
    with connection.cursor() as cursor:
        cursor.execute("select string_agg(args::text, ' ') from procrastinate_jobs")
        jobs = cursor.fetchone()[0]
    assert "blinds" in jobs
    assert invented_phone(SHARED) not in jobs


def test_the_reason_stands_with_who_was_passed_over(aliyun: AliyunFake) -> None:
    member_id = somebody(number=SHARED, whose="shared")
    remind(member_id)
    go_out()
    reply("T")
    remind(member_id, slot="2026-04")
    with transaction.atomic(), scoped(Scope.everywhere()):
        row = SayingTo.objects.get(member_id=member_id, saying__slot="2026-04")
    assert ["sms", "number-stopped"] in row.passed
