"""Two csv files in, one out: everybody paired, wrong rows named by their line."""

import csv

import pytest

from guiyan.liaison.pairing.files import pair_files
from guiyan.liaison.pairing.tables import TableRefused, read_liaisons, read_people

PEOPLE = "id,lon,lat,languages,trade\n甲,103.10,28.30,yi;han,餐饮\n乙,103.11,28.30,han,\n丙,,,yi,\n"
LIAISONS = "id,lon,lat,languages,trade,limit\n阿支,103.10,28.31,yi;han,餐饮,2\n小王,103.12,28.30,han,建筑,1\n"


def written(tmp_path, name, text, encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def paired(tmp_path, people=PEOPLE, liaisons=LIAISONS, encoding="utf-8"):
    out = tmp_path / "out.csv"
    found = pair_files(
        written(tmp_path, "people.csv", people, encoding),
        written(tmp_path, "liaisons.csv", liaisons, encoding),
        out,
    )
    with out.open(encoding="utf-8", newline="") as stream:
        return found, list(csv.DictReader(stream))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_everybody_is_paired_within_the_limits_with_a_sentence_why(tmp_path, encoding):
    found, rows = paired(tmp_path, encoding=encoding)
    assert [(row["person"], row["liaison"]) for row in rows] == [
        ("甲", "阿支"), ("乙", "小王"), ("丙", "阿支"),
    ]  # fmt: skip
    assert rows[0]["why"] == "都会彝语、汉语，相距1.1公里，同为餐饮行业，共联系2人（上限2人）"
    assert (rows[2]["km"], rows[2]["why"][:4]) == ("", "都会彝语")
    assert (found["paired"], found["left_over"], found["gap"]) == (3, 0, 0.0)
    assert found["total_km"] == pytest.approx(sum(float(row["km"] or 0) for row in rows), abs=0.01)


def test_the_answer_is_never_written_over_what_was_read(tmp_path):
    people = written(tmp_path, "people.csv", PEOPLE)
    liaisons = written(tmp_path, "liaisons.csv", LIAISONS)
    (tmp_path / "again.csv").symlink_to(people)
    for out in (people, tmp_path / "again.csv", tmp_path / "." / "liaisons.csv"):
        with pytest.raises(TableRefused) as refused:
            pair_files(people, liaisons, out)
        assert refused.value.code == "same-file"
    assert people.read_text("utf-8") == PEOPLE


def test_with_the_id_alone_everybody_gets_an_even_share(tmp_path):
    found, rows = paired(tmp_path, "id\n" + "\n".join(f"p{i}" for i in range(10)), "id\na\nb\n")
    loads = [sum(row["liaison"] == name for row in rows) for name in ("a", "b")]
    assert sorted(loads) == [5, 5] or max(loads) <= found["limit_where_none_was_given"] == 7
    assert found["left_over"] == 0


def test_who_is_left_over_is_listed_with_the_reason(tmp_path):
    found, rows = paired(tmp_path, liaisons="id,limit\na,2\n")
    assert found["left_over"] == 1
    over = [row for row in rows if not row["liaison"]]
    assert over[0]["why"] == found["left_over_people"][0]["why"]
    assert "请增加联系人" in over[0]["why"]


def test_no_liaison_at_all_is_an_answer_too(tmp_path):
    found, rows = paired(tmp_path, liaisons="id\n")
    assert found["left_over"] == 3
    assert all(row["why"] == "没有一位联系人还能再联系人" for row in rows)


def test_wrong_rows_are_named_by_their_line_and_lose_nobody_who_can_be_kept(tmp_path):
    text = (
        "id,lon,lat,languages\n"
        ",103,28,yi\n"
        "甲,abc,28,yi\n"
        "甲,103,28,yi\n"
        "=cmd(),103,28,yi\n"
        "乙,nan,28,yi\n"
        '"丙",103,91,"yi;han"\n'
        "\n"
        f"{'长' * 201},1,2,\n"
    )
    people, judged = read_people(written(tmp_path, "p.csv", text))
    assert [(one.line, one.code) for one in judged.problems] == [
        (2, "no-id"), (3, "degrees"), (4, "doubled"), (5, "formula"), (6, "degrees"),
        (7, "degrees"), (9, "id-too-long"),
    ]  # fmt: skip
    assert [one.key for one in people] == ["甲", "乙", "丙"]
    assert judged.left_out == 4


def test_a_limit_that_cant_be_read_leaves_the_row_out(tmp_path):
    text = "id,limit\na,-1\nb,abc\nc,0\nd,2.5\ne,\nf,７\ng,1000000000\nh,0000000012\n"
    liaisons, judged = read_liaisons(written(tmp_path, "l.csv", text))
    limits = [(one.key, one.limit) for one in liaisons]
    assert limits == [("c", 0), ("e", None), ("g", 1_000_000), ("h", 12)]
    assert {one.line for one in judged.problems} == {2, 3, 5, 7}


def test_two_stray_quotes_hide_nobody_without_a_word(tmp_path):
    text = 'id,trade\na,"cook\nb,x\nc,y"\nd,z\n'
    people, judged = read_people(written(tmp_path, "p.csv", text))
    assert [one.key for one in people] == ["a", "d"]
    assert [(one.line, one.code) for one in judged.problems] == [(4, "line-break")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no-id"),
        (b"name,lon\nx,1\n", "no-id"),
        (b"id,id\n1,2\n", "doubled-column"),
        (b"id\n\xff\xff\xfe\n", "encoding"),
        (b"PK\x03\x04\0\0", "not-text"),
        (b"id\n" + b"x" * 200_000 + b"\n", "broken"),
        (b'id,trade\na,"cook\nb,x\nc,y\n', "broken"),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(tmp_path, content, code):
    path = tmp_path / "p.csv"
    path.write_bytes(content)
    with pytest.raises(TableRefused) as refused:
        read_people(path)
    assert refused.value.code == code


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(TableRefused, match="打不开"):
        read_people(tmp_path / "nobody.csv")


def test_after_a_refusal_nothing_is_written(tmp_path):
    with pytest.raises(TableRefused):
        paired(tmp_path, people="name\n甲\n")
    assert not (tmp_path / "out.csv").exists()
