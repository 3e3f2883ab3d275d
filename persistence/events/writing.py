"""What every event is written with."""

from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.booking import Booking, PaidWith
from persistence import tables as t
from persistence.shapes import row_of


@dataclass(frozen=True)
class Line:
    """An event's line: its kind, the ids it concerns, and what else a reader of it needs."""

    kind: str
    ids: dict[str, UUID | None]
    data: dict[str, Any]


def line(kind: str, data: dict[str, Any] | None = None, **ids: UUID | None) -> Line:
    return Line(kind, ids, data or {})


@dataclass(frozen=True)
class Writer:
    """Writes rows of one studio as of `now`, as done by an account, or by none."""

    connection: AsyncConnection
    studio_id: int
    account_id: UUID | None
    now: datetime

    async def insert(self, table: sa.Table, noun: object, **other: object) -> None:
        await self.connection.execute(table.insert().values({**row_of(noun, table), **other}))

    async def update(self, table: sa.Table, key: UUID, **values: object) -> None:
        await self.connection.execute(
            table.update()
            .where(table.c.studio_id == self.studio_id, table.c.id == key)
            .values({"changed_at": self.now, **values})
        )

    async def seat_taken(self, booking: Booking) -> None:
        """R6: counts a new live booking, and the most ordinary ones that there ever were at once."""
        c = t.sessions.c
        if booking.paid_with is PaidWith.MAKE_UP:
            await self.update(t.sessions, booking.session_id, taken=c.taken + 1, make_ups=c.make_ups + 1)
            return
        ordinary = c.taken - c.make_ups + 1
        most = sa.case((c.most_ordinary < ordinary, ordinary), else_=c.most_ordinary)
        await self.update(t.sessions, booking.session_id, taken=c.taken + 1, most_ordinary=most)

    async def seat_freed(self, booking: Booking) -> None:
        c = t.sessions.c
        make_up = int(booking.paid_with is PaidWith.MAKE_UP)
        await self.update(t.sessions, booking.session_id, taken=c.taken - 1, make_ups=c.make_ups - make_up)


@singledispatch
async def write(event: Any, writer: Writer) -> Line:
    """Writes what the event changed and answers its line."""
    raise TypeError(f"nothing writes {event!r}")
