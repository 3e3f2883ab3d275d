"""What guards the rows of a database, and is missing, is named."""

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from persistence import migrate
from persistence.database import Database
from persistence.doctor import missing_guards

LOST = {
    "sqlite": {
        "events_no_delete": "DROP TRIGGER events_no_delete",
        "bookings_one_seat_a_credit": "DROP INDEX bookings_one_seat_a_credit",
    },
    "postgresql": {
        "events_no_change": "ALTER TABLE events DISABLE TRIGGER events_no_change",
        "events_no_truncate": "DROP TRIGGER events_no_truncate ON events",
        "bookings_one_seat_a_credit": "DROP INDEX bookings_one_seat_a_credit",
        "sessions_seats_not_oversold": "ALTER TABLE sessions DROP CONSTRAINT sessions_seats_not_oversold",
        "sessions_to_courses": "ALTER TABLE sessions DROP CONSTRAINT sessions_to_courses",
    },
}


@pytest.fixture
async def migrated(empty_url: str):
    migrate.upgrade(empty_url)
    database = Database(empty_url)
    await database.open()
    yield database
    await database.close()


async def test_a_migrated_database_has_all_its_guards(migrated: Database) -> None:
    assert await missing_guards(migrated) == []


async def test_each_guard_that_is_lost_is_named(migrated: Database, empty_url: str, dialect: str) -> None:
    engine = create_async_engine(empty_url, poolclass=NullPool)
    async with engine.begin() as connection:
        for statement in LOST[dialect].values():
            await connection.execute(sa.text(statement))
    await engine.dispose()

    assert await missing_guards(migrated) == [f"the guard {name} is missing" for name in sorted(LOST[dialect])]
