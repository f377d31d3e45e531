"""Service points with duty hours, what is nearest, parameters of the rules and working days."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests import cast
from tests.cast import BRANCH, CENTRE, CITY, MEIGU, NEXT_COUNTY, TOWNSHIP

from guiyan.orgs import commands, queries, words
from guiyan.orgs.queries.nearest import service_points_by_distance
from guiyan.orgs.types import NewServicePoint, OrganisationFacts
from guiyan.platform.actor import Actor
from guiyan.platform.errors import NotFound, Refused

pytestmark = pytest.mark.django_db
Tree = dict[str, OrganisationFacts]
OFFICER = cast.OFFICIALS["county_officer"]
CHINA = ZoneInfo("Asia/Shanghai")
WORKDAYS = tuple((day, "08:30", "18:00") for day in range(5))


def hotline(by: Actor, owner: OrganisationFacts, name: str) -> None:
    commands.add_service_point(
        by=by, organisation_id=owner.id, kind="hotline", name=name, duty_hours=WORKDAYS,
        phone="12010000001",
    )  # fmt: skip


def desk(code: str, name: str, longitude: float, latitude: float) -> NewServicePoint:
    return NewServicePoint(
        organisation_code=code, kind="desk", name=name, duty_hours=WORKDAYS, address=name,
        longitude=longitude, latitude=latitude, coordinates_origin="invented",
    )  # fmt: skip


def test_the_hotlines_of_all_levels_above_are_found_nearest_first(tree: Tree) -> None:
    for place, name in ((TOWNSHIP, "镇热线"), (MEIGU, "县热线")):
        hotline(OFFICER, tree[place.code], name)
    hotline(cast.OFFICIALS["city_officer"], tree[NEXT_COUNTY.code], "邻县热线")
    names = [point.name for point in queries.hotlines_along(BRANCH.path)]
    assert names == ["镇热线", "县热线"]


def test_who_is_on_duty_follows_the_clock_of_china(tree: Tree) -> None:
    hotline(OFFICER, tree[MEIGU.code], "县热线")
    (point,) = queries.directory(MEIGU.path, kinds=["hotline"])
    monday = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
    assert queries.is_on_duty(point, monday)
    assert not queries.is_on_duty(point, monday - timedelta(hours=1))
    assert not queries.is_on_duty(point, monday - timedelta(days=1))
    assert point.duty_text == "周一至周五 08:30-18:00"


def test_nobody_lists_a_point_for_an_organisation_outside_the_scope(tree: Tree) -> None:
    with pytest.raises(NotFound):
        hotline(OFFICER, tree[NEXT_COUNTY.code], "邻县热线")
    with pytest.raises(NotFound):
        commands.add_service_points(by=OFFICER, new=[desk(NEXT_COUNTY.code, "窗口", 102.8, 28.0)])


def test_a_hotline_without_a_number_and_a_desk_without_an_address_are_refused(tree: Tree) -> None:
    owner = tree[CENTRE.code]
    for kind, expected in (("hotline", "no-phone"), ("desk", "no-address")):
        with pytest.raises(Refused) as refused:
            commands.add_service_point(
                by=OFFICER, organisation_id=owner.id, kind=kind, name="某处", duty_hours=WORKDAYS
            )
        assert refused.value.code == expected


def test_changed_hours_hold_and_a_closed_point_leaves_the_directory(tree: Tree) -> None:
    hotline(OFFICER, tree[MEIGU.code], "县热线")
    (point,) = queries.directory(MEIGU.path)
    commands.change_service_point(
        by=OFFICER, point_id=point.id, name="县热线", duty_hours=[(6, "09:00", "12:00")],
        phone="12010000002", address="",
    )  # fmt: skip
    (changed,) = queries.directory(MEIGU.path)
    assert (changed.phone, changed.duty_text) == ("12010000002", "周日 09:00-12:00")
    commands.close_service_point(by=OFFICER, point_id=point.id, reason="并入")
    assert queries.directory(MEIGU.path) == []
    with pytest.raises(NotFound):
        queries.get_service_point_for(cast.OUTSIDERS["county_officer"], point.id)


def test_the_three_nearest_points_come_with_their_kilometres(tree: Tree) -> None:
    commands.add_service_points(
        by=OFFICER,
        new=[desk(MEIGU.code, f"窗口{n}", 103.0 + n / 10, 28.3) for n in range(6)],
    )
    hotline(OFFICER, tree[MEIGU.code], "县热线")
    found = queries.nearest_service_points(103.31, 28.3)
    assert [point.name for point, _km in found] == ["窗口3", "窗口4", "窗口2"]
    # One tenth of a degree of longitude at 28.3° north is 9.8 km.
    assert found[1][1] == pytest.approx(9 * 0.98, abs=0.1)


def test_the_nearest_are_read_off_the_index(tree: Tree) -> None:
    commands.add_service_points(
        by=OFFICER,
        new=[
            desk(MEIGU.code, f"窗口{n}", 102 + (n % 60) / 30, 27 + (n // 60) / 30)
            for n in range(3000)
        ],
    )
    plan = service_points_by_distance(103.0, 28.0)[:3].explain()
    assert "servicepoint_earth" in plan, plan
    assert "Sort" not in plan, plan


def test_the_nearest_branch_that_takes_members_in_may_be_asked_for_below_a_body(
    tree: Tree,
) -> None:
    for place, longitude in ((BRANCH, 103.1), (cast.OTHER_BRANCH, 103.4)):
        commands.place_pin(
            by=OFFICER, organisation_id=tree[place.code].id, longitude=longitude, latitude=28.3
        )
    found = queries.nearest_organisations(103.3, 28.3, ability="hosts_members", under=TOWNSHIP.path)
    assert [facts.code for facts, _km in found] == [cast.OTHER_BRANCH.code, BRANCH.code]
    assert queries.nearest_organisations(103.3, 28.3, ability="industry") == []


def test_swapped_coordinates_are_noticed(tree: Tree) -> None:
    with pytest.raises(Refused) as refused:
        commands.place_pin(
            by=OFFICER, organisation_id=tree[BRANCH.code].id, longitude=28.3, latitude=103.1
        )
    assert refused.value.code == "coordinates"


NAMES = {
    "flow_threshold_months": 6, "answer_notified_days": 15, "answer_claimed_days": 15,
    "place_within_days": 30, "verify_lead_days": 7, "letter_validity_days": 90,
    "letter_reply_days": 30, "lost_contact_months": 6, "correction_answer_days": 15,
    "branch_size_max": 50, "lead_erase_days": 30, "certificate_validity_months": 12,
    "clear_stale_months": 6,
}  # fmt: skip


def test_the_countrys_parameters_hold_everywhere_and_name_their_source(tree: Tree) -> None:
    found = {row.name: row for row in queries.parameters_at(BRANCH.path, date(2019, 1, 1))}
    assert {name: found[name].value for name in NAMES} == NAMES
    assert set(found) == set(words.PARAMETERS)
    assert all(row.source for row in found.values())


def test_seeding_twice_adds_nothing(tree: Tree, system: Actor) -> None:
    assert commands.seed_parameters(by=system) == 0
    assert commands.seed_working_days(by=system) > 0
    assert commands.seed_working_days(by=system) == 0


def test_the_nearest_organisation_above_decides_from_its_day_on(tree: Tree) -> None:
    today = OFFICER.today
    for place, value, on in ((CITY, 40, today), (MEIGU, 20, today + timedelta(days=10))):
        commands.set_parameter(
            by=cast.OFFICIALS["city_officer"], organisation_id=tree[place.code].id,
            name="place_within_days", value=value, source="州组通〔2026〕1号", valid_from=on,
        )  # fmt: skip

    def holds(path: str, day: date) -> int:
        return queries.parameter("place_within_days", path=path, on=day).value

    assert holds(BRANCH.path, today - timedelta(days=1)) == 30
    assert holds(BRANCH.path, today) == 40
    assert holds(BRANCH.path, today + timedelta(days=10)) == 20
    assert holds(NEXT_COUNTY.path, today + timedelta(days=10)) == 40
    assert (
        queries.parameter("place_within_days", path=BRANCH.path, on=today).set_by_name == CITY.name
    )


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({"name": "no_such"}, "unknown-parameter"),
        ({"value": 0}, "not-positive"),
        ({"source": " "}, "no-source"),
        ({"valid_from": OFFICER.today - timedelta(days=1)}, "in-the-past"),
    ],
)
def test_a_parameter_needs_a_name_a_number_a_source_and_a_coming_day(
    tree: Tree, wish: dict[str, object], expected: str
) -> None:
    usual = {"name": "branch_size_max", "value": 40, "source": "县文", "valid_from": OFFICER.today}
    with pytest.raises(Refused) as refused:
        commands.set_parameter(
            by=OFFICER,
            organisation_id=tree[MEIGU.code].id,
            **{**usual, **wish},  # type: ignore[arg-type]
        )
    assert refused.value.code == expected


def test_working_days_are_what_people_have_entered(tree: Tree, system: Actor) -> None:
    commands.seed_working_days(by=system)
    eve, saturday = date(2025, 1, 28), date(2025, 1, 26)
    days = queries.working_days()
    assert not days.is_working_day(eve)
    assert days.is_working_day(saturday)
    assert days.is_estimated(2099)
    commands.set_workday(by=system, day=eve, is_working=True, name="加班", source="某通知")
    assert queries.working_days().is_working_day(eve)


def test_finding_goes_from_the_code_over_the_name_to_a_part_that_is_unique(tree: Tree) -> None:
    find = queries.find_organisation
    for text in (BRANCH.code, BRANCH.name, "城东社區 党支部", "城东社区"):
        found = find(text=text, under=MEIGU.path)
        assert found is not None and found.code == BRANCH.code, text
    assert find(text="社区党支部", under=MEIGU.path) is None
    assert find(text="新城社区党支部", under=MEIGU.path) is None
    assert find(text="", under=MEIGU.path) is None
    assert set(queries.find_organisations([BRANCH.name, "新城社区党支部", "没有"])) == {
        BRANCH.name,
        "新城社区党支部",
    }


def test_a_place_alone_means_its_committee_and_a_search_names_it_first(
    tree: Tree, system: Actor
) -> None:
    for code, parent, kind, name in (
        ("TX", MEIGU.code, "township_committee", "中共美姑县洪溪镇委员会"),
        ("TX1", "TX", "community_branch", "中共美姑县洪溪镇三岗社区支部委员会"),
        ("TX2", "TX", "community_branch", "中共美姑县洪溪镇丙社区支部委员会"),
    ):
        commands.open_organisation(
            by=system, parent_id=queries.organisation_by_code(parent).id, kind=kind, name=name,
            code=code, division_code="513436100000",
        )  # fmt: skip
    found = queries.find_organisation(text="洪溪镇", under=MEIGU.path)
    assert found is not None and found.code == "TX"
    named = queries.search_organisations("美姑县洪溪镇", under=MEIGU.path)
    assert [facts.code for facts in named] == ["TX", "TX2", "TX1"]


def test_a_search_costs_one_query(tree: Tree, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = queries.search_organisations("社区", under=MEIGU.path)
    assert {facts.code for facts in found} == {BRANCH.code, cast.OTHER_BRANCH.code}
