"""The main job from end to end, as the cast does it: a county's three workbooks go in, members are
received, placed, given a contact person and contacted, and stand on balanced registers.

It drives the product itself: `guiyan demo` with its own database, web server and worker.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from guiyan.kernel.invented import invented_id
from tests.browser.checks import assert_accessible
from tests.browser.conftest import DESK, PHONE
from tests.browser.signing_in import sign_in

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
READY = re.compile(r"Guiyan is ready at (\S+)")
PATIENT_MS = 60_000  # for work that the worker does while the page refreshes itself


@pytest.fixture(scope="module")
def demo() -> Iterator[dict[str, Any]]:
    """A running demo, and what its demo.json says. GUIYAN_E2E_HOME uses one that runs already."""
    if home := os.environ.get("GUIYAN_E2E_HOME"):
        yield json.loads((Path(home) / "demo.json").read_text(encoding="utf-8"))
        return
    root = Path(tempfile.mkdtemp(prefix="gy-main-job-"))
    root.chmod(0o755)  # under root the database runs as another account, which must reach it
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("GUIYAN_", "DJANGO_"))}
    with subprocess.Popen(
        [sys.executable, "-m", "guiyan", "demo"],
        env=environment | {"GUIYAN_HOME": str(root / "home"), "GUIYAN_PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            if not any(READY.search(line) for line in process.stdout):
                raise AssertionError(f"the demo ended with {process.wait()} before it was ready")
            yield json.loads((root / "home" / "demo.json").read_text(encoding="utf-8"))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="module")
def as_person(browser: Browser, demo: dict[str, Any]) -> Iterator[Any]:
    """A page on which one of the cast is signed in; a code counts once, so once for each."""
    pages: dict[str, Page] = {}

    def page_of(who: str) -> Page:
        if who not in pages:
            person = demo["cast"][who]
            pages[who] = browser.new_context(**DESK).new_page()  # type: ignore[arg-type]
            pages[who].set_default_timeout(15_000)
            sign_in(
                pages[who], demo["url"], login=person["login"], password=person["password"],
                totp_secret=person["totp_secret"],
            )  # fmt: skip
        return pages[who]

    yield page_of
    for page in pages.values():
        page.context.close()


def a_new_id_number(serial: int) -> str:
    """Another person at each run, so that the tests may run again on a demo that runs already."""
    born = date(1950, 1, 1) + timedelta(days=os.getpid() % 15_000)
    return invented_id(born=born, sequence=serial)


def import_workbook(
    page: Page, demo: dict[str, Any], kind: str, organisation: str, file: str
) -> dict[str, int]:
    """Upload, look at the columns and at what would happen, write; returns the counts shown."""
    page.goto(f"{demo['url']}/w/imports")
    page.locator("[name=kind]").select_option(kind)
    page.locator("[name=organisation]").fill(organisation)
    page.locator("[name=file]").set_input_files(SAMPLES / file)
    page.get_by_role("button", name="上传并读取").click()
    page.get_by_role("link", name="核对各列").click(timeout=PATIENT_MS)
    page.get_by_role("button", name="按这样读取").click()
    page.get_by_role("button", name="写入").click(timeout=PATIENT_MS)
    expect(page.get_by_role("button", name="撤销导入")).to_be_visible(timeout=PATIENT_MS)
    numbers = page.locator("dl.facts div").all_inner_texts()
    found = (re.fullmatch(r"(\D+?)\s+(\d+)", text.strip()) for text in numbers)
    return {match[1].strip(): int(match[2]) for match in found if match}


def place_everybody(page: Page, demo: dict[str, Any]) -> int:
    """One sitting: the suggestions are applied, one is put off, the minutes name the rest."""
    page.goto(f"{demo['url']}/w/sittings/new")
    page.get_by_role("button", name="开始").click()
    choices = page.locator("main select")
    count = choices.count()
    choices.last.select_option("")
    page.get_by_role("button", name="按上面的安排编入").click()
    expect(page.get_by_role("heading", name="研判会纪要")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(count - 1)
    expect(page.get_by_role("heading", name="留到下次再议")).to_be_visible()
    return count


def numbers_on_top(page: Page) -> list[int]:
    """The register's balance line: a sum and its two parts."""
    return [int(text) for text in page.locator(".note b").all_inner_texts()]


def assert_balanced(page: Page, demo: dict[str, Any], side: str, at_least: int) -> None:
    """The worker folds counts within seconds; the page is read again until they have come."""
    for _ in range(30):
        page.goto(f"{demo['url']}/w/registers/{side}")
        total, one, other = numbers_on_top(page)
        assert total == one + other
        if total >= at_least:
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"the {side} register shows {total}, expected at least {at_least}")


def search(page: Page, text: str) -> None:
    page.locator("[name=search]").fill(text)
    page.get_by_role("button", name="查找").click()


