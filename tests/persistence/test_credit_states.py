"""V5: the states of credits in SQL are those of the domain, at every instant around an expiry."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from domain.credit import CreditState, state_at
from persistence import migrate
from persistence import tables as t
from persistence.credit_states import in_states

EXPIRY = datetime(2026, 12, 6, 23, tzinfo=UTC)
AROUND = [EXPIRY + by * timedelta(microseconds=1) for by in (-1, 0, 1)]


@pytest.fixture
async def connection(empty_url: str) -> AsyncIterator[AsyncConnection]:
    migrate.upgrade(empty_url)
    engine = create_async_engine(empty_url, poolclass=NullPool)
    async with engine.connect() as opened:
        yield opened
        await opened.rollback()
    await engine.dispose()


async def credits_of_every_kind(connection: AsyncConnection) -> dict[object, tuple[CreditState, datetime | None]]:
    """By id: one in each state, with an expiry and without. Nobody spends them, so that none needs a booking."""
    client, now = uuid4(), EXPIRY - timedelta(days=14)
    studio = {"slug": "s", "name": "S", "time_zone": "UTC", "currency": "EUR", "created_at": now, "changed_at": now}
    await connection.execute(t.studios.insert().values(id=1, choices={}, **studio))
    await connection.execute(
        t.clients.insert().values(studio_id=1, id=client, name="Ana", created_at=now, changed_at=now)
    )
    unspent = [state for state in CreditState if state not in (CreditState.USED, CreditState.FORFEITED)]
    made = {uuid4(): kind for kind in product(unspent, (None, EXPIRY))}
    for id, (state, expires_at) in made.items():
        expiry = {"expires_at": expires_at, "expires_on": expires_at and expires_at.date()}
        granted = {"origin": "GRANT", "reason": "GOODWILL", "note": "", "issued_at": now, "changed_at": now}
        await connection.execute(
            t.make_up_credits.insert().values(studio_id=1, id=id, client_id=client, state=state, **expiry, **granted)
        )
    return {**made}


async def test_v5_a_condition_on_states_finds_what_the_domain_says_is_in_them(connection: AsyncConnection) -> None:
    credits = await credits_of_every_kind(connection)
    c = t.make_up_credits.c
    for now in AROUND:
        for states in (*combinations(CreditState, 1), *combinations(CreditState, 2), tuple(CreditState), ()):
            expected = {id for id, (state, expires_at) in credits.items() if state_at(state, expires_at, now) in states}
            rows = await connection.execute(sa.select(c.id).where(in_states(states, now)))
            assert set(rows.scalars()) == expected, (states, now)
