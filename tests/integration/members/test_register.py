"""One person has one file: opening it, the check for a second one, here and elsewhere."""

from dataclasses import replace
from datetime import date

import pytest
from tests.cast import BRANCH, CITY, NEXT_BRANCH, OFFICIALS, OUTSIDERS, TOWNSHIP
from tests.integration.members.conftest import seen_by
from tests.people import invented_id, invented_phone

from guiyan.members import commands, queries
from guiyan.members.models import DuplicateReview, Member, VaultField
from guiyan.members.types import Duplicate, MemberFacts, NewMember
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, NotFound, Refused
from guiyan.platform.models import AuditRow
from guiyan.platform.scope import Scope, scoped

pytestmark = pytest.mark.django_db

SECRETARY = OFFICIALS["branch_secretary"]
COUNTY = OFFICIALS["county_officer"]
OUTSIDER = OUTSIDERS["county_officer"]
NUMBER = invented_id(born=date(1975, 8, 12), sequence=3)


def newcomer(**changes: object) -> NewMember:
    return replace(
        NewMember(
            name="沙马 木呷",
            id_number=NUMBER,
            phone=invented_phone(7),
            address="四川省凉山州美姑县巴普镇城东社区8号",
            ethnicity="07",
            home_organisation_id=BRANCH.id,
        ),
        **changes,  # type: ignore[arg-type]
    )


def register(by: Actor = SECRETARY, **changes: object) -> MemberFacts:
    return commands.register_member(by=by, new=newcomer(**changes))


def test_a_new_file_shows_masks_and_what_the_id_number_says() -> None:
    facts = register()
    assert facts.id_mask == f"51**************{NUMBER[-2:]}"
    assert facts.phone_mask == "120****0007"
    assert facts.address_mask == "四川省凉山州美姑县***"
    assert (facts.born_on, facts.sex) == (date(1975, 8, 12), "male")
    assert facts.home_path == BRANCH.path
    with seen_by(SECRETARY):
        assert queries.get_member_for(SECRETARY, facts.id) == facts


def test_no_column_of_the_database_holds_the_number_in_the_clear() -> None:
    facts = register()
    with seen_by(SECRETARY):
        for model in (Member, VaultField, AuditRow):
            for row in model.objects.values():
                assert NUMBER not in str(row)
                assert NUMBER.encode() not in b"".join(
                    bytes(value) for value in row.values() if isinstance(value, memoryview | bytes)
                )
    assert NUMBER not in repr(facts)


def test_both_sides_see_the_file_and_an_outsider_does_not() -> None:
    facts = register(host_organisation_id=NEXT_BRANCH.id)
    other = register(id_number=invented_id(sequence=9), name="曲比阿牛")
    for actor in (SECRETARY, COUNTY, OUTSIDERS["branch_secretary"], OUTSIDER):
        with seen_by(actor):
            assert queries.get_member_for(actor, facts.id).name == "沙马 木呷"
    with seen_by(OUTSIDER), pytest.raises(NotFound):
        queries.get_member_for(OUTSIDER, other.id)
    with scoped(Scope.nowhere()):
        assert not Member.objects.exists()
        assert not VaultField.objects.exists()


