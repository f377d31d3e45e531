"""What the database alone needs for the same rows: the bound of a scenario that writes many."""

import time

import psycopg
from psycopg import sql


def insert_again(url: str, *tables: str) -> dict[str, float]:
    """{table: seconds} for one statement that inserts all its rows once more, into an empty copy
    with the same indexes; the copy is gone afterwards."""
    took = {}
    with psycopg.connect(url, autocommit=True) as database:
        for table in tables:
            names = {"copy": sql.Identifier(f"bench_{table}"), "table": sql.Identifier(table)}
            database.execute(sql.SQL("drop table if exists {copy}").format(**names))
            database.execute(
                sql.SQL("create table {copy} (like {table} including all)").format(**names)
            )
            begun = time.perf_counter()
            database.execute(sql.SQL("insert into {copy} select * from {table}").format(**names))
            took[table] = round(time.perf_counter() - begun, 3)
            database.execute(sql.SQL("drop table {copy}").format(**names))
    return took
