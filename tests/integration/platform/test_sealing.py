"""A stranger with the database's password is found out: the chain, the signatures, the checkpoint."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from guiyan.platform import audit, sealing
from guiyan.platform.actor import Actor
from guiyan.platform.models import AuditSeal
from guiyan.platform.scope import beyond_scope

# Sealing looks at transactions that have ended, so these tests commit and clean up as the owner.
pytestmark = pytest.mark.django_db(transaction=True)


THE_FIRST = "id = (select min(id) from platform_auditrow)"


@pytest.fixture
def owner(
    admin_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[psycopg.Connection]:
    monkeypatch.setattr(settings, "CHECKPOINTS_DIR", tmp_path / "checkpoints")
    name = connection.settings_dict["NAME"]
    with psycopg.connect(admin_url, dbname=name, autocommit=True) as stranger:
        stranger.execute("truncate platform_auditrow, platform_auditseal")
        yield stranger
        stranger.execute("truncate platform_auditrow, platform_auditseal")


def write_rows(count: int) -> None:
    with transaction.atomic():
        for number in range(count):
            audit.record(Actor.system(), "test.happened", number=number)


def codes() -> set[str]:
    return {fault.code for fault in sealing.verify().faults}


def test_what_was_written_is_sealed_once_and_verifies(owner: psycopg.Connection) -> None:
    write_rows(3)
    write_rows(2)
    assert sealing.seal_waiting_rows() == 5
    assert sealing.seal_waiting_rows() == 0
    write_rows(1)
    assert sealing.seal_waiting_rows() == 1
    verdict = sealing.verify()
    assert verdict.is_whole
    assert (verdict.seals, verdict.rows, verdict.waiting) == (2, 6, 0)


def test_rows_that_wait_for_their_seal_are_counted(owner: psycopg.Connection) -> None:
    write_rows(1)
    sealing.seal_waiting_rows()
    write_rows(4)
    assert sealing.verify().waiting == 4


@pytest.mark.parametrize(
    ("crime", "found"),
    [
        (f"update platform_auditrow set reason = 'x' where {THE_FIRST}", "changed"),
        (f"delete from platform_auditrow where {THE_FIRST}", "count"),
        (f"update platform_auditrow set id = id + 1000000 where {THE_FIRST}", "changed"),
        ("delete from platform_auditseal where number = 1", "chain"),
        ("update platform_auditseal set row_count = row_count + 1", "signature"),
    ],
)  # fmt: skip
def test_a_crime_is_found(owner: psycopg.Connection, crime: str, found: str) -> None:
    write_rows(3)
    sealing.seal_waiting_rows()
    write_rows(3)
    sealing.seal_waiting_rows()
    assert codes() == set()
    owner.execute(crime)  # type: ignore[call-overload]
    assert found in codes()


def test_cutting_off_the_end_with_its_seal_is_found(owner: psycopg.Connection) -> None:
    write_rows(3)
    sealing.seal_waiting_rows()
    write_rows(3)
    sealing.seal_waiting_rows()
    owner.execute(
        "delete from platform_auditrow where xact >= (select max(from_xact) from platform_auditseal)"
    )
    owner.execute("delete from platform_auditseal where number = 2")
    assert codes() == {"cut-off"}


def test_a_row_slipped_in_under_an_old_transaction_is_found(owner: psycopg.Connection) -> None:
    write_rows(3)
    sealing.seal_waiting_rows()
    owner.execute(
        "insert into platform_auditrow (at, actor_kind, actor_name, organisation_name, path, roles,"
        " action, subject_kind, reason, facts, xact)"
        " select at, actor_kind, 'x', '', '', '', action, '', '', facts, xact"
        " from platform_auditrow limit 1"
    )
    assert "count" in codes()


def test_the_web_role_may_not_change_or_remove_a_row(owner: psycopg.Connection) -> None:
    write_rows(1)
    for statement in ("update platform_auditrow set reason = ''", "delete from platform_auditrow"):
        with (
            pytest.raises(Exception, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_transaction_still_open_is_left_for_the_next_seal(owner: psycopg.Connection) -> None:
    name = connection.settings_dict["NAME"]
    write_rows(2)
    with psycopg.connect(owner.info.dsn, dbname=name) as open_one:
        open_one.execute("select pg_current_xact_id()")
        write_rows(3)  # written after the open transaction began: not yet final
        assert sealing.seal_waiting_rows() == 2
    assert sealing.seal_waiting_rows() == 3
    with transaction.atomic(), beyond_scope("count"):
        assert AuditSeal.objects.count() == 2
    assert sealing.verify().is_whole
