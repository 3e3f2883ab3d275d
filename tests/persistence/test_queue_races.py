"""Races for the seats that those wait for whom a session has none: whoever comes second sees what the first did."""

import asyncio

from domain.waitlist import WaitlistState
from persistence.database import Database
from tests.invariants import assert_all_hold
from tests.persistence.crowds import Crowd, cancelling
from tests.world import World


async def test_w2_two_seats_given_up_at_once_go_to_the_two_who_wait(world: World, database: Database) -> None:
    crowd = Crowd(world, database)
    session = await crowd.session(13, seats=2)
    seats = await crowd.fill(session, 2)
    entries = [await crowd.join(session, await crowd.client()) for _ in range(2)]

    await asyncio.gather(*(crowd.done(cancelling(seat)) for seat in seats))

    assert await crowd.states(*entries) == [WaitlistState.SEATED] * 2
    await assert_all_hold(database, world.studio, crowd.at.isoformat())
