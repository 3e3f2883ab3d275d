"""What a database has to guard its rows with, and whether it still does."""

import re
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from persistence import append_only
from persistence.database import Database
from persistence.tables import metadata

_TRIGGER = r"CREATE TRIGGER (\w+)"
_SQLITE = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
_POSTGRESQL = (
    "SELECT conname FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND convalidated"
    " UNION SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
    " UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
)


async def missing_guards(database: Database) -> list[str]:
    """A sentence for each trigger, constraint and unique index that is not there, by its name."""
    async with database.reading() as connection:
        there = await _there(connection)
        wanted = sorted(_wanted(connection.dialect))
    return [f"the guard {name} is missing" for name in wanted if name not in there]


def _wanted(dialect: sa.Dialect) -> Iterator[str]:
    named, as_written = sa.CheckConstraint | sa.UniqueConstraint | sa.ForeignKeyConstraint, dialect.identifier_preparer
    for table in metadata.tables.values():
        constraints = (each for each in table.constraints if isinstance(each, named))
        for guard in (*constraints, *(index for index in table.indexes if index.unique)):
            yield (as_written.format_constraint(guard) or "").strip('"')
    statements = append_only.SQLITE if dialect.name == "sqlite" else append_only.POSTGRESQL
    for statement in statements:
        yield from re.findall(_TRIGGER, statement)


async def _there(connection: AsyncConnection) -> set[str]:
    if connection.dialect.name != "sqlite":
        return set((await connection.execute(sa.text(_POSTGRESQL))).scalars())
    rows = (await connection.execute(sa.text(_SQLITE))).all()
    return {row.name for row in rows} | {name for row in rows for name in re.findall(r'CONSTRAINT "?(\w+)', row.sql)}
