"""The demo, in a database that may be damaged."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from api import demo
from persistence import migrate
from persistence.database import Database
from tests.api.filled import CHEAP
from tests.doctor.damaging import damage, unguarded
from tests.postgres import fresh_database

TODAY = date(2026, 11, 28)
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
async def demo_url(dialect: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if dialect == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('doctor')}/encore.db"
    else:
        url = await fresh_database(request.getfixturevalue("postgres"))
    migrate.upgrade(url)
    database = Database(url)
    await database.open()
    await demo.fill(database, CHEAP, TODAY)
    await database.close()
    return url


@pytest.fixture(scope="session")
async def _unguarded(demo_url: str) -> AsyncIterator[AsyncConnection]:
    async with unguarded(demo_url) as connection:
        yield connection


@pytest.fixture
async def patient(_unguarded: AsyncConnection) -> AsyncIterator[AsyncConnection]:
    """A connection on which everything can be damaged; afterwards all is as before."""
    async with damage(_unguarded):
        yield _unguarded