def test_a_county_s_workbooks_become_members_on_balanced_registers(
    demo: dict[str, Any], as_person: Any
) -> None:
    county, township = as_person("county_officer"), as_person("township_officer")

    # The county's officer sends in three workbooks; each is read, looked at, then written.
    moved_in = import_workbook(county, demo, "moved-in", "中共美姑县巴普镇委员会", "moved_in.xlsx")
    assert moved_in["新增"] == 46
    assert moved_in["重复，不再导入"] == 1
    moved_out = import_workbook(
        county, demo, "moved-out", "中共美姑县委员会", "moved_out_gb18030.csv"
    )
    assert moved_out["新增"] > 550
    premises = import_workbook(county, demo, "premises", "中共美姑县委员会", "premises.xlsx")
    assert premises["新增"] > 4500

    # The township places everybody in one sitting; its minutes write themselves.
    assert place_everybody(township, demo) >= moved_in["新增"]

    # Both registers show them, and what went out is claimed or unclaimed.
    assert_balanced(county, demo, "out", at_least=moved_out["新增"])
    assert_balanced(township, demo, "in", at_least=moved_in["新增"])
    assert_accessible(township)

    # A newcomer is found by the beginning of the name, gets a contact person and a contact.
    search(township, "蒋涛伟")
    township.get_by_role("link", name="蒋涛伟").click()
    expect(township.get_by_text("已编入支部").first).to_be_visible()
    township.get_by_role("link", name="指定联系人").click()
    township.get_by_role("radio").first.check()
    township.get_by_role("button", name="指定").click()
    expect(township.get_by_role("link", name="换人")).to_be_visible()
    township.get_by_role("link", name="记一次联系").click()
    township.get_by_role("button", name="联系上了", exact=True).click()
    expect(township.get_by_role("heading", name="已记下")).to_be_visible()


def test_a_member_without_a_phone_is_received_at_the_desk_and_on_paper(
    demo: dict[str, Any], as_person: Any
) -> None:
    clerk, township = as_person("desk_clerk"), as_person("township_officer")
    clerk.goto(f"{demo['url']}/w/desk")
    clerk.get_by_role("link", name="接待登记").click()
    clerk.locator("[name=name]").fill("阿的史呷")
    clerk.locator("[name=id_number]").fill(a_new_id_number(951))
    clerk.get_by_label("没有手机").check()
    clerk.get_by_label("彝语").check()
    clerk.get_by_label("读写不便").check()
    clerk.locator("[name=home]").fill("四川省凉山彝族自治州甘洛县")
    clerk.locator("[name=address]").fill("巴普镇城东社区农贸市场8号")
    clerk.get_by_role("button", name="登记并打印回执").click()

    # A paper slip with a number, by which the person is found again without any device.
    expect(clerk.get_by_role("heading", name="报到回执")).to_be_visible()
    number = clerk.locator("dl.facts b").first.inner_text()
    assert len(clerk.pdf()) > 5_000
    clerk.goto(f"{demo['url']}/w/desk")
    clerk.locator("[name=text]").fill(number)
    clerk.get_by_role("button", name="查找").click()
    expect(clerk.get_by_text("阿的史呷").first).to_be_visible()

    # Placed with one press, and given the certificate on paper.
    township.goto(f"{demo['url']}/w/placement")
    card = township.locator("section.card", has_text="阿的史呷")
    card.get_by_role("button").first.click()
    township.goto(f"{demo['url']}/w/registers/in")
    search(township, "阿的史呷")
    township.get_by_role("link", name="阿的史呷").first.click()
    township.get_by_role("link", name="开具函件或证明").click()
    township.locator("[name=kind]").select_option("certificate")
    township.get_by_role("button", name="开具").click()
    address = township.get_by_role("link", name="打印（PDF）").get_attribute("href")
    printed = township.request.get(f"{demo['url']}{address}")
    assert printed.body().startswith(b"%PDF")


def test_a_member_who_scans_the_poster_is_received_by_the_township(
    demo: dict[str, Any], as_person: Any, browser: Browser
) -> None:
    phone = browser.new_context(**PHONE, java_script_enabled=False).new_page()  # type: ignore[arg-type]
    phone.goto(demo["checkin_url"])
    name = "吉克阿支"
    answers = (name, "12955501234", "凉山州甘洛县", "巴普镇农贸市场", "餐饮")
    for answer in answers:
        phone.locator("main input:not([type=hidden])").first.fill(answer)
        phone.get_by_role("button", name="下一步").click()
    phone.get_by_role("radio").first.check()
    phone.get_by_role("button", name="下一步").click()
    phone.get_by_role("button", name="提交").click()
    expect(phone.locator("h1")).to_be_visible()
    assert "taken" in phone.url
    phone.context.close()

    # The township opens what was said, verifies, and the lead is a case.
    township = as_person("township_officer")
    # (The browser types faster than a person, so the lead may stand among the suspected ones.)
    township.goto(f"{demo['url']}/w/leads")
    if not township.get_by_role("link", name=name).count():
        township.goto(f"{demo['url']}/w/leads?suspicious=1")
    township.get_by_role("link", name=name).first.click()
    township.get_by_role("button", name="打开并核实").click()
    expect(township.get_by_text("12955501234").first).to_be_visible()
    township.locator("[name=id_number]").fill(a_new_id_number(990))
    township.get_by_role("button", name="登记并接收").click()
    expect(township.get_by_role("heading", name="报到回执")).to_be_visible()
    township.goto(f"{demo['url']}/w/registers/in")
    search(township, "jikeazhi")
    expect(township.get_by_role("link", name=name).first).to_be_visible()
