"""Any workbook reads as plain cells; formulas are read as the text they show."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.kernel.workbooks.builders import SHEET, SHEET_END, altered, xls, xlsx

from guiyan.kernel.workbooks.read import Merged, Workbook, open_workbook, sniff_delimiter, unwrap
from guiyan.kernel.workbooks.refusals import WorkbookRefused

SAMPLES = Path(__file__).parents[3] / "samples"


def rows(workbook: Workbook) -> list[tuple[object, ...]]:
    return [row.cells for row in workbook.sheets[0].rows()]


def test_numbers_dates_and_texts_come_as_they_are_shown() -> None:
    content = xlsx([["007", 12015728699.0, 2020.5, True, date(2013, 7, 27), None, "=SUM(1,1)"]])
    assert rows(open_workbook(content, name="a.xlsx")) == [
        ("007", 12015728699, 2020.5, True, date(2013, 7, 27), None, "=SUM(1,1)")
    ]


def test_a_moment_keeps_its_time() -> None:
    moment = datetime(2013, 7, 27, 8, 30)  # noqa: DTZ001 a sheet knows no zone
    assert rows(open_workbook(xlsx([[moment]]), name="a.xlsx")) == [(moment,)]


def test_a_formula_is_read_as_its_stored_result_and_never_run() -> None:
    body = SHEET + '<row r="1"><c r="A1"><f>1+1</f><v>77</v></c></row>' + SHEET_END
    content = altered(xlsx([["x"]]), {"xl/worksheets/sheet1.xml": body})
    assert rows(open_workbook(content, name="a.xlsx")) == [(77,)]


def test_a_formula_that_was_never_calculated_gives_its_own_text() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["B2"] = "=SUM(1,1)"
    sheet["C5"] = '=HYPERLINK("http://example.org")'
    stream = io.BytesIO()
    book.save(stream)
    read = rows(open_workbook(stream.getvalue(), name="a.xlsx"))
    assert read[1][1] == "=SUM(1,1)"
    assert read[4][2] == '=HYPERLINK("http://example.org")'


def test_a_formula_that_shows_an_empty_text_is_an_empty_cell() -> None:
    cells = '<c r="A1" t="str"><f>IF(1,"")</f><v></v></c><c r="B1"><f>A1</f></c>'
    body = f'{SHEET}<row r="1">{cells}</row>{SHEET_END}'
    content = altered(xlsx([["x"]]), {"xl/worksheets/sheet1.xml": body})
    assert rows(open_workbook(content, name="a.xlsx")) == [(None, "=A1")]


def test_a_workbook_without_its_own_list_of_sheets_is_broken() -> None:
    cells = f'{SHEET}<row><c r="A1"><f>1+1</f></c></row>{SHEET_END}'
    content = altered(
        xlsx([["x"]]),
        {"xl/worksheets/sheet1.xml": cells, "xl/styles.xml": "<a/>", "xl/workbook.xml": "<a/>"},
    )
    without = altered(content, {"xl/_rels/workbook.xml.rels": "<a/>"}).replace(
        b"xl/_rels/workbook.xml.rels", b"xl/_rels/workbook.xml.relx"
    )
    with pytest.raises(WorkbookRefused) as caught:
        open_workbook(without, name="a.xlsx")
    assert caught.value.code == "broken"


def test_october_written_as_a_number_keeps_its_nought() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["B1"], sheet["C1"] = 2020.1, 7, 2020.1
    sheet["A1"].number_format, sheet["B1"].number_format = "0.00", "000"
    stream = io.BytesIO()
    book.save(stream)
    assert rows(open_workbook(stream.getvalue(), name="a.xlsx")) == [("2020.10", "007", 2020.1)]


def test_rows_and_columns_keep_their_place_when_the_sheet_begins_further_down() -> None:
    content = xlsx([[], [], [None, None, "姓名"], [None, None, "阿牛", 3]])
    sheet = open_workbook(content, name="a.xlsx").sheets[0]
    assert [(row.number, row.cells) for row in sheet.rows()][2:] == [
        (3, (None, None, "姓名", None)),
        (4, (None, None, "阿牛", 3)),
    ]
    assert sheet.width == 4
    assert list(sheet.rows()) == list(sheet.rows())


def test_merged_areas_are_told() -> None:
    content = xlsx([["标题"], ["a", "b"]], merges=["A1:C1", "B2:B4"])
    assert open_workbook(content, name="a.xlsx").sheets[0].merged == (
        Merged(1, 0, 1, 2),
        Merged(2, 1, 4, 1),
    )


def test_an_old_workbook_is_read_too() -> None:
    content = xls({(0, 0): "姓名", (0, 1): "电话", (1, 0): "阿牛", (1, 1): 12015728699.0})
    read = open_workbook(content, name="旧.xls")
    assert read.format == "xls"
    assert read.sheets[0].name == "名册"
    assert rows(read) == [("姓名", "电话"), ("阿牛", 12015728699)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_is_read_in_its_own_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    lines = [["姓名", "电话", "备注"], ["阿尔·拉且", "12015728699", "㐂𠮷"]]
    content = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)
    read = open_workbook(content, name="名册.csv")
    assert rows(read) == [tuple(line) for line in lines]
    assert (read.encoding, read.delimiter) == (encoding, delimiter)


def test_dress_against_excel_is_taken_off() -> None:
    content = '姓名,电话,证号,原因\r\n阿牛,"=""12757081059""",\t513499197711176431,"=SUM(1,1)"\r\n'
    assert rows(open_workbook(content.encode(), name="a.csv"))[1] == (
        "阿牛",
        "12757081059",
        "513499197711176431",
        "=SUM(1,1)",
    )


def test_a_tab_before_every_number_is_not_taken_for_the_delimiter() -> None:
    assert sniff_delimiter("名,证号,电话\nx,\t1,\t2\ny,\t3,\t4\n") == ","


def test_a_line_break_within_quotes_is_one_cell() -> None:
    assert rows(open_workbook(b'a,b\n"x\ny",2\n', name="a.csv"))[1] == ("x\ny", "2")


def test_a_text_cell_beyond_all_bounds_is_refused() -> None:
    with pytest.raises(WorkbookRefused) as caught:
        open_workbook(b'a,b\n"' + b"x" * 1_100_000 + b'",2\n', name="a.csv")
    assert caught.value.code == "broken"


@given(st.text())
def test_taking_dress_off_never_fails(cell: str) -> None:
    assert isinstance(unwrap(cell), str)


_text = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=20,
)


@given(st.lists(st.lists(_text, min_size=2, max_size=4), min_size=1, max_size=5))
def test_every_text_comes_back_from_an_xlsx_as_it_was(table: list[list[str]]) -> None:
    read = rows(open_workbook(xlsx(table), name="a.xlsx"))
    assert [[cell for cell in row if cell is not None] for row in read] == table


def test_the_samples_open() -> None:
    premises = open_workbook(SAMPLES / "premises.xlsx", name="premises.xlsx")
    assert [sheet.name for sheet in premises.sheets] == ["说明", "两新组织和个体工商户台账"]
    moved_out = open_workbook(SAMPLES / "moved_out_gb18030.csv", name="moved_out_gb18030.csv")
    assert moved_out.encoding == "gb18030"
    assert len(rows(moved_out)) == 601
