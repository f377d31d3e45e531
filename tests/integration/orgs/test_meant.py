"""A name that fits no organisation brings those that may have been meant."""

import pytest
from tests.cast import BRANCH, NEXT_BRANCH, NEXT_TOWNSHIP, OTHER_BRANCH, TOWNSHIP

from guiyan.orgs import queries
from guiyan.platform.scope import Scope, scoped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def offered(text: str, under: str | None = None) -> str:
    with scoped(Scope.everywhere()):
        return queries.may_be_meant(text, under=under)


def test_a_slip_of_the_pen_offers_the_name_that_is_written_most_alike() -> None:
    assert TOWNSHIP.name in offered("巴谱镇党委")
    assert BRANCH.name in offered("城冬社区党支部")


def test_a_part_that_fits_several_offers_each_within_ones_own_tree() -> None:
    said = offered("社区党支部", under=TOWNSHIP.path)
    assert BRANCH.name in said
    assert OTHER_BRANCH.name in said
    assert NEXT_BRANCH.name not in said


def test_what_comes_near_nothing_offers_nothing() -> None:
    assert offered("XYZ") == offered("") == ""
    assert NEXT_TOWNSHIP.name not in offered("新城镇", under=TOWNSHIP.path)
