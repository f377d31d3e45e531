"""Registers go out complete, typed as text, and never as formulas."""

from __future__ import annotations

import tempfile
import tracemalloc
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.kernel.workbooks.read import open_workbook, unwrap
from guiyan.kernel.workbooks.write import Column, write_csv, write_register
from guiyan.kernel.workbooks.written import as_text, guarded, guarded_for_excel

COLUMNS = [Column("姓名"), Column("公民身份号码", 22), Column("备注", 30, "wrapped")]
INJECTIONS = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\tx",
    "\rx",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "=cmd|'/C calc'!A0",
]


def test_long_numbers_and_formulas_are_texts_in_an_xlsx(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = [["阿牛", "513499197711176431", text] for text in INJECTIONS if text != "\rx"]
    assert write_register(path, "名册", COLUMNS, rows) == len(rows)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    found = list(sheet.iter_rows(min_row=3))
    assert [[cell.value for cell in row] for row in found] == rows
    assert {cell.data_type for row in found for cell in row} == {"s"}
    assert {cell.number_format for row in found for cell in row} == {"@"}


@pytest.mark.parametrize("text", INJECTIONS)
def test_in_a_csv_nothing_starts_like_a_formula(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, [Column("备注")], [[text]])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    written = path.read_text(encoding="utf-8-sig").split("\n", 1)[1].strip('"')
    assert written[0] == "'"


def test_long_numbers_keep_their_digits_in_a_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, COLUMNS, [["阿牛", "51349919771117643X", "0834"], ["阿果", "12", 3]])
    assert path.read_text(encoding="utf-8-sig").splitlines()[1:] == [
        "阿牛,\t51349919771117643X,\t0834",
        "阿果,12,3",
    ]


@given(st.text())
def test_no_guarded_text_starts_like_a_formula(text: str) -> None:
    assert not guarded(text).startswith(tuple("=+-@\t\r＝＋－＠"))


@given(st.text(st.sampled_from("=+-@\t\r＝'\"019X阿"), max_size=16))
def test_a_csv_cell_comes_back_as_it_was(text: str) -> None:
    assert unwrap(guarded_for_excel(text)) == text


_cell = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12
)


@given(st.lists(st.tuples(_cell, _cell, _cell), max_size=8))
def test_every_register_comes_back_as_it_was_from_both_formats(
    rows: list[tuple[str, str, str]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sheet, text = Path(folder, "a.xlsx"), Path(folder, "a.csv")
        write_register(sheet, "名册", COLUMNS, rows)
        write_csv(text, COLUMNS, rows)
        for path, head in ((sheet, 2), (text, 1)):
            read = open_workbook(path, name=path.name).sheets[0]
            lines = {row.number: row.cells for row in read.rows()}
            for number, expected in enumerate(rows, start=head + 1):
                cells = lines.get(number, ())
                padded = [*cells, None, None, None][:3]
                assert [cell or "" for cell in padded] == list(expected)


def test_a_full_sheet_is_followed_by_another_with_its_own_header(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = [[f"第{number}人", "", ""] for number in range(25)]
    assert write_register(path, "流入/党员[名册]", COLUMNS, rows, rows_a_sheet=10) == 25
    book = openpyxl.load_workbook(path)
    assert [sheet.max_row for sheet in book.worksheets] == [12, 12, 7]
    assert book.sheetnames[1].endswith("（2）")
    names = [str(row[0].value) for sheet in book.worksheets for row in sheet.iter_rows(min_row=3)]
    assert names == [row[0] for row in rows]
    assert all(sheet["A2"].value == "姓名" for sheet in book.worksheets)


def test_exactly_full_makes_no_empty_sheet_and_none_makes_one_with_a_header(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.xlsx"
    write_register(path, "名册", COLUMNS, [["a", "b", "c"]] * 10, rows_a_sheet=10)
    assert len(openpyxl.load_workbook(path).sheetnames) == 1
    assert write_register(path, "名册", COLUMNS, []) == 0
    assert openpyxl.load_workbook(path).worksheets[0]["B2"].value == "公民身份号码"


def test_the_note_the_watermark_and_the_progress_are_there(tmp_path: Path) -> None:
    path, told = tmp_path / "a.xlsx", list[int]()
    write_register(
        path,
        "名册",
        COLUMNS,
        [["a", "b", "c"]] * 2500,
        header_note="导出人：某某",
        watermark="A&B 10:00",
        progress=told.append,
    )
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet["A2"].value == "导出人：某某" and sheet["A3"].value == "姓名"
    assert "A&&B" in str(sheet.oddHeader.center.text)
    assert told == [1000, 2000, 2500]


def test_rows_are_never_all_in_memory(tmp_path: Path) -> None:
    tracemalloc.start()
    rows = ([f"第{number}人", "5" * 18, "x" * 200] for number in range(20_000))
    write_register(tmp_path / "a.xlsx", "名册", COLUMNS, rows)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * 1024 * 1024


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "是"),
        (False, "否"),
        (date(2020, 1, 2), "2020-01-02"),
        (datetime(2020, 1, 2, 3, 4), "2020-01-02 03:04"),  # noqa: DTZ001
        (12015728699, "12015728699"),
        ("阿牛", "阿牛"),
    ],
)
def test_every_value_has_one_text(value: object, text: str) -> None:
    assert as_text(value) == text  # type: ignore[arg-type]


def test_a_text_longer_than_a_cell_says_that_it_was_cut() -> None:
    text = as_text("长" * 40_000)
    assert len(text) == 32_767 and text.endswith("已截断）")
