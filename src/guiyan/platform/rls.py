"""Row-level security as migration operations, and the list of tables that need none and why.

ENABLE without FORCE: the owner migrates and dumps, the web role is confined. Bounds stand in
scalar sub-selects and comparisons are leakproof, so that indexes stay usable.
"""

from collections.abc import Sequence

from django.db.migrations.operations import RunSQL

LOW = "(select current_setting('app.low', true))"
HIGH = "(select current_setting('app.high', true))"
MEMBER = "(select nullif(current_setting('app.member', true), '')::uuid)"


def in_scope(columns: Sequence[str], member_column: str | None = None) -> str:
    """The SQL condition: any of the path columns lies in the range, or it is the member's own."""
    arms = [f"({column} >= {LOW} and {column} < {HIGH})" for column in columns]
    if member_column:
        arms.append(f"({member_column} = {MEMBER})")
    return " or ".join(arms)


def scope_table(
    table: str, columns: Sequence[str] = ("path",), member_column: str | None = None
) -> RunSQL:
    """Confine every verb on `table` to rows in scope."""
    condition = in_scope(columns, member_column)
    return RunSQL(
        f"alter table {table} enable row level security;"
        f" create policy {table}_scope on {table} using ({condition}) with check ({condition});",
        f"drop policy {table}_scope on {table}; alter table {table} disable row level security;",
    )


def scope_writes(table: str, columns: Sequence[str] = ("path",)) -> RunSQL:
    """Everybody reads (names of organisations are public), writes only in scope."""
    condition = in_scope(columns)
    verbs = {
        "insert": f"for insert with check ({condition})",
        "update": f"for update using ({condition}) with check ({condition})",
        "delete": f"for delete using ({condition})",
        "select": "for select using (true)",
    }
    create = " ".join(
        f"create policy {table}_{verb} on {table} {rule};" for verb, rule in verbs.items()
    )
    drop = " ".join(f"drop policy {table}_{verb} on {table};" for verb in verbs)
    return RunSQL(
        f"alter table {table} enable row level security; {create}",
        f"{drop} alter table {table} disable row level security;",
    )


def append_only(table: str) -> RunSQL:
    """The web role may add and read rows, never change or remove them."""
    return RunSQL(
        "do $$ begin if exists (select from pg_roles where rolname = 'guiyan_web') then"  # noqa: S608
        f" revoke update, delete, truncate on {table} from guiyan_web; end if; end $$;",
        RunSQL.noop,
    )


UNSCOPED_TABLES = {
    "django_migrations": "names of migrations",
    "django_session": "opaque session keys; read before the scope is known",
    "platform_idempotencykey": "answers by secret key; no personal data",
    "platform_auditseal": "hashes of sealed batches; no personal data",
    "messaging_stoppednumber": "keyed hashes and seals of numbers that want no messages; no person",
    "platform_ratebucket": "keyed hashes and counts; no personal data",
    "orgs_division": "the country's public list of places",
    "orgs_boundary": "where public places end; no personal data",
    "orgs_organisationkind": "configuration of levels",
    "orgs_workdayexception": "the calendar",
    "access_account": "read before the scope is known; lists go through grants",
    "access_grant": "read before the scope is known; filtered by path in access.queries",
    "access_grantproposal": "grants that wait; filtered by path in access.queries",
    "access_totpdevice": "sealed secrets; read before the scope is known",
    "access_passkey": "public keys; read before the scope is known",
    "access_device": "sessions; read before the scope is known",
    "access_handset": "keyed hashes of tokens; read before the scope is known",
    "access_elevation": "read before the scope is known",
    "access_membercode": "keyed hashes; written before anybody is signed in",
    "access_developmentmessage": "the demo's messages to nobody",
    "field_countedday": "a single date",
    "channels_spending": "sums of a day and a channel; no personal data",
    "channels_channellimits": "limits of a channel; configuration",
    "channels_channeltoken": "a sealed token of the whole deployment",
    "procrastinate_jobs": "job names and identifiers; no personal data",
    "procrastinate_events": "times of jobs",
    "procrastinate_periodic_defers": "times of periodic jobs",
    "procrastinate_workers": "heartbeats of workers",
}


def scope_with_parent(table: str, column: str, parent: str) -> RunSQL:
    """A row is seen with its parent: the parent's own policy decides, by its primary key."""
    condition = _parent_is_seen(table, column, parent)
    return RunSQL(
        f"alter table {table} enable row level security;"
        f" create policy {table}_scope on {table} using ({condition}) with check ({condition});",
        f"drop policy {table}_scope on {table}; alter table {table} disable row level security;",
    )


def look_up_parent(table: str, column: str, parent: str) -> RunSQL:
    """Gives a policy that `scope_with_parent` made before its condition of today."""
    condition = _parent_is_seen(table, column, parent)
    return RunSQL(
        f"alter policy {table}_scope on {table} using ({condition}) with check ({condition});",
        RunSQL.noop,
    )


def _parent_is_seen(table: str, column: str, parent: str) -> str:
    """With `offset 0` PostgreSQL looks up each row's parent by its key. Without, it may read all
    parents in scope into a hash first: a million stays for the contact persons of five thousand."""
    return f"exists (select from {parent} p where p.id = {table}.{column} offset 0)"
