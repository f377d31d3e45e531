"""A tiny kind of packet and operation for tests of the room: notes on doors.

A note has a colour and a word, each with the version at which it last changed. What identifies a
person is sealed and only its length is kept. `tests_field.effect` has a row for every time that an
operation took effect, so that one that took effect twice is seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from pydantic import BaseModel, ConfigDict

from guiyan.field import offline
from guiyan.field.offline import (
    AreaFacts,
    AreaOwner,
    Operation,
    OperationKind,
    Outcome,
    PacketContent,
    PacketKind,
)
from guiyan.kernel.three_way import three_way
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.permissions import Permission

SCHEMA = """
create schema if not exists tests_field;
create table if not exists tests_field.note (
  id uuid primary key, area_id uuid not null, colour text, word text,
  colour_version bigint not null default 0, word_version bigint not null default 0,
  version bigint not null default 0, secret_length int not null default 0);
create table if not exists tests_field.effect (
  operation_id uuid not null, note_id uuid not null, at_device timestamptz, skew_s bigint);
create table if not exists tests_field.area (
  id uuid primary key, name text, account_id uuid, organisation_id uuid, path text,
  version bigint not null default 1);
grant usage on schema tests_field to guiyan_web;
grant all on all tables in schema tests_field to guiyan_web;
"""


def make_tables(admin_url: str, database: str) -> None:
    with psycopg.connect(admin_url, dbname=database, autocommit=True) as owner:
        owner.execute(SCHEMA)


def rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall()) if cursor.description else []


class NoteBody(BaseModel):
    """A note of version 2: `word` was called `text` in version 1."""

    model_config = ConfigDict(extra="forbid")
    colour: str | None = None
    word: str | None = None


@dataclass(slots=True)
class Poison:
    """What a test lets fail: words that make the kind refuse or break."""

    refuse: set[str] = field(default_factory=set)
    breaks: set[str] = field(default_factory=set)


poison = Poison()


@command(Permission.CANVASS)
def write_notes(*, by: Actor, operations: Sequence[Operation]) -> list[Outcome]:
    """One statement to read, one for each to write; an audit row for each operation."""
    ids = [operation.subject_id for operation in operations]
    notes = {row[0]: list(row[1:]) for row in rows(
        "select id, colour, word, colour_version, word_version, version from tests_field.note"
        " where id = any(%s) order by id for update", ids)}  # fmt: skip
    outcomes = []
    written: dict[UUID, list[Any]] = {}
    effects = []
    for operation in operations:
        outcome = _one(operation, notes, written, effects)
        outcomes.append(outcome)
        audit.note(subject_kind="note", subject_id=operation.subject_id, state=outcome.state)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into tests_field.note (id, area_id, colour, word, colour_version, word_version,"
            " version, secret_length) select * from unnest(%s::uuid[], %s::uuid[], %s::text[],"
            " %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::int[])"
            " on conflict (id) do update set colour = excluded.colour, word = excluded.word,"
            " colour_version = excluded.colour_version, word_version = excluded.word_version,"
            " version = excluded.version, secret_length = excluded.secret_length",
            [list(written)] + [[w[i] for w in written.values()] for i in range(7)],
        )
        cursor.execute(
            "insert into tests_field.effect select * from unnest(%s::uuid[], %s::uuid[],"
            " %s::timestamptz[], %s::bigint[])",
            [[e[i] for e in effects] for i in range(4)],
        )
    return outcomes


def _one(
    operation: Operation, notes: dict[UUID, list[Any]], written: dict[UUID, list[Any]],
    effects: list[Any],
) -> Outcome:  # fmt: skip
    body = operation.body
    assert isinstance(body, NoteBody)
    if body.word in poison.refuse:
        raise Refused("unkind", "这句话不能写。请换一句。")
    if body.word in poison.breaks:
        raise ValueError(body.word)
    now = notes.get(operation.subject_id) or [None, None, 0, 0, 0]
    wanted = body.model_dump(exclude_none=True)
    if operation.chosen is not None:
        wanted = {name: value for name, value in wanted.items() if name in operation.chosen}
        changed: set[str] = set()
    else:
        base = operation.base_version
        versions = {"colour": now[2], "word": now[3]}
        changed = {n for n, v in versions.items() if base is not None and v > base}
    merge = three_way(wanted, {"colour": now[0], "word": now[1]}, changed)
    if merge.kept:
        return Outcome("conflict", now[4], "same-field", merge.kept)
    version = now[4] + 1
    now = [merge.take.get("colour", now[0]), merge.take.get("word", now[1]),
           version if "colour" in merge.take else now[2],
           version if "word" in merge.take else now[3], version]  # fmt: skip
    notes[operation.subject_id] = now
    secret = sum(map(len, operation.opened.values()))
    written[operation.subject_id] = [operation.area_id or operation.subject_id, *now, secret]
    effects.append((operation.id, operation.subject_id, operation.at_device, operation.skew_s))
    return Outcome("merged" if merge.state == "merged" else "applied", version)


def areas_for(actor: Actor) -> list[AreaFacts]:
    found = rows(
        "select a.id, a.name, a.version, (select count(*) from tests_field.note n"
        " where n.area_id = a.id) from tests_field.area a where account_id = %s",
        actor.account_id,
    )
    return [AreaFacts(key, name, count, version) for key, name, version, count in found]


def build(actor: Actor, area_id: UUID) -> PacketContent:
    mine = {area.id: area for area in areas_for(actor)}
    if area_id not in mine:
        raise NotFound(area_id)
    notes = rows(
        "select id, colour, word, version from tests_field.note where area_id = %s", area_id
    )
    records = [
        {"id": str(key), "colour": colour, "word": word, "version": max(1, version)}
        for key, colour, word, version in notes
    ]
    top = max([mine[area_id].version, *(int(str(r["version"])) for r in records)])
    return PacketContent(records, top, {})


def owner_of(area_id: UUID) -> AreaOwner | None:
    found = rows("select organisation_id, path from tests_field.area where id = %s", area_id)
    return AreaOwner(*found[0]) if found else None


def give_area(area_id: UUID, actor: Actor, name: str = "城东一片") -> None:
    rows(
        "insert into tests_field.area (id, name, account_id, organisation_id, path)"
        " values (%s, %s, %s, %s, %s) on conflict (id) do update set"
        " account_id = excluded.account_id, organisation_id = excluded.organisation_id,"
        " path = excluded.path, version = tests_field.area.version + 1",
        area_id, name, actor.account_id, actor.organisation_id, actor.path,
    )  # fmt: skip


PACKET = PacketKind(
    "note", "门上的话", Permission.CANVASS, areas_for=areas_for, build=build, owner_of=owner_of
)
KINDS = (
    OperationKind(
        "note.write",
        2,
        NoteBody,
        Permission.CANVASS,
        apply=lambda by, operations: write_notes(by=by, operations=operations),
        converters={1: lambda body: {"word": body["text"]}},
        title="门上的话",
        takes_spoken=True,
    ),
    OperationKind(
        "note.in_area",
        1,
        NoteBody,
        Permission.CANVASS,
        apply=lambda by, operations: write_notes(by=by, operations=operations),
        area_kind="note",
        title="片区里门上的话",
    ),
)


def register() -> None:
    offline.register_packet_kind(PACKET)
    for kind in KINDS:
        offline.register_operation_kind(kind)


def unregister() -> None:
    offline.packet_kinds.pop(PACKET.code, None)
    for kind in KINDS:
        offline.operation_kinds.pop(kind.code, None)
