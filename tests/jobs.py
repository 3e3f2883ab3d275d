"""The jobs at one studio alone, and until nothing is left to write."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from domain.outcome import Done
from domain.ports import Work
from domain.services import jobs
from persistence.database import Database


async def end_waits(database: Database, studio_id: int, now: datetime) -> tuple[int, int]:
    """How many places on waiting lists have ended, and how many of the credits held for them had run out by then."""
    done = await _all_of(jobs.end_waits, database, studio_id, now)
    return sum(len(each.entries) for each in done), sum(len(each.changed) for each in done)


async def expire_credits(database: Database, studio_id: int, now: datetime) -> int:
    """How many have got their EXPIRED line."""
    return sum(len(each.credits) for each in await _all_of(jobs.expire_credits, database, studio_id, now))


async def _all_of(
    job: Callable[[Work], Awaitable[Done]], database: Database, studio_id: int, now: datetime
) -> list[Done]:
    done: list[Done] = []
    while True:
        outcome = await database.by_itself(studio_id, now, job)
        assert isinstance(outcome, Done)
        if not (outcome.sessions or outcome.credits):
            return done
        done.append(outcome)
