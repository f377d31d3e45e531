"""Two files become one: what waits, lies on the own page or is to be called goes along, and comes back."""

from uuid import UUID

import pytest
import time_machine
from tests.acting import Browser
from tests.cast import OTHER_BRANCH, with_permissions
from tests.integration.channels.conftest import (
    AliyunFake,
    everywhere,
    seen_by,
)
from tests.integration.messaging.conftest import (
    NOON,
    SECRETARY,
    follow_up,
    go_out,
    outbox,
    remind,
    somebody,
    state_of,
)
from tests.integration.messaging.test_replies import reply
from tests.integration.messaging.test_withdrawing import EVENING, MORNING
from tests.people import invented_phone

from guiyan.channels import binding
from guiyan.channels import commands as channels
from guiyan.channels import queries as channel_queries
from guiyan.channels.models import Binding, CallEntry, InboxMessage, OutboxMessage
from guiyan.members import commands as members
from guiyan.members import own, sending
from guiyan.members.models import Member
from guiyan.messaging import commands
from guiyan.messaging.models import LadderChoice, Reply, SayingTo, Stop
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock", "_planted", "_with_templates"),
]
MERGER = with_permissions(SECRETARY, *SECRETARY.permissions, Permission.MERGE_MEMBERS)
ROWS = (OutboxMessage, InboxMessage, CallEntry, Binding, SayingTo, Reply, Stop, LadderChoice)


def merge(kept: UUID, gone: UUID) -> UUID:
    return members.merge_members(by=MERGER, kept_id=kept, gone_id=gone, reason="本人到场核对")


def undo(merge_id: UUID) -> None:
    members.undo_merge(by=MERGER, merge_id=merge_id, reason="认错了人")


def whose_is_what() -> list[tuple[object, ...]]:
    """Every row that belongs to a person, and how it stands."""
    told = ("member_id", "recipient_id", "path", "state", "outcome", "done_at", "ended_at",
            "detail_code", "purpose", "choice", "bound_at", "recipient_kind")  # fmt: skip
    with everywhere():
        return [
            (model.__name__, str(row.pk), *(str(getattr(row, name, "")) for name in told))
            for model in ROWS
            for row in model._default_manager.order_by("pk")
        ]


def choose(member_id: UUID, choice: str) -> None:
    commands.choose_ways(
        by=Actor.member(member_id, "阿力木呷"), choices={"meeting_reminder": choice}
    )


def chosen() -> set[tuple[UUID, str]]:
    with everywhere():
        return set(LadderChoice.objects.values_list("member_id", "choice"))


def bound(member_id: UUID, openid: str) -> UUID:
    with everywhere():
        row = binding.begin("member", member_id, "code")
        binding.finish(row.id, openid)
        return row.id


def own_page(member_id: UUID) -> str:
    return Browser(Actor.member(member_id, "阿力木呷")).get("/me/inbox").content.decode()


def calls() -> str:
    return Browser(SECRETARY).get("/w/calls").content.decode()


def openid_of(member_id: UUID) -> str:
    with everywhere():
        return channel_queries.wechat_address(Actor.system("test"), "member", member_id)


def test_the_own_page_the_calls_and_what_waits_go_along_and_all_comes_back(
    clock: time_machine.Traveller,
) -> None:
    kept, gone = somebody(), somebody()
    choose(gone, "inbox")
    remind(gone, slot="1")
    choose(gone, "call_list")
    remind(gone, slot="2")
    go_out()
    choose(gone, "")
    clock.move_to(EVENING)
    remind(gone, slot="3")
    bound(gone, "o-gone")
    with everywhere():  # the kept file is looked after elsewhere
        Member.objects.filter(pk=kept).update(host_path=OTHER_BRANCH.path)
    before = whose_is_what()
    merged = members.merge_members(
        by=Actor.system("test"), kept_id=kept, gone_id=gone, reason="本人到场核对"
    )
    assert "学习" in own_page(kept)
    with seen_by(Actor.member(kept, "阿力木呷")):
        assert channel_queries.unread_count(Actor.member(kept, "阿力木呷")) == 1
    assert openid_of(kept) == "o-gone"
    with everywhere():
        (call,) = CallEntry.objects.all()
        (waiting,) = OutboxMessage.objects.filter(state="waiting")
    for row in (call, waiting):
        assert (row.recipient_id, row.path) == (kept, OTHER_BRANCH.path)
    members.undo_merge(by=Actor.system("test"), merge_id=merged, reason="认错了人")
    assert whose_is_what() == before


