"""What the demo's tree consists of: real divisions, invented organisations, coordinates and numbers.

Every coordinate is invented inside its county from the code, and marked so; every telephone number
begins with 12, a prefix that does not exist.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from guiyan.orgs.division_names import written_village
from guiyan.orgs.types import NewOrganisation, NewServicePoint

MEIGU, ZHAOJUE, GUANSHANHU, DONGGUAN = "513436", "513431", "520115", "441900"
SICHUAN, LIANGSHAN, GUIZHOU, GUIYANG = "51", "5134", "52", "5201"
OUTPOST = f"{MEIGU}-W1"
MOBILE_BRANCH = f"{MEIGU}-W1-L1"
INDUSTRY = f"{MEIGU}-H1"
DRIVERS = f"{MEIGU}-H1-Z1"
DEPARTMENTS = {f"{MEIGU}-B1": "美姑县教育和体育局", f"{MEIGU}-B2": "美姑县人力资源和社会保障局"}
CENTRES_OF_GUANSHANHU = 159
INVENTED = "invented"
_CITIES = {
    SICHUAN: ("四川省", "四川省委", "四川省", 104.07, 30.66),
    LIANGSHAN: ("凉山彝族自治州", "凉山州委", "四川省凉山彝族自治州", 102.27, 27.89),
    GUIZHOU: ("贵州省", "贵州省委", "贵州省", 106.71, 26.60),
    GUIYANG: ("贵阳市", "贵阳市委", "贵州省贵阳市", 106.63, 26.65),
}
_PARENT_OF_COUNTY = {MEIGU: LIANGSHAN, ZHAOJUE: LIANGSHAN, GUANSHANHU: GUIYANG}
_COUNTY_NAMES = {MEIGU: "美姑县", ZHAOJUE: "昭觉县", GUANSHANHU: "观山湖区"}
# West, south, east, north, in degrees, drawn well inside each county.
_BOXES = {
    MEIGU: (102.95, 28.12, 103.28, 28.78),
    ZHAOJUE: (102.50, 27.85, 103.10, 28.25),
    GUANSHANHU: (106.55, 26.58, 106.66, 26.72),
    DONGGUAN: (113.65, 22.85, 114.05, 23.05),
}
_LANGUAGES = {MEIGU: ("yi", "han"), ZHAOJUE: ("yi", "han"), GUANSHANHU: ("han",)}
_NEAR_TOWNSHIP = 0.02  # degrees: a village lies within two kilometres of its township
WORKDAYS = tuple(
    (day, start, end) for day in range(5) for start, end in (("08:30", "12:00"), ("14:30", "18:00"))
)
ALL_HOURS = tuple((day, "00:00", "24:00") for day in range(7))


@dataclass(frozen=True, slots=True)
class CountyDivisions:
    """The real townships of a county and, for each of their codes, its villages: (code, name)."""

    county: str
    townships: Sequence[tuple[str, str]]
    villages: dict[str, Sequence[tuple[str, str]]]


def _fractions(text: str) -> tuple[float, float]:
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32, int.from_bytes(digest[4:8]) / 2**32


def invented_point(county: str, township: str, place: str = "") -> tuple[float, float]:
    """Longitude and latitude inside the county's box, the same for the same codes."""
    west, south, east, north = _BOXES[county]
    x, y = _fractions(township)
    longitude, latitude = west + x * (east - west), south + y * (north - south)
    if place:
        x, y = _fractions(place)
        longitude += (x - 0.5) * 2 * _NEAR_TOWNSHIP
        latitude += (y - 0.5) * 2 * _NEAR_TOWNSHIP
    return round(longitude, 5), round(latitude, 5)


def invented_phone(code: str) -> str:
    """Eleven digits that begin with 12, the same for the same code."""
    number = int.from_bytes(hashlib.sha256(code.encode()).digest()[:8]) % 10**9
    return f"12{number:09}"


def _twelve(code: str) -> str:
    return code.ljust(12, "0")


def upper_organisations() -> Iterator[NewOrganisation]:
    """Both provinces' and both cities' committees."""
    for code, (name, short, address, longitude, latitude) in _CITIES.items():
        parent = code[:2] if len(code) > 2 else None
        yield NewOrganisation(
            parent_code=parent,
            kind="city_committee" if parent else "province_committee",
            name=f"中共{name}委员会",
            code=code,
            division_code=_twelve(code),
            short_name=short,
            address=f"{address}（演示地址）",
            longitude=longitude,
            latitude=latitude,
            coordinates_origin=INVENTED,
        )


def county_organisations(divisions: CountyDivisions) -> Iterator[NewOrganisation]:
    """County committee, township committees with their organs' branch, and a branch a village."""
    county = divisions.county
    name = _COUNTY_NAMES[county]
    yield _organisation(county, county, _PARENT_OF_COUNTY[county], "county_committee",
                        f"中共{name}委员会", f"{name}委", name)  # fmt: skip
    for code, township in divisions.townships:
        stem = code[:9]
        place = f"{name}{township}"
        is_office = township.endswith("街道")
        committee = "工作委员会" if is_office else "委员会"
        yield _organisation(county, stem, county, "township_committee",
                            f"中共{place}{committee}", f"{township}党{'工' * is_office}委", place)  # fmt: skip
        yield _organisation(county, f"{stem}-J", stem, "organs_branch",
                            f"中共{place}支部委员会", f"{township}机关支部", place)  # fmt: skip
        for village_code, village in divisions.villages[code]:
            own = written_village(village)
            kind = "community_branch" if own.endswith("社区") else "village_branch"
            yield _organisation(county, village_code, stem, kind,
                                f"中共{place}{own}支部委员会", f"{own}支部", place + own)  # fmt: skip


