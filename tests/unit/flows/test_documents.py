"""Every printed document says its facts, survives long names, and runs nothing."""

import io
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader
from tests.unit.flows import document_samples as samples

from guiyan.flows.documents import facts as documents

ALL: dict[str, tuple[Callable[[Any], bytes], Any, int]] = {
    "letter": (documents.letter, samples.LETTER, 1),
    "introduction": (documents.introduction, samples.INTRODUCTION, 1),
    "certificate": (documents.certificate, samples.CERTIFICATE, 2),
    "poster": (documents.poster, samples.POSTER, 1),
    "open_letter": (documents.open_letter, samples.OPEN_LETTER, 1),
    "register": (documents.register, samples.register_of(20), 2),
    "minutes": (documents.minutes, samples.MINUTES, 1),
    "member_copy": (documents.member_copy, samples.MEMBER_COPY, 1),
}
every_document = pytest.mark.parametrize("name", ALL)


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page without blanks, since a line may break anywhere in Han text."""
    reader = PdfReader(io.BytesIO(pdf))
    return ["".join(page.extract_text().split()) for page in reader.pages]


def texts_in(facts: Any) -> list[str]:
    """Every piece of text in the facts, however deep, codes for scanning left out."""
    if isinstance(facts, str):
        return ["".join(facts.split())]
    if isinstance(facts, dict):
        return [
            text
            for key, fact in facts.items()
            if key not in ("verify_url", "checkin_url", "watermark")
            for text in texts_in(fact)
        ]
    if isinstance(facts, list | tuple):
        return [text for fact in facts for text in texts_in(fact)]
    return []


def with_texts(facts: Any, replace: Callable[[str], str]) -> Any:
    """The same facts with every text replaced."""
    if isinstance(facts, str):
        return replace(facts)
    if isinstance(facts, dict):
        return {key: with_texts(fact, replace) for key, fact in facts.items()}
    if isinstance(facts, list | tuple):
        return [with_texts(fact, replace) for fact in facts]
    return facts


def without_optional(facts: Any, optional: frozenset[str]) -> Any:
    return {key: None if key in optional else fact for key, fact in facts.items()}


@pytest.mark.parametrize(("name", "label"), [("poster", "打电话"), ("open_letter", "热线")])
def test_where_there_is_no_hotline_none_is_promised(name: str, label: str) -> None:
    draw, facts, _pages = ALL[name]
    plain = with_texts(facts, lambda text: text.replace("热线", ""))
    assert label in "".join(pages_of(draw(plain)))
    without = plain | {"hotline": "", "hotline_hours": None}
    assert label not in "".join(pages_of(draw(without)))


@every_document
def test_every_fact_stands_in_the_pdf(name: str) -> None:
    make, facts, _ = ALL[name]
    printed = "".join(pages_of(make(facts)))
    suggested = {item["suggested"] for item in facts.get("placements", [])}
    missing = [text for text in texts_in(facts) if text not in printed and text not in suggested]
    assert missing == []


@every_document
def test_a_document_has_the_pages_that_it_is_folded_or_cut_from(name: str) -> None:
    make, facts, pages = ALL[name]
    assert len(pages_of(make(facts))) == pages


@every_document
def test_facts_that_look_like_code_are_printed_and_not_run(name: str) -> None:
    make, facts, _ = ALL[name]
    hostile = with_texts(facts, lambda text: text if text.startswith("https:") else '#panic("x")')
    assert '#panic("x")' in "".join(pages_of(make(hostile)))


@every_document
@pytest.mark.parametrize("long", ["古" * 50, "Abcdefghij" * 5], ids=["han", "latin"])
def test_names_of_fifty_characters_stay_on_the_paper(name: str, long: str) -> None:
    make, facts, _ = ALL[name]
    names = {"member_name", "holder_name", "organisation", "to_organisation", "from_branch"}
    names |= {"to_branch", "home_branch", "host_branch", "issuer", "placed_in", "came_from"}
    stretched: dict[str, Any] = deepcopy(facts)
    stretched |= {key: long for key in stretched if key in names}
    for placement in stretched.get("placements", []):
        placement |= {key: long for key in placement if key in names}
    if "rows" in stretched:
        stretched["rows"] = [[long] * len(row) for row in stretched["rows"][:3]]
    pdf = make(stretched)
    assert long in "".join(pages_of(pdf))
    left, right = _reach_of(pdf)
    assert left >= 0.03
    assert right <= 0.97


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [("letter", "函收悉", "单位（盖章）"), ("introduction", "第三联回执", "直接寄回转出基层党委")],
)
def test_a_slip_is_never_torn_over_two_pages(name: str, first: str, last: str) -> None:
    make, facts, _ = ALL[name]
    for length in (3, 50, 120):
        pages = pages_of(make({**facts, "member_name": "古" * length}))
        assert [first in page for page in pages] == [last in page for page in pages]


def test_what_is_not_known_yet_is_left_to_be_written_by_hand() -> None:
    unknown = without_optional(
        samples.INTRODUCTION,
        frozenset({"sex", "age", "ethnicity", "id_number", "member_phone", "dues_paid_to"}),
    )
    [printed] = pages_of(documents.introduction(unknown))
    assert "None" not in printed
    assert "党费交至年月" in printed
    bare = without_optional(
        samples.CERTIFICATE,
        frozenset({"sex", "born", "joined_on", "reason", "host_branch", "accepted_on"}),
    )
    assert "none" not in "".join(pages_of(documents.certificate(bare)))
    plain = without_optional(samples.LETTER, frozenset({"member_id_masked", "reply_by"}))
    assert "公民身份号码" not in "".join(pages_of(documents.letter(plain)))


def test_an_introduction_has_stub_letter_and_receipt() -> None:
    [printed] = pages_of(documents.introduction(samples.INTRODUCTION))
    stub, letter, receipt = (printed.index(part) for part in ("存根", "第二联", "回执"))
    assert stub < letter < receipt
    assert printed.count(samples.INTRODUCTION["member_name"]) == 3
    assert "有效期90天" in printed


def test_a_register_of_300_rows_numbers_rows_and_pages_and_repeats_its_heads() -> None:
    pages = pages_of(documents.register(samples.register_of(300)))
    assert len(pages) > 10
    assert "阿力木呷300" in pages[-1]
    for number, page in enumerate(pages, start=1):
        assert f"第{number}页，共{len(pages)}页" in page
        assert "流入党支部" in page
        assert "由吉克阿依（中共美姑县委组织部）于2026-04-0309:05打印" in page


def test_a_register_of_5000_rows_stays_small_enough_to_send() -> None:
    assert len(documents.register(samples.register_of(5000))) < 2_000_000


def test_an_empty_register_says_so() -> None:
    facts = samples.register_of(0)
    assert "没有登记" in pages_of(documents.register(facts))[0]


def test_a_certificate_keeps_its_two_sides_and_shows_the_latest_activities() -> None:
    activities = [
        documents.Activity(on=date(2026, 1, day), what=f"参加第{day}次活动") for day in range(1, 31)
    ]
    facts = documents.CertificateFacts(**{**samples.CERTIFICATE, "activities": activities})
    _, inside = pages_of(documents.certificate(facts))
    assert "参加第30次活动" in inside
    assert "参加第18次活动" not in inside


def test_minutes_show_where_the_sitting_left_the_suggestion() -> None:
    printed = "".join(pages_of(documents.minutes(samples.MINUTES)))
    assert "原建议：城西社区党支部" in printed
    assert "原建议：城东社区党支部" not in printed
    assert "其中1名未采用系统建议" in printed


def test_a_member_whose_file_nobody_opened_reads_that() -> None:
    facts = documents.MemberCopyFacts(**{**samples.MEMBER_COPY, "openings": []})
    assert "还没有人查看过" in "".join(pages_of(documents.member_copy(facts)))


def _reach_of(pdf: bytes) -> tuple[float, float]:
    """How far left and right upright text reaches, at the least, as shares of the page's width."""
    spans: list[tuple[float, float]] = []
    for page in PdfReader(io.BytesIO(pdf)).pages:
        width = float(page.mediabox.width)

        def note(
            text: str, cm: list[float], tm: list[float], _: Any, size: float, width: float = width
        ) -> None:
            if text.strip() and not cm[1] and not tm[1]:
                start = tm[4] * cm[0] + cm[4]
                narrowest = sum(0.4 if sign.isascii() else 0.9 for sign in text.strip())
                end = start + narrowest * size * tm[0] * cm[0]
                spans.append((start / width, end / width))

        page.extract_text(visitor_text=note)
    return min(start for start, _ in spans), max(end for _, end in spans)
