"""The demo, in a database that may be damaged."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from api import demo
from domain.nouns.invitation import InvitationState
from domain.nouns.studio import Role
from persistence import migrate
from persistence import tables as t
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
    await invite(url)
    return url


async def invite(url: str) -> None:
    """Somebody to the staff, whom the demo has none of."""
    engine = create_async_engine(url)
    times = {"created_at": NOW, "changed_at": NOW, "expires_at": NOW + timedelta(days=14)}
    row = {"studio_id": 1, "id": uuid4(), "role": Role.MANAGER, "display_name": "Ola", "state": InvitationState.OPEN}
    told = {"invitationId": row["id"].hex, "role": "MANAGER", "expiresAt": times["expires_at"].isoformat()}
    async with engine.begin() as connection:
        await connection.execute(t.staff_invitations.insert().values(row | times | {"email": "ola@example.com"}))
        line = {"studio_id": 1, "id": uuid4(), "kind": "STAFF_INVITED", "at": NOW, "data": told}
        await connection.execute(t.events.insert().values(line))
    await engine.dispose()


@pytest.fixture(scope="session")
async def _unguarded(demo_url: str) -> AsyncIterator[AsyncConnection]:
    async with unguarded(demo_url) as connection:
        yield connection


@pytest.fixture
async def patient(_unguarded: AsyncConnection) -> AsyncIterator[AsyncConnection]:
    """A connection on which everything can be damaged; afterwards all is as before."""
    async with damage(_unguarded):
        yield _unguarded
