"""The catalog of a database: everything that guards its rows, as the database itself tells it."""

import re
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

Catalog = set[tuple[str, ...]]

_SQLITE = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
_POSTGRESQL = (
    "SELECT 'column', table_name::text,"
    " (row_number() OVER (PARTITION BY table_name ORDER BY ordinal_position))::text, column_name::text,"
    " data_type::text, coalesce(character_maximum_length::text, ''), is_nullable::text, coalesce(column_default, '')"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid)"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "SELECT 'index', tablename::text, indexname::text, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT 'trigger', tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid)"
    " FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT 'function', proname::text, pg_get_functiondef(oid) FROM pg_proc"
    " WHERE pronamespace = 'public'::regnamespace",
    "SELECT 'comment', objoid::regclass::text, description FROM pg_description"
    " WHERE classoid = 'pg_class'::regclass AND objsubid = 0 AND objoid::regclass::text = ANY"
    " (SELECT tablename::text FROM pg_tables WHERE schemaname = 'public')",
)


async def catalog(url: str) -> Catalog:
    """What the database says of itself, but for the table in which Alembic keeps its place."""
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        rows = await (_sqlite(connection) if connection.dialect.name == "sqlite" else _postgresql(connection))
    await engine.dispose()
    return {row for row in rows if not any("alembic_version" in part for part in row)}


async def _sqlite(connection: AsyncConnection) -> Catalog:
    found: Catalog = set()
    for kind, name, table, statement in await connection.execute(sa.text(_SQLITE)):
        # Clauses in any order: tables are made of them one way by a migration and another by the metadata.
        found.update((kind, name, table, clause) for clause in _clauses(statement))
    return found


async def _postgresql(connection: AsyncConnection) -> Catalog:
    found: Catalog = set()
    for statement in _POSTGRESQL:
        found.update(tuple(row) for row in await connection.execute(sa.text(statement)))
    return found


def _clauses(statement: str) -> Iterable[str]:
    depth, clause = 0, ""
    # A table that was renamed stands there with its name in quotes.
    plain = re.sub(r'^CREATE TABLE "(\w+)"', r"CREATE TABLE \1", statement)
    for letter in re.sub(r"\s+", " ", plain):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 1:
            yield clause.strip(" ()")
            clause = ""
        else:
            clause += letter
    yield clause.strip(" ()")
