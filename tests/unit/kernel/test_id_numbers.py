"""Identity numbers are judged by their own arithmetic, never by a table of areas (GB 11643)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.kernel.id_numbers import (
    PROVINCES,
    IdNumber,
    IdProblem,
    id_check_character,
    mask_id_number,
    read_id_number,
)

TODAY = date(2026, 11, 22)
UNALLOCATED = "513499"


def id_number(birth: str = "19850607", sequence: str = "123", area: str = UNALLOCATED) -> str:
    body = area + birth + sequence
    return body + id_check_character(body)


def read(text: str) -> IdNumber:
    found = read_id_number(text, today=TODAY)
    assert isinstance(found, IdNumber), found
    return found


def problem(text: str) -> str:
    found = read_id_number(text, today=TODAY)
    assert isinstance(found, IdProblem), found
    assert found.message
    return found.code


births = st.dates(min_value=date(1900, 1, 1), max_value=TODAY)
numbers = st.builds(
    lambda province, county, birth, sequence: id_number(
        f"{birth:%Y%m%d}", f"{sequence:03d}", f"{province}{county:02d}99"
    ),
    st.sampled_from(sorted(PROVINCES)),
    st.integers(0, 99),
    births,
    st.integers(0, 999),
)


def test_the_published_number_of_15_digits_is_raised_to_18() -> None:
    assert read("513436850607123").text == "513436198506071234"


def test_the_published_number_ending_in_x_holds() -> None:
    assert read("51343619850607008X").text == "51343619850607008X"


def test_birth_sex_area_and_province_are_read_from_the_number() -> None:
    number = read(id_number("19850607", "123"))
    assert number.birth == date(1985, 6, 7)
    assert number.sex == "male"
    assert number.area == UNALLOCATED
    assert number.province == "四川省"
    assert read(id_number(sequence="124")).sex == "female"


@pytest.mark.parametrize(
    "spelled",
    [
        "51343619850607008x",
        "５１３４３６１９８５０６０７００８Ｘ",
        " 513436 19850607 008X ",
        "513436-19850607-008X",
        "'51343619850607008X",
        "‘51343619850607008X",
        "\u202a51343619850607008X\u202c",
        "\ufeff513436\u200b19850607008X\u00a0",
        '="51343619850607008X"',
        "513436 19850607\n008X",
    ],
)
def test_spellings_of_one_number_are_one_number(spelled: str) -> None:
    assert read(spelled).text == "51343619850607008X"


@pytest.mark.parametrize(
    "written", ["5.13e17", "5.13436198506071E+17", "513436198506071000.0", "5.13436850607123E+14"]
)
def test_a_number_that_a_spreadsheet_rounded_is_refused_and_says_so(written: str) -> None:
    assert problem(written) == "rounded"


def test_zeros_in_place_of_the_last_three_are_recognised_as_rounding() -> None:
    assert problem("513499198506071000") == "rounded"


def test_15_digits_survive_being_a_float() -> None:
    assert read("513436850607123.0").text == "513436198506071234"


@pytest.mark.parametrize("written", ["", "  ", "5134991985", "5134991985060712345"])
def test_a_wrong_length_is_refused(written: str) -> None:
    assert problem(written) == "length"


@pytest.mark.parametrize(
    "written", ["身份证丢失", "51349919850607A23X", "X13499198506071234", "51349985060712X"]
)
def test_anything_but_digits_and_a_last_x_is_refused(written: str) -> None:
    assert problem(written) == "characters"


@pytest.mark.parametrize("birth", ["19850230", "19851301", "19850600", "00000101", "18500101"])
def test_a_birth_date_that_nobody_living_can_have_is_refused(birth: str) -> None:
    assert problem(id_number(birth)) == "birth"


def test_the_oldest_people_hold() -> None:
    assert read(id_number("18960101")).birth == date(1896, 1, 1)
    assert problem(id_number("18951231")) == "birth"


def test_a_birth_date_to_come_is_refused() -> None:
    assert problem(id_number("20261123")) == "future"
    assert read(id_number("20261122")).birth == TODAY


def test_a_wrong_checksum_is_refused() -> None:
    right = id_number(sequence="124")
    wrong = "1" if right[-1] != "1" else "2"
    assert problem(right[:-1] + wrong) == "checksum"


def test_an_unknown_province_is_only_a_warning() -> None:
    number = read(id_number(area="990099"))
    assert [w.code for w in number.warnings] == ["area"]
    assert number.province == ""


@pytest.mark.parametrize("area", ["810000", "820000", "830000"])
def test_residence_permits_from_hong_kong_macau_and_taiwan_hold(area: str) -> None:
    assert read(id_number(area=area)).warnings == ()


@pytest.mark.parametrize("area", ["520115", "441900", "653230", "659012", "330113"])
def test_new_counties_and_cities_without_counties_hold_for_people_of_any_age(area: str) -> None:
    for birth in ("19450101", "19700101", "20060101"):
        assert read(id_number(birth, area=area)).warnings == ()


def test_a_list_of_known_counties_turns_strangers_into_warnings() -> None:
    number = id_number()
    known = read_id_number(number, today=TODAY, known_areas={UNALLOCATED})
    stranger = read_id_number(number, today=TODAY, known_areas={"510000"})
    assert isinstance(known, IdNumber)
    assert isinstance(stranger, IdNumber)
    assert known.warnings == ()
    assert [w.code for w in stranger.warnings] == ["area"]


@given(numbers)
def test_every_well_made_number_reads_as_itself(number: str) -> None:
    assert read(number).text == number


@given(numbers, st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_digit_never_passes(number: str, place: int, digit: str) -> None:
    if number[place] == digit:
        return
    found = read_id_number(number[:place] + digit + number[place + 1 :], today=TODAY)
    assert isinstance(found, IdProblem)


@given(numbers, st.integers(0, 16))
def test_two_neighbours_changed_about_never_pass(number: str, place: int) -> None:
    one, other = number[place], number[place + 1]
    if one == other:
        return
    swapped = number[:place] + other + one + number[place + 2 :]
    assert isinstance(read_id_number(swapped, today=TODAY), IdProblem)


@given(st.integers(0, 10**17 - 1))
def test_the_check_character_agrees_with_the_base_13_formula(body: int) -> None:
    digits = f"{body:017d}"
    rest = (1 - 2 * int(digits, 13)) % 11
    assert id_check_character(digits) == ("X" if rest == 10 else str(rest))


@given(st.text(max_size=30))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    assert isinstance(read_id_number(text, today=TODAY), IdNumber | IdProblem)


def test_the_mask_shows_two_and_two() -> None:
    assert mask_id_number("513436198506071234") == "51**************34"
    assert mask_id_number("513436850607123") == "51***********23"


def test_the_mask_shows_nothing_of_something_short() -> None:
    assert mask_id_number("51343619") == "********"
    assert mask_id_number("") == ""


def test_a_number_in_a_traceback_is_masked() -> None:
    assert "19850607" not in repr(read("513436198506071234"))
