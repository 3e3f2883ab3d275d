"""The migrations make exactly the database that the tables describe, guards included."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from persistence import append_only, migrate
from persistence.tables import metadata
from tests.persistence.catalogs import Catalog, catalog
from tests.postgres import fresh_database

Act = Callable[[AsyncConnection], Awaitable[object]]

assert append_only.REFUSAL, "importing it adds the triggers to the metadata"


async def created_from_metadata(url: str) -> None:
    await _run(url, lambda connection: connection.run_sync(metadata.create_all))


async def _run(url: str, *acts: Act) -> None:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        for act in acts:
            await act(connection)
    await engine.dispose()


def execute(statement: str) -> Act:
    async def act(connection: AsyncConnection) -> None:
        await connection.execute(sa.text(statement))

    return act


async def another_url(url: str, request: pytest.FixtureRequest) -> str:
    if url.startswith("sqlite"):
        return f"{url}-another"
    return await fresh_database(request.getfixturevalue("postgres"))


async def test_a_migrated_database_is_the_one_that_the_tables_describe(
    empty_url: str, request: pytest.FixtureRequest
) -> None:
    created = await another_url(empty_url, request)
    await created_from_metadata(created)
    migrate.upgrade(empty_url)
    migrated, described = await catalog(empty_url), await catalog(created)
    assert migrated - described == set()
    assert described - migrated == set()
    assert len(described) > 100


async def test_a_database_is_current_only_after_its_migration(empty_url: str) -> None:
    assert not await asyncio.to_thread(migrate.is_current, empty_url)
    migrate.upgrade(empty_url)
    assert await asyncio.to_thread(migrate.is_current, empty_url)
    migrate.upgrade(empty_url)
    assert await asyncio.to_thread(migrate.is_current, empty_url)


async def test_rows_of_an_older_version_are_still_there_and_guarded_as_before(empty_url: str) -> None:
    migrate.upgrade(empty_url, "0001")
    await _run(empty_url, *map(execute, ROWS_OF_0001))
    migrate.upgrade(empty_url)
    found: list[object] = []

    async def look(connection: AsyncConnection) -> None:
        found.extend(
            (await connection.execute(sa.text("SELECT name, taken, category FROM sessions ORDER BY name"))).all()
        )

    await _run(empty_url, look)
    # Called as its course is, the session follows the course's name from now on.
    assert found == [("", 1, None), ("Class", 0, None)]
    await _run(empty_url, execute("UPDATE sessions SET category = 'Yoga' WHERE course_id IS NULL"))
    guarded = (execute("PRAGMA foreign_keys = ON"),) if empty_url.startswith("sqlite") else ()
    for broken in (
        "UPDATE sessions SET category = 'Yoga' WHERE course_id IS NOT NULL",
        "UPDATE sessions SET taken = 9 WHERE name = 'Class'",
        "DELETE FROM sessions WHERE course_id IS NOT NULL",
        "UPDATE sessions SET name = '' WHERE course_id IS NULL",
        "UPDATE sessions SET archived_at = 0 WHERE taken > 0",
    ):
        with pytest.raises(IntegrityError):
            await _run(empty_url, *guarded, execute(broken))


COURSE, SESSION, CLASS, CLIENT, BOOKING = (f"'{number:032x}'" for number in range(1, 6))
ROWS_OF_0001 = (
    "INSERT INTO studios (id, slug, name, time_zone, currency, policy, created_at, changed_at)"
    " VALUES (1, 'yoga', 'Yoga', 'Europe/Prague', 'CZK', '{}', 0, 0)",
    "INSERT INTO courses (studio_id, id, name, description, single_session_price, accepts_make_ups, created_at,"
    f" changed_at) VALUES (1, {COURSE}, 'Yoga', '', 100, true, 0, 0)",
    "INSERT INTO sessions (studio_id, id, course_id, name, starts_at, ends_at, capacity, taken, accepts_make_ups,"
    f" status, created_at, changed_at) VALUES (1, {SESSION}, {COURSE}, 'Yoga', 1, 2, 8, 1, NULL, 'SCHEDULED', 0, 0),"
    f" (1, {CLASS}, NULL, 'Class', 1, 2, 8, 0, true, 'SCHEDULED', 0, 0)",
    f"INSERT INTO clients (studio_id, id, name, created_at, changed_at) VALUES (1, {CLIENT}, 'Ana', 0, 0)",
    "INSERT INTO bookings (studio_id, id, session_id, client_id, paid_with, payment, status, booked_at,"
    f" why_not_earned, changed_at) VALUES (1, {BOOKING}, {SESSION}, {CLIENT}, 'SINGLE', 'PAID', 'BOOKED', 0, '[]', 0)",
)


async def test_the_comparison_sees_a_changed_condition_of_an_index_and_of_a_check(empty_url: str) -> None:
    await created_from_metadata(empty_url)
    before = await catalog(empty_url)
    await _run(
        empty_url,
        execute("DROP INDEX bookings_one_live_seat_a_client"),
        execute(
            "CREATE UNIQUE INDEX bookings_one_live_seat_a_client ON bookings (studio_id, session_id, client_id)"
            " WHERE status = 'CANCELLED'"
        ),
    )
    after = await catalog(empty_url)
    assert names(before ^ after) == {"bookings_one_live_seat_a_client"}
    if empty_url.startswith("postgresql"):
        await _run(
            empty_url,
            execute("ALTER TABLE sessions DROP CONSTRAINT sessions_seats_not_oversold"),
            execute("ALTER TABLE sessions ADD CONSTRAINT sessions_seats_not_oversold CHECK (taken >= 0)"),
        )
        assert "sessions_seats_not_oversold" in names(after ^ await catalog(empty_url))


def names(difference: Catalog) -> set[str]:
    return {part for row in difference for part in row if part in ("sessions_seats_not_oversold", *_INDEXES)}


_INDEXES = tuple(index.name for table in metadata.tables.values() for index in table.indexes if index.name)
