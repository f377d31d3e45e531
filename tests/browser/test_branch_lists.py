"""A branch's printed list is typed in by keyboard alone, in a browser that runs no script: code,
Enter, key, Enter; where to, for who has been away for long."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from guiyan.access import commands as access
from guiyan.members import commands as members
from guiyan.members.types import NewMember
from guiyan.orgs import commands as orgs
from guiyan.orgs.types import OrganisationFacts
from guiyan.outreach.census import commands as census
from guiyan.outreach.screening import commands as screening
from guiyan.outreach.screening import queries as lists
from guiyan.platform.actor import Actor
from guiyan.platform.scope import scoped
from tests.browser.checks import assert_no_sideways_scroll
from tests.browser.conftest import DESK
from tests.browser.market import ABOVE, PASSWORD
from tests.browser.on_paper import typed
from tests.browser.pictures import keep_picture
from tests.browser.server import Server, running_server
from tests.browser.signing_in import sign_in
from tests.people import invented_id

pytestmark = pytest.mark.browser

NAMES = ("吉克木呷", "沙马阿支", "海来拉铁", "曲比阿依")
SIGN_IN = {
    "login": "typist",
    "password": PASSWORD,
    "totp_secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
}


def build() -> dict[str, Any]:
    """A township's branch with four members, its list made, and who types it in."""
    by = Actor.system("测试")
    orgs.seed_kinds(by=by)
    orgs.seed_parameters(by=by)
    orgs.seed_working_days(by=by)
    branch: OrganisationFacts | None = None
    branches = ("community_branch", "城东社区党支部", "513436100001")
    for kind, name, division in (*ABOVE, branches):
        township, branch = branch, orgs.open_organisation(
            by=by, parent_id=branch.id if branch else None, kind=kind, name=name,
            code=f"T{division.rstrip('0')}", division_code=division,
        )  # fmt: skip
    assert township is not None
    assert branch is not None
    account_id = access.create_account(
        by=by, login=SIGN_IN["login"], name="阿牛尔布", password=PASSWORD
    )
    access.grant_role(
        by=by, account_id=account_id, role="township_officer", organisation_id=township.id,
        valid_from=date(2020, 1, 1), reason="测试",
    )  # fmt: skip
    access.provision_sign_in(
        by=by, account_id=account_id, password=PASSWORD, totp_secret=SIGN_IN["totp_secret"]
    )
    new = [
        NewMember(
            name=name, home_organisation_id=branch.id,
            id_number=invented_id(born=date(1970, 1, 1), sequence=n + 1),
        )
        for n, name in enumerate(NAMES)
    ]  # fmt: skip
    members.register_members(by=by, new=new, reason="测试")
    with transaction.atomic(), scoped(by.scope):
        round_ = census.plan_round(
            by=by, organisation_id=township.id, title="支部核对名册", purpose="一人不漏",
            starts_on=by.today, ends_on=by.today + timedelta(days=30), kind="branches",
        )  # fmt: skip
        census.open_round(by=by, round_id=round_.id)
        (own,) = lists.branches_at(by, round_.id, [branch.id])
        screening.make_list(by=by, standing_id=own.id)
        people = {one.name: one.code for one in lists.list_of(by, own.id).people}
    return {"round": str(round_.id), "list": str(own.id), "codes": people}


@pytest.fixture(scope="module")
def server(admin_url: str, keys_dir: Path, worker_id: str) -> Iterator[Server]:
    """Guiyan with a branch whose list is on paper."""
    name = f"guiyan_lists_{worker_id}"
    with running_server(admin_url, name=name, keys_dir=keys_dir, prepare=build) as running:
        yield running


@pytest.fixture(scope="module")
def typist(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(**DESK, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, server.url, **SIGN_IN)
    yield page
    context.close()


def test_a_list_goes_in_person_by_person_without_mouse_and_without_script(
    typist: Page, server: Server
) -> None:
    codes = server.facts["codes"]
    typist.goto(f"{server.url}/w/census/{server.facts['round']}/type-in-lists")
    typed(typist, codes[NAMES[0]])
    expect(typist.locator("main")).to_contain_text(NAMES[0])
    typed(typist, "1")
    expect(typist.get_by_role("status")).to_contain_text("在本地")
    # The next line at once: the cursor stands in the code again; code and key go in one too.
    typed(typist, f"{codes[NAMES[1]]} 2")
    expect(typist.get_by_role("status")).to_contain_text("外出不满六个月")
    # Away for longer: the cursor stands where one says where they are.
    typed(typist, codes[NAMES[2]])
    typed(typist, "3")
    assert_no_sideways_scroll(typist)
    keep_picture(typist, "type-in-list-where")
    typed(typist, "泸州市")
    expect(typist.get_by_role("status")).to_contain_text("外出六个月以上")
    typed(typist, f"{codes[NAMES[3]]} 4")
    expect(typist.get_by_role("status")).to_contain_text("不知道在哪里")
    typist.goto(f"{server.url}/w/screening/{server.facts['list']}")
    expect(typist.locator("main")).to_contain_text("已核对")


def test_a_wrong_code_and_a_wrong_key_stay_to_be_mended(typist: Page, server: Server) -> None:
    right = server.facts["codes"][NAMES[0]]
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    typist.goto(f"{server.url}/w/census/{server.facts['round']}/type-in-lists")
    typed(typist, wrong)
    expect(typist.locator("#id_code_error")).to_contain_text("编码有一位不对")
    assert typist.locator("#id_code").input_value() == wrong
    typist.goto(f"{server.url}/w/census/{server.facts['round']}/type-in-lists")
    typed(typist, right)
    typed(typist, "9")
    expect(typist.locator("#id_key_error")).to_contain_text("没有这个数字")
    assert typist.locator("#id_code").input_value() == right
