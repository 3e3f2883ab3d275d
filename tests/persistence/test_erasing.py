"""A4: deleting an account is many small transactions. Broken off anywhere, it goes on, and it ends alike."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from domain.outcome import Done
from persistence import tables as t
from persistence.database import Database
from persistence.erasing import delete_account
from persistence.idempotency import Key
from tests.ids import key_of, ref
from tests.invariants import assert_all_hold
from tests.schema.counting import rows
from tests.schema.lives import NOW, lived
from tests.world import Api, unique

AT = datetime.fromisoformat(NOW)


class Broken(Exception):
    """What it is broken off with."""


@contextmanager
def breaking_at(number: int) -> Iterator[None]:
    """The statement of this number raises instead of running, whether in a transaction or not."""
    numbers = count(1)

    def stumble(*_: Any) -> None:
        if next(numbers) == number:
            raise Broken

    event.listen(Engine, "before_cursor_execute", stumble)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", stumble)


async def test_a4_broken_off_at_any_statement_it_goes_on_and_ends_alike(api: Api, database: Database) -> None:
    """A statement further each time, and from where it went on once a transaction has been done."""
    life = await lived(api)
    account, key = key_of(life.person.account_id), Key("deleteAccount", unique("key"), b"")
    number, breaks, parts, before = 1, 0, 0, await events_of(database, life.world.studio)
    while True:
        try:
            with breaking_at(number):
                answer = await delete_account(database, account, AT, key)
        except Broken:
            breaks += 1
            number += 1
            if (now := await events_of(database, life.world.studio)) != before:
                parts, number, before = parts + 1, 1, now
                await assert_all_hold(database, life.world.studio, NOW)
            continue
        break
    assert answer.outcome == Done(account=account)
    assert parts > 5
    assert breaks > 100
    told = before
    assert told["CLIENT_ERASED"] == 2
    assert told["ENROLMENT_ENDED"] == 1
    assert not [row for each in (await rows(database)).values() for row in each if life.mark in row]
    await assert_all_hold(database, life.world.studio, NOW)
    assert (await delete_account(database, account, AT, key)).replayed


async def events_of(database: Database, studio: str) -> Counter[str]:
    async with database.reading() as connection:
        c = t.events.c
        kinds = await connection.execute(sa.select(c.kind).where(c.studio_id == ref(studio).studio_id))
        return Counter(kinds.scalars())
