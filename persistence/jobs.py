"""What time asks for, at every studio, a small transaction at a time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from domain.faults import ConflictRetry
from domain.outcome import Done
from domain.ports import Work
from domain.services import jobs
from persistence import tables as t
from persistence.database import Database

_STUDIOS_AT_ONCE = 100


@dataclass(frozen=True)
class Ran:
    """How many places on waiting lists the start of their session has ended, how many credits have got their EXPIRED
    line, and the studios at which others were in the way.
    """

    waits_ended: int
    expired: int
    left_over: tuple[int, ...]


async def run(database: Database, now: datetime) -> Ran:
    """V5, W2, at every studio. It can be stopped at any time, and run by several at once.

    Waits end first: a credit that is released may have run out already.
    """
    waits_ended, expired, left_over, last = 0, 0, list[int](), 0
    while studios := await _studios_after(database, last):
        for last in studios:
            try:
                async for done in _all_of(jobs.end_waits, database, last, now):
                    waits_ended += len(done.entries)
                    expired += len(done.changed)
                async for done in _all_of(jobs.expire_credits, database, last, now):
                    expired += len(done.credits)
            except ConflictRetry:
                left_over.append(last)
    return Ran(waits_ended, expired, tuple(left_over))


async def _studios_after(database: Database, last: int) -> list[int]:
    c = t.studios.c
    async with database.reading() as connection:
        found = await connection.execute(sa.select(c.id).where(c.id > last).order_by(c.id).limit(_STUDIOS_AT_ONCE))
        return list(found.scalars())


async def _all_of(
    job: Callable[[Work], Awaitable[Done]], database: Database, studio_id: int, now: datetime
) -> AsyncIterator[Done]:
    """What each transaction has done, once it is: a later one may meet others in its way, and it stays done."""
    while True:
        outcome = await database.by_itself(studio_id, now, job)
        assert isinstance(outcome, Done), "nothing refuses it"
        if not (outcome.sessions or outcome.credits):
            return
        yield outcome
