"""Role × table × verb × relation in SQL, as the web role: what the database itself lets through (F24).

The pages' half of the matrix is the permission table. Here stands the database's law, written by
hand. The tables are found in the catalogue, so one that comes later is asked too. Everything
happens in one transaction of the administrator's that is rolled back.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from django.db import connections
from psycopg import sql
from psycopg.types.json import Jsonb
from tests.cast import OFFICIALS

from guiyan.platform.rls import UNSCOPED_TABLES

pytestmark = pytest.mark.django_db

VERBS = ("select", "insert", "update", "delete")
RELATIONS = ("own", "below", "above", "sibling", "foreign")
HERE = {"own", "below"}
# Read with a row of another table, and written with it.
PARENTS = {
    "channels_deliveryreceipt": ("message_id", "channels_outboxmessage"),
    "channels_subscriptioncredit": ("binding_id", "channels_binding"),
    "field_pulledarea": ("device_id", "field_devicestate"),
    "flows_caseevent": ("case_id", "flows_case"),
    "flows_letter": ("case_id", "flows_case"),
    "liaison_cadencestanding": ("case_id", "flows_case"),
    "liaison_contact": ("case_id", "flows_case"),
    "liaison_contactperson": ("case_id", "flows_case"),
    "liaison_draftpair": ("draft_id", "liaison_pairingdraft"),
    "liaison_helpnote": ("case_id", "flows_case"),
    "liaison_relief": ("member_id", "members_member"),
    "liaison_sixclear": ("member_id", "members_member"),
    "members_consent": ("member_id", "members_member"),
    "members_correction": ("member_id", "members_member"),
    "members_memberinterval": ("member_id", "members_member"),
    "members_merge": ("kept_id", "members_member"),
    "members_notice": ("member_id", "members_member"),
    "members_vaultfield": ("member_id", "members_member"),
    "outreach_packanswer": ("case_id", "flows_case"),
    "outreach_teamperson": ("team_id", "outreach_team"),
}
PATHS = {
    "flows_case": ("home_path", "host_path"),
    "members_member": ("home_path", "host_path"),
    "outreach_standingcount": ("body_path",),
}
# What differs from "all verbs on one's own and what is below, nothing elsewhere", and why.
EVERYWHERE, NOWHERE = set(RELATIONS), set[str]()
PUBLIC = {"select": EVERYWHERE}  # the directory, rules, rotas and wordings are read by everybody
ADDED_BY_ALL = {"insert": EVERYWHERE}  # counts and complaints fall anywhere; who adds can't read
ONLY_ADDED = {"update": NOWHERE, "delete": NOWHERE}  # history: no privilege to change it
LAW: dict[str, dict[str, set[str]]] = {
    "orgs_organisation": PUBLIC,
    "orgs_organisationinterval": PUBLIC,
    "orgs_servicepoint": PUBLIC,
    "orgs_ruleparameter": PUBLIC,
    "messaging_messagetemplate": PUBLIC,
    "outreach_dutyshift": PUBLIC,
    "outreach_dutyexception": PUBLIC,
    "liaison_cadencepolicy": PUBLIC | ONLY_ADDED,
    "flows_countdelta": ADDED_BY_ALL,
    "field_overduedelta": ADDED_BY_ALL,
    "web_feedback": ADDED_BY_ALL,
    "platform_auditrow": ADDED_BY_ALL | ONLY_ADDED,
    "channels_deliveryreceipt": ONLY_ADDED,
    "outreach_visit": ONLY_ADDED,
    "outreach_handover": ONLY_ADDED,
    "outreach_round": {"select": {"own", "below", "above"}},  # those below do its work
}


@dataclass(slots=True)
class Column:
    """What the catalogue says of a column."""

    name: str
    type: str
    may_be_null: bool
    has_default: bool
    length: int | None


@dataclass(slots=True)
class Town:
    """The administrator's connection, the tables, and one row a table, column and relation."""

    admin: psycopg.Connection[Any]
    tables: dict[str, list[Column]]
    keys: dict[str, str]
    rows: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)

    def value(self, table: str, column: Column, path: str) -> Any:
        if column.name in ("path", "body_path"):
            return path
        if column.name != self.keys[table] and (column.may_be_null or column.has_default):
            return None
        return _FILLED[column.type](column)

    def row(self, table: str, at: str, path: str) -> dict[str, Any]:
        """Values for every column that needs one; `at` is the path column that says where it lies."""
        values = {
            column.name: value
            for column in self.tables[table]
            if (value := self.value(table, column, path)) is not None
        }
        return values | {at: path} if table in PATHS else values

    def plant(self, table: str, values: dict[str, Any]) -> None:
        self.admin.execute(
            sql.SQL("insert into {} ({}) values ({})").format(
                sql.Identifier(table),
                sql.SQL(",").join(map(sql.Identifier, values)),
                sql.SQL(",").join([sql.Placeholder()] * len(values)),
            ),
            list(values.values()),
        )


def _text(column: Column) -> str:
    return uuid.uuid4().hex[: column.length or 32]


