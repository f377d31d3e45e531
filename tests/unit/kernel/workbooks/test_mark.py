"""The sender gets the same workbook back, with the errors marked in it."""

from __future__ import annotations

import io
import struct
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font
from tests.unit.kernel.workbooks.builders import altered, part, xls, xlsx

from guiyan.kernel.workbooks.kinds import MEMBERS, MOVED_IN, MOVED_OUT, PREMISES, Kind
from guiyan.kernel.workbooks.layout import Layout, find_layout
from guiyan.kernel.workbooks.mark import mark
from guiyan.kernel.workbooks.problems import RowProblem
from guiyan.kernel.workbooks.read import open_workbook
from guiyan.kernel.workbooks.records import records

SAMPLES = Path(__file__).parents[3] / "samples"


def layout_of(content: bytes, name: str, kind: Kind = MEMBERS) -> Layout:
    return find_layout(open_workbook(content, name=name), kind)


def marked(
    content: bytes, name: str, *problems: RowProblem, kind: Kind = MEMBERS
) -> tuple[bytes, str]:
    return mark(content, name=name, layout=layout_of(content, name, kind), problems=problems)


def test_a_wrong_cell_is_coloured_noted_and_named_in_the_last_column() -> None:
    content = xlsx([["姓名", "联系电话"], ["阿牛", "1"], ["阿果", "2"]])
    answer, name = marked(content, "名册.xlsx", RowProblem(3, 1, "phone", "号码位数不对，请核对。"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer)).worksheets[0]
    assert name == "名册（导入结果）.xlsx"
    assert sheet["B3"].fill.start_color.rgb.endswith("FFC7CE")
    assert sheet["B3"].comment.text == "号码位数不对，请核对。"
    assert sheet["C1"].value == "导入结果"
    assert sheet["C3"].value == "联系电话：号码位数不对，请核对。"
    assert sheet["C2"].value is None and sheet["B2"].comment is None


def test_the_gravest_problem_comes_first_and_gives_the_colour() -> None:
    content = xlsx([["姓名", "联系电话"], ["阿牛", "1"]])
    answer, _ = marked(
        content,
        "a.xlsx",
        RowProblem(2, 1, "w", "请留意。", "warning"),
        RowProblem(2, None, "e", "此人已在册。"),
    )
    sheet = openpyxl.load_workbook(io.BytesIO(answer)).worksheets[0]
    assert sheet["C2"].value == "此人已在册。；联系电话：请留意。"
    assert sheet["C2"].fill.start_color.rgb.endswith("FFC7CE")
    assert sheet["B2"].fill.start_color.rgb.endswith("FFEB9C")


def test_looks_links_notes_and_other_sheets_stay() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx([["姓名", "电话"], ["阿牛", "1"]], [["说明"]])))
    sheet = book.worksheets[0]
    sheet["A2"].font = Font(bold=True, color="FF0000")
    sheet["A2"].hyperlink = "http://example.org/"
    sheet["B2"].comment = Comment("乡里写的", "乡镇")
    sheet["B2"].number_format = "0.00"
    sheet.column_dimensions["A"].width = 33
    stream = io.BytesIO()
    book.save(stream)
    answer, _ = marked(stream.getvalue(), "a.xlsx", RowProblem(2, 1, "x", "请核对。"))
    again = openpyxl.load_workbook(io.BytesIO(answer))
    after = again.worksheets[0]
    assert again.sheetnames == ["表1", "表2"]
    assert after["A2"].font.bold and after["A2"].hyperlink.target == "http://example.org/"
    assert after["B2"].comment.text == "乡里写的\n请核对。"
    assert after["B2"].number_format == "0.00"
    assert after.column_dimensions["A"].width == 33


def test_marking_again_uses_the_same_column_and_clears_what_was_mended() -> None:
    content = xlsx([["姓名", "电话"], ["阿牛", "1"], ["阿果", "2"]])
    once, name = marked(content, "a.xlsx", RowProblem(2, 0, "x", "甲。"))
    twice, again = marked(once, name, RowProblem(3, 0, "x", "乙。"))
    sheet = openpyxl.load_workbook(io.BytesIO(twice)).worksheets[0]
    assert again == name
    assert [cell.value for cell in sheet[1]] == ["姓名", "电话", "导入结果"]
    assert sheet["C2"].value is None and sheet["C3"].value == "姓名：乙。"


def test_a_cell_under_a_merged_area_is_marked_where_it_shows() -> None:
    content = xlsx([["乡镇", "名称"], ["甲镇", "a"], [None, "b"]], merges=["A2:A3"])
    answer, _ = marked(content, "a.xlsx", RowProblem(3, 0, "x", "没有此乡镇。"), kind=PREMISES)
    sheet = openpyxl.load_workbook(io.BytesIO(answer)).worksheets[0]
    assert sheet["A2"].comment.text == "没有此乡镇。"


