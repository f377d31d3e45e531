"""The pages of imports, walked by a county officer, and the same from the command line."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.http import HttpResponse
from django.urls import reverse
from tests.acting import Browser
from tests.integration.insight.conftest import MEIGU, SAMPLES
from tests.people import invented_id

from guiyan.flows.models import Case
from guiyan.insight import cli, jobs
from guiyan.insight.fields import UNDO_DAYS
from guiyan.insight.models import ImportBatch
from guiyan.kernel.workbooks.read import open_workbook
from guiyan.members.models import Member
from guiyan.platform.actor import Actor
from guiyan.platform.cli import boot
from guiyan.platform.clock import now
from guiyan.platform.scope import scoped

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(officer: Actor) -> Browser:
    return Browser(officer)


def upload(browser: Browser, name: str, content: bytes, kind: str = "moved-in") -> HttpResponse:
    file = io.BytesIO(content)
    file.name = name
    fields = {"kind": kind, "organisation": "中共美姑县委员会", "file": file}
    return browser.post(reverse("insight:imports"), fields)


def newest() -> ImportBatch:
    with scoped(Actor.system().scope):
        return ImportBatch.objects.latest("created_at")


def at(name: str) -> str:
    return reverse(f"insight:{name}", args=[newest().id])


def test_a_workbook_walks_from_upload_to_undoing(browser: Browser) -> None:
    answer = upload(browser, "moved_in.xlsx", (SAMPLES / "moved_in.xlsx").read_bytes())
    assert answer.status_code == 303 and answer.headers["Location"] == at("import_batch")
    running = browser.get(at("import_batch")).content.decode()
    assert 'http-equiv="refresh"' in running
    jobs.preview_import(batch_id=str(newest().id))
    preview = browser.get(at("import_batch")).content.decode()
    assert 'http-equiv="refresh"' not in preview
    assert "51**************05" in preview and "12412434831" not in preview
    assert "E4" in preview and "校验" in preview
    assert browser.post(at("import_commit")).status_code == 303
    jobs.commit_import(batch_id=str(newest().id))
    assert newest().state == "committed"
    with scoped(Actor.system().scope):
        assert Case.objects.count() == 46
    marked = browser.get(at("import_marked"))
    assert len(open_workbook(marked.content, name="a.xlsx").sheets) == 1
    assert "attachment" in marked.headers["Content-Disposition"]
    assert browser.post(at("import_undo"), {"reason": ""}).status_code == 422
    assert browser.post(at("import_undo"), {"reason": "传错了"}).status_code == 303
    assert "去掉 46 条" in browser.get(at("import_batch")).content.decode()
    assert newest().state == "undone"
    with scoped(Actor.system().scope):
        assert not Member.objects.exists()


def test_the_undoing_is_offered_as_long_as_it_is_possible_and_then_its_end_is_told(
    browser: Browser,
) -> None:
    upload(browser, "moved_in.xlsx", (SAMPLES / "moved_in.xlsx").read_bytes())
    with scoped(Actor.system().scope):
        last_day = now() - timedelta(days=UNDO_DAYS) + timedelta(minutes=5)
        ImportBatch.objects.update(state="committed", committed_at=last_day)
    assert 'name="reason"' in browser.get(at("import_batch")).content.decode()
    with scoped(Actor.system().scope):
        ImportBatch.objects.update(committed_at=last_day - timedelta(days=1))
    late = browser.get(at("import_batch")).content.decode()
    assert 'name="reason"' not in late
    assert "已经过了" in late


def test_a_header_that_nobody_knows_is_mapped_by_a_person(browser: Browser) -> None:
    number = invented_id()
    answer = upload(browser, "a.csv", f"甲,乙,丙\n阿牛,{number},x\n".encode(), kind="members")
    assert answer.headers["Location"] == at("import_mapping")
    mapping = browser.get(at("import_mapping")).content.decode()
    assert number not in mapping and number[:3] + "***" in mapping
    twice = browser.post(at("import_mapping"), {"column_0": "name", "column_1": "name"})
    assert "不止一列" in twice.content.decode()
    without = browser.post(at("import_mapping"), {"column_1": "id_number"})
    assert "请指明哪一列" in without.content.decode()
    given = {"column_0": "name", "column_1": "id_number"}
    assert browser.post(at("import_mapping"), given).status_code == 303
    jobs.preview_import(batch_id=str(newest().id))
    assert newest().counts["new"] == 1


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xlsx", b"PK\x03\x04 broken", "文件已损坏"),
        ("a.xlsm", b"PK\x03\x04", "宏"),
        ("a.csv", b",".join([b"x"] * 10_000), "超过 1,000 列"),
        ("a.csv", b"", "空"),
    ],
)
def test_a_hostile_file_is_refused_on_the_page_with_one_line(
    browser: Browser, name: str, content: bytes, says: str
) -> None:
    answer = upload(browser, name, content)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    with scoped(Actor.system().scope):
        assert not ImportBatch.objects.exists()


def test_an_import_of_another_county_is_not_there(browser: Browser, outsider: Actor) -> None:
    upload(browser, "moved_in.xlsx", (SAMPLES / "moved_in.xlsx").read_bytes())
    other = Browser(outsider)
    for name in ("import_batch", "import_mapping", "import_marked"):
        assert other.get(at(name)).status_code == 404
    for name in ("import_preview", "import_commit", "import_undo"):
        assert other.post(at(name), {"reason": "x"}).status_code == 404
    assert "moved_in.xlsx" not in other.get(reverse("insight:imports")).content.decode()


def test_an_organisation_outside_cannot_be_chosen(outsider: Actor) -> None:
    answer = upload(Browser(outsider), "a.csv", "姓名\n".encode())
    assert answer.status_code == 422 and "没有找到这个组织" in answer.content.decode()


def test_a_batch_cannot_be_written_before_it_was_previewed(browser: Browser) -> None:
    upload(browser, "moved_in.xlsx", (SAMPLES / "moved_in.xlsx").read_bytes())
    assert browser.post(at("import_commit")).status_code == 422


def test_a_refusal_in_the_worker_is_shown_on_the_page(browser: Browser) -> None:
    upload(browser, "moved_in.xlsx", (SAMPLES / "moved_in.xlsx").read_bytes())
    with scoped(Actor.system().scope):
        ImportBatch.objects.update(mapping={"id_number": 4})
    jobs.preview_import(batch_id=str(newest().id))
    assert newest().state == "refused"
    assert "没有找到必需的列：姓名" in browser.get(at("import_batch")).content.decode()


@contextmanager
def running_database() -> Iterator[None]:
    yield


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    """The command, on the database that the test has started."""
    monkeypatch.setattr(boot, "database", running_database)
    return CliRunner().invoke(cli.import_workbook, list(arguments), standalone_mode=True)


def test_the_command_previews_and_writes_nothing(
    tree: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(SAMPLES / "moved_in.xlsx")
    result = run(monkeypatch, "moved-in", file, "--organisation", MEIGU, "--dry-run", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    keys = ("rows", "new", "changed", "duplicate", "wrong", "skipped")
    assert [found[key] for key in keys] == [50, 46, 0, 1, 3, 1]
    first = found["problems"][0]
    assert (first["sheet"], first["row"], first["column"]) == ("流入党员登记表", 4, "E")
    assert first["code"] == "checksum" and first["message"]
    with scoped(Actor.system().scope):
        assert not Member.objects.exists() and not ImportBatch.objects.exists()


def test_the_command_writes_one_batch_that_the_county_sees(
    officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(SAMPLES / "moved_out_gb18030.csv")
    result = run(monkeypatch, "moved-out", file, "--organisation", MEIGU, "--json")
    assert result.exit_code == 0 and json.loads(result.stdout)["new"] == 600
    assert newest().state == "committed"
    shown = Browser(officer).get(reverse("insight:imports")).content.decode()
    assert "moved_out_gb18030.csv" in shown and "command line" in shown


def test_the_command_refuses_with_one_line_and_code_2(
    tree: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hostile = tmp_path / "a.xlsx"
    hostile.write_bytes(b"PK\x03\x04")
    refused = run(monkeypatch, "members", str(hostile), "--organisation", MEIGU)
    assert refused.exit_code == 2 and refused.stderr.count("\n") == 1
    unknown = run(monkeypatch, "members", str(hostile), "--organisation", "nobody", "--json")
    assert unknown.exit_code == 2 and json.loads(unknown.stdout)["refused"] == "organisation"


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("members", "姓名,公民身份号码,从事行业\n阿牛,{number},建材"),
        ("moved-out", "姓名,公民身份号码,外出地点\n阿牛,{number},深圳"),
        ("premises", "名称,所属乡镇,联系电话\n阿牛小店,巴普镇,12015728699"),
        ("organisations", "党组织名称,党组织类别\n美姑县某某联合支部,联合党支部"),
    ],
)
def test_every_kind_shows_its_first_rows_before_they_are_written(
    browser: Browser, kind: str, lines: str
) -> None:
    upload(browser, "a.csv", lines.format(number=invented_id()).encode(), kind=kind)
    jobs.preview_import(batch_id=str(newest().id))
    shown = browser.get(at("import_batch")).content.decode()
    assert "头几行读成这样" in shown and "a.csv" in shown
