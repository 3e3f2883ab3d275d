"""What an act locks, row by row, on either database: SQLite locks nothing by row, but is asked in the same order."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from domain.nouns.booking import Booking
from persistence import tables as t
from persistence.events import Writer
from persistence.rows import Rows
from persistence.shapes import AnyRow, AnySelect

ORDER = ("studios", "courses", "sessions", "clients", "make_up_credits", "bookings", "enrolments")


@dataclass
class Locks:
    """`tables`: of which rows were locked, a statement at a time. `wrong`: what was out of the one order."""

    tables: list[str] = field(default_factory=list[str])
    held: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])
    made: set[tuple[str, Any]] = field(default_factory=set[tuple[str, Any]])
    wrong: list[str] = field(default_factory=list[str])

    def take(self, table: str, keys: Sequence[Any]) -> None:
        """Locks that were taken, in their order: each later than all that are held, unless it is held already."""
        self.tables.append(table)
        for key in keys:
            place = (ORDER.index(table), key)
            if (table, key) in self.held:
                continue
            later = [other for other in self.held if (ORDER.index(other[0]), other[1]) > place]
            self.wrong += [f"{table} {key} after {kind} {other}" for kind, other in later]
            self.held.append((table, key))

    def write(self, table: str, key: UUID) -> None:
        """Whoever changes a row has locked it, or has made it. A place on a list has its client's lock for it."""
        if table != t.waitlist_entries.name and (table, key) not in self.held and (table, key) not in self.made:
            self.wrong.append(f"{table} {key} is changed without its lock")

    def of(self, table: sa.Table) -> list[Any]:
        return [key for kind, key in self.held if kind == table.name]


@contextmanager
def locks_taken() -> Iterator[Locks]:
    """By the acts of this process meanwhile."""
    locks = Locks()
    with pytest.MonkeyPatch.context() as patch:
        _note_locks(patch, locks)
        _note_writes(patch, locks)
        yield locks


def _note_locks(patch: pytest.MonkeyPatch, locks: Locks) -> None:
    read = Rows._rows

    async def rows(self: Rows, select: AnySelect) -> list[AnyRow]:
        found, lock = await read(self, select), select._for_update_arg
        if lock is not None:
            # Of the studio's own row nothing else is named.
            (table,) = [t.studios] if lock.of is None else lock.of
            assert isinstance(table, sa.Table)
            locks.take(table.name, [row.id for row in found])
        return found

    patch.setattr(Rows, "_rows", rows)


def _note_writes(patch: pytest.MonkeyPatch, locks: Locks) -> None:
    insert, insert_all, update, update_all = Writer.insert, Writer.insert_all, Writer.update, Writer.update_all
    seats_freed = Writer.seats_freed_by_all

    async def noting_insert(self: Writer, table: sa.Table, noun: Any, **other: object) -> None:
        locks.made.add((table.name, noun.id))
        await insert(self, table, noun, **other)

    async def noting_insert_all(self: Writer, table: sa.Table, nouns: Sequence[Any]) -> None:
        locks.made.update((table.name, noun.id) for noun in nouns)
        await insert_all(self, table, nouns)

    async def noting_update(self: Writer, table: sa.Table, key: UUID, **values: object) -> None:
        locks.write(table.name, key)
        await update(self, table, key, **values)

    async def noting_update_all(
        self: Writer, table: sa.Table, changes: Sequence[tuple[UUID, dict[str, Any]]], **same: Any
    ) -> None:
        for key, _ in changes:
            locks.write(table.name, key)
        await update_all(self, table, changes, **same)

    async def noting_seats_freed(self: Writer, bookings: Sequence[Booking]) -> None:
        for booking in bookings:
            locks.write(t.sessions.name, booking.session_id)
        await seats_freed(self, bookings)

    for name, noting in (
        ("insert", noting_insert),
        ("insert_all", noting_insert_all),
        ("update", noting_update),
        ("update_all", noting_update_all),
        ("seats_freed_by_all", noting_seats_freed),
    ):
        patch.setattr(Writer, name, noting)
