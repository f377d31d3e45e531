"""Many rows in one statement: one array a column, so that an import of a county takes seconds.

Row-level security forbids COPY into a scoped table; an insert from arrays obeys its policies.
"""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

import psycopg
from django.db import connection, models
from psycopg import sql
from psycopg.types.json import Jsonb

AT_ONCE = 5_000


def insert_rows(rows: Sequence[models.Model], *, unless_taken: str = "") -> None:
    """Insert unsaved objects of one model, each with its key set; no signals, nothing comes back.

    Runs in the caller's transaction under its scope; one statement for every 5,000 rows. With
    `unless_taken`, the name of a unique column, rows whose value is there already are left out.
    """
    if not rows:
        return
    meta = rows[0]._meta
    fields = meta.concrete_fields
    statement = sql.SQL("insert into {} ({}) select * from unnest({}){}").format(
        sql.Identifier(meta.db_table),
        sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields),
        sql.SQL(", ").join(sql.SQL(f"%b::{_type(field)}[]") for field in fields),
        _leaving_out(unless_taken),
    )
    connection.ensure_connection()
    # A cursor that binds on the server: values travel once, in binary, and are not quoted.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            cursor.execute(statement, [_column(field, some) for field in fields])


def insert_new_columns(model: type[models.Model], columns: Mapping[str, Sequence[object]]) -> int:
    """Insert rows given as columns by their names; rows whose key is there already are left out.

    Returns how many are new. For millions of rows: no objects are made, one statement for 5,000.
    """
    by_name = {field.name: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in columns]
    statement = sql.SQL(
        "insert into {} ({}) select * from unnest({}) on conflict do nothing"
    ).format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields),
        sql.SQL(", ").join(sql.SQL(f"%b::{_type(field)}[]") for field in fields),
    )
    many = len(next(iter(columns.values()), ()))
    new = 0
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        for start in range(0, many, AT_ONCE):
            some = [list(values[start : start + AT_ONCE]) for values in columns.values()]
            cursor.execute(statement, some)
            new += cursor.rowcount
    return new


def _leaving_out(taken: str) -> sql.Composed:
    if not taken:
        return sql.Composed([])
    return sql.SQL(" on conflict ({}) do nothing").format(sql.Identifier(taken))


def _type(field: "models.Field[Any, Any]") -> str:
    """Without a length: a cast to varchar(50) would cut, the column itself refuses."""
    return str(field.db_type(connection)).partition("(")[0]


def _column(field: "models.Field[Any, Any]", rows: Sequence[models.Model]) -> list[Any]:
    if isinstance(field, models.JSONField):
        return [Jsonb(field.pre_save(row, add=True)) for row in rows]
    if type(field).pre_save is models.Field.pre_save:  # as it stands: a third of the time
        return list(map(attrgetter(field.attname), rows))
    return [field.pre_save(row, add=True) for row in rows]
