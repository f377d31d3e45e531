"""Many rows in one statement: one array a column, so that an import of a county takes seconds.

Row-level security forbids COPY into a scoped table; an insert from arrays obeys its policies.
"""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any, TypeAlias

import psycopg
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from psycopg import sql
from psycopg.types.json import Jsonb

from guiyan.platform.ahead import hand_over, wait

AT_ONCE = 5_000

_Field: TypeAlias = "models.Field[Any, Any]"


def insert_rows(rows: Sequence[models.Model], *, unless_taken: str = "") -> None:
    """Insert unsaved objects of one model, each with its key set; no signals, nothing comes back.

    Runs in the caller's transaction under its scope; one statement for every 5,000 rows. With
    `unless_taken`, the name of a unique column, rows whose value is there already are left out.
    """
    if not rows:
        return
    fields = rows[0]._meta.concrete_fields
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        columns = [(field, _column(field, some)) for field in fields]
        _insert(type(rows[0]), columns, _leaving_out(unless_taken))


def insert_columns(model: type[models.Model], columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert rows given as columns by their attributes, without an object for each of them.

    Keys are made by the database; a column that is not given takes the field's default.
    """
    many = len(next(iter(columns.values())))
    for start in range(0, many, AT_ONCE):
        some = {name: values[start : start + AT_ONCE] for name, values in columns.items()}
        size = min(AT_ONCE, many - start)
        filled = [
            (field, list(some[field.attname]) if field.attname in some else _defaults(field, size))
            for field in model._meta.concrete_fields
            if field.attname in some or not field.primary_key
        ]
        _insert(model, filled, sql.SQL(""), makes_keys=model._meta.pk.attname not in some)


def insert_new_columns(model: type[models.Model], columns: Mapping[str, Sequence[object]]) -> int:
    """Insert rows given as columns by their names; rows whose key is there already are left out.

    Returns how many are new. For millions of rows: no objects are made, one statement for 5,000.
    """
    by_name = {field.name: field for field in model._meta.concrete_fields}
    many = len(next(iter(columns.values()), ()))
    return sum(
        _insert(
            model,
            [
                (by_name[name], list(values[start : start + AT_ONCE]))
                for name, values in columns.items()
            ],
            sql.SQL(" on conflict do nothing"),
        )
        for start in range(0, many, AT_ONCE)
    )


def update_rows(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these columns of objects of one model, each found by its key; no signals, no pre_save.

    One statement for every 5,000 rows, of one array a column: Django's own bulk_update writes a
    case for each value, which costs the process ten times as much.
    """
    if not rows:
        return
    meta = rows[0]._meta
    by_name = {field.name: field for field in meta.concrete_fields}
    assert meta.pk is not None
    of_row = [meta.pk, *(by_name[name] for name in names)]
    statement = sql.SQL(
        "update {} as row set {} from unnest({}) as given ({}) where row.{} = c0"
    ).format(
        sql.Identifier(meta.db_table),
        sql.SQL(", ").join(
            sql.SQL("{} = {}").format(
                sql.Identifier(str(field.column)), sql.Identifier(f"c{place}")
            )
            for place, field in enumerate(of_row[1:], start=1)
        ),
        sql.SQL(", ").join(sql.SQL(f"%b::{_type(field)}[]") for field in of_row),
        sql.SQL(", ").join(sql.Identifier(f"c{place}") for place in range(len(of_row))),
        sql.Identifier(str(meta.pk.column)),
    )
    connection.ensure_connection()
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        given = [_sent(field, list(map(attrgetter(field.attname), some))) for field in of_row]
        with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
            cursor.execute(statement, given)


def _insert(
    model: type[models.Model],
    columns: Sequence[tuple[_Field, list[Any]]],
    ending: sql.Composable,
    *,
    makes_keys: bool = False,
) -> int:
    """One statement; a column that says the same in every row travels once. Returns the new rows."""
    columns = [(field, _with_defaults(field, values)) for field, values in columns]
    same = [_is_same(values) for _, values in columns]
    if all(same):
        same[0] = False  # something must say how many rows there are
    several = [(place, field) for place, (field, _) in enumerate(columns) if not same[place]]
    key = [(model._meta.pk, sql.SQL("gen_random_uuid()"))] if makes_keys else []
    statement = sql.SQL("insert into {} ({}) select {} from unnest({}) as given ({}){}").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(str(field.column)) for field, _ in [*key, *columns]),
        sql.SQL(", ").join(
            [made for _, made in key]
            + [
                sql.SQL(f"%b::{_type(field)}" if same[place] else f"c{place}")
                for place, (field, _) in enumerate(columns)
            ]
        ),
        sql.SQL(", ").join(sql.SQL(f"%b::{_type(field)}[]") for _, field in several),
        sql.SQL(", ").join(sql.Identifier(f"c{place}") for place, _ in several),
        ending,
    )
    once = [
        _sent(field, values)[0]
        for (field, values), is_same in zip(columns, same, strict=True)
        if is_same
    ]
    listed = [_sent(field, columns[place][1]) for place, field in several]
    connection.ensure_connection()
    # A cursor that binds on the server: values travel once, in binary, and are not quoted.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, [*once, *listed])
        if ending != sql.SQL(""):  # who leaves rows out is asked how many are new
            wait()
            return cursor.rowcount
        hand_over()
        return len(columns[0][1])


def _with_defaults(field: _Field, values: list[Any]) -> list[Any]:
    """A default that the database would give is said here, since every column is."""
    if not field.has_db_default():
        return values
    said = field.db_default
    return [said if isinstance(value, DatabaseDefault) else value for value in values]


def _is_same(values: Sequence[Any]) -> bool:
    return values.count(values[0]) == len(values)


def _defaults(field: _Field, many: int) -> list[Any]:
    return [field.get_default()] * many


def _sent(field: _Field, values: list[Any]) -> list[Any]:
    return [Jsonb(value) for value in values] if isinstance(field, models.JSONField) else values


def _leaving_out(taken: str) -> sql.Composed:
    if not taken:
        return sql.Composed([])
    return sql.SQL(" on conflict ({}) do nothing").format(sql.Identifier(taken))


def _type(field: _Field) -> str:
    """Without a length: a cast to varchar(50) would cut, the column itself refuses."""
    return str(field.db_type(connection)).partition("(")[0]


def _column(field: _Field, rows: Sequence[models.Model]) -> list[Any]:
    if type(field).pre_save is models.Field.pre_save:  # as it stands: a third of the time
        return list(map(attrgetter(field.attname), rows))
    return [field.pre_save(row, add=True) for row in rows]
