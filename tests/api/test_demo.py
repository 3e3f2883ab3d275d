"""The demo on a real database: filled whole, known again, the same each time."""

import httpx
import pytest

from api import demo
from persistence import migrate
from persistence.database import Database
from tests.api.filled import CHEAP, Filled, Watched
from tests.api.memory_fill import filled_on, ids_of
from tests.invariants import what_is_wrong
from tests.world import Api, Person


@pytest.fixture
async def empty(empty_url: str):
    migrate.upgrade(empty_url)
    database = Watched(empty_url)
    await database.open()
    yield database
    await database.close()


async def test_what_was_filled_is_known_again(filled: Filled) -> None:
    assert not await demo.is_empty(filled.database)
    assert await demo.holds_demo(filled.database)
    assert not await demo.is_unfinished(filled.database)


async def test_it_counts_as_unfinished_until_its_last_act(filled: Filled) -> None:
    nothing_yet, *later = filled.database.unfinished
    assert not nothing_yet
    assert later == [True] * (len(filled.accounts) + len(filled.studios) - 1)
    assert filled.database.followed == 0


async def test_a_demo_that_breaks_off_is_known_as_unfinished(empty: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    assert await demo.is_empty(empty)
    assert not await demo.holds_demo(empty)
    own = empty.new_id
    monkeypatch.setattr(empty, "perform", broken)
    with pytest.raises(KeyboardInterrupt):
        await demo.fill(empty, CHEAP)

    assert not await demo.is_empty(empty)
    assert await demo.holds_demo(empty)
    assert await demo.is_unfinished(empty)
    assert empty.new_id is own


async def test_somebody_who_signs_up_with_an_e_mail_of_the_demo_is_not_the_demo(
    http: httpx.AsyncClient, database: Database
) -> None:
    person = await Person.signed_up(Api(http))
    given = {"email": demo.ACCOUNTS[0].email, "password": "a password of their own", "name": "Ana"}
    await person.do("signUp", **given)
    assert not await demo.holds_demo(database)
    assert not await demo.is_unfinished(database)


async def test_everything_that_must_always_be_true_is(filled: Filled) -> None:
    for each in filled.studios:
        assert await what_is_wrong(filled.database, each.studio.id, filled.now) == []


async def test_both_databases_hold_the_same_ids_and_so_does_a_fill_in_memory(filled: Filled) -> None:
    assert filled.ids == ids_of(await filled_on(None))
