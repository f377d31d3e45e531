"""Cells as counties write them: read where they can be, noted where they can't, never guessed."""

from datetime import date

import pytest

from guiyan.insight.importing import codes
from guiyan.insight.importing.cells import RecordReader
from guiyan.insight.importing.moved_in.rules import MovedIn, read_moved_in
from guiyan.insight.importing.moved_out.rules import MovedOut, read_moved_out
from guiyan.insight.importing.organisations.rules import kind_of
from guiyan.insight.importing.persons import Person, read_person
from guiyan.insight.importing.premises.rules import ListedPremises, read_premises, state_of
from guiyan.kernel.workbooks.read import Cell

TODAY = date(2026, 3, 2)
# A number with a right checksum and a county code that nobody has.
NUMBER, BORN = "510599195608205605", date(1956, 8, 20)


def reader(**cells: Cell) -> RecordReader:
    return RecordReader(cells, TODAY)


def noted(read: RecordReader) -> set[tuple[str, str, str]]:
    return {(each.key, each.code, each.severity) for each in read.findings}


def person(**cells: Cell) -> tuple[Person | None, RecordReader]:
    read = reader(**{"name": "吉木尔曲", "id_number": NUMBER, **cells})
    return read_person(read, trade_key="industry"), read


@pytest.mark.parametrize(
    "written",
    ["510599 19560820 5605", "５１０５９９１９５６０８２０５６０５", "'510599195608205605"],
)
def test_a_split_or_full_width_number_is_the_same_person(written: str) -> None:
    found, read = person(id_number=written)
    assert found is not None and found.id_number == NUMBER
    assert found.born_on == BORN and found.sex == "female"
    assert noted(read) == set()


def test_a_number_of_fifteen_digits_is_raised_to_eighteen() -> None:
    found, _ = person(id_number="330399671121664")
    assert found is not None and found.id_number == "330399196711216644"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("510599196101186149", "checksum"),
        ("510599199850111390", "birth"),
        ("51059919560820560", "length"),
        ("5.10599195608205e+17", "rounded"),
    ],
)
def test_a_number_that_cannot_be_makes_the_row_wrong(written: str, code: str) -> None:
    found, read = person(id_number=written)
    assert found is None
    assert ("id_number", code, "error") in noted(read)


def test_a_row_without_a_number_comes_in_by_name_and_phone_with_a_warning() -> None:
    found, read = person(id_number=None, phone="12910607975")
    assert found is not None and found.id_number == "" and found.phone == "12910607975"
    assert noted(read) == {("id_number", "missing", "warning")}


def test_a_row_with_nothing_but_a_name_is_about_nobody() -> None:
    found, read = person(id_number="无", phone=None)
    assert found is None
    assert noted(read) == {("id_number", "unidentified", "error")}


def test_a_row_without_a_name_is_wrong() -> None:
    found, read = person(name=None)
    assert found is None and ("name", "empty", "error") in noted(read)


@pytest.mark.parametrize(
    ("written", "value", "precision"),
    [
        ("1979年4月", date(1979, 4, 1), "month"),
        ("2019/8/26", date(2019, 8, 26), "day"),
        ("201809", date(2018, 9, 1), "month"),
        ("2020.10", date(2020, 10, 1), "month"),
        ("19年", date(2019, 1, 1), "year"),
        (date(2013, 7, 27), date(2013, 7, 27), "day"),
        (43338, date(2018, 8, 26), "day"),
    ],
)
def test_a_date_is_as_exact_as_it_was_written(written: Cell, value: date, precision: str) -> None:
    found, read = person(joined_on=written)
    assert found is not None
    assert (found.joined_on, found.joined_precision) == (value, precision)
    assert noted(read) == set()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("31年", "ambiguous"),  # 1931 is before the birth, 2031 has not come
        ("2026.5", "future"),
        ("1970-01-01", "too-early"),  # not yet 18
        ("去年", "unreadable"),
        ("1983-02-30", "impossible"),
    ],
)
def test_a_date_that_cannot_be_is_left_empty_and_keeps_nobody_out(written: str, code: str) -> None:
    found, read = person(joined_on=written)
    assert found is not None and found.joined_on is None
    assert noted(read) == {("joined_on", code, "warning")}


def test_a_phone_kept_as_a_float_is_read() -> None:
    found, _ = person(phone=12015728699.0)
    assert found is not None and found.phone == "12015728699"


def test_a_phone_that_cannot_be_dialled_is_left_out_with_a_warning() -> None:
    found, read = person(phone="1201572")
    assert found is not None and found.phone == ""
    assert ("phone", "length", "warning") in noted(read)


def test_somebody_who_is_written_to_have_no_phone_has_none() -> None:
    with_none, _ = person(phone="无")
    left_blank, _ = person(phone=None)
    assert with_none is not None and not with_none.has_phone
    assert left_blank is not None and left_blank.has_phone


def test_the_number_decides_sex_and_birth_and_a_difference_is_noted() -> None:
    found, read = person(sex="男", born_on="1960-01-01")
    assert found is not None and found.sex == "female" and found.born_on == BORN
    assert noted(read) == {
        ("sex", "sex-differs", "warning"),
        ("born_on", "birth-differs", "warning"),
    }


@pytest.mark.parametrize("written", ["彝", "彝族", "07", "7"])
def test_every_spelling_of_an_ethnic_group_is_one_code(written: str) -> None:
    assert codes.ethnicity_code(written) == "07"


