"""Ids of the demo: the same at every fill, whatever day it is."""

import random
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

from persistence.database import Database

_FIRST = int(datetime(2026, 10, 1, 8, tzinfo=UTC).timestamp() * 1000)


def seeded_ids(seed: str) -> Callable[[], UUID]:
    """UUIDs of version 7, a millisecond apart: one endless list for each seed."""
    chance, milliseconds = random.Random(seed), _FIRST

    def new_id() -> UUID:
        nonlocal milliseconds
        milliseconds += 1
        bits = milliseconds << 80 | 0x7 << 76 | chance.getrandbits(12) << 64 | 0b10 << 62 | chance.getrandbits(62)
        return UUID(int=bits)

    return new_id


@contextmanager
def ids_from(database: Database, seed: str) -> Generator[None]:
    """Within it, what is written to the database takes its ids from the seed's list."""
    before, database.new_id = database.new_id, seeded_ids(seed)
    try:
        yield
    finally:
        database.new_id = before
