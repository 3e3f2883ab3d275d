"""R11: whichever statement of an act breaks, nothing of the act stays; sent again with the same key, it is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from persistence.database import Database, in_transaction
from tests.ids import ref
from tests.schema.counting import rows
from tests.schema.examples import EXAMPLES, by
from tests.schema.stage import Stage, keyed
from tests.world import Json, data, fault

WRITES_NOTHING = {"signIn"}
OF_MANY_PARTS = {"deleteAccount"}
"""Broken off they go on where they stopped; see `tests.persistence.test_erasing`."""


class Broken(Exception):
    """What an act is broken with."""


@contextmanager
def breaking_at(number: int) -> Iterator[None]:
    """Of the statements inside of a transaction the one of this number raises instead of running."""
    numbers = count(1)

    def stumble(*_: Any) -> None:
        if in_transaction() and next(numbers) == number:
            raise Broken

    event.listen(Engine, "before_cursor_execute", stumble)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", stumble)


async def broken_at(number: int, stage: Stage, mutation: str, given: Json) -> Json:
    """What it answers; an act of fewer statements passes."""
    with breaking_at(number):
        return await stage.act(by(mutation), mutation, given)


@pytest.mark.parametrize("mutation", sorted(EXAMPLES.keys() - WRITES_NOTHING - OF_MANY_PARTS))
async def test_an_act_that_breaks_anywhere_leaves_nothing_behind_and_can_be_sent_again(
    stage: Stage, database: Database, mutation: str
) -> None:
    # Who accepts an invitation acts at the studio that made it, which is another one.
    studio_id = None if mutation == "acceptInvitation" else ref(stage.things.studio).studio_id
    given = keyed(mutation, await EXAMPLES[mutation](stage))
    before = await rows(database, studio_id)
    number, answer = 1, await broken_at(1, stage, mutation, given)
    while "errors" in answer:
        assert fault(answer) == "INTERNAL"
        assert await rows(database, studio_id) == before
        number += 1
        answer = await broken_at(number, stage, mutation, given)
    assert number > 3
    assert data(answer)["result"]["__typename"] != "Refused"
    assert "extensions" not in answer
    assert await rows(database, studio_id) != before
