"""A country in small: a tree of branches and invented people with files, stays and counts.

Written by COPY as the owner of the tables, in the shape that the commands would have written.
Names are put together from syllables, ID numbers bear an area that nobody has, telephone numbers
begin with 12. The numbers of a sample are sealed and found by real keyed hashes; those of the rest
are as long, and random.
"""

import functools
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import psycopg

from guiyan.kernel.id_numbers import id_check_character
from guiyan.members import vault
from guiyan.members.queries import SearchKeys, search_keys
from guiyan.orgs.rules import child_path
from guiyan.platform.launcher.roles import OWNER

SEED = 20_241
PROVINCES, BRANCHES_OF_A_TOWNSHIP, TOWNSHIPS_OF_A_COUNTY, COUNTIES_OF_A_CITY = 2, 15, 20, 10
SAMPLE = 2_000
TODAY = date(2024, 11, 15)
KINDS = ("province_committee", "city_committee", "county_committee", "township_committee")
WORDS = ("省委", "市委", "县委", "镇党委", "村党支部")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静强磊军洋勇艳杰娟涛明超霞平刚桂英华玉秀文辉建国春梅红兰"
CLANS = ("吉木", "沙马", "阿尔", "马海", "曲比", "勒伍", "海来", "吉克")
TRADES = ("餐饮", "快递", "建筑", "家政", "运输", "电子", "服装", "")
# Of a hundred stays so many stand here; the rest have ended.
STATES = (("placed", 70), ("verified", 8), ("claimed", 7), ("notified", 5), ("declared", 5))
ANSWERS = {"declared": "home", "notified": "host", "claimed": "home", "verified": "host",
           "placed": "host", "returned": "nobody"}  # fmt: skip

