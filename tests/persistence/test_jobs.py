"""V5: what time brings is written exactly once, whoever else is at work, and no answer waits for it."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.credits.choosing import ById
from domain.credits.ledger import LedgerEntry, LedgerKind
from domain.issuing.granting import ThroughDate
from domain.outcome import Done
from domain.services import credits
from domain.services.jobs import MOST_AT_ONCE, expire_credits
from persistence import jobs, migrate, snapshot
from persistence import tables as t
from persistence.database import Database
from tests import jobs as studio_jobs
from tests.ids import key_of, ref
from tests.invariants import assert_all_hold
from tests.persistence.racing import what_comes_of_waiting
from tests.persistence.test_atomicity import breaks_cleanly
from tests.world import World, fault

LAST_DAY = {"expiresOn": "2026-11-20"}
EXPIRY = datetime(2026, 11, 20, 23, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)


async def expire(world: World, database: Database, now: datetime = NOW) -> int:
    return await studio_jobs.expire_credits(database, ref(world.studio).studio_id, now)


async def ledger(world: World, database: Database, credit: str) -> list[LedgerEntry]:
    """As it is written, of a studio that has a session too."""
    await world.session(None, "2026-12-20T17:00:00Z")
    await assert_all_hold(database, world.studio, NOW.isoformat())
    taken = await snapshot.take(database, ref(world.studio).studio_id)
    return list(taken.ledgers[key_of(credit)])


async def extend(world: World, credit: str, now: datetime, last_day: str) -> None:
    given = {"studioId": world.studio, "credits": {"ids": [credit]}, "expiry": {"expiresOn": last_day}}
    await world.owner.do("extendMakeUps", now.isoformat(), **given)


async def test_v5_a_credit_gets_its_line_once_it_has_expired_and_then_no_second(
    world: World, database: Database
) -> None:
    (credit,) = await world.granted(await world.client(), validity=LAST_DAY)
    await world.granted(await world.client(), validity={"never": True})

    assert await expire(world, database, EXPIRY - timedelta(microseconds=1)) == 0
    assert await expire(world, database, EXPIRY) == 1
    assert await expire(world, database, EXPIRY) == await expire(world, database) == 0

    issued, expired = await ledger(world, database, credit)
    assert (expired.kind, expired.at, expired.expires_at) == (LedgerKind.EXPIRED, EXPIRY, EXPIRY)
    assert issued.kind is LedgerKind.ISSUED


async def test_v5_revived_and_expired_again_it_gets_a_second_line(world: World, database: Database) -> None:
    (credit,) = await world.granted(await world.client(), validity=LAST_DAY)
    assert await expire(world, database, EXPIRY) == 1
    await extend(world, credit, EXPIRY + timedelta(hours=1), "2026-11-21")
    assert await expire(world, database, EXPIRY + timedelta(hours=2)) == 0
    assert await expire(world, database) == 1

    kinds = [line.kind for line in await ledger(world, database, credit)]
    assert kinds == [LedgerKind.ISSUED, LedgerKind.EXPIRED, LedgerKind.EXTENDED, LedgerKind.EXPIRED]


async def test_v5_what_is_spent_or_revoked_expires_no_more(world: World, database: Database) -> None:
    _, client = await world.person()
    spent, revoked = await world.granted(client, 2, validity=LAST_DAY)
    session = await world.session(None, "2026-12-20T17:00:00Z")
    await world.owner.do("bookWithMakeUp", world.beginning, sessionId=session, clientId=client, creditId=spent)
    given = {"studioId": world.studio, "credits": {"ids": [revoked]}, "reason": "OTHER"}
    await world.owner.do("revokeMakeUps", world.beginning, **given)

    assert await expire(world, database) == 0


async def test_many_are_done_a_transaction_of_some_at_a_time(world: World, database: Database) -> None:
    client = await world.client()
    for _ in range(MOST_AT_ONCE // 20 + 1):
        await world.granted(client, 20, validity=LAST_DAY)

    outcome = await database.by_itself(ref(world.studio).studio_id, NOW, expire_credits)
    assert len(outcome.credits) == MOST_AT_ONCE  # pyright: ignore[reportAttributeAccessIssue] - it is Done
    assert await expire(world, database) == 20


async def test_v5_jobs_at_once_write_each_line_once(world: World, database: Database) -> None:
    client = await world.client()
    several = await world.granted(client, 20, validity=LAST_DAY)

    done = await asyncio.gather(*(expire(world, database) for _ in range(6)))

    assert sum(done) == 20
    for credit in several[:3]:
        assert [line.kind for line in await ledger(world, database, credit)][1:] == [LedgerKind.EXPIRED]


async def test_v5_a_job_that_breaks_leaves_nothing_half_done(world: World, database: Database) -> None:
    """Not one line of several; and the next one writes them all."""
    several = await world.granted(await world.client(), 3, validity=LAST_DAY)

    steps = await breaks_cleanly(database, ref(world.studio).studio_id, None, expire_credits)

    assert steps > 5
    assert await expire(world, database) == 0
    for credit in several:
        assert [line.kind for line in await ledger(world, database, credit)] == [LedgerKind.ISSUED, LedgerKind.EXPIRED]


@pytest.mark.parametrize("job_first", [True, False])
async def test_v5_an_extension_and_a_job_at_once(
    world: World, database: Database, dialect: str, job_first: bool
) -> None:
    """Whoever comes second sees what the first did: a credit that lives again is not written off."""
    (credit,) = await world.granted(await world.client(), validity=LAST_DAY)
    command = credits.ExtendMakeUps(ById((key_of(credit),)), ThroughDate(date(2027, 1, 31)), "")
    acts = [expire_credits, lambda work: credits.extend_make_ups(work, command)]

    await what_comes_of_waiting(world, database, dialect, *(acts if job_first else reversed(acts)))

    kinds = [line.kind for line in await ledger(world, database, credit)]
    assert kinds == [LedgerKind.ISSUED, *[LedgerKind.EXPIRED] * job_first, LedgerKind.EXTENDED]


async def test_v5_what_came_in_before_the_job_and_waited_for_it_stands_after_the_expiry(
    world: World, database: Database
) -> None:
    (credit,) = await world.granted(await world.client(), validity=LAST_DAY)
    assert await expire(world, database) == 1
    command = credits.ExtendMakeUps(ById((key_of(credit),)), ThroughDate(date(2027, 1, 31)), "")
    asked_at = NOW - timedelta(milliseconds=300)

    answer = await database.perform(
        *(ref(world.studio).studio_id, key_of(world.owner.account_id), asked_at),
        lambda work: credits.extend_make_ups(work, command),
    )

    assert isinstance(answer.outcome, Done)
    lines = await ledger(world, database, credit)
    assert [(line.kind, line.at) for line in lines[1:]] == [
        (LedgerKind.EXPIRED, EXPIRY),
        (LedgerKind.EXTENDED, asked_at),
    ]


async def test_v5_nobody_travels_back_before_an_expiry_that_is_written(world: World, database: Database) -> None:
    _, client = await world.person()
    (credit,) = await world.granted(client, validity=LAST_DAY)
    session = await world.session(None, "2026-12-20T17:00:00Z")
    assert await expire(world, database) == 1

    before = (EXPIRY - timedelta(hours=1)).isoformat()
    given = {"sessionId": session, "clientId": client, "creditId": credit}
    assert fault(await world.owner.act("bookWithMakeUp", before, **given)) == "TIME_WENT_BACKWARDS"
    assert [line.kind for line in await ledger(world, database, credit)] == [LedgerKind.ISSUED, LedgerKind.EXPIRED]


async def test_v5_nobody_did_it_and_nothing_later_stands_in_its_way(world: World, database: Database) -> None:
    """A line of a day to come, as one who travels in time may leave it, does not bind those who decide before."""
    studio_id = ref(world.studio).studio_id
    await world.granted(await world.client(), validity=LAST_DAY)
    assert await expire(world, database) == 1

    assert (await world.policy(makeUpsEnabled=False))["__typename"] == "StudioPolicyUpdated"
    async with database.reading() as connection:
        of_time = (t.events.c.studio_id == studio_id, t.events.c.kind == "CREDIT_EXPIRED")
        rows = await connection.execute(sa.select(t.events.c.actor_id).where(*of_time))
    assert list(rows.scalars()) == [None]


async def test_every_studio_is_visited(world: World, empty_url: str) -> None:
    migrate.upgrade(empty_url)
    database = Database(empty_url)
    await database.open()
    try:
        async with database._writer.begin() as connection:
            for studio_id in range(1, 103):
                await _add_an_expired_credit(connection, studio_id)
        assert await jobs.run(database, NOW) == jobs.Ran(0, 102, ())
        assert await jobs.run(database, NOW) == jobs.Ran(0, 0, ())
    finally:
        await database.close()


async def _add_an_expired_credit(connection: AsyncConnection, studio_id: int) -> None:
    begun = {"created_at": EXPIRY - timedelta(days=9), "changed_at": EXPIRY - timedelta(days=9)}
    names = {"slug": f"s{studio_id}", "name": "S", "time_zone": "UTC", "currency": "EUR"}
    client, credit = UUID(int=1), UUID(int=2)
    await connection.execute(t.studios.insert().values(id=studio_id, choices={}, **names, **begun))
    await connection.execute(t.clients.insert().values(studio_id=studio_id, id=client, name="Ana", **begun))
    await connection.execute(
        t.make_up_credits.insert().values(
            studio_id=studio_id,
            id=credit,
            client_id=client,
            origin="GRANT",
            reason="GOODWILL",
            note="",
            state="ACTIVE",
            issued_at=begun["created_at"],
            expires_at=EXPIRY,
            expires_on=date(2026, 11, 20),
            changed_at=begun["changed_at"],
        )
    )
