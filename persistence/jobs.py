"""What time asks for, at every studio, a small transaction at a time."""

from datetime import datetime

import sqlalchemy as sa

from domain.outcome import Done
from domain.services import jobs
from persistence import tables as t
from persistence.database import Database

_STUDIOS_AT_ONCE = 100


async def run(database: Database, now: datetime) -> int:
    """How many credits have got their EXPIRED line (V5). It can be stopped at any time, and run by several at once."""
    expired, last = 0, 0
    while studios := await _studios_after(database, last):
        for last in studios:
            expired += await expire_credits(database, last, now)
    return expired


async def _studios_after(database: Database, last: int) -> list[int]:
    c = t.studios.c
    async with database.reading() as connection:
        found = await connection.execute(sa.select(c.id).where(c.id > last).order_by(c.id).limit(_STUDIOS_AT_ONCE))
        return list(found.scalars())


async def expire_credits(database: Database, studio_id: int, now: datetime) -> int:
    """How many of one studio have got their EXPIRED line."""
    expired = 0
    while True:
        outcome = await database.by_itself(studio_id, now, jobs.expire_credits)
        assert isinstance(outcome, Done), "nothing refuses it"
        if not outcome.credits:
            return expired
        expired += len(outcome.credits)
