"""The table is found by itself, can be corrected, and its rows become records."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.kernel.workbooks.builders import xlsx

from guiyan.kernel.workbooks.headers import mapping
from guiyan.kernel.workbooks.kinds import (
    KINDS,
    MEMBERS,
    MOVED_IN,
    MOVED_OUT,
    ORGANISATIONS,
    PREMISES,
    Kind,
)
from guiyan.kernel.workbooks.layout import Layout, find_layout, layout_at
from guiyan.kernel.workbooks.read import Workbook, open_workbook
from guiyan.kernel.workbooks.records import SheetRecord, records
from guiyan.kernel.workbooks.refusals import WorkbookRefused

SAMPLES = Path(__file__).parents[3] / "samples"


def read(name: str, kind: Kind) -> tuple[Workbook, Layout, list[SheetRecord]]:
    workbook = open_workbook(SAMPLES / name, name=name)
    layout = find_layout(workbook, kind)
    return workbook, layout, list(records(workbook, layout, kind))


def opened(*rows: list[object], merges: tuple[str, ...] = ()) -> Workbook:
    return open_workbook(xlsx(rows, merges=merges), name="a.xlsx")


def kept(workbook: Workbook, kind: Kind) -> list[SheetRecord]:
    layout = find_layout(workbook, kind)
    return [each for each in records(workbook, layout, kind) if each.skipped is None]


def test_the_premises_table_is_found_behind_its_instructions_under_two_header_rows() -> None:
    _, layout, _ = read("premises.xlsx", PREMISES)
    assert layout.sheet == "两新组织和个体工商户台账"
    assert layout.header_rows == (3, 4)
    assert layout.first_row == 5
    assert layout.last_row == 4783
    assert list(layout.mapping) and layout.mapping == {
        "serial": 0,
        "township": 1,
        "name": 2,
        "credit_code": 3,
        "type": 4,
        "address": 5,
        "manager": 6,
        "phone": 7,
        "note": 8,
    }
    assert layout.label(5) == "主体情况 / 经营 地址"
    assert layout.missing == () and layout.unmapped == ()
    assert layout.confidence == 1.0


def test_the_premises_table_has_4752_rows_each_with_its_township() -> None:
    _, _, found = read("premises.xlsx", PREMISES)
    assert Counter(each.skipped for each in found) == {
        None: 4752,
        "subtotal": 19,
        "blank": 7,
        "note": 1,
    }
    townships = Counter(each.values["township"] for each in found if each.skipped is None)
    assert len(townships) == 18
    assert townships["巴普镇"] == 482 and townships["瓦候乡"] == 118
    assert None not in townships
    serials = [each.values["serial"] for each in found if each.skipped is None]
    assert serials == list(range(1, 4753))
    assert found[0].row_number == 5


def test_the_moved_in_table_has_49_people_and_one_row_marked_as_double() -> None:
    _, layout, found = read("moved_in.xlsx", MOVED_IN)
    assert layout.header_rows == (2,)
    assert Counter(each.skipped for each in found) == {
        None: 49,
        "marked-duplicate": 1,
        "blank": 1,
        "note": 1,
    }
    double = next(each for each in found if each.skipped == "marked-duplicate")
    assert double.row_number == 52
    assert double.values["id_number"] == "510599 19560820 5605"
    assert set(layout.mapping) >= {"name", "id_number", "moved_in_on", "home_place", "language"}
    assert layout.unmapped == ()


@pytest.mark.parametrize("kind", [MEMBERS, MOVED_IN, MOVED_OUT])
@pytest.mark.parametrize("header", ["识字语言", "能读", "会读的文字", "能读的文字（可多项）"])
def test_languages_as_read_are_a_column_of_their_own_beside_those_spoken(
    kind: Kind, header: str
) -> None:
    found, _ = mapping({0: ("姓名",), 1: ("语言",), 2: (header,)}, kind)
    assert (found["language"], found["reads"]) == (1, 2)
    alone, _ = mapping({0: ("姓名",), 1: (header,)}, kind)
    assert alone == {"name": 0, "reads": 1}


def test_the_moved_out_table_has_600_people() -> None:
    _, layout, found = read("moved_out_gb18030.csv", MOVED_OUT)
    assert Counter(each.skipped for each in found) == {None: 600}
    assert layout.unmapped == () and layout.missing == ()
    assert found[0].values["phone"] == "12757081059"
    assert found[0].values["id_number"] == "513499197711176431"
    assert found[4].values["reason"] == "=SUM(1,1)"


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_kind_finds_its_own_columns_by_any_of_their_names(kind: Kind) -> None:
    most = max(len(column.names) for column in kind.columns)
    for turn in range(most):
        names = [column.names[min(turn, len(column.names) - 1)] for column in kind.columns]
        if len(set(names)) != len(names):
            continue
        layout = find_layout(opened([*names], ["x" for _ in names]), kind)
        expected = {column.key: index for index, column in enumerate(kind.columns)}
        assert layout.mapping == expected
        assert layout.missing == ()


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_kind_has_unique_keys_and_something_required(kind: Kind) -> None:
    keys = [column.key for column in kind.columns]
    assert len(set(keys)) == len(keys)
    assert kind.required


def test_stars_breaks_and_asides_in_a_header_do_not_matter() -> None:
    layout = find_layout(
        opened(["姓　名*", "联系\n电话（必填）", "公民身份号码[18位]"], ["a", "b", "c"]), MEMBERS
    )
    assert layout.mapping == {"name": 0, "phone": 1, "id_number": 2}
    assert layout.confidence < 1


def test_a_title_over_the_whole_table_is_no_group() -> None:
    workbook = opened(["党员名册", None], ["姓名", "性别"], ["阿牛", "男"], merges=("A1:B1",))
    assert find_layout(workbook, MEMBERS).header_rows == (2,)


def test_a_group_without_merged_cells_is_read_too() -> None:
    content = "序号,名称,主体情况,,备注\n,,信用代码,经营地址,\n1,小店,92,路1号,\n".encode()
    workbook = open_workbook(content, name="a.csv")
    layout = find_layout(workbook, PREMISES)
    assert layout.header_rows == (1, 2)
    assert layout.mapping["credit_code"] == 2 and layout.mapping["address"] == 3
    assert [dict(each.values)["name"] for each in kept(workbook, PREMISES)] == ["小店"]


def test_a_first_row_of_people_is_not_taken_for_a_second_header() -> None:
    workbook = opened(["姓名", "性别", None, "电话"], ["阿牛", "男", None, "12015728699"])
    assert find_layout(workbook, MEMBERS).header_rows == (1,)
    assert len(kept(workbook, MEMBERS)) == 1


def test_a_hidden_or_poorer_sheet_loses_against_the_fuller_one() -> None:
    content = xlsx([["姓名", "电话"], ["x", "y"]], [["姓名", "电话", "性别"], ["x", "y", "z"]])
    assert find_layout(open_workbook(content, name="a.xlsx"), MEMBERS).sheet == "表2"


def test_without_a_header_that_fits_a_person_is_asked() -> None:
    layout = find_layout(opened(["甲", "乙", "丙"], ["1", "2", "3"]), MEMBERS)
    assert layout.mapping == {} and layout.missing == ("name",)
    assert layout.confidence == 0.0
    assert layout.unmapped == (0, 1, 2)


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(WorkbookRefused) as caught:
        find_layout(opened([]), MEMBERS)
    assert caught.value.code == "empty"


def test_a_person_may_correct_the_mapping_and_it_is_remembered_by_the_header() -> None:
    workbook = opened(["称呼", "姓名"], ["阿牛", "小名"])
    layout = find_layout(workbook, MEMBERS)
    corrected = layout.with_mapping({"name": 0}, MEMBERS)
    assert corrected.mapping == {"name": 0} and corrected.unmapped == (1,)
    assert corrected.fingerprint == layout.fingerprint
    assert [each.values for each in records(workbook, corrected, MEMBERS)] == [{"name": "阿牛"}]
    spaced = find_layout(opened(["称 呼", "姓　名"], ["阿果", "x"]), MEMBERS)
    assert spaced.fingerprint == layout.fingerprint
    other = find_layout(opened(["姓名", "称呼"], ["阿果", "x"]), MEMBERS)
    assert other.fingerprint != layout.fingerprint


@pytest.mark.parametrize("mapping", [{"nonsense": 0}, {"name": 7}, {"name": 0, "phone": 0}])
def test_a_correction_that_cannot_be_is_refused(mapping: dict[str, int]) -> None:
    layout = find_layout(opened(["姓名", "电话"], ["x", "y"]), MEMBERS)
    with pytest.raises(ValueError):
        layout.with_mapping(mapping, MEMBERS)


def test_a_person_may_point_at_the_header() -> None:
    workbook = opened(["甲", "乙"], ["姓名", "电话"], ["x", "y"])
    assert layout_at(workbook, MEMBERS, sheet="表1", header_rows=(1,)).mapping == {}
    assert layout_at(workbook, MEMBERS, sheet="表1", header_rows=(2,)).mapping == {
        "name": 0,
        "phone": 1,
    }
    for sheet, row in (("没有", 1), ("表1", 99)):
        with pytest.raises(LookupError):
            layout_at(workbook, MEMBERS, sheet=sheet, header_rows=(row,))


def test_a_blank_township_is_carried_down_but_not_past_a_subtotal() -> None:
    workbook = opened(
        ["乡镇", "名称", "类型"],
        ["甲镇", "a", "x"],
        [None, "b", "x"],
        ["小计", 2],
        [None, "c", "x"],
        ["乙镇", "d", "x"],
        ["合  计", 4],
    )
    found = kept(workbook, PREMISES)
    assert [each.values["township"] for each in found] == ["甲镇", "甲镇", None, "乙镇"]


def test_a_merged_township_holds_for_all_its_rows_even_past_a_subtotal() -> None:
    workbook = opened(
        ["乡镇", "名称", "类型"],
        ["甲镇", "a", "x"],
        [None, "小计", 1],
        [None, "b", "x"],
        [None, "c", "x"],
        merges=("A2:A4",),
    )
    found = kept(workbook, PREMISES)
    assert [each.values["township"] for each in found] == ["甲镇", "甲镇", None]


def test_of_two_equal_sheets_the_visible_one_is_read() -> None:
    rows = [["姓名", "电话"], ["x", "y"]]
    book = openpyxl.load_workbook(io.BytesIO(xlsx(rows, rows)))
    book.worksheets[0].sheet_state = "hidden"
    book.active = 1
    stream = io.BytesIO()
    book.save(stream)
    workbook = open_workbook(stream.getvalue(), name="a.xlsx")
    assert find_layout(workbook, MEMBERS).sheet == "表2"


def test_only_columns_that_the_kind_names_are_carried_down() -> None:
    workbook = opened(
        ["乡镇", "名称", "类型"], ["甲镇", "a", "x"], [None, "b", None], merges=("C2:C3",)
    )
    assert kept(workbook, PREMISES)[1].values["type"] is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([None, None, None], "blank"),
        ([7, None, None], "blank"),
        (["  ", "　", None], "blank"),
        (["全县合计：", 12, None], "subtotal"),
        ([None, "小计", 3], "subtotal"),
        (["注：以上人员已核实", None, None], "note"),
        (["填表人：          审核人：", None, None], "note"),
        (["5", "（重复）", None], "marked-duplicate"),
        (["序号", "姓名", "电话"], "repeated-header"),
        (["6", "合计", "12015728699"], None),
        (["6", "阿牛", 0], None),
    ],
)
def test_what_is_no_record_is_named(row: list[object], reason: str | None) -> None:
    workbook = opened(["序号", "姓名", "电话"], ["1", "阿果", "1"], row, ["2", "阿牛", "2"])
    layout = find_layout(workbook, MEMBERS)
    assert [each.skipped for each in records(workbook, layout, MEMBERS)] == [None, reason, None]


def test_organisations_are_not_mistaken_for_their_parents() -> None:
    workbook = opened(["上级党组织名称", "党组织名称"], ["县委", "支部"])
    assert find_layout(workbook, ORGANISATIONS).mapping == {"parent": 0, "name": 1}


_name = st.text(st.sampled_from("阿牛果拉且木呷王芳玲"), min_size=2, max_size=4)


@given(st.lists(_name, min_size=1, max_size=20), st.integers(0, 4), st.permutations(range(3)))
def test_every_row_of_people_is_found_wherever_the_table_stands(
    people: list[str], above: int, order: list[int]
) -> None:
    header = ["姓名", "性别", "联系电话"]
    table = [[header[place] for place in order]]
    table += [[[person, "男", "12015728699"][place] for place in order] for person in people]
    workbook = opened(*[["某某县名册"]] * above, *table)
    assert [each.values["name"] for each in kept(workbook, MEMBERS)] == people
