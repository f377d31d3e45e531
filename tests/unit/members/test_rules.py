"""Rules of the file, without a database."""

from datetime import datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.kernel.findings import Finding
from guiyan.members import rules

BRANCH = "00010001000100010001"
NOON = datetime(2026, 3, 2, 12)  # noqa: DTZ001 - local time, as the rule takes it


def opening(path: str = BRANCH, at: datetime = NOON, already: int = 0, **more: bool) -> set[str]:
    circumstances = rules.Opening(uuid4(), path, more.get("elevated", False), at, already)
    return set(rules.unusual_openings(circumstances, BRANCH, None))


def test_the_branch_its_township_and_its_county_do_everyday_work() -> None:
    for path in (BRANCH, BRANCH[:-4], BRANCH[:-8]):
        assert opening(path) == set()


def test_a_body_further_up_or_beside_is_out_of_the_ordinary() -> None:
    for path in (BRANCH[:-12], "0001", "00010002", ""):
        assert opening(path) == {"outside"}


@pytest.mark.parametrize(("hour", "is_night"), [(5, True), (6, False), (21, False), (22, True)])
def test_the_night_is_from_ten_to_six(hour: int, is_night: bool) -> None:
    assert ("night" in opening(at=NOON.replace(hour=hour))) is is_night


def test_the_twentieth_of_a_day_is_many() -> None:
    assert opening(already=18) == set()
    assert opening(already=19) == {"many"}


@given(already=st.integers(0, 200))
def test_fifty_a_day_and_no_more(already: int) -> None:
    refusal = rules.may_reveal("contact", "", already)
    assert (refusal is None) == (already < rules.REVEALS_PER_DAY)


def test_a_case_number_holds_no_number_of_a_person() -> None:
    assert rules.may_reveal("contact", "美流〔2026〕12号", 0) is None
    for text in ("12000000001", "a b", "x" * 31):
        refusal = rules.may_reveal("contact", text, 0)
        assert refusal is not None
        assert refusal.code == "case-number"


@pytest.mark.parametrize(
    ("address", "mask"),
    [
        ("四川省凉山州美姑县巴普镇8号", "四川省凉山州美姑县***"),
        ("贵州省贵阳市观山湖区长岭街道", "贵州省贵阳市观山湖区***"),
        ("新建路15号", "新建路***"),
        ("县", "县***"),
    ],
)
def test_an_address_is_shown_down_to_its_county(address: str, mask: str) -> None:
    assert rules.mask_address(address) == mask


def test_an_address_is_at_most_two_hundred_characters() -> None:
    assert rules.read_address("  巴普镇   8号 ") == "巴普镇 8号"
    for text in ("  ", "字" * 201):
        assert isinstance(rules.read_address(text), Finding)


def test_a_relative_s_number_says_whose() -> None:
    assert rules.may_phone_be("own", "") is None
    assert rules.may_phone_be("relative", "儿子") is None
    assert rules.may_phone_be("relative", " ") is not None
    assert rules.may_phone_be("neighbour", "") is not None
