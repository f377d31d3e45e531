"""Rows of invented people for measuring imports: right checksums, an area and a prefix nobody has."""

import csv
import io
import random
from datetime import date, timedelta

from guiyan.kernel.id_numbers import id_check_character

HEADER = (
    "序号",
    "姓名",
    "公民身份号码",
    "民族",
    "入党时间",
    "所在党支部",
    "从事行业",
    "手机号码",
    "语言",
)
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
_GIVEN = "伟芳娜敏静强磊军洋勇艳杰娟涛明超霞平刚桂"
_CLANS = ("吉木", "沙马", "阿尔", "马海", "曲比", "勒伍", "海来", "吉克")
_BRANCHES = ("中共美姑县牛牛坝镇支部委员会", "中共美姑县洪溪镇支部委员会")
_TRADES = ("餐饮", "快递", "建材", "货运司机", "服装", "")


def make_rows(how_many: int, *, seed: int = 1) -> list[list[str]]:
    """Members as a roll lists them, each with an ID number and telephone number of its own."""
    chance = random.Random(seed)
    rows = []
    for number in range(how_many):
        born = date(1950, 1, 1) + timedelta(days=number % 17_000)
        body = f"523499{born:%Y%m%d}{number // 17_000:03d}"
        joined = born + timedelta(days=chance.randrange(18 * 366, 30 * 366))
        rows.append(
            [
                str(number + 1),
                _name(chance),
                body + id_check_character(body),
                chance.choice(("彝", "彝族", "07", "汉族")),
                chance.choice((f"{joined:%Y-%m-%d}", f"{joined:%Y%m}", f"{joined.year}年{joined.month}月")),
                chance.choice(_BRANCHES),
                chance.choice(_TRADES),
                f"12{number:09d}",
                chance.choice(("汉语", "彝汉双语", "")),
            ]
        )  # fmt: skip
    return rows


def make_csv(how_many: int, *, seed: int = 1) -> bytes:
    """The same as a csv file in UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(make_rows(how_many, seed=seed))
    return text.getvalue().encode("utf-8-sig")


def _name(chance: random.Random) -> str:
    given = "".join(chance.choices(_GIVEN, k=2))
    return (
        f"{chance.choice(_CLANS)}·{given}"
        if chance.random() < 0.3
        else chance.choice(_SURNAMES) + given
    )
