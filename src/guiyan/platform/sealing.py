"""The audit is sealed in batches into a hash chain with signed checkpoints (design, decision 9).

Sealing, every few seconds by the worker:
1. Take the horizon: every transaction below the snapshot's xmin has ended, so no row of theirs
   can still appear. A seal covers the transactions from the last horizon up to this one.
2. rows_hash = SHA-256 over the canonical text of its rows in the order (xact, id); chain_hash =
   SHA-256(previous chain hash, number, horizons, row count, rows_hash). The chain hash is signed
   with Ed25519 by a key outside the database.
3. The signed checkpoint is appended to a file outside the database, so that cutting off the
   newest seals together with their rows is found by comparing with it.

Somebody with the database's password can change rows and recompute hashes, but not sign.
`verify` finds a row changed, removed, re-ordered, slipped in or cut off.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from guiyan.platform.clock import now
from guiyan.platform.keys import key_ring
from guiyan.platform.models import AuditSeal
from guiyan.platform.scope import beyond_scope

ROWS_AT_A_TIME = 2000
CHECKPOINTS = "audit-checkpoints.jsonl"
GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that verification found: in which seal (0: outside every seal), and what is wrong."""

    seal: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    seals: int
    rows: int
    waiting: int
    faults: tuple[Fault, ...]

    @property
    def is_whole(self) -> bool:
        return not self.faults


def seal_waiting_rows() -> int:
    """Seal what has been written since the last seal; returns how many rows. One sealer at a time.

    The checkpoint file is written inside the transaction: a crash after it and before the commit
    leaves a checkpoint that the next seal of the same number replaces; the last line counts.
    """
    with transaction.atomic(), beyond_scope("the sealer reads every row of the audit"):
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtext('guiyan.audit.seal'))")
            cursor.execute("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            (horizon,) = cursor.fetchone()
        last = AuditSeal.objects.order_by("-number").first()
        start = last.to_xact if last else 0
        count, rows_hash = _hash_rows(start, horizon)
        if count == 0:
            return 0
        number = last.number + 1 if last else 1
        previous = bytes(last.chain_hash) if last else GENESIS
        chain_hash = _chain_hash(previous, number, start, horizon, count, rows_hash)
        signature = key_ring().sign(chain_hash)
        AuditSeal.objects.create(
            number=number,
            at=now(),
            from_xact=start,
            to_xact=horizon,
            row_count=count,
            rows_hash=rows_hash,
            previous_hash=previous,
            chain_hash=chain_hash,
            signature=signature,
        )
        _append_checkpoint(number, chain_hash, signature)
    return count


def verify() -> Verdict:
    """Recompute the whole chain and compare it with the signatures and the checkpoint file."""
    faults: list[Fault] = []
    previous, start, number, rows = GENESIS, 0, 0, 0
    with transaction.atomic(), beyond_scope("verification reads every row of the audit"):
        for seal in AuditSeal.objects.order_by("number").iterator():
            number += 1
            faults += _faults_of(seal, number, previous, start)
            previous, start, rows = bytes(seal.chain_hash), seal.to_xact, rows + seal.row_count
            number = seal.number
        waiting, _ = _hash_rows(start, 2**62)
        stray = _rows_outside(start) - rows
    if stray > 0:
        faults.append(Fault(0, "slipped-in", f"有 {stray} 行审计记录不属于任何封存批次。"))
    faults += _faults_against_checkpoints(number, previous)
    return Verdict(number, rows, waiting, tuple(faults))


def _faults_of(seal: AuditSeal, number: int, previous: bytes, start: int) -> Iterator[Fault]:
    if seal.number != number or bytes(seal.previous_hash) != previous or seal.from_xact != start:
        yield Fault(seal.number, "chain", f"第 {number} 批封存缺失或次序被改动。")
    count, rows_hash = _hash_rows(seal.from_xact, seal.to_xact)
    if count != seal.row_count:
        yield Fault(
            seal.number, "count", f"第 {seal.number} 批应有 {seal.row_count} 行，现有 {count} 行。"
        )
    elif rows_hash != bytes(seal.rows_hash):
        yield Fault(seal.number, "changed", f"第 {seal.number} 批中有记录被改动。")
    expected = _chain_hash(
        bytes(seal.previous_hash),
        seal.number,
        seal.from_xact,
        seal.to_xact,
        seal.row_count,
        bytes(seal.rows_hash),
    )
    if expected != bytes(seal.chain_hash) or not key_ring().verify(expected, bytes(seal.signature)):
        yield Fault(seal.number, "signature", f"第 {seal.number} 批的签名不符。")


def _faults_against_checkpoints(number: int, chain_hash: bytes) -> Iterator[Fault]:
    checkpoint = last_checkpoint()
    if checkpoint is None:
        if number:
            yield Fault(
                0, "no-checkpoint", "找不到数据库之外的检查点文件，无法判断末尾是否被截去。"
            )
        return
    signed = bytes.fromhex(checkpoint["chain_hash"])
    if not key_ring().verify(signed, bytes.fromhex(checkpoint["signature"])):
        yield Fault(checkpoint["number"], "checkpoint", "检查点文件的签名不符。")
    elif checkpoint["number"] > number:
        yield Fault(
            checkpoint["number"],
            "cut-off",
            f"检查点写到第 {checkpoint['number']} 批，数据库里只到第 {number} 批：末尾被截去。",
        )
    elif checkpoint["number"] == number and signed != chain_hash:
        yield Fault(number, "cut-off", f"第 {number} 批与检查点不符：曾被截去后重写。")


def last_checkpoint() -> dict[str, Any] | None:
    """The newest signed checkpoint outside the database."""
    file = Path(settings.CHECKPOINTS_DIR) / CHECKPOINTS
    if not file.exists():
        return None
    lines = file.read_text(encoding="utf-8").splitlines()
    checkpoint: dict[str, Any] = json.loads(lines[-1])
    return checkpoint


def _append_checkpoint(number: int, chain_hash: bytes, signature: bytes) -> None:
    directory = Path(settings.CHECKPOINTS_DIR)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    line = json.dumps(
        {"number": number, "chain_hash": chain_hash.hex(), "signature": signature.hex()}
    )
    with (directory / CHECKPOINTS).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def _hash_rows(from_xact: int, to_xact: int) -> tuple[int, bytes]:
    """How many rows these transactions wrote, and the hash over them in the order (xact, id)."""
    digest = hashlib.sha256()
    count = 0
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "select xact, id, to_char(at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US'),"
            " actor_kind, account_id::text, actor_name, organisation_id::text, organisation_name,"
            " path, roles, action, subject_kind, subject_id::text, member_id::text, reason,"
            " facts::text from platform_auditrow where xact >= %s and xact < %s order by xact, id",
            [from_xact, to_xact],
        )
        while rows := cursor.fetchmany(ROWS_AT_A_TIME):
            for row in rows:
                digest.update(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            count += len(rows)
    return count, digest.digest()


def _rows_outside(horizon: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from platform_auditrow where xact < %s", [horizon])
        (count,) = cursor.fetchone()
    return int(count)


def _chain_hash(
    previous: bytes, number: int, from_xact: int, to_xact: int, count: int, rows_hash: bytes
) -> bytes:
    head = f"{number}|{from_xact}|{to_xact}|{count}|".encode()
    return hashlib.sha256(previous + head + rows_hash).digest()
