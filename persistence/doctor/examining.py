"""The round of all studios."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from persistence import tables as t
from persistence.database import Database
from persistence.doctor.parts import CALLED, PARTS, Part, of_the_studio_itself
from persistence.doctor.reading import Reading
from persistence.doctor.strays import NAMING, strays

AT_ONCE = 100
"""How many sessions, credits, clients or courses are read together, with all that hangs on them."""
_ALONE = 20  # times as many of what is read by itself
_UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, OverflowError)
_OF_STUDIOS = (
    *(t.studios, t.staff, t.clients, t.courses, t.sessions, t.enrolments, t.bookings),
    *(t.make_up_credits, t.waitlist_entries, t.events),
)

_Step = tuple[Sequence[str], int, int]


@dataclass(frozen=True)
class Examined:
    """What a step has found at a studio, which is called `studio`.

    `done`: how many rows it went through; `rows`: how many it held at once.
    """

    studio_id: int
    studio: str
    sentences: Sequence[str]
    done: int
    rows: int


async def examine(database: Database, now: datetime, at_once: int = AT_ONCE) -> AsyncGenerator[Examined]:
    """Every studio, a part at a time, each as of one instant: others can go on writing meanwhile."""
    last: int | None = None
    while (last := await _next_studio(database, last)) is not None:
        async for examined in examine_studio(database, last, now, at_once):
            yield examined


async def examine_studio(
    database: Database, studio_id: int, now: datetime, at_once: int = AT_ONCE
) -> AsyncGenerator[Examined]:
    """What is not as it must be, at an instant that is no earlier than the last act."""
    async with _reading(database, studio_id) as reading:
        sentences = await _read("the studio itself", lambda: of_the_studio_itself(reading))
        name = await reading.name()
        yield Examined(studio_id, name, sentences, 0, reading.rows)
    rounds = [_round(database, studio_id, part, now, at_once) for part in PARTS]
    for going in (*rounds, *(_strays(database, studio_id, kind, at_once * _ALONE) for kind in NAMING)):
        async for sentences, done, rows in going:
            yield Examined(studio_id, name, sentences, done, rows)


async def how_many(database: Database) -> int:
    """The rows that a round goes through; those that it comes upon twice are counted twice."""
    gone_through = (*(part.shape.table for part in PARTS), *(table for table, _ in NAMING.values()))
    counted = 0
    async with database.at_one_instant() as connection:
        if connection.dialect.name == "postgresql":
            await connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # any number of rows can be counted
        for table in gone_through:
            counted += (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
    return counted


async def _round(database: Database, studio_id: int, part: Part, now: datetime, at_once: int) -> AsyncGenerator[_Step]:
    keys: Sequence[UUID] = ()
    going_on = True
    while going_on:
        async with _reading(database, studio_id) as reading:
            keys = await reading.keys_after(part.shape.table, keys[-1] if keys else None, at_once)
            sentences = await _judged(reading, part, keys, now)
        yield sentences, len(keys), reading.rows
        going_on = len(keys) == at_once


async def _judged(reading: Reading, part: Part, keys: Sequence[UUID], now: datetime) -> Sequence[str]:
    """All together, or one by one where something among them cannot be read."""
    if not keys:
        return ()
    try:
        return await part.judge(reading, keys, now)
    except _UNREADABLE:
        found: list[str] = []
        for key in keys:
            found += await _read(f"{CALLED[part.noun]} {key}", lambda key=key: part.judge(reading, [key], now))
        return found


async def _read(what: str, judge: Callable[[], Awaitable[Sequence[str]]]) -> Sequence[str]:
    try:
        return await judge()
    except _UNREADABLE as error:
        return [f"{what}, or something of it, cannot be read ({type(error).__name__}: {error})"]


async def _strays(database: Database, studio_id: int, kind: str, most: int) -> AsyncGenerator[_Step]:
    last: UUID | None = None
    going_on = True
    while going_on:
        async with _reading(database, studio_id) as reading:
            sentences, last = await strays(reading, kind, last, most)
        yield sentences, reading.rows, reading.rows
        going_on = last is not None


@asynccontextmanager
async def _reading(database: Database, studio_id: int) -> AsyncGenerator[Reading]:
    async with database.at_one_instant() as connection:
        yield Reading(connection, studio_id)


async def _next_studio(database: Database, last: int | None) -> int | None:
    """By its number; also one that has rows, and none of its own."""
    columns = [table.c.id if table is t.studios else table.c.studio_id for table in _OF_STUDIOS]
    async with database.reading() as connection:
        firsts = [
            sa.select(sa.func.min(column)).where(column > last if last is not None else sa.true()).scalar_subquery()
            for column in columns
        ]
        found = (await connection.execute(sa.select(*firsts))).one()
    return min((first for first in found if first is not None), default=None)
