"""Every command leaves a row: who, when, what, on whom, why; in the command's own transaction.

Rows are written plainly and only ever added; sealing into a signed chain is done in batches
afterwards (`platform.sealing`), so that no business transaction waits for another one.
Rows hold identifiers and codes, never an ID number, a phone number or an address.
"""

import json
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from guiyan.platform.actor import Actor

Fact = str | int | bool | None | list[str] | dict[str, int]


@dataclass(slots=True)
class AuditEntry:
    """One sentence of history. `member_id` lets the member read it in their own file."""

    action: str
    subject_kind: str = ""
    subject_id: UUID | None = None
    member_id: UUID | None = None
    reason: str = ""
    facts: dict[str, Fact] = field(default_factory=dict)


_open: ContextVar[list[AuditEntry] | None] = ContextVar("audit_entries", default=None)


def note(
    *,
    subject_kind: str,
    subject_id: UUID | None = None,
    member_id: UUID | None = None,
    reason: str = "",
    **facts: Fact,
) -> None:
    """Say, inside a command, on whom it acted and what changed (codes and ids only).

    A batch command calls this once for each thing it changed: each gets its own row.
    Raises LookupError outside a command.
    """
    entries = _open.get()
    if entries is None:
        raise LookupError("audit.note belongs inside a command")
    entries.append(AuditEntry("", subject_kind, subject_id, member_id, reason, dict(facts)))


def write(by: Actor, entries: Iterable[AuditEntry]) -> None:
    """Add rows to the audit table in the running transaction; one statement for any number.

    Plain SQL without RETURNING: the writer may not be allowed to read what is recorded of others.
    """
    listed = list(entries)
    if not listed:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into platform_auditrow (at, actor_kind, account_id, actor_name,"
            " organisation_id, organisation_name, path, roles, action, subject_kind, subject_id,"
            " member_id, reason, facts, xact)"
            " select clock_timestamp(), %s, %s, %s, %s, %s, %s, %s, action, subject_kind,"
            " subject_id, member_id, reason, facts::jsonb, pg_current_xact_id()::text::bigint"
            " from unnest(%s::text[], %s::text[], %s::uuid[], %s::uuid[], %s::text[], %s::text[])"
            " with ordinality"
            " as entry (action, subject_kind, subject_id, member_id, reason, facts, place)"
            " order by place",
            [
                by.kind,
                by.account_id,
                by.name,
                by.organisation_id,
                by.organisation_name,
                by.path,
                ",".join(by.roles),
                [entry.action for entry in listed],
                [entry.subject_kind for entry in listed],
                [entry.subject_id for entry in listed],
                [entry.member_id or by.member_id for entry in listed],
                [entry.reason or by.elevation_reason for entry in listed],
                [json.dumps(entry.facts, ensure_ascii=False, sort_keys=True) for entry in listed],
            ],
        )


def record(
    by: Actor, action: str, *, subject_kind: str = "", reason: str = "", **facts: Fact
) -> None:
    """One row outside a command: for sign-in, sign-out and refused attempts."""
    write(by, [AuditEntry(action, subject_kind, None, None, reason, dict(facts))])


class collecting:
    """Gather the notes of one command; a command called by it gathers its own."""

    def __enter__(self) -> list[AuditEntry]:
        entries: list[AuditEntry] = []
        self._token = _open.set(entries)
        return entries

    def __exit__(self, *_: object) -> None:
        _open.reset(self._token)