def test_texts_that_look_like_formulas_stay_texts() -> None:
    content = xlsx([["姓名", "电话"], ["=1+1", "@x"]])
    answer, _ = marked(content, "a.xlsx", RowProblem(2, None, "x", "=cmd|' /C calc'!A0"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer)).worksheets[0]
    assert [(cell.value, cell.data_type) for cell in sheet[2]] == [
        ("=1+1", "s"),
        ("@x", "s"),
        ("=cmd|' /C calc'!A0", "s"),
    ]


def test_an_old_workbook_comes_back_as_a_new_one_with_the_same_values() -> None:
    content = xls({(0, 0): "姓名", (0, 1): "电话", (1, 0): "=阿牛", (1, 1): 12015728699.0})
    answer, name = marked(content, "旧.xls", RowProblem(2, 1, "x", "请核对。"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer))["名册"]
    assert name == "旧（导入结果）.xlsx"
    assert [cell.value for cell in sheet[2]] == ["=阿牛", 12015728699, "电话：请核对。"]
    assert sheet["A2"].data_type == "s"


def test_merged_areas_of_an_old_workbook_are_kept_and_its_wrong_cell_is_noted() -> None:
    merged = struct.pack("<HHH4H", 0x00E5, 10, 1, 1, 2, 0, 0)
    content = xls({(0, 0): "乡镇", (0, 1): "名称", (1, 0): "甲镇", (1, 1): "a"}, extra=merged)
    answer, _ = marked(content, "旧.xls", RowProblem(2, 1, "x", "请核对。"), kind=PREMISES)
    sheet = openpyxl.load_workbook(io.BytesIO(answer))["名册"]
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A2:A3"]
    assert sheet["A2"].value == "甲镇"
    assert sheet["B2"].comment.text == "请核对。"
    assert sheet["B2"].fill.start_color.rgb.endswith("FFC7CE")


def test_a_very_large_workbook_comes_back_with_its_values_alone() -> None:
    rows = [["姓名", "出生日期", "电话"]] + [["阿牛" * 8, date(1990, 1, 2), "=1"]] * 3
    content = xlsx(rows)
    spaces = part(content, "xl/styles.xml") + " " * 900_000
    noise = "".join(f"<!--{number:09}-->" for number in range(2_500_000))
    content = altered(content, {"xl/styles.xml": spaces, "xl/noise.xml": f"<x/>{noise}"})
    answer, _ = marked(content, "a.xlsx", RowProblem(3, 2, "x", "请核对。"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["姓名", "出生日期", "电话", "导入结果"]
    assert sheet["B3"].value == datetime(1990, 1, 2)  # noqa: DTZ001 a sheet knows no zone
    assert (sheet["C3"].value, sheet["C3"].data_type) == ("=1", "s")
    assert sheet["C3"].comment.text == "请核对。" and sheet["D3"].value == "电话：请核对。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_comes_back_in_its_own_encoding_with_one_more_column(encoding: str) -> None:
    content = '姓名;电话\r\n阿牛;"=""12757081059"""\r\n阿果;\t513499\r\n'.encode(encoding)
    answer, name = marked(content, "a.csv", RowProblem(3, 1, "x", "=请核对。"))
    assert name == "a（导入结果）.csv"
    assert answer.decode(encoding) == (
        '姓名;电话;导入结果\r\n阿牛;"=""12757081059"""\r\n阿果;\t513499;电话：=请核对。\r\n'
    )
    assert answer.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")


def test_a_message_never_becomes_a_formula_in_a_text() -> None:
    content = "姓名,电话\n阿牛,1\n".encode()
    answer, _ = marked(content, "a.csv", RowProblem(2, None, "x", "=1+1"))
    assert answer.decode().splitlines()[1] == "阿牛,1,'=1+1"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("premises.xlsx", PREMISES),
        ("moved_in.xlsx", MOVED_IN),
        ("moved_out_gb18030.csv", MOVED_OUT),
    ],
)
def test_a_marked_sample_reads_again_as_the_same_table(name: str, kind: Kind) -> None:
    content = (SAMPLES / name).read_bytes()
    workbook = open_workbook(content, name=name)
    layout = find_layout(workbook, kind)
    before = list(records(workbook, layout, kind))
    place = layout.mapping["phone"]
    problems = [RowProblem(each.row_number, place, "x", "请核对。") for each in before[10:20]]
    answer, answered = mark(content, name=name, layout=layout, problems=problems)
    again = open_workbook(answer, name=answered)
    after = find_layout(again, kind)
    assert after.mapping == layout.mapping
    assert after.fingerprint == layout.fingerprint
    assert list(records(again, after, kind)) == before