def test_an_unknown_ethnic_group_is_noted() -> None:
    found, read = person(ethnicity="精灵族")
    assert found is not None and found.ethnicity == ""
    assert noted(read) == {("ethnicity", "ethnicity", "warning")}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("彝汉双语", ("yi", "han")),
        ("普通话、粤语", ("han", "yue")),
        ("汉语", ("han",)),
        ("", ()),
        ("手语", None),
    ],
)
def test_languages_are_read_from_free_words(written: str, expected: tuple[str, ...] | None) -> None:
    assert codes.language_codes(written) == expected


@pytest.mark.parametrize(
    ("written", "expected", "little"),
    [
        ("彝文、汉文", ("yi", "han"), False),
        ("汉字，不识彝文", ("han",), False),
        ("会汉文 不会彝文", ("han",), False),
        ("粤语", None, False),
        ("不识字", None, True),
        ("文盲", None, True),
        ("无", None, True),
        ("", (), False),
        ("盲文", None, False),
    ],
)
def test_scripts_are_read_from_free_words_and_who_reads_little_is_heard(
    written: str, expected: tuple[str, ...] | None, little: bool
) -> None:
    assert codes.script_codes(written) == expected
    assert codes.says_reads_little(written) is little


@pytest.mark.parametrize("written", ["=SUM(1,1)", "＝1+1", "@SUM(A1)", "+cmd|'/c calc'!A1"])
def test_the_text_of_a_formula_is_neither_run_nor_kept(written: str) -> None:
    read = reader(name="吉木尔曲", id_number=NUMBER, reason=written)
    row = read_moved_out(read)
    assert isinstance(row, MovedOut) and row.reason == ""
    assert noted(read) == {("reason", "formula", "warning")}


def test_a_number_forced_to_be_text_is_no_formula() -> None:
    found, read = person(id_number=f'="{NUMBER}"')
    assert found is not None and found.id_number == NUMBER and noted(read) == set()


def test_a_reason_is_one_word_however_it_is_padded() -> None:
    row = read_moved_in(reader(name="王芳玲", id_number=NUMBER, reason="经 商"))
    assert isinstance(row, MovedIn) and row.reason == "经商"


def test_a_home_elsewhere_is_kept_as_a_letter_would_address_it() -> None:
    row = read_moved_in(
        reader(
            name="王芳玲",
            id_number=NUMBER,
            home_place="四川省泸州市",
            home_organisation="某街道社区党支部",
        )
    )
    assert row is not None and row.home_text == "四川省泸州市某街道社区党支部"


def test_whether_there_is_a_certificate_is_yes_no_or_unsaid() -> None:
    def certificate(cell: Cell) -> bool | None:
        row = read_moved_out(reader(name="王芳", id_number=NUMBER, holds_certificate=cell))
        assert row is not None
        return row.has_certificate

    assert (certificate("是"), certificate("否"), certificate(None)) == (True, False, None)


@pytest.mark.parametrize(
    ("cells", "is_abroad"),
    [
        ({"is_abroad": "是", "destination": "马来西亚"}, True),
        ({"is_abroad": "否", "reason": "出国"}, False),
        ({"flow_type": "出国（境）"}, True),
        ({"reason": "出国劳务"}, True),
        ({"destination": "境外"}, True),
        ({"destination": "中国外运公司"}, False),
        ({"destination": "广东省东莞市", "reason": "务工"}, False),
        ({}, False),
    ],
)
def test_who_is_abroad_is_said_by_a_column_of_its_own_or_in_words(
    cells: dict[str, Cell], is_abroad: bool
) -> None:
    row = read_moved_out(reader(name="王芳", id_number=NUMBER, **cells))
    assert row is not None and row.is_abroad is is_abroad


def premises(**cells: Cell) -> tuple[ListedPremises | None, RecordReader]:
    read = reader(**{"name": "林杰汽修行", **cells})
    return read_premises(read), read


def test_a_credit_code_in_full_width_is_read_and_an_old_licence_is_kept() -> None:
    code, _ = premises(credit_code="９２５１３４３６９８６６３４７３８８")
    licence, _ = premises(credit_code="659106818646340")
    assert code is not None and code.credit_code == "925134369866347388"
    assert licence is not None and licence.licence == "659106818646340"
    assert licence.credit_code == ""


def test_a_credit_code_with_a_wrong_check_character_makes_the_row_wrong() -> None:
    found, read = premises(credit_code="925134362293308337")
    assert found is None and noted(read) == {("credit_code", "checksum", "error")}


def test_the_note_says_whether_a_shop_is_closed_or_gone() -> None:
    assert [state_of(note) for note in ("已歇业", "搬迁", "同上户主", "")] == [
        "closed", "moved", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("level", "name", "kind"),
    [
        ("村党支部", "甲谷支部", "village_branch"),
        ("", "中共美姑县巴普镇城北社区支部委员会", "community_branch"),
        ("", "中共美姑县牛牛坝镇支部委员会", "organs_branch"),
        ("", "中共美姑县牛牛坝镇委员会", "township_committee"),
        ("", "某某流动党员党支部", "mobile_branch"),
        ("", "无从说起", None),
    ],
)
def test_the_kind_of_an_organisation_is_read_from_its_level_or_name(
    level: str, name: str, kind: str | None
) -> None:
    assert kind_of(level, name) == kind
