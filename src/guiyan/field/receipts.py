"""Receipts of a whole batch at once: claimed, compared, and given their outcome.

A receipt is claimed before its operation is applied, in the same transaction: of the same operation
sent from four sides at once, one claims it and the others wait for its outcome.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from guiyan.field.models import Receipt
from guiyan.field.types import Sender


@dataclass(frozen=True, slots=True)
class Known:
    """The first outcome of an operation that came before."""

    digest: bytes
    state: str
    version: int | None
    code: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What is written down of an operation before it is applied."""

    id: UUID
    digest: bytes
    kind: str
    at_device: datetime | None


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one operation, for its receipt."""

    state: str
    version: int | None = None
    code: str = ""


def claim(
    claims: Sequence[Claim], *, sender: Sender, batch_id: UUID, skew_s: int, now: datetime
) -> set[UUID]:
    """Take up the operations that nobody has taken up; answers which. One statement.

    In the order of ids, so that two batches with the same operations wait for each other instead
    of both standing still.
    """
    ordered = sorted(claims, key=lambda each: each.id)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into field_receipt (id, digest, claim, kind, organisation_id, path, account_id,"
            " device_id, state, code, at_device, skew_s, received_at)"
            " select id, digest, %s, kind, %s, %s, %s, %s, '', '', at_device, %s, %s"
            " from unnest(%s::uuid[], %s::bytea[], %s::text[], %s::timestamptz[])"
            " as sent (id, digest, kind, at_device)"
            " on conflict (id) do nothing returning id",
            [
                batch_id,
                sender.organisation_id,
                sender.path,
                sender.account_id,
                sender.device_id,
                skew_s,
                now,
                [each.id for each in ordered],
                [each.digest for each in ordered],
                [each.kind for each in ordered],
                [each.at_device for each in ordered],
            ],
        )
        return {row[0] for row in cursor.fetchall()}


def known(ids: Iterable[UUID]) -> dict[UUID, Known]:
    """First outcomes, by the operation's own id, wherever it was taken in. One query."""
    found = Receipt.objects.filter(id__in=list(ids)).exclude(state="")
    return {
        each.id: Known(bytes(each.digest), each.state, each.version, each.code) for each in found
    }


def settle(results: Mapping[UUID, Result]) -> None:
    """Write outcomes; one statement for any number."""
    if not results:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "update field_receipt r set state = s.state, version = s.version, code = s.code"
            " from unnest(%s::uuid[], %s::text[], %s::bigint[], %s::text[])"
            " as s (id, state, version, code) where r.id = s.id",
            [
                list(results),
                [each.state for each in results.values()],
                [each.version for each in results.values()],
                [each.code for each in results.values()],
            ],
        )


def give_back(ids: Iterable[UUID]) -> None:
    """A refused operation uses up no receipt: corrected, it may come under the same id (design §7)."""
    Receipt.objects.filter(id__in=list(ids)).delete()
