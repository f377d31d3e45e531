"""Figures are given at one address that was chosen, and never at all of a machine."""

import pytest

from guiyan.platform.metrics.address import DEFAULT, WrongAddress, listening_at


def test_without_a_wish_it_is_this_machine_alone() -> None:
    assert listening_at(DEFAULT) == ("127.0.0.1", 9180)


def test_an_operator_names_another_address() -> None:
    assert listening_at("10.1.2.3:9000") == ("10.1.2.3", 9000)
    assert listening_at("[fd00::7]:9000") == ("fd00::7", 9000)


def test_an_operator_switches_it_off() -> None:
    assert listening_at("off") is None


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0:9180", "[::]:9180", "[::ffff:0.0.0.0]:9180", "9180", "guiyan.example:9180", ":9180",
        "127.0.0.1:99999", "127.0.0.1:-1",
    ],
)  # fmt: skip
def test_what_may_be_the_public_address_is_refused_in_words_that_help(text: str) -> None:
    with pytest.raises(WrongAddress, match=DEFAULT):
        listening_at(text)
