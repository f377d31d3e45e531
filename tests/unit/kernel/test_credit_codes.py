"""Credit codes are judged by their check character, whoever registered them (GB 32100)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.kernel.credit_codes import (
    ALPHABET,
    CreditCode,
    CreditCodeProblem,
    credit_code_check_character,
    organisation_check_character,
    read_credit_code,
)

PUBLISHED = "91110000600037341L"


def credit_code(prefix: str = "92", area: str = "513499", organisation: str = "MA6ABCDE") -> str:
    body = prefix + area + organisation + organisation_check_character(organisation)
    return body + credit_code_check_character(body)


def read(text: str) -> CreditCode:
    found = read_credit_code(text)
    assert isinstance(found, CreditCode), found
    return found


def problem(text: str) -> str:
    found = read_credit_code(text)
    assert isinstance(found, CreditCodeProblem), found
    assert found.message
    return found.code


bodies = st.text(ALPHABET, min_size=17, max_size=17).filter(lambda body: not body.isdigit())
codes = bodies.map(lambda body: body + credit_code_check_character(body))


def test_the_published_code_holds_inside_and_outside() -> None:
    code = read(PUBLISHED)
    assert code.kind == "credit-code"
    assert code.category == "企业"
    assert code.area == "110000"
    assert code.organisation_code == "600037341"
    assert code.warnings == ()


@pytest.mark.parametrize(
    ("prefix", "category"),
    [
        ("92", "个体工商户"),
        ("93", "农民专业合作社"),
        ("54", "基层群众性自治组织"),
        ("N2", "村级集体经济组织"),
        ("N3", "乡镇级集体经济组织"),
        ("A1", ""),
        ("Y1", ""),
        ("11", ""),
    ],
)
def test_every_registering_authority_is_accepted(prefix: str, category: str) -> None:
    code = read(credit_code(prefix))
    assert code.category == category
    assert code.authority
    assert code.warnings == ()


@pytest.mark.parametrize(
    "spelled",
    [
        "91110000600037341l",
        "９１１１００００６０００３７３４１Ｌ",
        " 9111 0000 6000 3734 1L",
        "91110000-600037341-L",
        '="91110000600037341L"',
    ],
)
def test_spellings_of_one_code_are_one_code(spelled: str) -> None:
    assert read(spelled).text == PUBLISHED


def test_an_old_licence_number_is_kept_as_it_stands_on_the_wall() -> None:
    assert read("513499600012345") == CreditCode(text="513499600012345", kind="licence")


@pytest.mark.parametrize("letter", "IOSVZ")
def test_letters_that_look_like_digits_are_refused(letter: str) -> None:
    assert problem(f"9{letter}110000600037341L") == "characters"


@pytest.mark.parametrize("written", ["", "9111", PUBLISHED + "0", "51349960001234"])
def test_a_wrong_length_is_refused(written: str) -> None:
    assert problem(written) == "length"


def test_a_wrong_check_is_refused() -> None:
    assert problem(PUBLISHED[:-1] + "M") == "checksum"


@pytest.mark.parametrize(
    "written", ["9.1110000600037E+17", "911100006000373410.0", "5.13499600012345E+14"]
)
def test_a_code_that_a_spreadsheet_rounded_says_so(written: str) -> None:
    assert problem(written) == "rounded"


def test_15_digits_survive_being_a_float() -> None:
    assert read("513499600012345.0").text == "513499600012345"


def test_a_code_may_use_the_whole_alphabet() -> None:
    assert problem(ALPHABET) == "length"


def test_an_unknown_authority_and_a_wrong_inner_code_are_only_warnings() -> None:
    body = "G1" + "513499" + "MA6ABCDE" + "?"
    right = organisation_check_character("MA6ABCDE")
    body = body.replace("?", "1" if right != "1" else "2")
    code = read(body + credit_code_check_character(body))
    assert [w.code for w in code.warnings] == ["authority", "organisation-code"]


@given(codes)
def test_every_well_made_code_reads_as_itself(code: str) -> None:
    assert read(code).text == code


@given(codes, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_never_passes(code: str, place: int, character: str) -> None:
    if code[place] != character:
        assert problem(code[:place] + character + code[place + 1 :]) == "checksum"


@given(st.text(max_size=30))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    assert isinstance(read_credit_code(text), CreditCode | CreditCodeProblem)
