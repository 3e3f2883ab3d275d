"""What a part of a studio is read with: one transaction that sees one instant, and writes nothing."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.nouns.history import EventKind
from domain.replay import Told
from persistence import tables as t
from persistence.shapes import AnyRow, AnySelect, Noun, Shape

_LIST = 500  # ids in one statement: databases have a most of parameters
_Condition = sa.ColumnElement[bool]
_e = t.events.c
_LINES = sa.select(
    *(_e.id, _e.kind, _e.at, _e.actor_id),
    *(_e.course_id, _e.session_id, _e.client_id, _e.enrolment_id, _e.booking_id, _e.credit_id, _e.data),
)


class Reading:
    """Rows of one studio. `rows`: how many it has read so far, and so holds at the most."""

    def __init__(self, connection: AsyncConnection, studio_id: int) -> None:
        self._connection = connection
        self.studio_id = studio_id
        self.rows = 0

    async def name(self) -> str:
        """What the studio is called; its number, where its row is missing."""
        slug = sa.select(t.studios.c.slug).where(t.studios.c.id == self.studio_id)
        return (await self._connection.execute(slug)).scalar_one_or_none() or str(self.studio_id)

    async def every(self, select: AnySelect) -> Sequence[sa.Row[Any]]:
        found = (await self._connection.execute(select)).all()
        self.rows += len(found)
        return found

    async def nouns(self, shape: Shape[Noun], *where: _Condition) -> tuple[Noun, ...]:
        columns = shape.table.c
        # Sorted here: SQLite would rather go through a whole studio in the order that is asked for than look some up.
        rows = await self.every(shape.select().where(columns.studio_id == self.studio_id, *where))
        return tuple(map(shape.make, sorted(rows, key=lambda row: row.id)))

    async def named(
        self, shape: Shape[Noun], column: sa.ColumnElement[Any], keys: Iterable[UUID | None], *where: _Condition
    ) -> tuple[Noun, ...]:
        """Whatever has one of these ids in a column: looked up by lists of them, whatever their number."""
        wanted = sorted({key for key in keys if key is not None})
        found: list[Noun] = []
        for start in range(0, len(wanted), _LIST):
            found += await self.nouns(shape, column.in_(wanted[start : start + _LIST]), *where)
        return tuple(found)

    async def keys_after(self, table: sa.Table, last: UUID | None, most: int) -> list[UUID]:
        """The next ids."""
        select = sa.select(table.c.id).where(table.c.studio_id == self.studio_id).order_by(table.c.id).limit(most)
        found = await self._connection.execute(select if last is None else select.where(table.c.id > last))
        return list(found.scalars())

    async def told(self, *where: _Condition) -> list[Told]:
        """In their order, in time."""
        rows = await self.every(_LINES.where(_e.studio_id == self.studio_id, *where))
        return sorted(map(_told, rows), key=lambda line: (line.at, line.id))


def _told(row: AnyRow) -> Told:
    return Told(
        *(row.id, EventKind[row.kind], row.at, row.actor_id),
        *(row.course_id, row.session_id, row.client_id, row.enrolment_id, row.booking_id, row.credit_id),
        row.data,
    )
