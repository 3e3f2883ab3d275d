"""The rows of one studio as an act finds them: as of its `now`, and locked where it asks for that."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.credits.holding import settled
from domain.faults import NotFound, TimeWentBackwards
from domain.nouns.booking import Booking, Enrolment
from domain.nouns.client import Client
from domain.nouns.course import Course
from domain.nouns.credit import MakeUpCredit
from domain.nouns.invitation import Invitation
from domain.nouns.session import Session
from domain.nouns.studio import Staff, Studio
from domain.nouns.waitlist import WaitlistEntry
from persistence.foreseen import Foreseen
from persistence.shapes import AnyRow, AnySelect, Shape

_CLOCKS_DIFFER = timedelta(seconds=5)
_JUST = timedelta(microseconds=1)

Noun = TypeVar(
    "Noun",
    bound=Studio | Staff | Invitation | Course | Session | Client | Enrolment | Booking | MakeUpCredit | WaitlistEntry,
)


class Rows:
    """Read by their keys, or locked in the order of their ids.

    Unless the request travels in time, `now` moves forward to what it finds: an act that waited for another's
    lock happens after that other act, although its request came in before.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        studio_id: int,
        account_id: UUID | None,
        now: datetime,
        new_id: Callable[[], UUID],
        travelling: bool = False,
    ) -> None:
        self.connection = connection
        self.studio_id = studio_id
        self.account_id = account_id
        self.now = now
        self.new_id = new_id
        self.travelling = travelling
        self._foreseen = Foreseen()

    async def _of_studio(
        self, shape: Shape[Noun], key: UUID, absent: str, path: str, *, lock: bool = False, timed: bool = True
    ) -> Noun:
        """`timed` is false where it is loaded only to see whose it is: a stranger must not learn of its times."""
        columns = shape.table.c
        where = (columns.studio_id == self.studio_id, columns.id == key)
        return await self._one(shape, *where, absent=absent, path=path, lock=lock, timed=timed)

    async def _one(
        self,
        shape: Shape[Noun],
        *where: sa.ColumnElement[bool],
        absent: str = "There is no such studio.",
        path: str = "studioId",
        lock: bool = False,
        timed: bool = True,
    ) -> Noun:
        select = shape.select().where(*where)
        rows = await self._rows(locking(select, shape) if lock else select)
        if not rows:
            raise NotFound(absent, path)
        noun = shape.make(rows[0])
        return self._of_now(noun) if timed else noun

    async def _all(
        self, shape: Shape[Noun], *where: sa.ColumnElement[bool], most: int | None = None
    ) -> tuple[Noun, ...]:
        """Locked in the order of their ids."""
        columns = shape.table.c
        select = shape.select().where(columns.studio_id == self.studio_id, *where).order_by(columns.id).limit(most)
        rows = await self._rows(locking(select, shape))
        return tuple(self._of_now(shape.make(row)) for row in rows)

    async def _read(self, shape: Shape[Noun], *where: sa.ColumnElement[bool]) -> tuple[Noun, ...]:
        """Not locked, or by what stands for it."""
        columns = shape.table.c
        select = shape.select().where(columns.studio_id == self.studio_id, *where).order_by(columns.id)
        return tuple(self._of_now(shape.make(row)) for row in await self._rows(select))

    async def _rows(self, select: AnySelect) -> list[AnyRow]:
        return list((await self.connection.execute(select)).all())

    def _of_now(self, noun: Noun) -> Noun:
        self._not_after_now(noun.changed_at)
        if isinstance(noun, MakeUpCredit) and noun.expiry_written is not None and self.travelling:
            self._not_after_now(noun.expiry_written)  # a ledger that says that it ran out is not written before that
        if isinstance(noun, WaitlistEntry) and noun.ended_at is not None and self.travelling:
            self._not_after_now(noun.ended_at)  # likewise: the start of its session is no change of it
        return settled(noun, self.now) if isinstance(noun, MakeUpCredit) else noun

    def _not_after_now(self, changed_at: datetime) -> None:
        if changed_at <= self.now:
            return
        if self.travelling or changed_at > datetime.now(UTC) + _CLOCKS_DIFFER:
            raise TimeWentBackwards(
                f"Something touched here was changed at {changed_at:%Y-%m-%dT%H:%M:%S.%fZ}, after the request's now."
            )
        self.now = changed_at + _JUST


def locking(select: AnySelect, shape: Shape[Noun]) -> AnySelect:
    # NO KEY: an insert that refers to the row, such as another client's booking, need not wait for it.
    return select.with_for_update(of=shape.table, key_share=True)
