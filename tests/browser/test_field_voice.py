"""A note by voice in the field: recorded, kept sealed, uploaded in pieces, heard at the desk."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll, assert_targets
from tests.browser.conftest import DESK, PHONE
from tests.browser.market import counted, market_server
from tests.browser.on_phone import KEPT, choose_pin, phone_of, status, unlocked
from tests.browser.pictures import keep_picture
from tests.browser.server import Server
from tests.browser.signing_in import sign_in

pytestmark = pytest.mark.browser

# Chromium's own microphone beeps once a second; nobody is asked.
MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture(scope="module")
def server(admin_url: str, keys_dir: Path, worker_id: str) -> Iterator[Server]:
    with market_server(admin_url, keys_dir, f"voice_{worker_id}") as running:
        yield running


@pytest.fixture(scope="module")
def office(server: Server) -> Callable[[], dict[str, Any]]:
    return lambda: counted(server)


@pytest.fixture(scope="module")
def listening(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> Iterator[Browser]:
    arguments = {**browser_type_launch_args}
    arguments["args"] = [*arguments["args"], *MICROPHONE]
    browser = browser_type.launch(**arguments)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def phone(listening: Browser, server: Server) -> Iterator[BrowserContext]:
    with phone_of(listening, server) as context:
        yield context


def speak(page: Page) -> None:
    page.get_by_role("button", name="录一句话").click()
    expect(page.get_by_text("正在录音")).to_be_visible()
    expect(page.get_by_text("还可以说 28 秒")).to_be_visible()  # two beeps have passed
    page.get_by_role("button", name="说完了").click()
    expect(page.locator("audio")).to_be_visible()


def test_a_note_is_spoken_without_a_line_uploaded_after_its_visit_and_heard_at_the_desk(
    phone: BrowserContext, server: Server, listening: Browser, office: Callable[[], dict[str, Any]]
) -> None:
    page = unlocked(phone, server)
    phone.set_offline(True)
    door = page.locator(".next b").inner_text()
    page.get_by_role("button", name="有党员", exact=True).first.click()
    page.get_by_label("姓名").fill("阿力石一")
    speak(page)
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    assert_targets(page, at_least_px=44)
    keep_picture(page, "field-spoken")
    page.get_by_role("button", name="记下").click()
    expect(status(page)).to_contain_text("待上传 1 条")
    expect(status(page)).to_contain_text("待上传录音 1 段")
    kept = page.evaluate(KEPT)
    assert "OpusHead" not in kept and "webm" not in kept and "阿力石一" not in kept

    page.close()
    page = unlocked(phone, server)  # it outlives the page
    expect(status(page)).to_contain_text("待上传录音 1 段")
    page.locator("#status").click()
    expect(page.get_by_text("一段录音：已传 0 KB")).to_be_visible()
    sent: list[str] = []
    page.on(
        "request",
        lambda asked: sent.append(f"{asked.method} {asked.url.split('/api/field/')[-1][:10]}"),
    )
    phone.set_offline(False)  # it uploads by itself
    expect(status(page)).to_have_text("全部已上传")
    assert sent.index("POST operations") < sent.index(
        next(s for s in sent if s.startswith("PUT spoken"))
    )
    assert office()["states"]["members_found"] == 1
    page.close()

    context = listening.new_context(**DESK)  # type: ignore[arg-type]
    desk = context.new_page()
    sign_in(desk, server.url, **server.facts["people"]["lead"])
    desk.goto(f"{server.url}/w/census/{server.facts['round']}/areas")
    desk.goto(f"{server.url}/w/census/areas/{server.facts['areas']['east']}")
    desk.get_by_role("link", name=door).first.click()
    expect(desk.locator("main audio")).to_be_visible()
    assert_accessible(desk)
    keep_picture(desk, "door-with-a-note")
    desk.goto(f"{server.url}/w/leads")
    desk.locator("main").get_by_role("link", name="阿").first.click()
    expect(desk.locator("main audio")).to_be_visible()
    assert_accessible(desk)
    keep_picture(desk, "lead-with-a-note")
    context.close()


def test_a_note_is_dropped_or_spoken_anew_and_leaving_lets_the_microphone_go(
    phone: BrowserContext, server: Server
) -> None:
    page = unlocked(phone, server)
    page.evaluate(
        """() => {
          window.streams = [];
          const own = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          navigator.mediaDevices.getUserMedia = async (wish) => {
            const stream = await own(wish);
            window.streams.push(stream);
            return stream;
          };
        }"""
    )
    page.get_by_role("button", name="不愿说").first.click()
    assert page.evaluate("streams.length") == 0  # only when the button is pressed
    speak(page)
    page.get_by_role("button", name="重录").click()
    expect(page.get_by_text("正在录音")).to_be_visible()
    page.get_by_role("button", name="说完了").click()
    page.get_by_role("button", name="不要了").click()
    expect(page.locator("audio")).to_have_count(0)
    page.get_by_role("button", name="录一句话").click()
    expect(page.get_by_text("正在录音")).to_be_visible()
    page.get_by_role("button", name="返回").click()
    page.wait_for_function(
        "() => streams.flatMap((s) => s.getTracks()).every((t) => t.readyState === 'ended')"
    )
    assert page.evaluate("streams.length") == 3
    expect(status(page)).to_have_text("全部已上传")
    page.close()


@pytest.mark.parametrize(
    ("failure", "said"),
    [("NotAllowedError", "没有得到使用话筒的许可"), ("NotFoundError", "没有可用的话筒")],
)
def test_without_a_microphone_the_written_note_stays(
    phone: BrowserContext, server: Server, failure: str, said: str
) -> None:
    page = unlocked(phone, server)
    page.evaluate(
        """(name) => {
          const refuse = () => Promise.reject(new DOMException('', name));
          navigator.mediaDevices.getUserMedia = refuse;
        }""",
        failure,
    )
    page.get_by_role("button", name="有党员", exact=True).first.click()
    page.get_by_label("还有什么要说的").fill("下午在")
    page.get_by_role("button", name="录一句话").click()
    expect(page.get_by_role("alert").filter(has_text=said)).to_be_visible()
    expect(page.get_by_label("还有什么要说的")).to_have_value("下午在")
    assert_accessible(page)
    page.close()


def test_a_browser_that_can_not_record_shows_no_button(browser: Browser, server: Server) -> None:
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    context.add_init_script("delete globalThis.MediaRecorder")
    page = context.new_page()
    sign_in(page, server.url, **server.facts["people"]["west"])
    page.goto(f"{server.url}/field/")
    choose_pin(page)
    page.get_by_role("button", name="有党员", exact=True).first.click()
    expect(page.get_by_label("姓名")).to_be_visible()
    expect(page.get_by_role("button", name="录一句话")).to_have_count(0)
    context.close()


def test_only_the_phones_page_may_ask_for_the_microphone(page: Page, server: Server) -> None:
    for path, may in (
        ("/field/", "microphone=(self)"),
        ("/in", "microphone=()"),
        ("/", "microphone=()"),
    ):
        answer = page.goto(server.url + path)
        assert answer is not None
        policy = answer.headers["permissions-policy"]
        assert may in policy
        assert "camera=()" in policy
