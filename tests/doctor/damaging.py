"""A database that can be damaged: nothing guards its rows, and every damage is undone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from domain.nouns.booking import EarnedNothing
from persistence import doctor
from persistence.database import Database
from persistence.types import ChoicesJson, Instant, Reasons

A_TIME = datetime(2026, 11, 28, tzinfo=UTC)

_POSTGRESQL_GUARDS = (
    "SELECT format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', conrelid::regclass, conname)"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'u')",
    "SELECT format('DROP INDEX %I', indexname) FROM pg_indexes"
    " WHERE schemaname = 'public' AND indexdef LIKE 'CREATE UNIQUE%' AND indexname NOT LIKE '%_key'"
    " AND tablename <> 'alembic_version'",
    "SELECT format('ALTER TABLE %s DISABLE TRIGGER USER', tgrelid::regclass) FROM pg_trigger WHERE NOT tgisinternal",
)
_SQLITE_GUARDS = (
    "SELECT 'DROP ' || type || ' ' || name FROM sqlite_master"
    " WHERE type = 'trigger' OR (type = 'index' AND sql LIKE 'CREATE UNIQUE%')",
)


class Damaged:
    """As much of `Database` as the doctor needs: what a transaction sees that nobody else does."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        yield self._connection

    at_one_instant = reading


@asynccontextmanager
async def unguarded(url: str) -> AsyncIterator[AsyncConnection]:
    """One transaction, which is never committed."""
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        guards = _POSTGRESQL_GUARDS
        if connection.dialect.name == "sqlite":
            guards = _SQLITE_GUARDS
            await connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            await connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            await connection.exec_driver_sql("BEGIN")
        for guard in guards:
            for (statement,) in (await connection.exec_driver_sql(guard)).all():
                await connection.exec_driver_sql(statement)
        yield connection
        await connection.rollback()
    await engine.dispose()


@asynccontextmanager
async def damage(connection: AsyncConnection) -> AsyncIterator[None]:
    """Whatever is done inside is undone."""
    await connection.exec_driver_sql("SAVEPOINT undamaged")
    try:
        yield
    finally:
        await connection.exec_driver_sql("ROLLBACK TO SAVEPOINT undamaged")


async def found(connection: AsyncConnection, now: datetime, at_once: int = doctor.AT_ONCE) -> list[str]:
    """What the doctor says, of all studios."""
    database = cast(Database, Damaged(connection))
    return [each async for step in doctor.examine(database, now, at_once) for each in step.sentences]


def other(value: Any, column: sa.Column[Any]) -> Any:
    """Another value of the kind that the column holds."""
    match column.type, value:
        case sa.Enum(enum_class=words), _ if words is not None:
            return next(word for word in words if word is not value)
        case Instant(), _:
            return (value or A_TIME) + timedelta(microseconds=1)
        case sa.Date(), _:
            return (value or A_TIME.date()) + timedelta(days=1)
        case sa.Boolean(), _:
            return not value
        case sa.Integer(), _:
            return (value or 0) + 1
        case sa.Uuid(), _:
            return uuid4()
        case ChoicesJson(), _:
            return {**value, "make_ups_enabled": not value.get("make_ups_enabled", False)}
        case Reasons(), _:
            return (*value, EarnedNothing.NOT_PAID)
        case _:
            return "XXX"
