"""Names of places as people write them."""

import pytest

from guiyan.orgs.division_names import place_key, written_length


@pytest.mark.parametrize(
    ("name", "level", "key"),
    [
        ("四川省", 1, "四川"),
        ("内蒙古自治区", 1, "内蒙古"),
        ("广西壮族自治区", 1, "广西"),
        ("新疆维吾尔自治区", 1, "新疆"),
        ("凉山彝族自治州", 2, "凉山"),
        ("黔西南布依族苗族自治州", 2, "黔西南"),
        ("巴音郭楞蒙古自治州", 2, "巴音郭楞"),
        ("深圳市", 2, "深圳"),
        ("美姑县", 3, "美姑"),
        ("沛县", 3, "沛县"),
        ("浦东新区", 3, "浦东"),
        ("观山湖区", 3, "观山湖"),
        ("木里藏族自治县", 3, "木里"),
        ("巴普镇", 4, "巴普"),
        ("世纪城街道办事处", 4, "世纪城"),
        ("新和傣族乡", 4, "新和"),
        ("城东社区居民委员会", 5, "城东"),
        ("巴普村村民委员会", 5, "巴普"),
        ("李家庄村委会", 5, "李家庄"),
        ("新村村委会", 5, "新村"),
    ],
)
def test_the_key_is_what_sets_a_place_apart(name: str, level: int, key: str) -> None:
    assert place_key(name, level) == key


@pytest.mark.parametrize(
    ("text", "name", "level", "length"),
    [
        ("四川省泸州市", "四川省", 1, 3),
        ("四川泸州", "四川省", 1, 2),
        ("凉山州美姑县", "凉山彝族自治州", 2, 3),
        ("深圳", "深圳市", 2, 2),
        ("城东社区新建路15号", "城东社区居民委员会", 5, 4),
        ("巴普村3组", "巴普村村民委员会", 5, 3),
        ("巴普镇", "巴普村村民委员会", 5, 0),
        ("新建路15号", "新建村村民委员会", 5, 0),
        ("南明路5号", "南明区", 3, 0),
        ("李家庄村5号", "李家庄村委会", 5, 4),
    ],
)
def test_a_place_is_known_by_what_people_write(
    text: str, name: str, level: int, length: int
) -> None:
    assert written_length(text, name, place_key(name, level), level) == length
