"""The rows that were written are counted as reading every row before and after would count them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import sqlalchemy as sa

from persistence.database import Database
from tests.ids import ref
from tests.schema.counting import rows, written
from tests.world import World


@asynccontextmanager
async def counted_twice(database: Database) -> AsyncIterator[dict[str, int]]:
    before = await rows(database)
    async with written(database) as counted:
        yield counted
    after = await rows(database)
    found = {name: len(after[name] - before[name]) or len(before[name] - after[name]) for name in before}
    assert counted == {name: number for name, number in found.items() if number}


async def test_rows_that_are_made_and_changed_are_counted_once_each(world: World, database: Database) -> None:
    async with counted_twice(database) as counted:
        person, client = await world.person()
        booking = await world.booked(await world.session(await world.course(), "2026-12-13T17:00:00Z"), client)
        await person.do("cancelBooking", world.beginning, bookingId=booking)
        await world.policy(maxDaysAhead=10)
    assert counted["bookings"] == 1
    assert len(counted) > 7


async def test_a_row_that_is_changed_and_changed_back_is_not_counted(world: World, database: Database) -> None:
    course = await world.course()
    async with counted_twice(database) as counted:
        for accepts in (False, True):
            await world.owner.do("updateCourse", world.beginning, courseId=course, acceptsMakeUps=accepts)
    assert counted["events"] == 2
    assert "courses" not in counted


async def test_rows_that_are_deleted_are_counted(world: World, database: Database) -> None:
    studio = {"studio": ref(world.studio).studio_id}
    async with counted_twice(database) as counted, database._writer.begin() as connection:
        await connection.execute(sa.text("DELETE FROM idempotency_keys WHERE studio_id = :studio"), studio)
    assert counted.keys() == {"idempotency_keys"}


async def test_of_an_act_that_is_refused_only_its_key_is_counted(world: World, database: Database) -> None:
    async with counted_twice(database) as counted:
        answer = await world.owner.act("updateStudioPolicy", world.beginning, studioId=world.studio, maxDaysAhead=-1)
    assert answer["data"]["result"]["__typename"] == "Refused"
    assert counted.keys() <= {"idempotency_keys"}