_FILLED: dict[str, Any] = {
    "uuid": lambda _column: uuid.uuid4(),
    "varchar": _text,
    "text": _text,
    "bool": lambda _column: False,
    "int2": lambda _column: uuid.uuid4().int % 30_000,
    "int4": lambda _column: uuid.uuid4().int % 2_000_000_000,
    "int8": lambda _column: uuid.uuid4().int % 2_000_000_000,
    "float8": lambda _column: 0.0,
    "numeric": lambda _column: 0,
    "bytea": lambda _column: uuid.uuid4().bytes,
    "jsonb": lambda _column: Jsonb([]),
    "date": lambda _column: date(2026, 3, 10),
    "timestamptz": lambda _column: datetime(2026, 3, 10, tzinfo=UTC),
    "time": lambda _column: "08:00",
}

COLUMNS = (
    "select c.relname, a.attname, t.typname, not a.attnotnull, a.atthasdef or a.attidentity <> '',"
    " case when t.typname = 'varchar' then nullif(a.atttypmod, -1) - 4 end"
    " from pg_class c join pg_attribute a on a.attrelid = c.oid join pg_type t on t.oid = a.atttypid"
    " where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relrowsecurity"
    " and a.attnum > 0 and not a.attisdropped order by c.relname, a.attnum"
)
KEYS = (
    "select c.relname, a.attname from pg_index i join pg_class c on c.oid = i.indrelid"
    " join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]"
    " where i.indisprimary and c.relnamespace = 'public'::regnamespace"
)


@pytest.fixture
def town(admin_url: str) -> Iterator[Town]:
    name = connections["default"].settings_dict["NAME"]
    with psycopg.connect(admin_url, dbname=name) as admin:
        tables: dict[str, list[Column]] = {}
        for table, *said in admin.execute(COLUMNS).fetchall():
            tables.setdefault(table, []).append(Column(*said))
        for unscoped in UNSCOPED_TABLES:
            tables.pop(unscoped, None)
        yield Town(admin, tables, dict(admin.execute(KEYS).fetchall()))
        admin.rollback()


def relation_paths(path: str) -> dict[str, str]:
    """A place of each relation to the place at `path`; steps of the tree are four signs."""
    related = {
        "own": path,
        "below": path + "zz01",
        "above": path[:-4],
        "sibling": path[:-4] + "zz09",
        "foreign": "zz08" + path[4:] + "zz",
    }
    return {name: place for name, place in related.items() if place}  # above a province is nothing


def reaches(town: Town, verb: str, table: str, values: dict[str, Any]) -> bool:
    """Whether the web role's statement finds the row, or may add it; undone at once."""
    key = town.keys[table]
    name, on = sql.Identifier(table), sql.Identifier(key)
    with town.admin.transaction(force_rollback=True):
        try:
            if verb == "insert":
                # Not planted: a new key, and new values where they must be unlike any other's.
                town.plant(table, values)
                return True
            where = sql.SQL(" where {} = %s").format(on)
            head = {
                "select": sql.SQL("select 1 from {}").format(name),
                "update": sql.SQL("update {} set {} = {}").format(name, on, on),
                "delete": sql.SQL("delete from {}").format(name),
            }[verb]
            return town.admin.execute(head + where, [values[key]]).rowcount == 1
        except psycopg.errors.InsufficientPrivilege:
            return False
        except psycopg.errors.IntegrityError:
            return True  # found, and held by another row
        except psycopg.errors.RaiseException:
            return False


def expected(table: str, verb: str, relation: str) -> bool:
    return relation in LAW.get(table, {}).get(verb, HERE)


def lay_out(town: Town, table: str, at: str, path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A planted row at this place, and the values of another one that may yet be added."""
    planted, new = town.row(table, at, path), town.row(table, at, path)
    if table in PARENTS:
        column, parent = PARENTS[table]
        for values in (planted, new):
            above = town.row(parent, PATHS.get(parent, ("path",))[0], path)
            town.plant(parent, above)
            values[column] = above[town.keys[parent]]
    town.plant(table, planted)
    return planted, new


# To the database a role is the place where it is held: those of one place are asked once.
PLACES = {by.path: f"{role} and all of {by.organisation_name}" for role, by in OFFICIALS.items()}


@pytest.mark.slow
@pytest.mark.parametrize("path", PLACES, ids=PLACES.get)
def test_the_database_lets_through_what_is_written_and_nothing_else(town: Town, path: str) -> None:
    town.admin.execute("set local session_replication_role = replica")  # rows without their kin
    laid = []
    for table in town.tables:
        for at in PATHS.get(table, ("path",)):
            for relation, place in relation_paths(path).items():
                laid.append((table, at, relation, *lay_out(town, table, at, place)))
    town.admin.execute("set local session_replication_role = origin")
    town.admin.execute("set constraints all deferred")
    town.admin.execute("set local role guiyan_web")
    town.admin.execute(
        "select set_config('app.low', %s, true), set_config('app.high', %s, true)",
        [path, path + "~"],
    )
    differs = [
        (table, at, verb, relation)
        for table, at, relation, planted, new in laid
        for verb in VERBS
        if reaches(town, verb, table, new if verb == "insert" else planted)
        is not expected(table, verb, relation)
    ]
    assert differs == []
    assert len(laid) * len(VERBS) > 1_000


def test_without_a_scope_nothing_is_found(town: Town) -> None:
    town.admin.execute("set local session_replication_role = replica")
    laid = [
        (table, lay_out(town, table, PATHS.get(table, ("path",))[0], "zz07")[0])
        for table in town.tables
    ]
    town.admin.execute("set local role guiyan_web")
    found = {table for table, planted in laid if reaches(town, "select", table, planted)}
    assert found == {table for table, law in LAW.items() if law.get("select") == EVERYWHERE}
