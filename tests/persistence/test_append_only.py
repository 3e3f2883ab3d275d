"""Events are never changed, but for words that people wrote, which can be taken out of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from persistence import append_only
from persistence import tables as t
from tests.ids import ref
from tests.world import World


@dataclass(frozen=True)
class Events:
    """Those of one studio, in a transaction that is rolled back."""

    connection: AsyncConnection
    studio_id: int

    async def told(self, **data: object) -> UUID:
        key = uuid4()
        row = {"studio_id": self.studio_id, "id": key, "kind": "CLIENT_CHANGED", "at": datetime.now(UTC), "data": data}
        await self.connection.execute(t.events.insert().values(row))
        return key

    async def change(self, key: UUID, data: sa.ColumnElement[Any] | dict[str, Any], **others: object) -> None:
        await self.connection.execute(t.events.update().where(t.events.c.id == key).values(data=data, **others))

    def without_words(self) -> sa.ColumnElement[Any]:
        of = {"sqlite": append_only.SQLITE_WITHOUT_WORDS, "postgresql": append_only.POSTGRESQL_WITHOUT_WORDS}
        return sa.literal_column(of[self.connection.dialect.name].format("data"))


@pytest.fixture
async def events(world: World, database_url: str) -> AsyncIterator[Events]:
    engine = create_async_engine(database_url, poolclass=NullPool)
    async with engine.connect() as connection:
        yield Events(connection, ref(world.studio).studio_id)
        await connection.rollback()
    await engine.dispose()


@pytest.mark.parametrize("statement", ["UPDATE events SET kind = 'X'", "DELETE FROM events"])
async def test_an_event_is_never_changed_nor_deleted(events: Events, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        await events.connection.execute(sa.text(f"{statement} WHERE studio_id = {events.studio_id}"))


async def test_an_event_is_never_replaced(events: Events) -> None:
    where = f"WHERE studio_id = {events.studio_id}"
    replace = {
        "sqlite": f"INSERT OR REPLACE INTO events SELECT * FROM events {where}",
        "postgresql": f"INSERT INTO events SELECT * FROM events {where}"
        " ON CONFLICT (studio_id, id) DO UPDATE SET kind = 'X'",
    }
    with pytest.raises(DBAPIError, match="append-only"):
        await events.connection.execute(sa.text(replace[events.connection.dialect.name]))


async def test_words_can_be_taken_out_of_an_event_and_nothing_else_changes(events: Events) -> None:
    key = await events.told(
        note="Ana's", override="ill", before={"name": "Ana", "x": 1}, after={"name": "B"}, kept=None
    )
    await events.change(key, events.without_words())
    found = await events.connection.execute(sa.select(t.events.c.data).where(t.events.c.id == key))
    assert found.scalar_one() == {"before": {"x": 1}, "after": {}, "kept": None}


async def test_nothing_else_changes_while_words_are_taken_out(events: Events) -> None:
    key = await events.told(note="Ana's")
    with pytest.raises(DBAPIError, match="append-only"):
        await events.change(key, events.without_words(), kind="CLIENT_CREATED")


@pytest.mark.parametrize("data", [{"note": "other", "x": 1}, {}, {"x": 1, "y": 2}, {"x": 2}])
async def test_nothing_is_put_in_the_place_of_words_nor_taken_with_them(events: Events, data: dict[str, Any]) -> None:
    key = await events.told(note="Ana's", x=1)
    with pytest.raises(DBAPIError, match="append-only"):
        await events.change(key, data)
