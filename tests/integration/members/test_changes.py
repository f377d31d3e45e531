"""Facts, identity and sides change with their history; the member's own acts are theirs alone."""

from datetime import date, timedelta

import pytest
from tests.cast import BRANCH, NEXT_BRANCH, OFFICIALS, OUTSIDERS
from tests.integration.members.conftest import seen_by
from tests.people import invented_id, invented_phone

from guiyan.members import commands, own, queries, queues
from guiyan.members.types import Duplicate, MemberFacts, NewMember, Sides, StaleFile
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, NotFound, Refused
from guiyan.platform.models import AuditRow

pytestmark = pytest.mark.django_db

SECRETARY = OFFICIALS["branch_secretary"]
OUTSIDER = OUTSIDERS["branch_secretary"]


def register(**facts: object) -> MemberFacts:
    known = {"name": "马海史铁", "home_organisation_id": BRANCH.id} | facts
    return commands.register_member(by=SECRETARY, new=NewMember(**known))  # type: ignore[arg-type]


def test_a_change_keeps_what_was_before_with_its_days() -> None:
    member = register(trade="建筑")
    changed = commands.change_member(
        by=SECRETARY, member_id=member.id, version=1, reason="来电", trade="餐饮", name="马海 史铁"
    )
    assert (changed.trade, changed.version) == ("餐饮", 2)
    with seen_by(SECRETARY):
        trades = [i for i in queries.intervals_of(SECRETARY, member.id) if i.what == "trade"]
        assert [
            (i.value, i.valid_to) for i in sorted(trades, key=lambda i: i.valid_to is None)
        ] == [
            ("建筑", SECRETARY.today),
            ("餐饮", None),
        ]
        (row,) = AuditRow.objects.filter(action="members.change_member")
    assert set(row.facts["changed"]) >= {"name", "trade"}
    assert row.reason == "来电"


def test_a_stale_version_is_a_conflict_that_carries_the_present_file() -> None:
    member = register()
    commands.change_member(
        by=SECRETARY, member_id=member.id, version=1, reason="来电", trade="餐饮"
    )
    with pytest.raises(StaleFile) as conflict:
        commands.change_member(
            by=SECRETARY, member_id=member.id, version=1, reason="来电", trade="物流"
        )
    assert conflict.value.current.trade == "餐饮"


def test_only_facts_of_the_file_can_be_set() -> None:
    member = register()
    for column in ("home_path", "merged_into_id", "version_", "id"):
        with pytest.raises(TypeError):
            commands.change_member(
                by=SECRETARY, member_id=member.id, version=1, reason="x", **{column: "0001"}
            )


def test_a_new_number_ends_the_one_before_it() -> None:
    member = register(phone=invented_phone(1))
    commands.set_identity(
        by=SECRETARY, member_id=member.id, kind="phone", value=invented_phone(2), reason="换号"
    )
    commands.set_identity(
        by=SECRETARY,
        member_id=member.id,
        kind="phone",
        value=invented_phone(3),
        whose="relative",
        relation="儿子",
        reason="联系不上时",
    )
    with seen_by(SECRETARY):
        every = queries.vault_of(SECRETARY, member.id, with_ended=True)
        assert [(f.mask[-1], f.whose, f.valid_to) for f in every] == [
            ("2", "own", None),
            ("3", "relative", None),
            ("1", "own", SECRETARY.today),
        ]
        assert queries.find_by_phone(SECRETARY, invented_phone(1)) == []
        assert len(queries.find_by_phone(SECRETARY, invented_phone(3))) == 1


def test_an_id_number_that_another_file_has_is_refused() -> None:
    number = invented_id(sequence=11)
    first, second = register(id_number=number), register(name="另一个")
    with pytest.raises(Duplicate) as refusal:
        commands.set_identity(
            by=SECRETARY, member_id=second.id, kind="id_number", value=number, reason="补录"
        )
    assert refusal.value.existing_id == first.id


