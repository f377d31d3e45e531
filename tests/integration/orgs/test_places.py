"""Divisions in time, and places read out of addresses as people write them."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import transaction
from tests import cast

from guiyan.orgs import commands, queries
from guiyan.orgs.divisions.load import Loaded, load_divisions
from guiyan.orgs.divisions.packed import PackedDivision
from guiyan.orgs.models import Division
from guiyan.orgs.types import OrganisationFacts

pytestmark = pytest.mark.django_db
Divisions = list[PackedDivision]
MEIGU = "513436000000"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("巴普镇城东社区新建路15号", "513436100001"),
        ("城西社区农贸市场3号", "513436100002"),
        ("四川省凉山彝族自治州美姑县巴普镇城北社区", "513436100003"),
        ("四川凉山州美姑县巴普镇", "513436100000"),
        ("美姑县", MEIGU),
        ("四川省泸州市", "510500000000"),
        ("四川省", "510000000000"),
        ("深圳", "440300000000"),
        ("广东省东莞市", "441900000000"),
        ("东莞市虎门镇", "441900121000"),
        ("浙江省", "330000000000"),
        ("贵州省贵阳市观山湖区", "520115000000"),
        ("贵阳观山湖", "520115000000"),
        ("巴 普 镇 城东社区", "513436100001"),
    ],
)
def test_an_address_names_its_narrowest_place(divisions: None, text: str, code: str) -> None:
    place = queries.place_of(text, near=MEIGU)
    assert place is not None
    assert place.division_code == code


@pytest.mark.parametrize("text", ["不详", "", "某街道社区党支部", "外地务工", "新建路15号"])
def test_what_begins_with_no_place_names_none(divisions: None, text: str) -> None:
    assert queries.place_of(text, near=MEIGU) is None


def test_a_village_is_only_known_near_where_the_writer_sits(divisions: None) -> None:
    assert queries.place_of("城西社区3号", near="513431000000") is None


def test_a_full_name_leaves_out_what_nobody_writes(divisions: None) -> None:
    assert queries.full_division_name(MEIGU) == "四川省凉山彝族自治州美姑县"
    assert queries.full_division_name("441900121000") == "广东省东莞市虎门镇"
    assert queries.full_division_name("110101000000") == "北京市东城区"
    assert queries.full_division_name("999999000000") == "999999000000"


def test_a_place_stands_where_its_organisation_does(
    divisions: None, tree: dict[str, OrganisationFacts]
) -> None:
    officer = cast.OFFICIALS["county_officer"]
    commands.place_pin(
        by=officer,
        organisation_id=tree[cast.TOWNSHIP.code].id,
        longitude=103.13,
        latitude=28.33,
    )
    village = queries.place_of("巴普镇城东社区", near=MEIGU)
    assert village is not None
    assert (village.longitude, village.latitude) == (103.13, 28.33)
    province = queries.place_of("四川省")
    assert province is not None
    assert (province.longitude, province.latitude) == (None, None)


def test_loading_again_changes_nothing(divisions: None, some_divisions: Divisions) -> None:
    before = Division.objects.count()
    assert load_divisions(some_divisions) == Loaded(0, 0)
    assert Division.objects.count() == before == len(some_divisions)


def test_a_code_that_vanished_ends_and_stays_in_the_table(
    divisions: None, some_divisions: Divisions
) -> None:
    rest = [division for division in some_divisions if division.code != "513436100003"]
    assert load_divisions(rest, as_of=date(2027, 6, 30)) == Loaded(0, 1)
    gone = Division.objects.get(code="513436100003")
    assert (gone.name, gone.valid_to) == ("城北社区居民委员会", date(2027, 6, 30))
    assert queries.place_of("城北社区", near=MEIGU) is None


def test_a_code_that_is_given_to_another_place_gets_a_second_row(
    divisions: None, some_divisions: Divisions
) -> None:
    changed = [
        replace(division, name="城中社区居民委员会")
        if division.code == "513436100003"
        else division
        for division in some_divisions
    ]
    assert load_divisions(changed, as_of=date(2027, 6, 30)) == Loaded(1, 1)
    rows = Division.objects.filter(code="513436100003").order_by("id")
    assert [(row.name, row.valid_from, row.valid_to) for row in rows] == [
        ("城北社区居民委员会", None, date(2027, 6, 30)),
        ("城中社区居民委员会", date(2027, 6, 30), None),
    ]


@pytest.mark.slow
def test_the_whole_country_is_loaded_and_tells_how_far_it_is(db: None) -> None:
    told: list[int] = []
    with transaction.atomic():
        loaded = load_divisions(progress=told.append)
    assert Division.objects.filter(level=5).count() == 620_573
    assert loaded == Loaded(665_272, 0)
    assert told[-1] == loaded.new and told == sorted(told)
    assert queries.divisions_are_loaded()