def test_a_call_stands_in_the_list_under_the_file_that_stays_and_says_whose_number_it_is() -> None:
    kept, gone = somebody(whose="relative"), somebody(agrees=False, has_phone=False)
    remind(gone)
    go_out()
    assert "亲属或邻居" not in calls()
    merged = merge(kept, gone)
    assert "亲属或邻居" in calls()
    assert "阿力木呷" in calls()
    undo(merged)
    assert "亲属或邻居" not in calls()


def test_a_call_says_whose_number_it_is_by_now() -> None:
    """Between the plan and the call somebody puts down a number that several share."""
    member_id = somebody(agrees=False, has_phone=False)
    remind(member_id)
    go_out()
    members.set_identity(
        by=SECRETARY,
        member_id=member_id,
        kind="phone",
        value=invented_phone(9931),
        whose="shared",
        reason="换号",
    )
    assert "几个人合用" in calls()


@pytest.mark.parametrize("is_kept_first", [True, False])
def test_what_was_said_to_both_reaches_the_one_person_once(
    clock: time_machine.Traveller, aliyun: AliyunFake, is_kept_first: bool
) -> None:
    """Whichever got it, the other's message that still waits goes no more; not even as a call."""
    kept, gone = somebody(number=9401), somebody(number=9402)
    first, second = (kept, gone) if is_kept_first else (gone, kept)
    remind(first)
    go_out()
    clock.move_to(EVENING)
    remind(second)
    merge(kept, gone)
    clock.move_to(MORNING)
    go_out()
    assert sum(aliyun.accepted.values()) == 1
    assert sorted(row.state for row in outbox()) == ["accepted", "declined"]
    assert state_of(kept) == ("reached", "sms")
    assert state_of(gone)[0] == "unreached"
    assert remind(kept).already == 1


def test_of_two_that_wait_one_goes_and_after_an_undo_both(
    clock: time_machine.Traveller, aliyun: AliyunFake
) -> None:
    for is_undone in (False, True):
        kept, gone = somebody(), somebody()
        clock.move_to(EVENING)
        before = sum(aliyun.accepted.values())
        remind(kept, gone)
        merged = merge(kept, gone)
        if is_undone:
            undo(merged)
        clock.move_to(MORNING)
        go_out()
        assert sum(aliyun.accepted.values()) - before == 1 + is_undone


def test_nobody_is_called_twice_about_one_thing() -> None:
    kept, gone = somebody(agrees=False, has_phone=False), somebody(agrees=False, has_phone=False)
    remind(kept, gone)
    go_out()
    before = whose_is_what()
    with seen_by(SECRETARY):
        assert len(channel_queries.open_calls(SECRETARY)) == 2
    merged = merge(kept, gone)
    with seen_by(SECRETARY):
        (line,) = channel_queries.open_calls(SECRETARY)
    assert line.recipient_id == kept
    undo(merged)
    assert whose_is_what() == before


def test_a_later_rung_of_what_went_along_goes_back_with_it(aliyun: AliyunFake) -> None:
    """Both were told once in vain; the one that goes on calls under a key of its own."""
    kept, gone = somebody(number=9411), somebody(number=9412)
    remind(gone)
    merged = merge(kept, gone)  # another number is in force now: not sent, somebody calls
    go_out()
    assert not aliyun.accepted
    assert state_of(kept) == ("calling", "call_list")
    with seen_by(SECRETARY):
        (line,) = channel_queries.open_calls(SECRETARY)
    assert line.recipient_id == kept
    undo(merged)
    with seen_by(SECRETARY):
        (line,) = channel_queries.open_calls(SECRETARY)
    assert line.recipient_id == gone


