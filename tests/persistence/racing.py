"""What the races share: one act that waits for another, and what came of many."""

import asyncio
from collections import Counter
from datetime import datetime

import sqlalchemy as sa

from domain.outcome import Done
from domain.ports import Work
from persistence.database import Database
from tests.ids import key_of, ref
from tests.machine.harness import Act, Outcome
from tests.world import Json, Person, World

NOW = "2026-11-22T17:00:00Z"


def typenames(results: list[Json]) -> Counter[str]:
    return Counter(result["__typename"] for result in results)


async def what_comes_of_waiting(
    world: World,
    database: Database,
    dialect: str,
    first: Act,
    second: Act,
    by: Person | None = None,
    at: str = NOW,
) -> Outcome:
    """For the second act, which begins when the owner's first one has written, and before that has committed."""
    studio_id, owner = ref(world.studio).studio_id, world.owner
    written, committing = asyncio.Event(), asyncio.Event()

    async def held_up(work: Work) -> Outcome:
        outcome = await first(work)
        written.set()
        await committing.wait()
        return outcome

    now = datetime.fromisoformat(at)
    one = asyncio.create_task(database.perform(studio_id, key_of(owner.account_id), now, held_up))
    await written.wait()
    other = asyncio.create_task(database.perform(studio_id, key_of((by or owner).account_id), now, second))
    while dialect == "postgresql" and not await _somebody_waits_for_a_lock(database):
        pass
    committing.set()
    assert isinstance((await one).outcome, Done)
    return (await other).outcome


async def _somebody_waits_for_a_lock(database: Database) -> bool:
    async with database.reading() as connection:
        waiting = await connection.execute(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
        return waiting.scalar_one() > 0
