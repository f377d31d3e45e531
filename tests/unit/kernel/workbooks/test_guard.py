"""Hostile files are refused before they are parsed, each for its own reason."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.kernel.workbooks.builders import (
    CONTENT_TYPES,
    SHEET,
    SHEET_END,
    altered,
    bomb,
    compound,
    part,
    xls,
    xlsx,
)

from guiyan.kernel.workbooks import refusals
from guiyan.kernel.workbooks.guard import inspect
from guiyan.kernel.workbooks.read import open_workbook
from guiyan.kernel.workbooks.refusals import WorkbookRefused

PLAIN = xlsx([["姓名"], ["阿牛"]])
SHEET_PART = "xl/worksheets/sheet1.xml"


def refused(content: bytes, name: str = "名册.xlsx") -> str:
    with pytest.raises(WorkbookRefused) as caught:
        inspect(content, name=name)
    assert "\n" not in caught.value.message
    assert caught.value.message.endswith("。")
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("名册.xlsx", b"PK\x03\x04 is all there is", "broken"),
        ("名册.xlsx", "姓名,电话\n".encode(), "not-its-name"),
        ("名册.xls", b"<html><table></table></html>", "not-its-name"),
        ("名册.xls", PLAIN, "not-its-name"),
        ("名册.csv", PLAIN, "not-its-name"),
        ("名册.csv", b"a,b\n1,\x00\n", "not-its-name"),
        ("名册.csv", b"a,b\n1,\xff\xff\n", "encoding"),
        ("名册.xlsm", PLAIN, "macros"),
        ("名册.pdf", b"%PDF-1.7", "unsupported"),
        ("名册", PLAIN, "unsupported"),
        ("名册.xlsx", b"", "empty"),
        ("名册.xlsx", xls({(0, 0): "姓名"}), "not-its-name"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    name: str, content: bytes, code: str
) -> None:
    assert refused(content, name) == code


def test_another_office_document_is_not_a_workbook() -> None:
    answer = io.BytesIO()
    with zipfile.ZipFile(answer, "w") as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("word/document.xml", "<document/>")
    assert refused(answer.getvalue()) == "not-its-name"


def test_a_file_above_fifty_megabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with open(path, "wb") as stream:
        stream.truncate(refusals.MAX_FILE_BYTES + 1)
    with pytest.raises(WorkbookRefused) as caught:
        inspect(path, name="big.csv")
    assert caught.value.code == "too-large"


def test_a_bomb_is_refused_from_its_directory_in_flat_memory() -> None:
    content = bomb(299 * 1024 * 1024)
    assert len(content) < 1024 * 1024
    tracemalloc.start()
    assert refused(content) == "bomb"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * 1024 * 1024


def test_a_bomb_is_refused_within_a_hundred_megabytes_of_the_whole_process(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(bomb(299 * 1024 * 1024))
    program = (
        "import sys\n"
        "from guiyan.kernel.workbooks.read import open_workbook\n"
        "from guiyan.kernel.workbooks.refusals import WorkbookRefused\n"
        "try:\n    open_workbook(sys.argv[1], name='bomb.xlsx')\n"
        "except WorkbookRefused as refusal:\n"
        "    lines = open('/proc/self/status').read().splitlines()\n"
        "    print(refusal.code, *[l.split()[1] for l in lines if l.startswith('VmHWM')])\n"
    )
    source = str(Path(refusals.__file__).parents[3])
    answer = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": source},
    )
    code, kilobytes = answer.stdout.split()
    assert code == "bomb"
    assert int(kilobytes) < 100 * 1024


def test_many_modest_parts_that_are_a_bomb_together_are_refused() -> None:
    # Each packs less than a hundred times, all together unpack to more than 200 MB.
    noise = bytes(range(256)) * 8 + bytes(255 - n for n in range(256)) * 8
    answer = io.BytesIO()
    with zipfile.ZipFile(answer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(3):
            archive.writestr(f"xl/media/{number}.png", noise)
    content = bytearray(answer.getvalue())
    for number in range(3):
        at = content.rfind(b"PK\x01\x02", 0, content.rfind(f"xl/media/{number}.png".encode()))
        struct.pack_into("<I", content, at + 20, 1024 * 1024)
        struct.pack_into("<I", content, at + 24, 80 * 1024 * 1024)
    assert refused(bytes(content)) == "bomb"


def test_a_directory_that_lies_about_the_size_is_found_out() -> None:
    content = bytearray(altered(PLAIN, {SHEET_PART: SHEET + " " * 5_000_000 + SHEET_END}))
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(SHEET_PART.encode()))
    struct.pack_into("<I", content, at + 24, 1000)
    assert refused(bytes(content)) == "bomb"


def test_a_directory_of_too_many_entries_is_refused_before_it_is_read() -> None:
    answer = io.BytesIO()
    with zipfile.ZipFile(answer, "w") as archive:
        for number in range(refusals.MAX_PARTS + 1):
            archive.writestr(f"{number}.xml", b"")
    assert refused(answer.getvalue()) == "bomb"


def test_a_directory_of_very_many_entries_costs_no_memory() -> None:
    answer = io.BytesIO()
    with zipfile.ZipFile(answer, "w") as archive:
        for number in range(20_000):
            archive.writestr(str(number), b"")
    content = answer.getvalue()
    tracemalloc.start()
    assert refused(content) == "bomb"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * 1024 * 1024


def test_one_part_that_packs_too_well_is_refused_though_the_whole_stays_small() -> None:
    assert refused(bomb(20 * 1024 * 1024)) == "bomb"


def test_a_part_that_does_not_match_its_checksum_is_broken() -> None:
    content = bytearray(PLAIN)
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(SHEET_PART.encode()))
    content[at + 16] ^= 1
    assert refused(bytes(content)) == "broken"


def test_two_parts_that_differ_only_in_case_are_refused() -> None:
    assert refused(altered(PLAIN, {"XL/Workbook.xml": b"<workbook/>"})) == "broken"


def test_one_endless_piece_of_markup_is_refused() -> None:
    noise = "".join(f"{number:07}" for number in range(1_500_000))
    assert refused(altered(PLAIN, {"docProps/app.xml": f"<a><!--{noise}--></a>"})) == "bomb"


def test_a_cell_with_more_text_than_a_cell_can_hold_is_refused() -> None:
    noise = "".join(f"{number:07}" for number in range(20_000))
    cell = f'<row><c t="inlineStr"><is><t>{noise}</t></is></c></row>'
    assert refused(altered(PLAIN, {SHEET_PART: SHEET + cell + SHEET_END})) == "bomb"


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:/x.xml", "a\\..\\b.xml"])
def test_paths_that_lead_elsewhere_are_refused(name: str) -> None:
    assert refused(altered(PLAIN, {name: b"x"})) == "unsafe-path"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/macrosheets/sheet1.xml", "macros"),
        ("xl/activeX/activeX1.bin", "macros"),
        ("xl/externalLinks/externalLink1.xml", "external-links"),
        ("xl/connections.xml", "external-links"),
        ("xl/embeddings/oleObject1.bin", "embedded-objects"),
        ("xl/media/inner.zip", "embedded-objects"),
    ],
)
def test_macros_links_and_things_inside_things_are_refused(name: str, code: str) -> None:
    assert refused(altered(PLAIN, {name: b"<x/>"})) == code


def test_an_archive_hidden_as_a_picture_is_refused() -> None:
    assert refused(altered(PLAIN, {"xl/media/a.png": PLAIN})) == "embedded-objects"


def test_a_workbook_declared_to_have_macros_is_refused() -> None:
    types = part(PLAIN, "[Content_Types].xml").replace(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    assert refused(altered(PLAIN, {"[Content_Types].xml": types})) == "macros"


def test_a_sheet_of_macros_is_refused_under_any_name() -> None:
    assert refused(altered(PLAIN, {SHEET_PART: "<xm:macrosheet xmlns:xm='m'/>"})) == "macros"
    assert refused(xls({(0, 0): "姓名"}, sheet_kind=1), "a.xls") == "macros"


def test_a_link_outward_is_refused_but_a_hyperlink_is_not() -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://x/relationships/{}" Target="http://example.org/"'
        ' TargetMode="External"/></Relationships>'
    )
    name = "xl/worksheets/_rels/sheet1.xml.rels"
    assert refused(altered(PLAIN, {name: relations.format("oleLink")})) == "external-links"
    assert refused(altered(PLAIN, {name: relations.format("oleObject")})) == "embedded-objects"
    assert refused(altered(PLAIN, {name: relations.format("vbaProject")})) == "macros"
    assert (
        inspect(altered(PLAIN, {name: relations.format("hyperlink")}), name="a.xlsx").format
        == "xlsx"
    )


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "http://example.org/x.dtd">',
    ],
)
@pytest.mark.parametrize("name", [SHEET_PART, "xl/styles.xml", "docProps/app.xml", "xl/a.vml"])
def test_declarations_and_entities_are_refused_in_any_part(head: str, name: str) -> None:
    body = head + SHEET + SHEET_END
    assert refused(altered(PLAIN, {name: body})) == "entities"


def test_a_declaration_in_another_encoding_is_found_too() -> None:
    body = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'
    assert refused(altered(PLAIN, {SHEET_PART: body.encode("utf-16")})) == "entities"


def test_a_sheet_under_another_ending_is_refused() -> None:
    name = "xl/_rels/workbook.xml.rels"
    relations = part(PLAIN, name).replace("sheet1.xml", "sheet1.png")
    content = altered(PLAIN, {name: relations, "xl/worksheets/sheet1.png": part(PLAIN, SHEET_PART)})
    assert refused(content) == "broken"


def sheet_with(*references: str, value: str = "<v>1</v>") -> bytes:
    rows = "".join(f'<row><c r="{reference}">{value}</c></row>' for reference in references)
    return altered(PLAIN, {SHEET_PART: SHEET + rows + SHEET_END})


def test_ten_thousand_columns_are_refused() -> None:
    assert refused(sheet_with("NTP1")) == "too-many-columns"
    cells = "<c><v>1</v></c>" * 10_000
    content = altered(PLAIN, {SHEET_PART: f"{SHEET}<row>{cells}</row>{SHEET_END}"})
    assert refused(content) == "too-many-columns"
    assert refused((",".join(["a"] * 10_000)).encode(), "a.csv") == "too-many-columns"


def test_cells_that_are_only_coloured_to_the_edge_are_no_columns() -> None:
    assert inspect(sheet_with("XFD1048576", value=""), name="a.xlsx").format == "xlsx"


def test_rows_beyond_those_of_a_sheet_are_refused() -> None:
    assert refused(sheet_with("A1048577")) == "too-many-rows"
    assert refused(b"a\n" * (refusals.MAX_ROWS + 1), "a.csv") == "too-many-rows"


def test_two_cells_far_apart_would_be_laid_out_whole_and_are_refused() -> None:
    assert refused(sheet_with("A1", "ALL1048576")) == "too-large-area"
    assert refused(xls({(0, 0): 1.0, (65_535, 255): 1.0}), "a.xls") == "too-large-area"


def test_many_sheets_share_one_bound() -> None:
    wide = f'{SHEET}<row><c r="A1"><v>1</v></c></row><row><c r="ALL5000"><v>1</v></c></row>'
    parts = {f"xl/worksheets/sheet{n}.xml": wide + SHEET_END for n in range(1, 4)}
    assert refused(altered(PLAIN, parts)) == "too-large-area"


def test_one_long_text_shown_in_very_many_cells_is_refused() -> None:
    shared = f"<sst><si><t>{'长' * 30_000}</t></si></sst>"
    cells = '<row><c t="s"><v>0</v></c></row>' * 7_000
    content = altered(
        PLAIN, {"xl/sharedStrings.xml": shared, SHEET_PART: SHEET + cells + SHEET_END}
    )
    assert refused(content) == "bomb"


def test_elements_nested_without_end_are_refused() -> None:
    assert refused(altered(PLAIN, {"docProps/app.xml": "<a>" * 1000 + "</a>" * 1000})) == "bomb"


def test_an_encrypted_workbook_says_that_it_has_a_password() -> None:
    locked = compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"})
    assert refused(locked) == "encrypted"
    assert refused(locked, "a.xls") == "encrypted"
    flagged = bytearray(PLAIN)
    flagged[flagged.rfind(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(flagged)) == "encrypted"


def test_an_old_workbook_with_macros_or_a_password_is_refused() -> None:
    assert refused(compound({"Workbook": b"", "_VBA_PROJECT_CUR": b""}), "a.xls") == "macros"
    filepass = struct.pack("<HHH", 0x002F, 2, 0)
    assert refused(xls({(0, 0): "姓名"}, extra=filepass), "a.xls") == "encrypted"
    assert refused(compound({"Other": b""}), "a.xls") == "not-its-name"


def test_an_old_workbook_whose_sectors_run_in_a_circle_is_broken() -> None:
    content = bytearray(xls({(0, 0): "姓名"}))
    struct.pack_into("<I", content, 512 + 2 * 4, 2)  # the first sector of the stream, to itself
    assert refused(bytes(content), "a.xls") == "broken"


def test_a_part_that_needs_a_zip_of_the_future_is_broken() -> None:
    content = bytearray(PLAIN)
    content[content.index(b"PK\x01\x02") + 6] = 99  # the version needed to extract it
    assert refused(bytes(content)) == "broken"


@pytest.mark.parametrize("cut", [1, 22, 100, 400, 2000])
def test_a_file_cut_off_is_broken_and_nothing_worse(cut: int) -> None:
    assert refused(PLAIN[:-cut]) == "broken"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", PLAIN), ("a.xls", xls({(0, 0): "姓名", (5, 3): 7.0})), ("a.csv", b"a,b\n1,2\n")],
)
@given(places=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8))
def test_a_spoilt_file_opens_or_is_refused_and_nothing_else(
    name: str, content: bytes, places: list[tuple[int, int]]
) -> None:
    spoilt = bytearray(content)
    for place, value in places:
        spoilt[place % len(spoilt)] = value
    try:
        for sheet in open_workbook(bytes(spoilt), name=name).sheets:
            list(sheet.rows())
    except WorkbookRefused as refusal:
        assert refusal.message


def test_a_plain_workbook_passes() -> None:
    assert open_workbook(PLAIN, name="名册.XLSX").format == "xlsx"
