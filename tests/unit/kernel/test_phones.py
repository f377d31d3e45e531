"""Every spelling of a telephone number is one number; unknown ranges warn and never block."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.kernel.phones import Phone, PhoneProblem, mask_phone, national_form, read_phone

TEST_NUMBER = "12412434831"


def mobile(prefix: str = "139", rest: str = "00001234") -> str:
    """A number with a real prefix exists only while the test runs."""
    return prefix + rest


def read(written: str | float, area_code: str = "") -> Phone:
    found = read_phone(written, area_code=area_code)
    assert isinstance(found, Phone), found
    return found


def problem(written: str | float) -> str:
    found = read_phone(written)
    assert isinstance(found, PhoneProblem), found
    assert found.message
    return found.code


@pytest.mark.parametrize(
    "spelled",
    [
        TEST_NUMBER,
        "１２４１２４３４８３１",
        "124 1243 4831",
        "124-1243-4831",
        "+86 124 1243 4831",
        "+86-12412434831",
        "8612412434831",
        "008612412434831",
        "(+86)12412434831",
        "012412434831",
        "12412434831.0",
        "1.2412434831E10",
        "1.2412434831e+10",
        '="12412434831"',
        "'12412434831",
        "\u202d12412434831\u202c",
        " 12412434831\n",
        12412434831,
        12412434831.0,
    ],
)
def test_spellings_of_one_mobile_are_one_number(spelled: str | float) -> None:
    assert read(spelled).normal == "+8612412434831"


def test_a_float_that_ends_in_zero_keeps_it() -> None:
    assert read("1.241243483E10").normal == "+8612412434830"


def test_numbers_beginning_with_12_are_test_numbers() -> None:
    assert read(TEST_NUMBER).is_test
    assert read(TEST_NUMBER).kind == "mobile"
    assert not read(mobile()).is_test


@pytest.mark.parametrize("prefix", ["192", "197", "162", "170", "139"])
def test_known_ranges_pass_without_a_word(prefix: str) -> None:
    assert read(mobile(prefix)).warnings == ()


@pytest.mark.parametrize("prefix", ["149", "154"])
def test_ranges_that_the_tables_lack_pass_with_a_warning(prefix: str) -> None:
    assert [w.code for w in read(mobile(prefix)).warnings] == ["unknown"]


@pytest.mark.parametrize(
    "spelled",
    ["0834-8222222", "08348222222", "(0834)8222222", "（0834）8222222", "+86 834 8222222",
     "+86 0834 8222222", "0834 822 2222", "0834—8222222"],
)  # fmt: skip
def test_spellings_of_one_landline_are_one_number(spelled: str) -> None:
    phone = read(spelled)
    assert (phone.normal, phone.kind, phone.extension) == ("+868348222222", "landline", "")


@pytest.mark.parametrize(
    "spelled", ["0834-8222222-801", "0834-8222222转801", "08348222222 分机801", "08348222222ext801"]
)
def test_an_extension_is_kept_apart(spelled: str) -> None:
    phone = read(spelled)
    assert (phone.normal, phone.extension) == ("+868348222222", "801")


def test_a_landline_without_area_code_takes_that_of_the_place() -> None:
    assert problem("8222222") == "area-code"
    assert read("8222222", area_code="0834").normal == "+868348222222"


@pytest.mark.parametrize(
    ("number", "normal"),
    [("010-82222222", "+861082222222"), ("021 82222222", "+862182222222")],
)
def test_short_area_codes_of_great_cities_are_known(number: str, normal: str) -> None:
    phone = read(number)
    assert (phone.normal, phone.kind) == (normal, "landline")


def test_a_service_number_is_its_own_kind() -> None:
    phone = read("400-812-3123")
    assert (phone.normal, phone.kind) == ("+864008123123", "service")


@pytest.mark.parametrize(
    ("spelled", "normal"),
    [("+852 2123 4567", "+85221234567"), ("00852 2123 4567", "+85221234567"),
     ("+1 202-555-0123", "+12025550123")],
)  # fmt: skip
def test_numbers_from_abroad_keep_their_country(spelled: str, normal: str) -> None:
    phone = read(spelled)
    assert (phone.normal, phone.kind) == (normal, "international")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "length"),
        ("110", "length"),
        ("1241243483", "length"),
        ("124124348311", "length"),
        ("无", "characters"),
        ("1241243483A", "characters"),
        ("1.24E+10", "rounded"),
        ("1.24e+10", "rounded"),
        ("12412434831/12412434832", "several"),
        ("12412434831、0834-8222222", "several"),
        ("+999 1234567890", "number"),
        ("+852 12", "number"),
    ],
)
def test_what_cannot_be_dialled_is_refused_by_name(written: str, code: str) -> None:
    assert problem(written) == code


def test_people_read_the_form_they_know() -> None:
    assert national_form("+8612412434831") == "12412434831"
    assert national_form("+868348222222") == "0834-8222222"
    assert national_form("+861082222222") == "010-82222222"
    assert national_form("+85221234567") == "+85221234567"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("12412434831", "124****4831"),
        ("+8612412434831", "124****4831"),
        ("0834-8222222", "0834-****222"),
        ("400-812-3123", "400****123"),
        ("+852 2123 4567", "+852****567"),
        ("+65 6123 4567", "+656****567"),
        ("12345", "*****"),
        ("nonsense", "********"),
    ],
)
def test_the_mask_shows_enough_to_tell_and_too_little_to_dial(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


def test_a_phone_in_a_traceback_is_masked() -> None:
    assert TEST_NUMBER not in repr(read(TEST_NUMBER))


@given(st.integers(0, 10**9 - 1), st.sampled_from("23456789"))
def test_every_mobile_reads_back_from_its_normal_and_national_form(rest: int, second: str) -> None:
    number = f"1{second}{rest:09d}"
    phone = read(number)
    assert phone.kind == "mobile"
    assert read(phone.normal) == phone
    assert read(national_form(phone.normal)) == phone
    assert read(float(number)) == phone


@given(st.text(max_size=30) | st.integers() | st.floats())
def test_nothing_written_makes_the_reader_fail(written: str | float) -> None:
    assert isinstance(read_phone(written), Phone | PhoneProblem)