def test_a_member_sees_their_own_file_only() -> None:
    facts, other = register(), register(id_number=invented_id(sequence=9))
    me = Actor.member(facts.id, facts.name)
    with seen_by(me):
        assert queries.get_member_for(me, facts.id).id_mask == facts.id_mask
        assert VaultField.objects.count() == 3
        with pytest.raises(NotFound):
            queries.get_member_for(me, other.id)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"id_number": NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1")}, "checksum"),
        ({"id_number": "51349919750812"}, "length"),
        ({"phone": "12345"}, "length"),
        ({"phone_whose": "relative"}, "relation"),
        ({"name": "  "}, "empty"),
        ({"category": "hero"}, "category"),
        ({"home_organisation_id": NEXT_BRANCH.id}, "no-side"),
        ({"home_organisation_id": None}, "no-side"),
    ],
)
def test_what_is_wrong_is_refused_in_words_and_nothing_is_written(
    wrong: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        register(**wrong)
    assert refusal.value.code == code
    assert refusal.value.message
    with scoped(Scope.everywhere()):
        assert not Member.objects.exists()


def test_an_unknown_phone_range_is_a_warning_that_comes_with_the_file() -> None:
    facts = register(born_on=date(1980, 1, 1))
    assert [warning.code for warning in facts.warnings] == ["birth-differs"]
    assert facts.born_on == date(1975, 8, 12)


def test_a_second_file_in_scope_is_refused_and_leads_to_the_first() -> None:
    first = register()
    for spelling in (NUMBER, NUMBER.lower(), f" {NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}"):
        with pytest.raises(Duplicate) as refusal:
            register(by=COUNTY, id_number=spelling, name="别的写法")
        assert refusal.value.code == "duplicate"
        assert refusal.value.existing_id == first.id


def test_a_second_file_elsewhere_gets_the_same_answer_and_the_reviewer_above_hears() -> None:
    first = register()
    clean = commands.register_member(
        by=OUTSIDER,
        new=newcomer(id_number=invented_id(sequence=5), home_organisation_id=NEXT_BRANCH.id),
    )
    second = commands.register_member(
        by=OUTSIDER, new=newcomer(home_organisation_id=NEXT_BRANCH.id)
    )
    assert type(second) is type(clean)
    assert (second.warnings, second.version) == (clean.warnings, clean.version)
    for actor in (OUTSIDER, COUNTY):
        with seen_by(actor):
            assert not DuplicateReview.objects.exists()
    with seen_by(OFFICIALS["city_officer"]):
        (review,) = DuplicateReview.objects.all()
    assert {review.first_member_id, review.second_member_id} == {first.id, second.id}
    assert (review.path, review.why) == (CITY.path, "id_number")


def test_name_and_birth_are_a_hint_where_a_number_is_missing() -> None:
    born = date(1975, 8, 12)
    first = register()
    with seen_by(SECRETARY):
        assert queries.possible_same_persons(SECRETARY, "沙马·木呷", born) == [first]
        assert queries.possible_same_persons(SECRETARY, "沙马木呷", date(1980, 1, 1)) == []
    register(id_number=None, born_on=born, home_organisation_id=TOWNSHIP.id, by=COUNTY)
    with seen_by(COUNTY):
        (review,) = DuplicateReview.objects.all()
    assert (review.path, review.why) == (TOWNSHIP.path, "name_and_birth")


def test_many_files_are_opened_in_few_statements(
    django_assert_max_num_queries: object,
) -> None:
    new = [
        newcomer(name=f"阿尔{n}", id_number=invented_id(sequence=n), phone=invented_phone(n))
        for n in range(1, 201)
    ]
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        written = commands.register_members(by=SECRETARY, new=new, reason="导入")
    assert [facts.name for facts in written] == [one.name for one in new]
    with seen_by(COUNTY):
        assert AuditRow.objects.filter(action="members.register_members").count() == 200
        found = queries.find_by_id_numbers(COUNTY, [new[5].id_number or "", NUMBER[:17] + "#"])
    assert found == {new[5].id_number: written[5]}


def test_two_rows_of_one_person_in_a_batch_are_refused_whole() -> None:
    with pytest.raises(Refused, match="同一个身份证号码"):
        commands.register_members(by=SECRETARY, new=[newcomer(), newcomer()])
    with seen_by(COUNTY):
        assert not Member.objects.exists()


def test_a_role_without_the_permission_opens_no_file() -> None:
    with pytest.raises(Forbidden):
        register(by=OFFICIALS["system_administrator"])


def test_a_name_is_found_by_its_beginning_its_reading_and_either_script() -> None:
    facts = register(name="单于木呷", id_number=None)
    with seen_by(SECRETARY):
        for text in ("单于", "單于木", "chanyu", "cymg"):
            assert queries.find_by_name(SECRETARY, text) == [facts], text
        assert queries.find_by_name(SECRETARY, "木呷") == [facts]
        assert queries.find_by_name(SECRETARY, "于木") == []
