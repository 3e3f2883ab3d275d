"""What a request did to the database: the rows that it wrote, and the statements that it took."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

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


@asynccontextmanager
async def written(database: Database) -> AsyncIterator[dict[str, int]]:
    """By table: how many rows were written meanwhile. Filled at the end; empty where nothing was."""
    found: dict[str, int] = {}
    before = await rows(database)
    yield found
    after = await rows(database)
    for name in before:
        if changed := len(after[name] - before[name]) or len(before[name] - after[name]):
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
