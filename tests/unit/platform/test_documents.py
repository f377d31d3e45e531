"""PDFs say what they were told, run nothing that they were told, and look alike everywhere."""

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import typst
from pypdf import PdfReader

from guiyan.platform.documents.qr import qr_svg
from guiyan.platform.documents.render import render_pdf


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A one-line document that prints the fact `name`."""
    path = tmp_path / "note.typ"
    path.write_text(
        '#import "house.typ": *\n#let facts = json("facts.json")\n'
        "#set document(date: none)\n#set text(font: serif)\n#breaking(facts.name)\n",
        encoding="utf-8",
    )
    return path


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def fonts_of(pdf: bytes) -> set[str]:
    names = set()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            names.add(str(font.get_object()["/BaseFont"]).rpartition("+")[2])
    return names


@pytest.mark.parametrize(
    "name",
    [
        '#panic("x")',
        '") #panic("x',
        "#sys.inputs",
        '#read("/facts.json")',
        "$x^2$ *b* _i_ `r` \\ @ref <label> // end",
        "= heading",
    ],
)
def test_a_name_that_looks_like_code_is_printed_and_not_run(template: Path, name: str) -> None:
    printed = text_of(render_pdf(template, {"name": name}))
    assert "".join(printed.split()) == "".join(name.split())


def test_the_same_facts_give_the_same_bytes(template: Path) -> None:
    assert render_pdf(template, {"name": "阿力"}) == render_pdf(template, {"name": "阿力"})


@pytest.mark.parametrize(
    ("name", "face"),
    [
        ("阿力木呷", "GuiyanSerifSC-Regular"),
        ("䶮㛃堃玥喆", "GuiyanSansSC-Regular"),
        ("ꆈꌠ", "GuiyanSansYi-Regular"),
        ("〇·—“”（）《》①", "GuiyanSerifSC-Regular"),
    ],
)
def test_every_name_is_set_in_a_face_of_the_package(template: Path, name: str, face: str) -> None:
    pdf = render_pdf(template, {"name": name})
    assert "".join(text_of(pdf).split()) == name
    assert any(face in found for found in fonts_of(pdf))
    assert all("Guiyan" in found for found in fonts_of(pdf))


def test_a_long_word_without_blanks_stays_whole_in_the_text(template: Path) -> None:
    word = "Abcdefghij" * 20
    assert "".join(text_of(render_pdf(template, {"name": word})).split()) == word


def test_dates_are_written_out_and_moments_keep_chinas_clock(tmp_path: Path) -> None:
    path = tmp_path / "days.typ"
    path.write_text(
        '#import "house.typ": *\n#let facts = json("facts.json")\n#set text(font: serif)\n'
        "#day(facts.day)，#month(facts.day)，#facts.at",
        encoding="utf-8",
    )
    printed = text_of(
        render_pdf(path, {"day": date(2026, 4, 3), "at": datetime(2026, 4, 3, 1, 5, tzinfo=UTC)})
    )
    assert "".join(printed.split()) == "2026年4月3日，2026年4月，2026-04-0309:05"


def test_a_fact_that_cannot_be_printed_is_refused(template: Path) -> None:
    with pytest.raises(TypeError, match="print a bytes"):
        render_pdf(template, {"name": b"x"})


def test_a_template_that_asks_for_a_missing_fact_fails_loudly(template: Path) -> None:
    with pytest.raises(typst.TypstError):
        render_pdf(template, {"other": "x"})


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        render_pdf(tmp_path / "none.typ", {})


def test_a_url_among_the_facts_gets_a_qr_code_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "code.typ"
    path.write_text('#image("verify_url.svg", width: 3cm)', encoding="utf-8")
    assert render_pdf(path, {"verify_url": "https://guiyan.example.cn/v/1"}).startswith(b"%PDF")


def test_a_qr_code_is_a_square_svg_without_a_size_of_its_own() -> None:
    drawn = ElementTree.fromstring(qr_svg("https://guiyan.example.cn/c/meigu"))
    left, top, width, height = drawn.attrib["viewBox"].split()
    assert (left, top) == ("0", "0")
    assert width == height
    assert "width" not in drawn.attrib


def test_markup_in_a_qr_codes_text_does_not_reach_the_svg() -> None:
    assert "script" not in qr_svg("<script>alert(1)</script>")


def test_a_document_can_be_read_aloud_unless_it_is_made_without(template: Path) -> None:
    assert b"/StructTreeRoot" in render_pdf(template, {"name": "阿力"})
    assert b"/StructTreeRoot" not in render_pdf(template, {"name": "阿力"}, tagged=False)


@pytest.mark.parametrize("text", ["", "x" * 1664])
def test_a_qr_code_that_cannot_be_drawn_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        qr_svg(text)
