"""Keeping in touch without a line: what a contact person's phone takes along and brings back."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from tests.cast import BRANCH, NEXT_BRANCH, OTHER_BRANCH, TOWNSHIP
from tests.clients.field_client import FieldClient, Packet
from tests.integration.field.conftest import Worker, enlist
from tests.integration.flows.conftest import (  # noqa: F401 - planted by being named
    HOME,
    HOST,
    HOST_TOWNSHIP,
    _planted,
    declared,
    seen_by,
    seen_by_the_database,
)
from tests.people import invented_phone

from guiyan.field import queries as field_queries
from guiyan.field.commands import deciding
from guiyan.field.models import Due, WaitingOperation
from guiyan.field.offline import operation_kinds
from guiyan.field.rules.packets import FORBIDDEN_KEYS, keys_of
from guiyan.field.words import in_words
from guiyan.flows import commands as flows
from guiyan.flows.models import Case
from guiyan.flows.types import CaseFacts, Placing
from guiyan.liaison import commands as liaison
from guiyan.liaison import queries as liaison_queries
from guiyan.liaison.cadence import materialising
from guiyan.liaison.models import ContactPerson
from guiyan.liaison.on_phone import packets
from guiyan.liaison.pairing import leaving
from guiyan.liaison.six_clears import queries as clear_queries
from guiyan.members import commands as members
from guiyan.members import rules as member_rules
from guiyan.members import timeline
from guiyan.members.models import Member
from guiyan.members.types import NewMember
from guiyan.platform.actor import Actor

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 3, 2, 2, tzinfo=UTC), tick=False) as moved:
        yield moved


@pytest.fixture
def carer(clock: object) -> Worker:
    return enlist("liaison", NEXT_BRANCH, "俄木阿芝")


@pytest.fixture
def other(clock: object) -> Worker:
    return enlist("liaison", NEXT_BRANCH, "吉克阿支")


def member_of(carer: Worker, name: str = "阿依", **more: Any) -> CaseFacts:
    """A member placed in the branch, with this contact person, and everything due that begins."""
    new = NewMember(name=name, home_organisation_id=BRANCH.id, **more)
    case = declared(member=members.register_member(by=HOME, new=new))
    flows.take_step(by=HOST, case_id=case.id, act="take_in")
    flows.place_members(by=HOST_TOWNSHIP, placings=[Placing(case.id, NEXT_BRANCH.id, "就近")])
    give_to(carer, case)
    materialising.tonight(MONDAY, Actor.system("test"))
    return case


def give_to(carer: Worker, case: CaseFacts) -> None:
    assert carer.actor.account_id
    liaison.assign_contact_person(by=HOST, case_id=case.id, account_id=carer.actor.account_id)


def pulled(phone: FieldClient, **more: Any) -> Packet:
    phone.fetch_key()
    (area,) = [one for one in phone.fetch_areas() if one["kind"] == "contacts"]
    packet = phone.fetch_packet("contacts", area["id"], **more)
    assert packet.version == area["version"]
    return packet


def due(case: CaseFacts) -> set[str]:
    with seen_by_the_database():
        found = field_queries.open_kinds_of(Actor.system(), case.id, MONDAY)
    return {one.kind for one in found}


def contact(carer: Worker, case: CaseFacts, secret: Any = None, **body: Any) -> str:
    said = {"how": "call", "was_reached": True, **body}
    area = str(carer.actor.account_id)
    return carer.phone.do("liaison.contact", str(case.id), said, secret=secret, area_id=area)


def states(carer: Worker) -> list[str]:
    return [result["state"] for result in carer.phone.push()]


class TestList:
    def test_the_list_says_who_is_due_for_what_and_what_is_known_since_when(
        self, carer: Worker
    ) -> None:
        case = member_of(carer, phone=invented_phone(801), languages=("yi",), trade="餐饮")
        record = pulled(carer.phone).records[str(case.id)]
        assert record["name"] == "阿依"
        assert record["trade"] == case.trade
        assert record["languages"] == ["yi"]
        assert {one["kind"] for one in record["owed"]} >= {"contact", "visit", "talk"}
        assert record["last"] is None
        (phone,) = record["phones"]
        assert phone["number"] == invented_phone(801).replace("12", "+8612", 1)
        assert not phone["is_shared"]

    def test_of_more_than_a_phone_takes_along_who_is_due_goes_first_and_the_list_says_so(
        self, carer: Worker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, due_now, third = (member_of(carer, name) for name in ("阿果", "史呷", "约布"))
        with seen_by_the_database():
            Due.objects.filter(subject_id__in=[first.id, third.id]).update(closing="done")
        monkeypatch.setattr(packets, "_MOST", 2)
        carer.phone.fetch_key()
        (area,) = [one for one in carer.phone.fetch_areas() if one["kind"] == "contacts"]
        packet = carer.phone.fetch_packet("contacts", area["id"])
        assert set(packet.records) == {str(due_now.id), str(first.id)}
        assert "3 名党员里，这里带了 2 名" in area["name"]
        assert area["count"] == 2

    def test_no_place_in_it_is_made_for_an_id_number(self, carer: Worker) -> None:
        member_of(carer, phone=invented_phone(802))
        records = list(pulled(carer.phone).records.values())
        assert not FORBIDDEN_KEYS & set(keys_of(records))
        assert "member_id" not in set(keys_of(records))

    def test_the_words_of_the_six_stay_at_the_server(self, carer: Worker) -> None:
        case = member_of(carer, phone=invented_phone(803))
        pulled(carer.phone)
        contact(carer, case, {"work": "在工地做饭"})
        assert states(carer) == ["applied"]
        record = pulled(carer.phone).records[str(case.id)]
        assert record["clears"] == {"work": {"as_of": "2026-03-02", "is_stale": False}}
        assert "工地" not in str(record)

    def test_a_number_goes_along_only_while_something_is_due(self, carer: Worker) -> None:
        case = member_of(carer, phone=invented_phone(804))
        pulled(carer.phone)
        contact(carer, case, how="visit", was_talk=True)
        assert states(carer) == ["applied"]
        (phone,) = pulled(carer.phone).records[str(case.id)]["phones"]
        assert "number" not in phone
        assert "****" in phone["mask"]

    def test_so_does_that_of_a_member_beyond_ones_own_part_of_the_tree(
        self, carer: Worker, other: Worker
    ) -> None:
        """Between two hosts and standing in: whoever is on the list can be called from it."""
        own = member_of(carer, "阿依", phone=invented_phone(831))
        case = member_of(carer, "木呷", phone=invented_phone(832))
        with seen_by_the_database():  # the stay went to another branch, where nobody is named yet
            Case.objects.filter(id=case.id).update(
                host_path=OTHER_BRANCH.path, host_organisation_id=OTHER_BRANCH.id
            )
            Member.objects.filter(id=case.member_id).update(host_path=OTHER_BRANCH.path)
            ContactPerson.objects.filter(case_id=case.id).update(is_interim=True)
        records = pulled(carer.phone).records
        numbers = {case_id: one["phones"][0].get("number") for case_id, one in records.items()}
        assert numbers == {
            str(own.id): invented_phone(831).replace("12", "+8612", 1),
            str(case.id): invented_phone(832).replace("12", "+8612", 1),
        }
        assert not {"part", "member_id"} & set(keys_of(list(records.values())))
        with seen_by_the_database():  # who stands in takes them along instead
            Case.objects.filter(id=own.id).update(host_path=OTHER_BRANCH.path)
            Member.objects.filter(id=own.member_id).update(host_path=OTHER_BRANCH.path)
            ContactPerson.objects.filter(case_id=own.id).update(
                stand_in_account_id=other.actor.account_id
            )
            Due.objects.filter(case_id=own.id).update(owner_account_id=other.actor.account_id)
        (record,) = pulled(other.phone).records.values()
        assert record["phones"][0]["number"] == invented_phone(831).replace("12", "+8612", 1)
        assert "number" not in str(pulled(carer.phone).records[str(own.id)]["phones"])

    def test_the_member_reads_once_a_day_that_the_number_went_along(self, carer: Worker) -> None:
        case = member_of(carer, phone=invented_phone(805))
        pulled(carer.phone)
        carer.phone.packets.clear()
        pulled(carer.phone)
        with seen_by_the_database():
            found = timeline.openings_of(Actor.system(), case.member_id)
        assert [(one.who, one.reason) for one in found] == [(carer.actor.name, "联系本人")]
        assert "手机" in found[0].text

    def test_the_days_limit_on_opened_identity_holds_for_phones_too(
        self, carer: Worker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(member_rules, "REVEALS_PER_DAY", 2)
        for number in range(4):
            member_of(carer, f"阿依{number}", phone=invented_phone(810 + number))
        records = pulled(carer.phone, size=1).records.values()
        assert sum("number" in record["phones"][0] for record in records) == 2

    def test_nobody_takes_somebody_elses_list_along(self, carer: Worker, other: Worker) -> None:
        member_of(carer)
        assert not [one for one in other.phone.fetch_areas() if one["kind"] == "contacts"]
        other.phone.fetch_key()
        with pytest.raises(Exception, match="404"):
            other.phone.fetch_packet("contacts", str(carer.actor.account_id))

    def test_nothing_is_fetched_anew_while_nothing_has_changed(self, carer: Worker) -> None:
        member_of(carer)
        before = pulled(carer.phone).version
        assert pulled(carer.phone).version == before


class TestContact:
    def test_a_contact_closes_what_was_due_and_stands_once_however_often_it_comes(
        self, carer: Worker
    ) -> None:
        case = member_of(carer)
        pulled(carer.phone)
        contact_id = contact(carer, case, {"note": "下周去看望"})
        again = list(carer.phone.outbox)
        assert states(carer) == ["applied"]
        assert [one["is_replay"] for one in carer.phone.push_some(again)] == [True]
        assert due(case) == {"visit", "talk"}
        with seen_by(HOST):
            (made,) = liaison_queries.contacts_of(HOST, case.id)
        assert (str(made.id), made.note, made.by_name) == (contact_id, "下周去看望", "俄木阿芝")

    def test_who_was_not_reached_is_still_due_and_why_is_known(self, carer: Worker) -> None:
        case = member_of(carer)
        pulled(carer.phone)
        contact(carer, case, was_reached=False, why_not="no_answer")
        contact(carer, case, how="told_by_other")
        assert states(carer) == ["applied", "applied"]
        assert "contact" in due(case)

    def test_help_is_asked_for_and_the_words_are_the_members(self, carer: Worker) -> None:
        case = member_of(carer)
        pulled(carer.phone)
        said = {"difficulty": "想给孩子办入学", "mind": "请转告一切都好", "said_by": "family"}
        contact(carer, case, said, asks_help=True)
        assert states(carer) == ["applied"]
        with seen_by(HOST):
            assert [one.member_name for one in clear_queries.help_asked(HOST)] == ["阿依"]
            known = {one.code: one for one in clear_queries.clears_of(HOST, case.member_id)}
        assert known["mind"].said_by == "member"
        assert known["difficulty"].said_by == "family"

    def test_the_phones_wrong_clock_changes_no_day(self, carer: Worker) -> None:
        case = member_of(carer)
        carer.phone.now = lambda: datetime(2027, 4, 1, tzinfo=UTC)
        pulled(carer.phone)
        contact(carer, case)
        assert states(carer) == ["applied"]
        with seen_by(HOST):
            (made,) = liaison_queries.contacts_of(HOST, case.id)
        assert made.at.date() == MONDAY

    def test_an_agreed_day_that_passed_before_the_line_came_back_is_not_forgotten(
        self, carer: Worker, clock: time_machine.Traveller
    ) -> None:
        case = member_of(carer)
        pulled(carer.phone)
        contact(carer, case, how="visit", was_talk=True, next_on="2026-03-04")
        clock.shift(timedelta(days=5))
        assert states(carer) == ["applied"]
        with seen_by_the_database():
            open_then = field_queries.open_kinds_of(Actor.system(), case.id, date(2026, 3, 8))
        assert {one.kind for one in open_then} == {"next"}

    def test_brought_back_after_the_window_it_counts_for_the_day_on_which_it_was(
        self, carer: Worker, clock: time_machine.Traveller
    ) -> None:
        in_time, too_late = member_of(carer), member_of(carer, "木呷")
        pulled(carer.phone)
        with seen_by_the_database():
            Due.objects.filter(kind="contact").update(
                due_on=MONDAY, expires_on=MONDAY + timedelta(days=3)
            )
        clock.shift(timedelta(days=3))
        contact(carer, in_time)
        clock.shift(timedelta(days=2))
        contact(carer, too_late)
        assert states(carer) == ["applied", "applied"]
        with seen_by_the_database():
            ended = Due.objects.filter(kind="contact").values_list("subject_id", "closing")
            assert dict(ended) == {in_time.id: "done", too_late.id: ""}

    def test_a_slip_is_taken_back_by_another_operation_and_is_owed_again(
        self, carer: Worker
    ) -> None:
        case = member_of(carer)
        pulled(carer.phone)
        slip = contact(carer, case)
        assert states(carer) == ["applied"]
        area = str(carer.actor.account_id)
        carer.phone.do(
            "liaison.undo_contact", str(case.id), {}, area_id=area, supersedes=slip, after=slip
        )
        assert states(carer) == ["applied"]
        assert "contact" in due(case)
        with seen_by(HOST):
            assert liaison_queries.contacts_of(HOST, case.id) == []

    def test_a_slip_of_long_ago_is_not_taken_back_by_a_phone(
        self, carer: Worker, clock: time_machine.Traveller
    ) -> None:
        case = member_of(carer)
        pulled(carer.phone)
        slip = contact(carer, case)
        assert states(carer) == ["applied"]
        clock.shift(timedelta(minutes=11))
        area = str(carer.actor.account_id)
        carer.phone.do("liaison.undo_contact", str(case.id), {}, area_id=area, supersedes=slip)
        assert states(carer) == ["quarantined"]
        assert "contact" not in due(case)


class TestHandOver:
    def test_a_member_who_went_to_another_leaves_the_phone(
        self, carer: Worker, other: Worker
    ) -> None:
        case, stays = member_of(carer), member_of(carer, "木呷")
        assert set(pulled(carer.phone).records) == {str(case.id), str(stays.id)}
        give_to(other, case)
        assert set(pulled(carer.phone).records) == {str(stays.id)}
        assert set(pulled(other.phone).records) == {str(case.id)}

    def test_after_a_leave_the_members_leave_the_phone_of_who_stood_in(
        self, carer: Worker, other: Worker, clock: time_machine.Traveller
    ) -> None:
        case, own = member_of(carer), member_of(other, "木呷", phone=invented_phone(802))
        assert carer.actor.account_id and other.actor.account_id
        leaving.plan_leave(
            by=HOST_TOWNSHIP,
            account_id=carer.actor.account_id,
            organisation_id=NEXT_BRANCH.id,
            starts_on=MONDAY,
            ends_on=MONDAY + timedelta(days=2),
            stand_in_account_id=other.actor.account_id,
        )
        assert set(pulled(other.phone).records) == {str(case.id), str(own.id)}
        clock.move_to(datetime(2026, 3, 5, 2, tzinfo=UTC))
        leaving.follow_leaves()
        with seen_by(other.actor):
            content = packets.build(other.actor, other.actor.account_id)
        assert set(content.tombstones) == {case.id}
        assert set(pulled(other.phone).records) == {str(own.id)}

    def test_a_contact_that_comes_too_late_waits_with_the_new_contact_person(
        self, carer: Worker, other: Worker
    ) -> None:
        case = member_of(carer)
        member_of(carer, "木呷")
        pulled(carer.phone)
        contact(carer, case)
        give_to(other, case)
        assert states(carer) == ["quarantined"]
        assert "contact" in due(case)
        with seen_by_the_database():
            row = WaitingOperation.objects.get()
        assert (row.code, row.area_id) == ("member-reassigned", other.actor.account_id)
        with seen_by(other.actor):
            (shown,) = field_queries.waiting_for(other.actor)
        deciding.accept(by=other.actor, operation_ids=[shown.id])
        assert "contact" not in due(case)

    def test_so_does_one_of_a_person_whose_whole_list_is_gone(
        self, carer: Worker, other: Worker
    ) -> None:
        case = member_of(carer)
        pulled(carer.phone)
        contact(carer, case)
        give_to(other, case)
        assert states(carer) == ["quarantined"]
        with seen_by_the_database():
            assert WaitingOperation.objects.get().area_id == other.actor.account_id

    def test_the_secretary_may_take_it_over_too(self, carer: Worker, other: Worker) -> None:
        case = member_of(carer)
        member_of(carer, "木呷")
        pulled(carer.phone)
        contact_id = contact(carer, case)
        give_to(other, case)
        states(carer)
        secretary = enlist("branch_secretary", NEXT_BRANCH, "外县丙").actor
        with seen_by_the_database():
            row = WaitingOperation.objects.get()
        deciding.accept(by=secretary, operation_ids=[row.id])
        with seen_by(HOST):
            (made,) = liaison_queries.contacts_of(HOST, case.id)
        assert str(made.id) == contact_id

    def test_what_waits_is_told_in_words_and_the_name_only_to_who_may_see_the_member(
        self, carer: Worker, other: Worker
    ) -> None:
        case = member_of(carer)
        pulled(carer.phone)
        contact(carer, case, how="visit", was_reached=False, why_not="away")
        give_to(other, case)
        assert states(carer) == ["quarantined"]
        with seen_by(other.actor):
            (told,) = in_words(other.actor, field_queries.waiting_for(other.actor))
        assert told.said == f"{case.member_name}：上门，没联系上，人不在家"
        assert told.why == "这名党员已换了联系人"
        stranger = enlist("canvasser", TOWNSHIP, "外人").actor
        with seen_by(stranger):
            (unnamed,) = in_words(stranger, [told.facts])
        assert case.member_name not in unnamed.said
        for kind in ("liaison.contact", "liaison.undo_contact"):
            words = operation_kinds[kind].words
            assert words is not None
            assert words.of_value("was_reached", True) == ("联系上了没有", "联系上了")
            assert words.of_value("how", "call")[1] != "call"

    def test_a_contact_of_a_stay_that_has_ended_waits_for_a_person(self, carer: Worker) -> None:
        case = member_of(carer)
        member_of(carer, "木呷")
        pulled(carer.phone)
        contact(carer, case)
        flows.take_step(by=HOME, case_id=case.id, act="come_home")
        assert states(carer) == ["quarantined"]
