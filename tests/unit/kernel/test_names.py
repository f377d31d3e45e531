"""However a name is written, the same person is found; and it is shown in one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyan.kernel.names import (
    GivenName,
    NamePinyin,
    NameProblem,
    fold_name,
    given_name,
    name_pinyin,
    read_name,
    to_simplified,
    to_traditional,
)
from guiyan.kernel.surnames import COMPOUND_SURNAMES, SURNAMES

INTERPUNCTS = "·・･•‧．∙⋅●⦁.。"
han = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
han_names = st.text(han, min_size=1, max_size=6)


@pytest.mark.parametrize("dot", INTERPUNCTS)
def test_every_interpunct_is_one_interpunct(dot: str) -> None:
    assert read_name(f"阿苦{dot}日哈") == "阿苦·日哈"
    assert read_name(f"阿苦 {dot} 日哈") == "阿苦·日哈"
    assert fold_name(f"阿苦{dot}日哈") == fold_name("阿苦日哈")


def test_a_dot_between_yi_signs_is_an_interpunct_and_between_letters_is_not() -> None:
    assert read_name("ꀉꈌ.ꏂꉐ") == "ꀉꈌ·ꏂꉐ"
    assert read_name("J.Smith") == "J.Smith"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("王 伟", "王伟"),
        ("王　伟", "王伟"),
        ("潘  涛", "潘涛"),
        (" 欧阳 修 ", "欧阳修"),
        ("王 小 明", "王小明"),
        ("沙马 木呷", "沙马 木呷"),
        ("沙马   木呷", "沙马 木呷"),
        ("ꀉꈌ ꏂꉐ", "ꀉꈌ ꏂꉐ"),
        ("Ｌｉ Ｍｉｎｇ", "Li Ming"),
        ("\ufeff王\u200b伟", "王伟"),
        ("王伟\n", "王伟"),
        ("𠮷田", "𠮷田"),
        ("·阿苦·", "阿苦"),
    ],
)
def test_padding_goes_and_a_yi_blank_stays(written: str, shown: str) -> None:
    assert read_name(written) == shown


def test_a_yi_name_is_found_with_and_without_its_blank() -> None:
    assert fold_name("沙马 木呷") == fold_name("沙马木呷") == fold_name("沙马·木呷") == "沙马木呷"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "empty"),
        ("  \u200b ", "empty"),
        ("王\x00伟", "controls"),
        ("王\n伟", "controls"),
        ("王\u202e伟", "controls"),
        ("王\u2066伟", "controls"),
        ("王\u200f伟", "controls"),
        ("·", "characters"),
        ("13", "characters"),
        ("王<b>伟", "characters"),
        ("=王伟", "characters"),
        ("王" * 51, "length"),
    ],
)
def test_what_is_not_a_name_is_refused_by_name(written: str, code: str) -> None:
    problem = read_name(written)
    assert isinstance(problem, NameProblem)
    assert problem.code == code
    assert problem.message


def test_fifty_characters_are_a_name() -> None:
    assert read_name("王" * 50) == "王" * 50


@pytest.mark.parametrize(
    ("traditional", "simplified"), [("陳國強", "陈国强"), ("單曉", "单晓"), ("葉龍", "叶龙")]
)
def test_traditional_and_simplified_find_each_other(traditional: str, simplified: str) -> None:
    assert fold_name(traditional) == fold_name(simplified)
    assert to_simplified(traditional) == simplified


@pytest.mark.parametrize("name", ["čapek", "адил", "ñu", "འཕྲིན", "αβ"])
def test_letters_of_other_scripts_stay_in_the_key(name: str) -> None:
    assert fold_name(name) == name


def test_simplified_is_shown_in_traditional() -> None:
    assert to_traditional("陈国强") == "陳國強"


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("沙忠", "shazhong", "sz"),
        ("单晓明", "shanxiaoming", "sxm"),
        ("單曉明", "shanxiaoming", "sxm"),
        ("曾强", "zengqiang", "zq"),
        ("仇英", "qiuying", "qy"),
        ("区明", "ouming", "om"),
        ("解文", "xiewen", "xw"),
        ("查文", "zhawen", "zw"),
        ("任红", "renhong", "rh"),
        ("盖红", "gehong", "gh"),
        ("纪红", "jihong", "jh"),
        ("尉迟红", "yuchihong", "ych"),
        ("尉红", "weihong", "wh"),
        ("长孙红", "zhangsunhong", "zsh"),
        ("万俟红", "moqihong", "mqh"),
        ("万红", "wanhong", "wh"),
        ("朴红", "piaohong", "ph"),
        ("冼红", "xianhong", "xh"),
        ("缪红", "miaohong", "mh"),
        ("翟红", "zhaihong", "zh"),
        ("乐红", "yuehong", "yh"),
        ("覃红", "qinhong", "qh"),
        ("折红", "shehong", "sh"),
        ("逄红", "panghong", "ph"),
        ("沙马 木呷", "shamamuga", "smmg"),
        ("吕绿", "lvlv", "ll"),
        ("Li Ming", "liming", "l"),
    ],
)
def test_surnames_are_read_as_surnames(name: str, full: str, initials: str) -> None:
    pinyin = name_pinyin(name)
    assert (pinyin.full, pinyin.initials) == (full, initials)


def test_letters_are_found_in_either_case() -> None:
    assert fold_name("Li Ming") == fold_name("LI MING") == "liming"


def test_no_name_has_no_reading() -> None:
    assert name_pinyin("") == NamePinyin("", "", "")


def test_a_name_with_an_interpunct_has_no_han_surname() -> None:
    assert name_pinyin("解放·红").full == "jiefanghong"


def test_a_list_keeps_a_family_together_and_orders_by_syllable() -> None:
    names = ["王伟", "汪伟", "西安平", "先平", "王安", "万安"]
    ordered = sorted(names, key=lambda name: name_pinyin(name).sort)
    assert ordered == ["万安", "汪伟", "王安", "王伟", "西安平", "先平"]


def test_every_override_is_a_reading_with_a_tone() -> None:
    readings = [*SURNAMES.values(), *COMPOUND_SURNAMES.values()]
    assert all(syllable[-1] in "1234" for reading in readings for syllable in reading)
    assert all(len(key) == len(reading) for key, reading in COMPOUND_SURNAMES.items())


@given(st.text(max_size=30))
def test_a_key_is_its_own_key(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)


@given(han_names, st.integers(0, 6))
def test_the_key_of_a_beginning_is_the_beginning_of_the_key(name: str, length: int) -> None:
    assert fold_name(name).startswith(fold_name(name[:length]))


@given(st.text(max_size=60))
def test_what_was_read_once_reads_as_itself_and_is_found(text: str) -> None:
    name = read_name(text)
    if isinstance(name, str):
        assert read_name(name) == name
        assert fold_name(name) == fold_name(text)


@given(han_names, st.sampled_from(INTERPUNCTS + " \u3000"), st.integers(1, 5))
def test_no_sign_between_han_changes_the_key(name: str, sign: str, place: int) -> None:
    assert fold_name(name[:place] + sign + name[place:]) == fold_name(name)


@given(st.text(max_size=30))
def test_pinyin_never_fails_and_initials_are_no_longer_than_the_reading(text: str) -> None:
    pinyin = name_pinyin(text)
    assert len(pinyin.initials) <= len(pinyin.full)


@pytest.mark.parametrize(
    ("name", "key", "pinyin"),
    [
        ("海来阿木", "阿木", "amu"),  # a Yi clan of two characters, written as one with the name
        ("海來阿木", "阿木", "amu"),
        ("沙马·木呷", "木呷", "muga"),
        ("沙马 木呷", "木呷", "muga"),
        ("艾合买提•吐尔逊", "吐尔逊", "tuerxun"),
        ("王小明", "小明", "xiaoming"),
        ("王 伟", "伟", "wei"),
        ("欧阳修", "修", "xiu"),
        ("ꀉꃅ·ꃅꇤ", "ꃅꇤ", "ꃅꇤ"),
        ("ꀉꃅꃅꇤ", "", ""),
        ("Tom", "", ""),
        ("", "", ""),
    ],
)
def test_people_are_called_by_their_given_name(name: str, key: str, pinyin: str) -> None:
    assert given_name(name) == GivenName(key, pinyin)


@given(han_names)
def test_a_given_name_ends_the_key_of_the_whole(name: str) -> None:
    assert fold_name(name).endswith(given_name(name).key)


@given(st.text(max_size=60))
def test_any_text_has_a_given_name_or_none(text: str) -> None:
    assert isinstance(given_name(text), GivenName)