def test_sides_are_set_for_many_and_both_sides_see_the_file_at_once() -> None:
    members = [register(name=name) for name in ("甲甲", "乙乙")]
    sides = [
        Sides(m.id, BRANCH.id, BRANCH.path, "", NEXT_BRANCH.id, NEXT_BRANCH.path) for m in members
    ]
    commands.set_sides_of_many(by=SECRETARY, sides=sides)
    commands.set_sides_of_many(by=SECRETARY, sides=sides)
    with seen_by(OUTSIDER):
        for member in members:
            assert queries.get_member_for(OUTSIDER, member.id).version == 2
            hosts = [i for i in queries.intervals_of(OUTSIDER, member.id) if i.what == "host"]
            assert [i.value for i in hosts] == [str(NEXT_BRANCH.id)]


def test_nobody_but_staff_sets_sides() -> None:
    member = register()
    with pytest.raises(Forbidden):
        commands.set_sides_of_many(by=Actor.member(member.id, "本人"), sides=[])


def test_a_correction_is_answered_by_its_working_day_and_once() -> None:
    member = register()
    me = Actor.member(member.id, member.name)
    correction = own.ask_correction(by=me, field="trade", wish="应为木工")
    with seen_by(me):
        (asked,) = queues.corrections_of(me, member.id)
    assert asked.answer_by >= me.today + timedelta(days=15)
    own.answer_correction(by=SECRETARY, correction_id=correction, is_accepted=True, reason="已改")
    with pytest.raises(Refused, match="答复过"):
        own.answer_correction(
            by=SECRETARY, correction_id=correction, is_accepted=False, reason="不改"
        )
    with pytest.raises(NotFound):
        own.read_wish(by=OUTSIDERS["township_officer"], correction_id=correction)


def test_only_the_member_asks_agrees_and_copies_in_their_own_name() -> None:
    for act in (
        lambda: own.ask_correction(by=SECRETARY, field="trade", wish="x"),
        lambda: own.copy_own_file(by=SECRETARY),
        lambda: own.withdraw_consent(by=Actor.public(), purpose="contact_by_message"),
    ):
        with pytest.raises(Forbidden):
            act()


def test_consent_stands_from_a_day_to_a_day_and_for_the_notice_in_force() -> None:
    member = register()
    me = Actor.member(member.id, member.name)
    with pytest.raises(Refused) as refusal:
        own.give_consent(by=me, purpose="contact_by_message", notice_version="1999-01")
    assert refusal.value.code == "notice"
    for _ in range(2):
        own.give_consent(by=me, purpose="contact_by_message", notice_version=own.NOTICE_VERSION)
    with seen_by(me):
        assert queues.has_consented(me, member.id, "contact_by_message")
        assert not queues.has_consented(me, member.id, "share_with_departments")
    own.withdraw_consent(by=me, purpose="contact_by_message")
    own.record_consent(
        by=SECRETARY,
        member_id=member.id,
        purpose="share_with_departments",
        how="spoken",
        is_given=True,
    )
    with seen_by(me):
        assert list(queues.consents_of(me, member.id)) == ["share_with_departments"]


def test_the_first_day_of_a_file_is_the_first_day_of_its_facts() -> None:
    member = register(trade="建筑", joined_on=date(2001, 7, 1))
    with seen_by(SECRETARY):
        assert {i.what: i.valid_from for i in queries.intervals_of(SECRETARY, member.id)} == {
            "home": SECRETARY.today,
            "trade": SECRETARY.today,
            "category": SECRETARY.today,
        }


def test_a_replaced_phone_number_is_told_to_the_member() -> None:
    member = register(phone=invented_phone(1))
    assert seen_notices(member) == []
    commands.set_identity(
        by=SECRETARY, member_id=member.id, kind="phone", value=invented_phone(2), reason="换号"
    )
    (notice,) = seen_notices(member)
    assert SECRETARY.name in notice


def seen_notices(member: MemberFacts) -> list[str]:
    me = Actor.member(member.id, member.name)
    with seen_by(me):
        return [notice.text for notice in queues.unseen_notices(me, member.id)]
