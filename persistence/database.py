"""The database: one writer and readers, and the one place where a transaction begins and ends."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from domain.faults import ConflictRetry
from domain.outcome import Done
from domain.ports import Registry, Work
from domain.refusals import Refused
from persistence.engines import begin_reading, make_reader, make_writer
from persistence.idempotency import Key, KeyStore, keys_of, studio_keys
from persistence.registry import SqlRegistry
from persistence.work import SqlWork

Outcome = Done | Refused
T = TypeVar("T")

MOST_ATTEMPTS = 8
_LONGEST_PAUSE = 0.4  # seconds
_PATIENCE = 10  # seconds, after which no attempt follows
_SERIALIZATION_FAILURE, _DEADLOCK, _LOCK_NOT_AVAILABLE = "40001", "40P01", "55P03"
_RETRIED_STATES = frozenset({_SERIALIZATION_FAILURE, _DEADLOCK, _LOCK_NOT_AVAILABLE})

_in_transaction: ContextVar[bool] = ContextVar("in_transaction", default=False)


def in_transaction() -> bool:
    """Whether an act is running: nothing else writes."""
    return _in_transaction.get()


@dataclass(frozen=True)
class Answer:
    """What an act came to. `replayed`: its idempotency key had been used, and nothing was done again."""

    outcome: Outcome
    replayed: bool


class Database:
    """`url` is one of `sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`."""

    def __init__(self, url: str, new_id: Callable[[], UUID] = uuid7) -> None:
        self.new_id = new_id
        self._writer = make_writer(url)
        self._reader = make_reader(url)

    async def open(self) -> None:
        """Connects once, so that a wrong address is found at the start."""
        async with self._writer.connect():
            await self.ping()

    async def close(self) -> None:
        await self._reader.dispose()
        await self._writer.dispose()

    async def ping(self) -> None:
        """Raises where the database does not answer."""
        async with self.reading() as connection:
            await connection.execute(sa.select(1))

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncConnection]:
        """A connection for one short read, outside of any transaction."""
        async with self._reader.connect() as connection:
            yield connection

    @asynccontextmanager
    async def at_one_instant(self) -> AsyncGenerator[AsyncConnection]:
        """A connection for reads that all see the same, whatever is written meanwhile. Nobody waits for it."""
        async with self.reading() as connection:
            await connection.exec_driver_sql(begin_reading(connection.dialect.name))
            try:
                yield connection
            finally:
                await connection.exec_driver_sql("ROLLBACK")

    async def perform(
        self,
        studio_id: int,
        account_id: UUID,
        now: datetime,
        act: Callable[[Work], Awaitable[Outcome]],
        key: Key | None = None,
        travelling: bool = False,
    ) -> Answer:
        """One act at one studio: one transaction. A refusal keeps only its key; a fault keeps nothing."""

        async def attempt(connection: AsyncConnection) -> Outcome:
            return await act(SqlWork(connection, studio_id, account_id, now, self.new_id, travelling))

        return await self._once_a_key(attempt, key and studio_keys(studio_id, account_id, key))

    async def by_itself(self, studio_id: int, now: datetime, act: Callable[[Work], Awaitable[Outcome]]) -> Outcome:
        """One act at one studio that nobody asks for: what time brings."""

        async def attempt(connection: AsyncConnection) -> Outcome:
            return await act(SqlWork(connection, studio_id, None, now, self.new_id))

        return await self._transact(attempt)

    async def register(
        self,
        holder_id: UUID,
        now: datetime,
        act: Callable[[Registry], Awaitable[Outcome]],
        key: Key | None = None,
    ) -> Answer:
        """One act outside of any studio. `holder_id` is whose key it is: the account's, or what stands in for one."""

        async def attempt(connection: AsyncConnection) -> Outcome:
            return await act(SqlRegistry(connection, now, self.new_id))

        return await self._once_a_key(attempt, key and keys_of(holder_id, key))

    async def _once_a_key(
        self,
        attempt: Callable[[AsyncConnection], Awaitable[Outcome]],
        keys: KeyStore | None,
    ) -> Answer:
        async def act(connection: AsyncConnection) -> Answer:
            if keys is None:
                return Answer(await attempt(connection), replayed=False)
            if (stored := await keys.claim(connection)) is not None:
                return Answer(stored, replayed=True)
            outcome = await attempt(connection)
            await keys.keep(connection, outcome)
            return Answer(outcome, replayed=False)

        return await self._transact(act)

    async def _transact(self, act: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Begin, run, commit; again after a conflict. Nothing else in the application commits."""
        if in_transaction():
            raise RuntimeError("a transaction inside a transaction")
        token = _in_transaction.set(True)
        try:
            until = time.monotonic() + _PATIENCE
            for attempt in range(1, MOST_ATTEMPTS + 1):
                try:
                    async with self._writer.begin() as connection:
                        return await act(connection)
                except NoConnectionFree as error:
                    raise ConflictRetry("Too many are waiting; send the same request again.") from error
                except ConflictRetry:
                    if attempt == MOST_ATTEMPTS or time.monotonic() > until:
                        raise
                except DBAPIError as error:
                    conflict, last = _is_conflict(error), attempt == MOST_ATTEMPTS or time.monotonic() > until
                    # A violated constraint is a race, which the next attempt sees before it writes.
                    if last or not (conflict or isinstance(error, IntegrityError)):
                        if conflict:
                            raise ConflictRetry("Others were faster; send the same request again.") from error
                        raise
                await asyncio.sleep(random.uniform(0, min(_LONGEST_PAUSE, 0.01 * 2**attempt)))
            raise AssertionError("unreachable: the last attempt returns or raises")
        finally:
            _in_transaction.reset(token)


def _is_conflict(error: DBAPIError) -> bool:
    original: Any = error.orig
    state = getattr(original, "sqlstate", None) or getattr(original, "pgcode", None)
    return state in _RETRIED_STATES or "database is locked" in str(original)
