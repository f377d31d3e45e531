"""Checks of the database: version, durability, roles, row-level security, migrations, the audit."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from guiyan.platform import sealing
from guiyan.platform.clock import now
from guiyan.platform.health.findings import Finding, check, graded
from guiyan.platform.metrics.readings import reading
from guiyan.platform.rls import UNSCOPED_TABLES
from guiyan.platform.scope import beyond_scope

OLDEST_VERSION = 150000
SEAL_WITHIN_MINUTES = 10
NIGHTLY_WITHIN = timedelta(days=2)
EXTENSIONS = {"pg_trgm", "btree_gist", "cube", "earthdistance"}


def ask(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    return row[0] if row else None


def _setting(name: str, wanted: str, why: str) -> Finding:
    seen = ask(f"select current_setting('{name}')")
    return graded(
        name,
        seen == wanted,
        f"{name} = {seen}",
        f"As an administrator: alter system set {name} = {wanted}; select pg_reload_conf(); ({why})",
    )


@check("server version")
def server_version() -> Finding:
    version = int(ask("show server_version_num"))
    return graded(
        "server version",
        version >= OLDEST_VERSION,
        f"PostgreSQL {version // 10000}.{version % 10000}",
        "Guiyan needs PostgreSQL 15 or later: upgrade the server.",
    )


@check("extensions")
def extensions() -> Finding:
    there = set(ask("select array_agg(extname::text) from pg_extension") or [])
    missing = sorted(EXTENSIONS - there)
    return graded(
        "extensions",
        not missing,
        "all there" if not missing else f"missing: {', '.join(missing)}",
        "As an administrator: " + " ".join(f"create extension {name};" for name in missing),
    )


@check("fsync")
def fsync() -> Finding:
    return _setting("fsync", "on", "without it a power cut can lose everything")


@check("full_page_writes")
def full_page_writes() -> Finding:
    return _setting("full_page_writes", "on", "without it a power cut can tear a page")


@check("synchronous_commit")
def synchronous_commit() -> Finding:
    return _setting("synchronous_commit", "on", "without it a crash loses acknowledged writes")


@check("data checksums")
def data_checksums() -> Finding:
    seen = ask("show data_checksums")
    return graded(
        "data checksums", seen == "on", f"data_checksums = {seen}",
        "Stop the server and run: pg_checksums --enable",
    )  # fmt: skip


@check("encoding")
def encoding() -> Finding:
    seen = ask("show server_encoding")
    return graded("encoding", seen == "UTF8", str(seen), "Create the database with encoding UTF8.")


@check("WAL archive")
def wal_archive() -> Finding:
    failed = ask(
        "select coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)"
        " from pg_stat_archiver"
    )
    mode = ask("show archive_mode")
    is_good = mode == "on" and not failed
    return graded(
        "WAL archive", is_good,
        f"archive_mode = {mode}, last attempt {'failed' if failed else 'succeeded'}",
        "Set archive_mode = on and an archive_command; look for its error in the server's log.",
        bad="warning",
    )  # fmt: skip


@check("connection role")
def connection_role() -> Finding:
    row = ask(
        "select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb from pg_roles"
        " where rolname = current_user"
    )
    return graded(
        "connection role", row is False, str(ask("select current_user")),
        "Connect as guiyan_web: it may not be superuser, create roles or bypass row security.",
    )  # fmt: skip


@check("role owns nothing")
def role_owns_nothing() -> Finding:
    owned = int(ask("select count(*) from pg_class where relowner = current_user::regrole") or 0)
    return graded(
        "role owns nothing", owned == 0, f"{owned} tables and indexes",
        "alter table … owner to guiyan_owner: an owner is not bound by row-level security.",
    )  # fmt: skip


@check("row-level security")
def row_level_security() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class c where relkind in ('r', 'p')"
            " and relnamespace = 'public'::regnamespace and not (relrowsecurity and exists"
            " (select from pg_policy where polrelid = c.oid))"
        )
        bare = sorted({name for (name,) in cursor.fetchall()} - set(UNSCOPED_TABLES))
    return graded(
        "row-level security", not bare, "on every scoped table" if not bare else ", ".join(bare),
        "Run: guiyan migrate (a table without a policy shows everybody everything).",
    )  # fmt: skip


@check("no scope, no rows")
def no_scope_no_rows() -> Finding:
    seen = int(ask("select count(*) from members_member") or 0)
    return graded(
        "no scope, no rows", seen == 0, f"{seen} files are seen without a scope",
        "The role bypasses row-level security: see 'connection role'.",
    )  # fmt: skip


@check("migrations")
def migrations() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return graded("migrations", not waiting, f"{len(waiting)} waiting", "Run: guiyan migrate")


@check("audit chain")
def audit_chain() -> Finding:
    checkpoint = sealing.last_checkpoint()
    number = int(ask("select coalesce(max(number), 0) from platform_auditseal") or 0)
    is_good = (checkpoint["number"] if checkpoint else 0) <= number
    return graded(
        "audit chain", is_good, f"{number} seals",
        "The checkpoint file knows of later seals: run guiyan audit verify and look into it.",
    )  # fmt: skip


def _unsealed_for_s() -> float | None:
    """How long the oldest audit row waits for its seal; None when nothing waits."""
    with transaction.atomic(), beyond_scope("the doctor asks how old the oldest unsealed row is"):
        late = ask(
            "select extract(epoch from clock_timestamp() - min(at)) from platform_auditrow"
            " where xact >= (select coalesce(max(to_xact), 0) from platform_auditseal)"
        )
    return None if late is None else float(late)


@reading("guiyan_audit_seal_lag_seconds", "Age of the oldest audit row without a seal.")
def seal_lag() -> float:
    return _unsealed_for_s() or 0


@reading("guiyan_queue_age_seconds", "Age of the oldest job that could run and does not yet.")
def queue_age() -> float:
    return float(
        ask(
            "select extract(epoch from clock_timestamp() - min(greatest(e.at, j.scheduled_at)))"
            " from procrastinate_jobs j join procrastinate_events e"
            " on e.job_id = j.id and e.type = 'deferred'"
            " where j.status = 'todo' and coalesce(j.scheduled_at, e.at) <= clock_timestamp()"
        )
        or 0
    )


@reading("guiyan_jobs_failed", "Jobs that have failed for good.")
def jobs_failed() -> float:
    return float(ask("select count(*) from procrastinate_jobs where status = 'failed'"))


@check("audit lag")
def audit_lag() -> Finding:
    late = _unsealed_for_s()
    minutes = int(late or 0) // 60
    return graded(
        "audit lag", minutes < SEAL_WITHIN_MINUTES,
        "nothing waits" if late is None else f"the oldest unsealed row waits for {minutes} minutes",
        "No worker seals the audit: start guiyan worker, or run guiyan audit seal.", bad="warning",
    )  # fmt: skip


@check("nightly jobs")
def nightly_jobs() -> Finding:
    """Retention is a duty, so it shows when it last ran."""
    began = now() - NIGHTLY_WITHIN
    late = [
        name for name, seconds in _last_nights() if datetime.fromtimestamp(seconds, UTC) < began
    ]
    return graded(
        "nightly jobs", not late, "each ran within two days" if not late else "late: " + ", ".join(late),
        "Keep guiyan worker running, or run each night by cron: guiyan worker --once",
        bad="warning",
    )  # fmt: skip


def _last_nights() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select task_name, max(defer_timestamp) from procrastinate_periodic_defers group by 1"
        )
        return list(cursor.fetchall())


@check("jobs")
def jobs() -> Finding:
    failed = int(ask("select count(*) from procrastinate_jobs where status = 'failed'") or 0)
    return graded(
        "jobs", failed == 0, f"{failed} have failed",
        "See their reasons in the worker's log; then delete or retry them.", bad="warning",
    )  # fmt: skip


@check("worker")
def worker() -> Finding:
    alive = int(
        ask(
            "select count(*) from procrastinate_workers"
            " where last_heartbeat > now() - interval '2 minutes'"
        )
        or 0
    )
    return graded(
        "worker", alive > 0, f"{alive} alive",
        "Start one: guiyan worker (guiyan serve does it by itself).", bad="warning",
    )  # fmt: skip


@check("database clock")
def database_clock() -> Finding:
    apart = abs((ask("select clock_timestamp()") - now()).total_seconds())
    return graded(
        "database clock", apart < 5, f"{apart:.1f} s apart from this machine's",
        "Let both machines keep time with chrony or systemd-timesyncd.",
    )  # fmt: skip
