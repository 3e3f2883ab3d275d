"""A round of the doctor: it holds little at once, and raises no false alarm while others write."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from domain.events import ClientCreated, SeatBooked, SessionCreated
from domain.events.credits import CreditIssued
from domain.outcome import Done
from domain.ports import Work
from persistence import tables as t
from persistence.database import Database
from persistence.doctor import examine, examine_studio
from tests.domain.builders import a_booking, a_client, a_credit, a_session
from tests.ids import key_of, ref
from tests.persistence.crowds import NOW, Crowd, booking, cancelling, joining, leaving
from tests.world import World

AT_ONCE = 5
LATER = NOW + timedelta(days=1)


async def peopled(world: World, database: Database, number: int) -> None:
    """So many clients, each with a session, a seat in it and a credit."""

    async def act(work: Work) -> Done:
        for _ in range(number):
            client = a_client(studio_id=work.studio_id, id=uuid4(), account_id=None)
            client = replace(client, created_at=work.now, changed_at=work.now)
            session = replace(a_session(), id=uuid4(), studio_id=work.studio_id, course_id=None, price=0)
            session = replace(session, accepts_make_ups=True, created_at=work.now, changed_at=work.now)
            seat = a_booking(studio_id=work.studio_id, id=uuid4(), session_id=session.id, client_id=client.id)
            credit = replace(a_credit(), studio_id=work.studio_id, id=uuid4(), client_id=client.id, issued_at=work.now)
            await work.record(
                *(ClientCreated(client), SessionCreated(session)),
                *(SeatBooked(replace(seat, booked_at=work.now)), CreditIssued(credit)),
            )
        return Done()

    await database.perform(ref(world.studio).studio_id, key_of(world.owner.account_id), NOW, act)


async def test_it_holds_as_much_of_a_large_studio_as_of_a_small_one(world: World, database: Database) -> None:
    greatest, through = list[tuple[int, int]](), list[int]()
    for number in (6 * AT_ONCE, 18 * AT_ONCE):
        await peopled(world, database, number)
        steps = [each async for each in examine_studio(database, ref(world.studio).studio_id, LATER, AT_ONCE)]
        assert [each.sentences for each in steps if each.sentences] == []
        greatest.append((max(each.rows for each in steps), max(each.rows for each in steps if each.rows > each.done)))
        through.append(sum(each.done for each in steps))

    assert through[1] > 3 * through[0]
    assert greatest[0] == greatest[1], "of all steps, and of those that judge a part"
    assert greatest[0][0] < through[0] / 2


async def test_it_raises_no_alarm_while_others_write(world: World, database: Database) -> None:
    """Seats are sold, given up and waited for, with money and with credits, while round follows upon round."""
    crowd = Crowd(world, database)
    sessions = [await crowd.session(day, seats=2) for day in (13, 14)]
    people = [await crowd.client((await world.person())[0]) for _ in range(6)]
    given = {client: (await crowd.credits(client))[0] for client in people}
    writing, rounds = True, 0

    async def look() -> None:
        nonlocal rounds
        while writing or rounds < 2:
            async for step in examine_studio(database, crowd.studio_id, LATER, at_once=1):
                assert list(step.sentences) == []
            rounds += 1

    async def live(number: int) -> int:
        chance, done = random.Random(number), 0
        mine: list[UUID] = []
        places: list[UUID] = []
        for _ in range(12):
            session, client = chance.choice(sessions), chance.choice(people)
            match chance.choice(["book", "book", "cancel", "join", "hold", "leave"]):
                case "book":
                    act = booking(session, client)
                case "cancel" if mine:
                    act = cancelling(mine.pop())
                case "leave" if places:
                    act = leaving(places.pop())
                case "hold":
                    act = joining(session, client, given[client])
                case _:
                    act = joining(session, client)
            outcome = await crowd.act(act)
            if isinstance(outcome, Done):
                done += 1
                mine += [outcome.booking] if outcome.booking else []
                places += [outcome.entry] if outcome.entry else []
        return done

    looking = asyncio.create_task(look())
    done = await asyncio.gather(*(live(number) for number in range(4)))
    writing = False
    await looking

    assert sum(done) > 10
    assert rounds >= 2


async def test_every_studio_has_its_turn(world: World, database: Database) -> None:
    another = await World.founded(world.api)
    wanted = {ref(world.studio).studio_id: world.slug, ref(another.studio).studio_id: another.slug}

    seen = {each.studio_id: each.studio async for each in examine(database, LATER)}

    assert wanted.items() <= seen.items()


async def test_a_part_is_read_as_of_one_instant_and_nothing_can_be_written(world: World, database: Database) -> None:
    clients = (
        sa.select(sa.func.count()).select_from(t.clients).where(t.clients.c.studio_id == ref(world.studio).studio_id)
    )
    async with database.at_one_instant() as connection:
        before = (await connection.execute(clients)).scalar_one()
        await world.client()
        assert (await connection.execute(clients)).scalar_one() == before
        with pytest.raises(DBAPIError, match=r"read-?only"):
            await connection.execute(t.clients.delete())

    async with database.at_one_instant() as connection:
        assert (await connection.execute(clients)).scalar_one() == before + 1
