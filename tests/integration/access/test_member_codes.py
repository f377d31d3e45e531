"""Members sign in by a code to their own phone (F37, F39, F42)."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from tests.cast import BRANCH, TODAY
from tests.people import invented_phone

from guiyan.access import member_codes
from guiyan.access.delivery import deliver_code
from guiyan.access.models import DevelopmentMessage, MemberCode
from guiyan.access.types import PHONE_INDEX_PURPOSE
from guiyan.kernel.phones import Phone, read_phone
from guiyan.members.models import Member, VaultField
from guiyan.platform.keys import key_ring
from guiyan.platform.models import RateBucket
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db
OWN, NOBODY_S, SHARED, RELATIVE_S = (invented_phone(number) for number in (1, 2, 3, 4))


def phone(text: str) -> Phone:
    read = read_phone(text)
    assert isinstance(read, Phone)
    return read


def member(name: str, number: str, whose: str = "own") -> UUID:
    """A file with a telephone number, as the room of members writes it."""
    row = Member.objects.create(name=name, name_key=name, pinyin=name, home_path=BRANCH.path)
    VaultField.objects.create(
        member=row,
        kind="phone",
        sealed=b"sealed",
        blind=key_ring().blind_index(phone(number).normal, purpose=PHONE_INDEX_PURPOSE),
        mask="120****0001",
        whose=whose,
        valid_from=TODAY,
    )
    return row.id


@pytest.fixture(autouse=True)
def ahuo(db: None, settings: Any) -> UUID:
    settings.DEMO = True
    with scoped(Scope.everywhere()):
        member("俄木约布", SHARED)
        member("俄木约哈", SHARED)
        member("曲比小花", RELATIVE_S, "relative")
        return member("吉克阿火", OWN)


def last_code() -> str:
    message = DevelopmentMessage.objects.latest("id").text
    found = re.search(r"\d{6}", message)
    assert found
    return found[0]


def ask(client: Client, number: str) -> str:
    """Asks and reads the page that comes, without what differs between any two pages."""
    client.post("/me/in", {"phone": number})
    page = client.get("/me/in/code").content.decode()
    page = re.sub(r'(csrfmiddlewaretoken"|once") value="[^"]*"', "", page)
    return re.sub(r'nonce="[^"]*"', "", page)


def test_a_member_signs_in_with_the_code(client: Client, ahuo: UUID) -> None:
    ask(client, OWN)
    answer = client.post("/me/in/code", {"code": last_code()})
    assert answer.headers["Location"] == "/me/"
    page = client.get("/me/devices")
    assert page.status_code == 200
    assert client.session["member"] == str(ahuo)


@pytest.mark.parametrize("number", [NOBODY_S, SHARED, RELATIVE_S])
def test_known_and_unknown_numbers_get_the_same_answer(number: str) -> None:
    known, other = Client(), Client()
    first = known.post("/me/in", {"phone": OWN})
    second = other.post("/me/in", {"phone": number})
    assert (first.status_code, first.headers["Location"]) == (
        second.status_code,
        second.headers["Location"],
    )
    assert ask(Client(REMOTE_ADDR="127.0.4.1"), OWN) == ask(Client(REMOTE_ADDR="127.0.4.2"), number)
    assert DevelopmentMessage.objects.count() == 1
    assert MemberCode.objects.filter(member_id__isnull=False).count() == 1


def test_a_wrong_code_reads_the_same_for_known_and_unknown() -> None:
    pages = []
    for number in (OWN, NOBODY_S):
        client = Client()
        ask(client, number)
        page = client.post("/me/in/code", {"code": "00000x"}).content.decode()
        page = re.sub(r'(csrfmiddlewaretoken"|once") value="[^"]*"', "", page)
        pages.append(re.sub(r'nonce="[^"]*"', "", page))
    assert pages[0] == pages[1]


def test_a_number_that_ended_no_longer_signs_in(client: Client, ahuo: UUID) -> None:
    with scoped(Scope.everywhere()):
        VaultField.objects.filter(member_id=ahuo).update(valid_to=TODAY)
    ask(client, OWN)
    assert not DevelopmentMessage.objects.exists()


def test_a_number_that_has_just_replaced_another_waits_seven_days(
    client: Client, ahuo: UUID
) -> None:
    number, today = invented_phone(77), timezone.localdate()
    blind = key_ring().blind_index(phone(number).normal, purpose=PHONE_INDEX_PURPOSE)
    with scoped(Scope.everywhere()):
        VaultField.objects.filter(member_id=ahuo).update(valid_to=today)
        new = VaultField.objects.create(
            member_id=ahuo, kind="phone", sealed=b"", blind=blind, mask="", valid_from=today,
            signs_in_from=today + timedelta(days=7),
        )  # fmt: skip
    ask(client, number)
    assert not DevelopmentMessage.objects.exists()
    with scoped(Scope.everywhere()):
        VaultField.objects.filter(id=new.id).update(signs_in_from=today)
    _let_a_minute_pass()
    ask(client, number)
    assert DevelopmentMessage.objects.exists()


def test_a_merged_file_is_not_signed_in_to(client: Client, ahuo: UUID) -> None:
    with scoped(Scope.everywhere()):
        kept = member("吉克阿火", invented_phone(9))
        Member.objects.filter(id=ahuo).update(merged_into_id=kept)
    ask(client, OWN)
    assert not DevelopmentMessage.objects.exists()


def test_a_code_is_used_once(client: Client) -> None:
    ask(client, OWN)
    code_id = UUID(client.session["code"])
    code = last_code()
    assert member_codes.use_code(code_id=code_id, code=code) is not None
    assert member_codes.use_code(code_id=code_id, code=code) is None


def test_a_code_is_tried_five_times(client: Client) -> None:
    ask(client, OWN)
    code_id, code = UUID(client.session["code"]), last_code()
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(5):
        assert member_codes.use_code(code_id=code_id, code=wrong) is None
    assert member_codes.use_code(code_id=code_id, code=code) is None


def test_a_code_is_good_for_ten_minutes(client: Client) -> None:
    ask(client, OWN)
    MemberCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    code_id = UUID(client.session["code"])
    assert member_codes.use_code(code_id=code_id, code=last_code()) is None


def test_a_code_of_one_asking_does_not_fit_another(client: Client) -> None:
    ask(client, OWN)
    other = Client()
    ask(other, NOBODY_S)
    assert member_codes.use_code(code_id=UUID(other.session["code"]), code=last_code()) is None


def test_codes_are_not_stored_readable(client: Client) -> None:
    ask(client, OWN)
    row = MemberCode.objects.latest("expires_at")
    assert last_code().encode() not in bytes(row.code_hash)
    assert OWN.encode() not in bytes(row.phone_blind)


def test_a_second_code_within_a_minute_is_not_sent_and_the_first_stays_good(
    client: Client,
) -> None:
    ask(client, OWN)
    ask(client, OWN)
    assert DevelopmentMessage.objects.count() == 1
    client.post("/me/in/code", {"code": last_code()})
    assert client.get("/me/devices").status_code == 200


def test_at_most_five_codes_a_day_go_to_a_number() -> None:
    for number in range(8):
        member_codes.ask_for_code(phone=phone(OWN), address=f"127.0.5.{number}")
        _let_a_minute_pass()
    assert DevelopmentMessage.objects.count() == 5


def test_a_thousand_requests_for_one_number_send_five() -> None:
    for number in range(1_000):
        address = f"127.1.{number // 250}.{number % 250}"
        member_codes.ask_for_code(phone=phone(OWN), address=address)
        if number % 100 == 0:
            _let_a_minute_pass()
    assert DevelopmentMessage.objects.count() == 5


def test_one_stranger_uses_up_three_of_a_number_s_five_at_most() -> None:
    for _ in range(8):
        member_codes.ask_for_code(phone=phone(OWN), address="127.0.7.1")
        _let_a_minute_pass()
    assert DevelopmentMessage.objects.count() == 3
    member_codes.ask_for_code(phone=phone(OWN), address="127.0.7.2")
    assert DevelopmentMessage.objects.count() == 4


def test_strangers_can_t_keep_a_member_out_of_the_browser_that_they_use(client: Client) -> None:
    ask(client, OWN)
    client.post("/me/in/code", {"code": last_code()})
    client.post("/out")
    for number in range(9):
        _let_a_minute_pass()
        member_codes.ask_for_code(phone=phone(OWN), address=f"127.0.8.{number}")
    sent = DevelopmentMessage.objects.count()
    ask(client, OWN)
    assert DevelopmentMessage.objects.count() == sent + 1
    assert client.post("/me/in/code", {"code": last_code()}).headers["Location"] == "/me/"
    for _ in range(9):
        _let_a_minute_pass()
        ask(client, OWN)
    assert DevelopmentMessage.objects.count() <= sent + 1 + 5  # the browser's own five


def test_a_browser_of_one_member_is_a_stranger_to_another(client: Client) -> None:
    with scoped(Scope.everywhere()):
        member("沙马尔古", NOBODY_S)
    ask(client, OWN)
    client.post("/me/in/code", {"code": last_code()})
    for number in range(5):
        _let_a_minute_pass()
        member_codes.ask_for_code(phone=phone(NOBODY_S), address=f"127.0.9.{number}")
    sent = DevelopmentMessage.objects.count()
    _let_a_minute_pass()
    ask(client, NOBODY_S)
    assert DevelopmentMessage.objects.count() == sent


def test_at_most_twenty_codes_an_hour_go_out_for_an_address() -> None:
    with scoped(Scope.everywhere()):
        for number in range(100, 125):
            member("沙马尔古", invented_phone(number))
    for number in range(100, 125):
        member_codes.ask_for_code(phone=phone(invented_phone(number)), address="127.0.6.1")
    assert DevelopmentMessage.objects.count() == 20


def test_a_member_gets_no_staff_page_and_staff_no_member_page(client: Client) -> None:
    ask(client, OWN)
    client.post("/me/in/code", {"code": last_code()})
    assert client.get("/w/account").headers["Location"].startswith("/in?")
    assert Client().get("/me/devices").headers["Location"].startswith("/me/in?")


def test_the_page_of_messages_is_only_in_the_demo(client: Client, settings: Any) -> None:
    assert client.get("/demo/messages").status_code == 200
    settings.DEMO = False
    assert client.get("/demo/messages").status_code == 404
    deliver_code(phone(OWN).normal, "123456")
    assert not DevelopmentMessage.objects.exists()


def _let_a_minute_pass() -> None:
    """The window of a minute is over, that of the day is not: both began a minute earlier."""
    for bucket in RateBucket.objects.all():
        bucket.window_started -= timedelta(seconds=61)
        bucket.save()
