"""What a request did to the database: the rows that it wrote, and the statements that it took."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from weakref import WeakSet

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from persistence.database import Database
from persistence.tables import metadata

Rows = dict[str, set[str]]


def _every_row(dialect: str, studio_id: int | None) -> sa.TextClause:
    """The name of its table and all that it holds, as one text that the database itself writes: quick, and exact."""

    def text(table: sa.Table) -> str:
        if dialect == "postgresql":
            return f"{table.name}::text"
        return "||','||".join(f'quote("{column.name}")' for column in table.columns)

    def of_studio(table: sa.Table) -> str:
        return f" WHERE studio_id = {studio_id:d}" if studio_id is not None and "studio_id" in table.columns else ""

    parts = (f"SELECT '{each.name}', {text(each)} FROM {each.name}{of_studio(each)}" for each in metadata.sorted_tables)
    return sa.text(" UNION ALL ".join(parts))


async def rows(database: Database, studio_id: int | None = None) -> Rows:
    """Every row, by its table; with a studio those of that one, and those of no studio at all."""
    found: Rows = {table.name: set() for table in metadata.sorted_tables}
    async with database.reading() as connection:
        for name, row in await connection.execute(_every_row(connection.dialect.name, studio_id)):
            found[name].add(row)
    return found


def _rows_told(dialect: str) -> Iterator[str]:
    """Has the database tell of each row that anything writes what it was and what it is, in the same transaction.

    To read every row before and after takes the longer the more tests have shared the database.
    """
    key = "bigint GENERATED ALWAYS AS IDENTITY" if dialect == "postgresql" else "INTEGER"
    yield f"CREATE TABLE IF NOT EXISTS rows_told (id {key} PRIMARY KEY, name text NOT NULL, was text, now text)"
    if dialect == "postgresql":
        yield (
            "CREATE OR REPLACE FUNCTION tell_row() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN INSERT INTO rows_told (name, was, now) VALUES (TG_TABLE_NAME, OLD::text, NEW::text);"
            " RETURN NULL; END $$"
        )
        for table in metadata.sorted_tables:
            yield (
                f"CREATE OR REPLACE TRIGGER tell_row AFTER INSERT OR UPDATE OR DELETE ON {table.name}"
                " FOR EACH ROW EXECUTE FUNCTION tell_row()"
            )
    else:
        for table in metadata.sorted_tables:
            was, now = ("||','||".join(f'quote({of}."{each.name}")' for each in table.columns) for of in ("OLD", "NEW"))
            for act, values in (("INSERT", f"NULL, {now}"), ("UPDATE", f"{was}, {now}"), ("DELETE", f"{was}, NULL")):
                yield (
                    f"CREATE TRIGGER IF NOT EXISTS tell_{act}_{table.name} AFTER {act} ON {table.name}"
                    f" BEGIN INSERT INTO rows_told (name, was, now) VALUES ('{table.name}', {values}); END"
                )


_telling: WeakSet[Database] = WeakSet()


@asynccontextmanager
async def written(database: Database) -> AsyncIterator[dict[str, int]]:
    """By table: how many rows were written meanwhile. Filled at the end; empty where nothing was."""
    found: dict[str, int] = {}
    async with database._writer.begin() as connection:
        for statement in () if database in _telling else _rows_told(connection.dialect.name):
            await connection.exec_driver_sql(statement)
        await connection.exec_driver_sql("DELETE FROM rows_told")
    _telling.add(database)
    yield found
    differences: dict[str, Counter[str]] = {}
    async with database.reading() as connection:
        for name, was, now in await connection.execute(sa.text("SELECT name, was, now FROM rows_told")):
            of_table = differences.setdefault(name, Counter())
            of_table.update({now: 1} if now is not None else {})
            of_table.subtract({was: 1} if was is not None else {})
    for name, rows_of_table in differences.items():
        if changed := len(+rows_of_table) or len(-rows_of_table):
            found[name] = changed


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that any engine of this process sends meanwhile, the server's among them."""
    sent: list[str] = []

    def listen(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