Connection = psycopg.Connection[tuple[object, ...]]
Progress = Callable[[str, float], None]
Fields = Iterable[object]


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation of the tree."""

    id: str
    parent: "Body | None"
    path: str
    level: int
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Person:
    """A member with the stay that they have."""

    id: str
    case_id: str
    name: str
    keys: SearchKeys
    home: Body
    host: Body | None
    state: str
    born: date
    trade: str
    id_number: str
    phone: str
    day: date
    due: date | None


def tree(branches: int) -> list[Body]:
    """Provinces down to branches, parents first; sizes as in the constants above."""
    chance = random.Random(SEED)
    counties = max(PROVINCES, branches // (BRANCHES_OF_A_TOWNSHIP * TOWNSHIPS_OF_A_COUNTY))
    cities = max(PROVINCES, counties // COUNTIES_OF_A_CITY)
    found: list[Body] = []

    def below(parents: list[Body | None], many: int, level: int) -> list[Body | None]:
        made: list[Body | None] = []
        for number in range(many):
            parent = parents[number * len(parents) // many]
            last[parent.path if parent else ""] = last.get(parent.path if parent else "", 0) + 1
            path = child_path(parent.path if parent else "", last[parent.path if parent else ""])
            name = (
                f"{(parent.name if parent and level < 4 else '')[:8]}{_place(number)}{WORDS[level]}"
            )
            made.append(Body(_uuid(chance), parent, path, level, name, f"B{level}{number:07d}"))
        found.extend(body for body in made if body)
        return made

    last: dict[str, int] = {}
    tops: list[Body | None] = below([None], PROVINCES, 0)
    towns = max(counties, branches // BRANCHES_OF_A_TOWNSHIP)
    for level, many in enumerate((cities, counties, towns, branches), start=1):
        tops = below(tops, many, level)
    return found


def people(bodies: list[Body], many: int) -> Iterator[Person]:
    """Members, as many in each branch as in the next, each with a stay in a branch elsewhere."""
    chance = random.Random(SEED + 1)
    names = _names()
    branches = [body for body in bodies if body.level == 4]
    half = len(branches) // PROVINCES
    states = [state for state, share in STATES for _ in range(share)]
    states += ["returned"] * (100 - len(states))
    for number in range(many):
        place = number % len(branches)
        state = chance.choice(states)
        # Half of those who go stay within their province.
        away = (
            min(place // half, PROVINCES - 1) * half + chance.randrange(half)
            if number % 2
            else chance.randrange(len(branches))
        )
        name, keys = chance.choice(names)
        born = date(1950, 1, 1) + timedelta(days=number % 18_000)
        body = f"513499{born:%Y%m%d}{number // 18_000:03d}"
        day = TODAY - timedelta(days=chance.randrange(900))
        yield Person(
            id=_uuid(chance), case_id=_uuid(chance), name=name, keys=keys, home=branches[place],
            host=None if state == "declared" else branches[away], state=state, born=born,
            trade=chance.choice(TRADES), id_number=body + id_check_character(body),
            phone=f"12{number:09d}", day=day,
            due=None if state in ("placed", "returned") else day + timedelta(days=15),
        )  # fmt: skip


def pour(admin_url: str, bodies: list[Body], many: int, progress: Progress) -> None:
    """All of it into empty tables as their owner, table by table; indexes are made afterwards."""
    persons = list(people(bodies, many))
    with psycopg.connect(admin_url) as database:
        database.execute("set session_replication_role = replica")  # rows fit by construction
        database.execute(f"set role {OWNER}")
        database.execute("set synchronous_commit = off")
        database.execute("set maintenance_work_mem = '512MB'")
        _copy(database, "orgs_organisation", ORGANISATION, (_organisation(body) for body in bodies))
        for number, (table, columns, rows_of) in enumerate(TABLES):
            progress(table, number / len(TABLES))
            rows = (row for place, one in enumerate(persons) for row in rows_of(one, place))
            with indexed_afterwards(database, table):
                _copy(database, table, columns, rows)
            database.commit()
    with psycopg.connect(admin_url, autocommit=True) as database:
        progress("vacuum", 0.95)
        database.execute("vacuum analyze")
    progress("people", 1.0)


@contextmanager
def indexed_afterwards(database: Connection, table: str) -> Iterator[None]:
    """Without the indexes that serve no constraint while rows come in: made whole, they are made
    several times as fast."""
    indexes = database.execute(
        "select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index"
        " where indrelid = %s::regclass and not indisunique",
        [table],
    ).fetchall()
    for name, _ in indexes:
        database.execute(f"drop index {name}")
    yield
    for _, definition in indexes:
        database.execute(str(definition))


def _copy(database: Connection, table: str, columns: str, rows: Iterable[Fields]) -> None:
    with database.cursor() as cursor, cursor.copy(f"copy {table} ({columns}) from stdin") as into:
        lines: list[str] = []
        for row in rows:
            lines.append("\t".join("\\N" if field is None else str(field) for field in row) + "\n")
            if len(lines) == 5000:
                into.write("".join(lines))
                lines.clear()
        into.write("".join(lines))


ORGANISATION = (
    "id, parent_id, path, kind_id, code, name, short_name, name_key, division_code, stands_in_code,"
    " address, longitude, latitude, coordinates_origin, phone, trades, languages, check_in_code,"
    " opened_on, last_child, version"
)


def _organisation(body: Body) -> Fields:
    kind = "village_branch" if body.level == 4 else KINDS[body.level]
    code = "99" + body.code[1:].rjust(10, "0")
    longitude, latitude = (
        100 + (int(body.code[2:]) % 997) / 100,
        25 + (int(body.code[2:]) % 991) / 100,
    )
    return (
        body.id, body.parent.id if body.parent else None, body.path, kind, body.code, body.name,
        body.name, body.name, code, code, "", longitude, latitude, "invented", "", "[]", "[]",
        body.code.lower(), TODAY, 1000, 1,
    )  # fmt: skip


def _member(one: Person, _: int) -> Iterator[Fields]:
    yield (
        one.id, one.name, one.keys.name_key, one.keys.pinyin, one.keys.initials,
        one.keys.given_key, one.keys.given_pinyin, "male", one.born,
        "07", "full", one.born + timedelta(days=8000), "day", one.trade, '["han"]', "f", "t",
        _organisation_id(one.home), one.home.path, "", _organisation_id(one.host),
        one.host.path if one.host else None, 1, TODAY, TODAY,
    )  # fmt: skip


def _vault(one: Person, place: int) -> Iterator[Fields]:
    chance = random.Random(place)
    for kind, plain, mask in (
        ("id_number", one.id_number, f"5134**********{one.id_number[-4:]}"),
        ("phone", one.phone, f"120****{one.phone[-4:]}"),
    ):
        if place < SAMPLE:
            value = vault.read_value(kind, plain, today=TODAY)
            assert isinstance(value, vault.VaultValue)
            row = vault.new_row(UUID(one.id), value, on=TODAY)
            sealed, blind = bytes(row.sealed), bytes(row.blind or b"")
        else:
            sealed, blind = chance.randbytes(72), chance.randbytes(_BLIND_BYTES)
        yield (
            _uuid(chance), one.id, kind, f"\\\\x{sealed.hex()}", f"\\\\x{blind.hex()}", mask, "own",
            "", TODAY,
        )  # fmt: skip


_BLIND_BYTES = 32


def _case(one: Person, _: int) -> Iterator[Fields]:
    is_claimed = one.state in ("placed", "verified", "claimed", "returned")
    yield (
        one.case_id, one.id, one.name, one.keys.name_key, one.keys.pinyin, one.keys.initials,
        one.keys.given_key, one.keys.given_pinyin,
        one.trade, one.state, "home", _organisation_id(one.home), one.home.path, "", "",
        _organisation_id(one.host), one.host.path if one.host else None, "", "", "", one.day, "day",
        "务工", "ledger", ANSWERS[one.state], one.due, one.day, one.day if is_claimed else None,
        one.day if one.state == "placed" else None, TODAY if one.state == "returned" else None,
        "returned" if one.state == "returned" else "", 1, TODAY,
    )  # fmt: skip


def _event(one: Person, place: int) -> Iterator[Fields]:
    chance = random.Random(place)
    for state in ("declared", one.state):
        yield (
            _uuid(chance), one.case_id, one.day, "declare", "", state, _organisation_id(one.home),
            one.home.name, "空", "", one.day,
        )  # fmt: skip


def _contact_person(one: Person, place: int) -> Iterator[Fields]:
    if one.state == "placed":
        chance = random.Random(place)
        yield (_uuid(chance), one.case_id, _uuid(chance), "联系人", "同一支部", one.day, "")


def _interval(one: Person, place: int) -> Iterator[Fields]:
    yield (_uuid(random.Random(place)), one.id, "home", one.home.name, one.day)


TABLES: tuple[tuple[str, str, Callable[[Person, int], Iterator[Fields]]], ...] = (
    (
        "members_member",
        (
            "id, name, name_key, pinyin, initials, given_key, given_pinyin, sex,"
            " born_on, ethnicity, category, joined_on,"
            " joined_precision, trade, languages, reads_little, has_phone, home_organisation_id,"
            " home_path, home_text, host_organisation_id, host_path, version, created_at, changed_at"
        ),
        _member,
    ),
    (
        "members_vaultfield",
        "id, member_id, kind, sealed, blind, mask, whose, relation, valid_from",
        _vault,
    ),
    ("members_memberinterval", "id, member_id, what, value, valid_from", _interval),
    (
        "flows_case",
        (
            "id, member_id, member_name, name_key, pinyin, initials, given_key, given_pinyin,"
            " trade, state, opened_from,"
            " home_organisation_id, home_path, home_text, home_division_code, host_organisation_id,"
            " host_path, host_text, host_division_code, stay_division_code, left_on, left_precision,"
            " reason_away, search_method, answers, answer_by, opened_on, claimed_on, placed_on,"
            " ended_on, end_reason, version, changed_at"
        ),
        _case,
    ),
    (
        "flows_caseevent",
        (
            "id, case_id, at, event, from_state, to_state, organisation_id, organisation_name,"
            ' actor_name, note, "on"'
        ),
        _event,
    ),
    (
        "liaison_contactperson",
        "id, case_id, account_id, name, why, valid_from, hand_over_note",
        _contact_person,
    ),
)


@functools.cache
def _names() -> list[tuple[str, SearchKeys]]:
    """Twenty thousand different names with their keys; three in ten of the form 吉木·建国."""
    chance = random.Random(SEED + 2)
    found: set[str] = set()
    while len(found) < 20_000:
        given = "".join(chance.choices(GIVEN, k=3 if chance.random() < 0.4 else 2))
        first = chance.choice(CLANS) + "·" if chance.random() < 0.3 else chance.choice(SURNAMES)
        found.add(first + given)
    return [(name, search_keys(name)) for name in sorted(found)]


def _place(number: int) -> str:
    return "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in str(number))


def _organisation_id(body: Body | None) -> str | None:
    return body.id if body else None


def _uuid(chance: random.Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))
