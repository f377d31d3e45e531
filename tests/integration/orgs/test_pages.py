"""The pages of the tree and the directory, opened as the people whose job it is."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from tests import cast
from tests.acting import Browser
from tests.cast import BRANCH, CENTRE, MEIGU, NEXT_BRANCH, OTHER_BRANCH, TOWNSHIP

from guiyan.orgs import commands, demo, demo_plan, queries
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor

pytestmark = pytest.mark.django_db
Tree = dict[str, OrganisationFacts]
OFFICER = cast.OFFICIALS["county_officer"]
CANVASSER = cast.OFFICIALS["canvasser"]
ACTS = ("open", "rename", "move", "merge", "close", "particulars", "parameter", "pin", "new_point")
COLD_PUBLIC_BYTES = 10_000


@pytest.fixture
def county_officer(tree: Tree, divisions: None) -> Iterator[Browser]:
    yield Browser(OFFICER)


def test_the_officer_sees_the_tree_and_finds_a_branch_in_it(county_officer: Browser) -> None:
    page = county_officer.get(reverse("orgs:organisations")).content.decode()
    assert TOWNSHIP.name in page
    assert NEXT_BRANCH.name not in page
    found = county_officer.get(f"{reverse('orgs:organisations')}?{urlencode({'q': '城西'})}")
    assert OTHER_BRANCH.name in found.content.decode()


def test_a_branch_outside_the_scope_is_not_found(county_officer: Browser, tree: Tree) -> None:
    for name in ("organisation", "as_of", "pin_map", *ACTS):
        url = reverse(f"orgs:{name}", args=[tree[NEXT_BRANCH.code].id])
        assert county_officer.get(url).status_code == 404, name


def test_who_may_only_look_is_offered_and_allowed_no_act(tree: Tree, divisions: None) -> None:
    canvasser = Browser(CANVASSER)
    page = canvasser.get(reverse("orgs:organisation", args=[tree[BRANCH.code].id]))
    assert page.status_code == 200
    for name in ACTS:
        url = reverse(f"orgs:{name}", args=[tree[BRANCH.code].id])
        assert url not in page.content.decode()
        assert canvasser.get(url).status_code == 403, name


def test_every_act_has_a_page_that_opens(county_officer: Browser, tree: Tree) -> None:
    for name in ACTS:
        url = reverse(f"orgs:{name}", args=[tree[TOWNSHIP.code].id])
        assert county_officer.get(url).status_code == 200, name


def test_the_page_of_an_organisation_says_whose_parameters_it_follows(
    county_officer: Browser, tree: Tree
) -> None:
    answer = county_officer.post(
        reverse("orgs:parameter", args=[tree[MEIGU.code].id]),
        {"name": "place_within_days", "value": 20, "source": "县组通〔2026〕2号",
         "valid_from": OFFICER.today.isoformat()},
    )  # fmt: skip
    assert answer.status_code == 303
    page = county_officer.get(reverse("orgs:organisation", args=[tree[BRANCH.code].id]))
    assert "县组通〔2026〕2号" in page.content.decode()
    assert "全国默认" in page.content.decode()


def test_a_branch_is_opened_from_the_form(county_officer: Browser, tree: Tree) -> None:
    url = reverse("orgs:open", args=[tree[TOWNSHIP.code].id])
    wish = {"kind": "community_branch", "name": "城北社区党支部", "code": "T-9",
            "division_code": "513436100003", "reason": "新建社区"}  # fmt: skip
    assert county_officer.post(url, wish).status_code == 303
    assert queries.organisation_by_code("T-9").path == TOWNSHIP.path + "0003"
    again = county_officer.post(url, {**wish, "name": "另一个党支部"})
    assert again.status_code == 200
    assert "这个组织代码已经有组织在用" in again.content.decode()


def test_an_outpost_names_the_place_in_which_it_stands(county_officer: Browser, tree: Tree) -> None:
    url = reverse("orgs:open", args=[tree[MEIGU.code].id])
    wish = {"kind": "outpost", "name": "驻东莞劳务协作站", "code": "T-W", "reason": "设站",
            "division_code": "513436000000", "stands_in": "广东省东莞市"}  # fmt: skip
    assert county_officer.post(url, wish).status_code == 303
    assert queries.organisation_by_code("T-W").stands_in_code == "441900000000"
    unknown = county_officer.post(url, {**wish, "stands_in": "不知道的地方"})
    assert "没有认出这个地方" in unknown.content.decode()


def test_a_move_shows_who_is_affected_before_it_is_done(
    county_officer: Browser, tree: Tree
) -> None:
    new = commands.open_organisation(
        by=OFFICER, parent_id=tree[MEIGU.code].id, kind="township_committee", name="牛牛坝镇党委",
        code="T-N", division_code="513436103000", reason="",
    )  # fmt: skip
    url = reverse("orgs:move", args=[tree[BRANCH.code].id])
    assert f"?to={new.id}" in county_officer.get(f"{url}?q=T-N").content.decode()
    preview = county_officer.get(f"{url}?to={new.id}").content.decode()
    assert BRANCH.name in preview
    assert new.name in preview
    version = queries.organisation(tree[BRANCH.code].id).version
    answer = county_officer.post(url, {"to": new.id, "reason": "区划调整", "version": version})
    assert answer.status_code == 303
    assert queries.organisation(tree[BRANCH.code].id).path == new.path + "0001"


def test_a_refused_act_comes_back_with_its_reason(county_officer: Browser, tree: Tree) -> None:
    row = tree[TOWNSHIP.code]
    url = reverse("orgs:close", args=[row.id])
    answer = county_officer.post(url, {"reason": "撤销", "version": row.version})
    assert answer.status_code == 200
    assert "还有未撤销的下级组织" in answer.content.decode()


def test_a_click_on_the_map_fills_in_the_place_that_is_then_saved(
    county_officer: Browser, tree: Tree
) -> None:
    for place, longitude in ((BRANCH, 103.1), (OTHER_BRANCH, 103.2)):
        commands.place_pin(
            by=OFFICER, organisation_id=tree[place.code].id, longitude=longitude, latitude=28.3
        )
    url = reverse("orgs:pin", args=[tree[BRANCH.code].id])
    assert "ismap" in county_officer.get(url).content.decode()
    picture = county_officer.get(reverse("orgs:pin_map", args=[tree[BRANCH.code].id]) + "?300,225")
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture.content.decode().count("<circle") == 3
    chosen = county_officer.get(f"{url}?300,225").content.decode()
    assert 'value="103.15"' in chosen
    assert 'value="28.3"' in chosen
    assert county_officer.post(url, {"longitude": 103.15, "latitude": 28.3}).status_code == 303
    moved = queries.organisation(tree[BRANCH.code].id)
    assert (moved.longitude, moved.latitude) == pytest.approx((103.15, 28.3), abs=0.001)
    assert moved.coordinates_origin == "pin"


def test_a_service_point_is_listed_changed_and_taken_off(
    county_officer: Browser, tree: Tree
) -> None:
    wish = {"kind": "desk", "name": "流动党员窗口", "address": "美姑大道1号",
            "duty_hours": "周一至周五 08:30-12:00 14:30-18:00"}  # fmt: skip
    county_officer.post(reverse("orgs:new_point", args=[tree[CENTRE.code].id]), wish)
    (point,) = queries.service_points_of(tree[CENTRE.code].id)
    assert len(point.duty_hours) == 10
    change = reverse("orgs:change_point", args=[point.id])
    wrong = county_officer.post(change, {**wish, "duty_hours": "上班时间"})
    assert "看不懂值班时间" in wrong.content.decode()
    assert county_officer.post(change, {**wish, "duty_hours": "24小时"}).status_code == 303
    listed = county_officer.get(reverse("orgs:directory")).content.decode()
    assert "流动党员窗口" in listed
    assert "有人值班" in listed
    county_officer.post(reverse("orgs:close_point", args=[point.id]), {"reason": "迁并"})
    assert "流动党员窗口" not in county_officer.get(reverse("orgs:directory")).content.decode()
    outsider = Browser(cast.OUTSIDERS["county_officer"])
    assert outsider.get(change).status_code == 404


def test_the_page_of_a_past_day_shows_the_names_of_that_day(
    county_officer: Browser, tree: Tree
) -> None:
    row = tree[BRANCH.code]
    commands.rename(by=OFFICER, organisation_id=row.id, name="东城社区党支部", reason="更名")
    url = reverse("orgs:as_of", args=[tree[TOWNSHIP.code].id])
    then = county_officer.get(f"{url}?day={row.opened_on.isoformat()}").content.decode()
    assert BRANCH.name in then
    assert "东城社区党支部" not in then


@pytest.fixture
def demo_tree(system: Actor, divisions: None) -> None:
    commands.seed_kinds(by=system)
    demo.open_demo_tree(system)


def test_anybody_finds_the_three_nearest_centres_without_script_or_location(
    demo_tree: None, client: Client
) -> None:
    answer = client.post(reverse("orgs:near"), {"address": "美姑县巴普镇城东社区新建路15号"})
    page = answer.content.decode()
    assert page.count("公里") == 3
    assert "四川省凉山彝族自治州美姑县巴普镇城东社区居民委员会" in page
    assert "新建路15号" not in page.replace('value="美姑县巴普镇城东社区新建路15号"', "")
    assert "<script" not in page
    assert "geolocation" not in page


def test_a_township_can_be_chosen_instead_of_typing(demo_tree: None, client: Client) -> None:
    counties = client.get(reverse("orgs:near")).content.decode()
    assert "?place=513436000000" in counties
    townships = client.get(f"{reverse('orgs:near')}?place=513436000000").content.decode()
    assert "?place=513436100000" in townships
    found = client.get(f"{reverse('orgs:near')}?place=513436100000").content.decode()
    assert "美姑县巴普镇党群服务中心" in found


def test_an_unknown_place_is_said_to_be_unknown(demo_tree: None, client: Client) -> None:
    page = client.post(reverse("orgs:near"), {"address": "不知道"}).content.decode()
    assert "没有认出这个地方" in page


def test_hotlines_lead_from_the_county_over_the_township_to_the_village(
    demo_tree: None, client: Client
) -> None:
    url = reverse("orgs:hotlines")
    assert f"?at={demo_plan.MEIGU}" in client.get(url).content.decode()
    county = client.get(f"{url}?at={demo_plan.MEIGU}").content.decode()
    assert "24小时" in county
    assert "现在有人接听" in county
    assert "?at=513436100" in county
    assert "?at=513436100001" in client.get(f"{url}?at=513436100").content.decode()
    assert client.get(f"{url}?at=513436100001").content.decode().count("tel:12") == 3
    assert client.get(f"{url}?at=nowhere").status_code == 404


@pytest.mark.parametrize(
    "query", ["near", "near?place=513436000000", "near?place=513436100000",
              "hotlines", "hotlines?at=513436", "hotlines?at=513436100"],
)  # fmt: skip
def test_public_pages_are_at_most_ten_kilobytes(
    demo_tree: None, client: Client, query: str
) -> None:
    answer = client.get(f"/{query}")
    assert answer.status_code == 200
    assert len(answer.content) <= COLD_PUBLIC_BYTES
