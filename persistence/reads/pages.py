"""Keyset pages: a page costs the same wherever it lies, and does not shift while people book."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from persistence.shapes import Shape

Noun = TypeVar("Noun")
Position = tuple[Any, ...]


@dataclass(frozen=True)
class Window:
    """The first (or, `backwards`, the last) `count` rows of those after one position and before another."""

    count: int
    backwards: bool = False
    after: Position | None = None
    before: Position | None = None


@dataclass(frozen=True)
class Page(Generic[Noun]):
    """In the order of the listing, whichever way it was asked for. `positions` run parallel to `items`."""

    items: tuple[Noun, ...]
    positions: tuple[Position, ...]
    has_next: bool
    has_previous: bool


@dataclass(frozen=True)
class Listing(Generic[Noun]):
    """Rows of one noun in one order: ascending by `order`, whose last column makes it unique."""

    shape: Shape[Noun]
    source: sa.FromClause
    order: tuple[sa.ColumnElement[Any], ...]
    where: tuple[sa.ColumnElement[bool], ...] = ()

    async def page(self, connection: AsyncConnection, window: Window) -> Page[Noun]:
        """One statement for the rows, and one for each end that a cursor cut off."""
        order = [column.desc() if window.backwards else column.asc() for column in self.order]
        select = (
            sa.select(*self.shape.columns, *self.order)
            .select_from(self.source)
            .where(*self.where, *self._bounds(window))
            .order_by(*order)
            .limit(window.count + 1)
        )
        rows = list((await connection.execute(select)).all())
        more = len(rows) > window.count
        rows = rows[: window.count]
        if window.backwards:
            rows.reverse()
        width = len(self.shape.columns)
        beyond_before = window.before is not None and await self._any(connection, self._from(window.before))
        beyond_after = window.after is not None and await self._any(connection, self._through(window.after))
        return Page(
            items=tuple(self.shape.make(row[:width]) for row in rows),
            positions=tuple(tuple(row[width:]) for row in rows),
            has_next=beyond_before or (more and not window.backwards),
            has_previous=beyond_after or (more and window.backwards),
        )

    async def count(self, connection: AsyncConnection) -> int:
        select = sa.select(sa.func.count()).select_from(self.source).where(*self.where)
        return (await connection.execute(select)).scalar_one()

    async def _any(self, connection: AsyncConnection, bound: sa.ColumnElement[bool]) -> bool:
        select = sa.select(sa.literal(1)).select_from(self.source).where(*self.where, bound).limit(1)
        return (await connection.execute(select)).first() is not None

    def _bounds(self, window: Window) -> Sequence[sa.ColumnElement[bool]]:
        key = sa.tuple_(*self.order)
        after = () if window.after is None else (key > self._literal(window.after),)
        before = () if window.before is None else (key < self._literal(window.before),)
        return (*after, *before)

    def _through(self, position: Position) -> sa.ColumnElement[bool]:
        return sa.tuple_(*self.order) <= self._literal(position)

    def _from(self, position: Position) -> sa.ColumnElement[bool]:
        return sa.tuple_(*self.order) >= self._literal(position)

    def _literal(self, position: Position) -> sa.Tuple:
        pairs = zip(self.order, position, strict=True)
        return sa.tuple_(*(sa.literal(value, type_=column.type) for column, value in pairs))
