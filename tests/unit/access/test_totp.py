"""Codes of an authenticator app."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from guiyan.access import totp

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B
AT = datetime.fromtimestamp(1_111_111_111, UTC)


def code_at(moment: datetime) -> str:
    return pyotp.TOTP(SECRET).at(moment)


def test_the_code_of_the_standard_is_accepted() -> None:
    assert totp.accepted_step(SECRET, "050471", at=AT, after=0) == 37037037


@pytest.mark.parametrize(("steps", "is_accepted"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_one_step_of_leeway_each_way(steps: int, is_accepted: bool) -> None:
    code = code_at(AT + timedelta(seconds=30 * steps))
    assert (totp.accepted_step(SECRET, code, at=AT, after=0) is not None) == is_accepted


def test_a_code_counts_once() -> None:
    step = totp.accepted_step(SECRET, code_at(AT), at=AT, after=0)
    assert step is not None
    assert totp.accepted_step(SECRET, code_at(AT), at=AT, after=step) is None


def test_an_older_code_does_not_count_after_a_newer_one() -> None:
    step = totp.accepted_step(SECRET, code_at(AT), at=AT, after=0)
    assert step is not None
    earlier = code_at(AT - timedelta(seconds=30))
    assert totp.accepted_step(SECRET, earlier, at=AT, after=step) is None


def test_blanks_in_a_code_do_not_matter_and_other_signs_are_refused() -> None:
    code = code_at(AT)
    assert totp.accepted_step(SECRET, f" {code[:3]} {code[3:]} ", at=AT, after=0)
    assert totp.accepted_step(SECRET, "", at=AT, after=0) is None
    assert totp.accepted_step(SECRET, "一二三四五六", at=AT, after=0) is None
