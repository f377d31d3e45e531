"""What a pair is weighed by, and the sentence that says so."""

import pytest

from guiyan.liaison.pairing.matching import weighed
from guiyan.liaison.pairing.rules import (
    Liaison,
    Person,
    Weighed,
    even_limit,
    in_source,
    language_cost,
    reasons,
    why_left_over,
)


@pytest.mark.parametrize(
    ("person", "liaison", "reads_little", "cost"),
    [
        (("yi", "han"), ("yi",), False, 0),
        (("yi", "han"), ("han",), False, 1_000),
        (("yi", "han"), ("han",), True, 5_000),
        (("yi",), ("han",), False, None),
        (("yi",), (), False, None),
        (("han",), (), False, 0),
        ((), ("yi",), False, 0),
    ],
)
def test_the_first_language_is_best_and_none_in_common_is_a_break(
    person, liaison, reads_little, cost
):
    who = Person("", languages=person, reads_little=reads_little)
    assert language_cost(who, Liaison("", languages=liaison)) == cost


@pytest.mark.parametrize(
    ("reads", "reads_little", "read_by_liaison", "cost"),
    [
        (("yi",), False, ("yi", "han"), 0),
        (("yi",), False, ("han",), 2_000),
        (("han",), False, (), 0),  # all of staff read Han
        ((), False, ("han",), 0),  # nobody said what the member reads
        (("yi",), True, ("han",), 0),  # is talked to, not written to
    ],
)
def test_what_both_read_is_weighed_beside_what_both_speak(
    reads, reads_little, read_by_liaison, cost
):
    who = Person("", languages=("yi",), reads=reads, reads_little=reads_little)
    assert language_cost(who, Liaison("", languages=("yi",), reads=read_by_liaison)) == cost


@pytest.mark.parametrize(
    ("person", "said"),
    [
        (
            Person("", languages=("yi",), reads=("yi", "han")),
            "都会彝语，都会读彝文、汉文，距离不详",
        ),
        (
            Person("", languages=("yi",), reads=("zang",)),
            "都会彝语，没有都会读的文字，当面或电话说，距离不详",
        ),
        (
            Person("", languages=("yi",), reads_little=True),
            "都会彝语，读写不便，当面或电话说，距离不详",
        ),
        (Person("", languages=("yi",)), "都会彝语，距离不详"),
    ],
)
def test_the_sentence_says_what_both_speak_and_what_both_read(person, said):
    liaison = Liaison("", languages=("yi", "han"), reads=("han", "yi"))
    assert in_source(reasons(weighed(person, liaison, None), asks_language=True)) == said


def test_the_sentence_names_language_way_trade_continuity_and_load():
    pair = Weighed(1.26, ("yi", "han"), "餐饮", is_present=True, load=4, limit=10)
    assert in_source(reasons(pair, asks_language=True)) == (
        "都会彝语、汉语，相距1.3公里，同为餐饮行业，一直由这位联系，共联系4人（上限10人）"
    )


def test_where_nobody_with_the_language_had_room_the_sentence_says_so():
    said = in_source(reasons(Weighed(None, ()), asks_language=True))
    assert said == "附近没有语言相通又有空的人，距离不详"


def test_of_whose_language_nothing_is_known_nothing_is_said():
    assert in_source(reasons(Weighed(0.0, ()), asks_language=False)) == "就在近旁"


def test_who_is_left_over_hears_what_is_missing():
    assert in_source([why_left_over(12, 10)]) == (
        "联系人一共能联系10人，要联系的有12人；请增加联系人或调高上限"
    )
    assert "没有一位" in in_source([why_left_over(3, 0)])


def test_without_limits_the_even_share_leaves_room_to_spare():
    assert even_limit(49, 30) == 3
    assert even_limit(0, 0) == 1
