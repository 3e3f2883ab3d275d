"""V5, W2: the states of credits in SQL are those of the domain, at every instant around an expiry and a release."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import combinations, product

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from domain.credits.choosing import CreditFilter
from domain.credits.holding import settled
from domain.nouns.credit import CreditState, MakeUpCredit
from persistence import migrate
from persistence import tables as t
from persistence.reads.credit_states import in_states
from persistence.reads.listings import credits_of_clients
from persistence.reads.pages import Window
from persistence.reads.queries import unspent_credits
from tests.domain.builders import A_MICROSECOND, CLIENT_ID, NOW, STUDIO, a_client, a_credit, a_studio, utc, uuid
from tests.persistence.rows import write, write_clients

EXPIRY, RELEASE = utc("2026-12-06T23:00:00Z"), utc("2026-12-05T17:00:00Z")
AROUND = [instant + by * A_MICROSECOND for instant in (EXPIRY, RELEASE) for by in (-1, 0, 1)]


@pytest.fixture
async def connection(empty_url: str) -> AsyncIterator[AsyncConnection]:
    migrate.upgrade(empty_url)
    engine = create_async_engine(empty_url, poolclass=NullPool)
    async with engine.connect() as opened:
        yield opened
        await opened.rollback()
    await engine.dispose()


def kinds() -> list[MakeUpCredit]:
    """One in each state, with an expiry and without, and held until before, at and after it.

    Nobody spends them, so that none needs a booking. Of a held one the expiry is that which it has once released.
    """
    apart = (CreditState.USED, CreditState.FORFEITED, CreditState.HELD)
    made = [(state, end, None) for state, end in product(CreditState, (None, EXPIRY)) if state not in apart]
    made += [(CreditState.HELD, None, RELEASE), (CreditState.HELD, EXPIRY, EXPIRY)]
    made += [(CreditState.HELD, EXPIRY, EXPIRY + by) for by in (-A_MICROSECOND, A_MICROSECOND)]
    made += [(CreditState.HELD, end, RELEASE) for end in (RELEASE - A_MICROSECOND, RELEASE, EXPIRY)]
    return [credit(uuid(100 + n), *each) for n, each in enumerate(made)]


def credit(id: object, state: CreditState, end: datetime | None, held_until: datetime | None) -> MakeUpCredit:
    expiry = {"expires_at": end, "expires_on": end and (end - timedelta(microseconds=1)).date()}
    own = {"own_expires_at": end, "own_expires_on": expiry["expires_on"]} if held_until else {}
    hold = {"held_until": held_until, "grace_hours": held_until and 0}
    return replace(a_credit(), **{"id": id, "state": state, **expiry, **own, **hold})


@pytest.fixture
async def credits(connection: AsyncConnection) -> list[MakeUpCredit]:
    studio = {name: value for name, value in vars(a_studio()).items() if name in t.studios.c}
    await connection.execute(t.studios.insert().values(**studio))
    await write_clients(connection, STUDIO, [a_client()])
    await write(connection, STUDIO, t.make_up_credits, kinds())
    return kinds()


async def test_v5_a_condition_on_states_finds_what_the_domain_says_is_in_them(
    connection: AsyncConnection, credits: list[MakeUpCredit]
) -> None:
    c = t.make_up_credits.c
    for now in AROUND:
        for states in (*combinations(CreditState, 1), *combinations(CreditState, 2), tuple(CreditState), ()):
            expected = {each.id for each in credits if each.state_at(now) in states}
            rows = await connection.execute(sa.select(c.id).where(in_states(states, now)))
            assert set(rows.scalars()) == expected, (states, now)


async def test_w2_a_credit_is_read_as_released_from_the_instant_on_whatever_is_written(
    connection: AsyncConnection, credits: list[MakeUpCredit]
) -> None:
    key = (STUDIO, CLIENT_ID)
    for now in AROUND:
        unspent = {CreditState.ACTIVE, CreditState.HELD}
        expected = {each.id: settled(each, now) for each in credits if each.state_at(now) in unspent}
        listing = credits_of_clients([key], CreditFilter(states=unspent), now)

        found = await unspent_credits(connection, [key], now)
        page = await listing.page(connection, Window(100))

        assert {each.id: each for each in found.get(key, ())} == {each.id: each for each in page.items} == expected
        assert all(each.held_until is None for each in page.items if each.state_at(now) is CreditState.ACTIVE)
    assert await credits_of_clients([key], CreditFilter(expires_until=date(2026, 12, 5)), NOW).count(connection) == 2
