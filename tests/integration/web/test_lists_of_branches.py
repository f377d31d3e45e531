"""The page of a branch's list: one tick a person, all-here in one, nothing typed is lost."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader
from tests.integration.web.county import County, build

from guiyan.outreach.census.codes import read_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None, tmp_path: Path, settings: Any) -> County:
    settings.FILES_DIR = tmp_path
    return build()


def people(html: str) -> list[str]:
    """The ids of those on the page, in its order."""
    found = [part.split('"')[0] for part in html.split('name="a-')[1:]]
    return list(dict.fromkeys(found))


def page_of(county: County) -> tuple[str, str]:
    address = reverse("outreach:branch_list", args=[county.ids["list_id"]])
    return address, county.browsers["branch_secretary"].get(address).content.decode()


def test_who_has_an_open_case_is_ticked_as_away(county: County) -> None:
    _address, html = page_of(county)
    assert 'value="away_long" checked' in html
    assert "已登记外出" in html


def test_everybody_without_a_tick_is_here_by_one_button(county: County) -> None:
    address, _html = page_of(county)
    answer = county.browsers["branch_secretary"].post(address, {"all_here": "1"})
    assert answer.status_code == 303
    html = page_of(county)[1]
    assert "已核对" in html
    assert "未核对" not in html


def test_what_was_typed_comes_back_with_the_words_beside_it(county: County) -> None:
    address, html = page_of(county)
    browser = county.browsers["branch_secretary"]
    asked = next(one for one in people(html) if f'name="w-{one}"' in html)
    answer = browser.post(
        address, {f"a-{asked}": "away_long", f"w-{asked}": "泸州", f"d-{asked}": "不清楚"}
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "日期请按年-月-日填写" in html
    assert 'value="泸州"' in html
    assert 'value="away_long" checked' in html


def test_the_printed_list_has_a_code_for_each_person(county: County) -> None:
    _address, html = page_of(county)
    paper = county.browsers["branch_secretary"].post(
        reverse("outreach:print_list", args=[county.ids["list_id"]])
    )
    text = "".join(one.extract_text() for one in PdfReader(BytesIO(paper.content)).pages)
    assert paper["Content-Type"] == "application/pdf"
    codes = re.findall(r"\b\d{5,8}\b", text)
    assert len({one for one in codes if isinstance(read_code(one), int)}) >= len(people(html))


def test_who_is_not_known_where_stands_above_the_lists_with_the_way_to_say_found(
    county: County,
) -> None:
    address, html = page_of(county)
    browser = county.browsers["branch_secretary"]
    sought = people(html)[-1]
    browser.post(address, {f"a-{sought}": "not_known"})
    mine = browser.get(reverse("outreach:my_lists")).content.decode()
    assert "要找的党员" in mine
    assert reverse("members:file", args=[sought]) in mine
    assert "找到 1 名不知道在哪里的党员" in browser.get(reverse("web:work")).content.decode()
    assert browser.post(reverse("outreach:note_found", args=[sought])).status_code == 303
    assert "要找的党员" not in browser.get(reverse("outreach:my_lists")).content.decode()