def _organisation(
    county: str, code: str, parent: str, kind: str, name: str, short: str, address: str
) -> NewOrganisation:
    township = code[:9]
    longitude, latitude = invented_point(county, township, code if len(code) == 12 else "")
    return NewOrganisation(
        parent_code=parent,
        kind=kind,
        name=name,
        code=code,
        division_code=_twelve(code.partition("-")[0]),
        short_name=short,
        address=f"{address}（演示地址）",
        phone=invented_phone(code),
        languages=_LANGUAGES[county],
        longitude=longitude,
        latitude=latitude,
        coordinates_origin=INVENTED,
    )


def meigus_own() -> Iterator[NewOrganisation]:
    """The outpost with its mobile members' branch, the transport trade, departments."""
    yield _away(OUTPOST, MEIGU, "outpost", "美姑县驻东莞劳务协作站", "驻东莞协作站")
    yield _away(MOBILE_BRANCH, OUTPOST, "mobile_branch", "中共美姑县驻东莞流动党员支部委员会",
                "驻东莞流动党员支部")  # fmt: skip
    yield _organisation(MEIGU, INDUSTRY, MEIGU, "industry_committee",
                        "中共美姑县道路运输行业委员会", "道路运输行业党委", "美姑县")  # fmt: skip
    drivers = _organisation(MEIGU, DRIVERS, INDUSTRY, "joint_branch",
                            "中共美姑县货运司机联合支部委员会", "货运司机联合支部", "美姑县")  # fmt: skip
    yield replace(drivers, trades=("货运司机", "快递"))
    for code, name in DEPARTMENTS.items():
        yield _organisation(MEIGU, code, MEIGU, "department", name, name, "美姑县")


def _away(code: str, parent: str, kind: str, name: str, short: str) -> NewOrganisation:
    longitude, latitude = invented_point(DONGGUAN, DONGGUAN, code)
    return NewOrganisation(
        parent_code=parent,
        kind=kind,
        name=name,
        code=code,
        division_code=_twelve(MEIGU),
        stands_in_code=_twelve(DONGGUAN),
        short_name=short,
        address="广东省东莞市（演示地址）",
        phone=invented_phone(code),
        trades=("电子", "制鞋"),
        languages=("yi", "han"),
        longitude=longitude,
        latitude=latitude,
        coordinates_origin=INVENTED,
    )


def centres_of_county(divisions: CountyDivisions) -> Iterator[NewOrganisation]:
    """A service centre for the county and one for each township."""
    county = divisions.county
    name = _COUNTY_NAMES[county]
    yield _organisation(county, f"{county}-F", county, "service_centre",
                        f"{name}党群服务中心", f"{name}党群服务中心", name)  # fmt: skip
    for code, township in divisions.townships:
        yield _organisation(county, f"{code[:9]}-F", code[:9], "service_centre",
                            f"{name}{township}党群服务中心", f"{township}党群服务中心",
                            f"{name}{township}")  # fmt: skip


def centres_of_guanshanhu(divisions: CountyDivisions) -> Iterator[NewOrganisation]:
    """The district's 159 service centres, spread evenly over its townships and their villages."""
    name = _COUNTY_NAMES[divisions.county]
    for number in range(CENTRES_OF_GUANSHANHU):
        place = number % len(divisions.townships)
        code, township = divisions.townships[place]
        within = number // len(divisions.townships)
        villages = divisions.villages[code]
        village_code, village = villages[within % len(villages)]
        own = f"{code[:9]}-F{within + 1:02}"
        longitude, latitude = invented_point(divisions.county, code[:9], own)
        yield NewOrganisation(
            parent_code=code[:9],
            kind="service_centre",
            name=f"{name}{township}第{within + 1}党群服务中心",
            code=own,
            division_code=village_code,
            short_name=f"{township}第{within + 1}党群服务中心",
            address=f"{name}{township}{written_village(village)}（演示地址）",
            phone=invented_phone(own),
            languages=("han",),
            longitude=longitude,
            latitude=latitude,
            coordinates_origin=INVENTED,
        )


def service_points(organisations: Sequence[NewOrganisation]) -> Iterator[NewServicePoint]:
    """A desk in every centre and at the outpost; hotlines of counties round the clock, of
    townships and Meigu's villages in office hours."""
    for new in organisations:
        if new.kind in {"service_centre", "outpost"}:
            yield NewServicePoint(
                organisation_code=new.code, kind="service_centre", name=new.name,
                duty_hours=WORKDAYS, phone=new.phone,
            )  # fmt: skip
        is_meigu_branch = new.code.startswith(MEIGU) and len(new.code) == 12
        if new.kind in {"county_committee", "township_committee", "outpost"} or is_meigu_branch:
            yield NewServicePoint(
                organisation_code=new.code, kind="hotline", name=f"{new.short_name}流动党员热线",
                duty_hours=ALL_HOURS if new.kind == "county_committee" else WORKDAYS,
                phone=invented_phone(f"{new.code}-R"),
            )  # fmt: skip
