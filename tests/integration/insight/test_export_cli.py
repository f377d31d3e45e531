"""`guiyan export`: complete, masked, whole or not at all, with exit codes that mean something."""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.cast import BRANCH, MEIGU
from tests.integration.flows.conftest import _planted, declared, newcomer
from tests.people import invented_id

from guiyan.insight.export_cli import EXIT_REFUSED, export_register
from guiyan.platform.cli import boot

__all__ = ["_planted"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _this_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own connection stands already; nothing is booted."""

    @contextmanager
    def database() -> Iterator[None]:
        yield

    monkeypatch.setattr(boot, "database", database)


def test_a_register_is_written_whole_with_masks(tmp_path: Path) -> None:
    number = invented_id(sequence=991)
    declared(member=newcomer(name="吉克阿支", id_number=number))
    out = tmp_path / "out.csv"
    ran = CliRunner().invoke(
        export_register,
        ["moved-out", "--organisation", MEIGU.code, "--out", str(out), "--json"],
    )
    assert ran.exit_code == 0, ran.output
    assert json.loads(ran.stdout)["rows"] == 1
    text = out.read_text(encoding="utf-8-sig")
    assert number not in text
    assert next(csv.DictReader(text.splitlines()))["姓名"] == "吉克阿支"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


@pytest.mark.parametrize(
    ("code", "name", "refused"),
    [
        ("nowhere", "out.xlsx", "organisation"),
        (BRANCH.code, "out.doc", "format"),
        (BRANCH.code, "missing/out.xlsx", "place"),
    ],
)
def test_what_can_not_be_done_is_one_clear_line_and_exit_code_2(
    tmp_path: Path, code: str, name: str, refused: str
) -> None:
    ran = CliRunner().invoke(
        export_register,
        ["moved-in", "--organisation", code, "--out", str(tmp_path / name), "--json"],
    )
    assert ran.exit_code == EXIT_REFUSED
    assert json.loads(ran.stdout)["refused"] == refused
    assert not list(tmp_path.iterdir())
