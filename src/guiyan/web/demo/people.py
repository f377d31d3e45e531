"""Invented members: some away, some arrived, some not yet placed, so that no page of the demo is empty.

Their numbers are made by `kernel.invented`: nobody has them.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from guiyan.kernel.invented import invented_id, invented_phone
from guiyan.members.types import NewMember

HAN_FAMILY = "王李张刘陈杨黄赵周吴徐孙朱马胡郭何罗"
HAN_GIVEN = ("伟", "芳", "建国", "秀英", "强", "红梅", "涛", "丽华", "明", "桂兰", "志刚", "晓燕")
YI_NAMES = (
    "阿尔拉且", "吉木尔曲", "沙马木呷", "海来阿木", "勒伍克日", "俄木史布", "阿苦日哈", "曲比阿乌",
    "马海依作", "吉克曲布", "的日阿依", "罗洪木甲",
)  # fmt: skip
TRADES = ("货运司机", "餐饮", "建筑", "快递", "服装", "理发", "种养殖", "电子厂", "家政")
SEED = 720


def people(count: int, *, serial_from: int) -> Iterator[NewMember]:
    """The same people at every run; ages 22 to 70, joined between 18 and now."""
    chance = random.Random(SEED + serial_from)  # noqa: S311 - invented people, not secrets
    for serial in range(serial_from, serial_from + count):
        is_yi = chance.random() < 0.6
        born = date(1956, 1, 1) + timedelta(days=chance.randrange(17_500))
        name = (
            chance.choice(YI_NAMES)
            if is_yi
            else chance.choice(HAN_FAMILY) + chance.choice(HAN_GIVEN)
        )
        has_phone = chance.random() < 0.9
        yield NewMember(
            name=name,
            id_number=invented_id(born=born, sequence=serial),
            phone=invented_phone(500_000_000 + serial * 7919) if has_phone else None,
            ethnicity="07" if is_yi else "01",
            joined_on=date(born.year + chance.randrange(19, 22), chance.randrange(1, 13), 1),
            joined_precision="month",
            trade=chance.choice(TRADES),
            languages=("yi", "han") if is_yi else ("han",),
            has_phone=has_phone,
            reads_little=is_yi and chance.random() < 0.3,
        )
