"""What every event is written with."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.nouns.booking import Booking, PaidWith
from domain.nouns.history import EventKind
from persistence import tables as t
from persistence.shapes import row_of


@dataclass(frozen=True)
class Line:
    """An event's line: its kind, the ids it concerns, and what else a reader of it needs.

    `at`: when it happened, where that is not when it is written.
    """

    kind: EventKind
    ids: dict[str, UUID | None]
    data: dict[str, Any]
    at: datetime | None = None


def line(kind: EventKind, data: dict[str, Any] | None = None, **ids: UUID | None) -> Line:
    return Line(kind, ids, data or {})


def told_override(reason: str) -> dict[str, str]:
    """C10: why staff set the deadline aside, where they did."""
    return {"override": reason} if reason else {}


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

    async def insert_all(self, table: sa.Table, nouns: Sequence[object]) -> None:
        """In one statement, whatever their number; so is every other that has `all` in its name."""
        await self.connection.execute(table.insert(), [row_of(noun, table) for noun in nouns])

    async def update_all(self, table: sa.Table, rows: Sequence[tuple[UUID, dict[str, Any]]], **same: Any) -> None:
        """Each by its id: the values of its own, which have the names of columns, and what is the same for all."""
        own = {name: sa.bindparam(f"its_{name}", type_=table.c[name].type) for name in rows[0][1]}
        await self.connection.execute(
            table.update()
            .where(table.c.studio_id == self.studio_id, table.c.id == sa.bindparam("its_id", type_=table.c.id.type))
            .values({"changed_at": self.now, **own, **same}),
            [{"its_id": key, **{f"its_{name}": value for name, value in values.items()}} for key, values in rows],
        )

    async def seats_freed_by_all(self, bookings: Sequence[Booking]) -> None:
        c, freed = t.sessions.c, Counter(booking.session_id for booking in bookings)
        by_credit = Counter(each.session_id for each in bookings if each.paid_with is PaidWith.MAKE_UP)
        number = sa.Integer()
        await self.connection.execute(
            t.sessions.update()
            .where(c.studio_id == self.studio_id, c.id == sa.bindparam("its_id", type_=c.id.type))
            .values(
                changed_at=self.now,
                taken=c.taken - sa.bindparam("freed", type_=number),
                make_ups=c.make_ups - sa.bindparam("by_credit", type_=number),
            ),
            [{"its_id": key, "freed": seats, "by_credit": by_credit[key]} for key, seats in freed.items()],
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


@singledispatch
async def write(event: Any, writer: Writer) -> Line:
    """Writes what the event changed and answers its line."""
    raise TypeError(f"nothing writes {event!r}")


WriteAll = Callable[[Sequence[Any], Writer], Awaitable[list[Line]]]
TOGETHER: dict[type, WriteAll] = {}
"""What writes all events of a kind that stand side by side, in as many statements as one of them takes."""


def together(event: type) -> Callable[[WriteAll], WriteAll]:
    """Makes a function that of a kind of event."""

    def enter(write_all: WriteAll) -> WriteAll:
        TOGETHER[event] = write_all
        return write_all

    return enter


async def write_all(events: Sequence[Any], writer: Writer) -> list[Line]:
    """Writes them in their order and answers the line of each."""
    lines: list[Line] = []
    for kind, same in groupby(events, type):
        if kind in TOGETHER:
            lines += await TOGETHER[kind](list(same), writer)
        else:
            lines += [await write(event, writer) for event in same]
    return lines