@pytest.mark.parametrize("is_gone_last", [True, False])
def test_of_two_wechat_accounts_the_one_that_was_bound_last_gets_the_notices(
    clock: time_machine.Traveller, is_gone_last: bool
) -> None:
    kept, gone = somebody(), somebody()
    first, last = (kept, gone) if is_gone_last else (gone, kept)
    bound(first, "o-first")
    clock.shift(60)
    bound(last, "o-last")
    before = whose_is_what()
    merged = merge(kept, gone)
    assert (openid_of(kept), openid_of(gone)) == ("o-last", "o-first")
    undo(merged)
    assert whose_is_what() == before


def test_an_account_that_was_bound_after_the_merge_stays_with_the_file_that_stays() -> None:
    kept, gone = somebody(), somebody()
    bound(gone, "o-gone")
    merged = merge(kept, gone)
    channels.end_binding(by=Actor.member(kept, "阿力木呷"))
    bound(kept, "o-new")
    undo(merged)
    assert (openid_of(kept), openid_of(gone)) == ("o-new", "")


def test_a_stop_word_from_either_account_stops_the_one_person() -> None:
    kept, gone = somebody(), somebody()
    bound(gone, "o-old")
    with time_machine.travel(NOON.replace(hour=5), tick=False):
        bound(kept, "o-new")
        merge(kept, gone)
        channels.take_reply(by=Actor.system("test"), channel="wechat", address="o-old", text="退订")
        follow_up()
    assert remind(kept, slot="x").by_channel == {"call_list": 1}


def test_what_is_written_back_to_the_file_that_went_waits_with_the_one_that_stays(
    aliyun: AliyunFake,
) -> None:
    kept, gone = somebody(), somebody(number=9421)
    remind(gone)
    go_out()
    merge(kept, gone)
    reply(9421, "收到")
    follow_up()
    with everywhere():
        assert list(Reply.objects.values_list("member_id", flat=True)) == [kept]


@pytest.mark.parametrize("who_said_no", ["kept", "gone"])
def test_of_a_yes_and_a_no_the_no_holds_and_each_has_its_own_word_back(who_said_no: str) -> None:
    files = {"kept": somebody(), "gone": somebody()}
    own.withdraw_consent(by=Actor.member(files[who_said_no], "阿力木呷"), purpose=sending.CONSENT)
    merged = merge(files["kept"], files["gone"])
    assert remind(files["kept"], slot="1").by_channel == {"call_list": 1}
    undo(merged)
    for name, member_id in files.items():
        way = "call_list" if name == who_said_no else "sms"
        assert remind(member_id, slot="2").by_channel == {way: 1}


def test_a_second_yes_is_no_hindrance_to_agreeing_again() -> None:
    kept, gone = somebody(), somebody()
    merge(kept, gone)
    own.record_consent(
        by=SECRETARY, member_id=kept, purpose=sending.CONSENT, how="spoken", is_given=True
    )
    own.withdraw_consent(by=Actor.member(kept, "阿力木呷"), purpose=sending.CONSENT)
    assert remind(kept).by_channel == {"call_list": 1}


@pytest.mark.parametrize("who_wants_quiet", ["kept", "gone"])
def test_of_two_choices_the_quieter_holds_until_they_are_two_again(who_wants_quiet: str) -> None:
    files = {"kept": somebody(), "gone": somebody()}
    for name, member_id in files.items():
        choose(member_id, "inbox" if name == who_wants_quiet else "sms")
    before = chosen()
    merged = merge(files["kept"], files["gone"])
    assert remind(files["kept"], slot="1").by_channel == {"inbox": 1}
    undo(merged)
    assert chosen() == before
