"""The demo on a real database: filled whole, known again, the same each time."""

import httpx
import pytest
from argon2 import PasswordHasher

from api import demo
from api.passwords import Passwords
from domain.invariants import violations
from persistence import migrate, snapshot
from persistence.database import Database
from tests.world import Api, Person

CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
async def empty(empty_url: str):
    migrate.upgrade(empty_url)
    database = Database(empty_url)
    await database.open()
    yield database
    await database.close()


async def test_the_demo_fills_an_empty_database_and_is_known_again(empty: Database) -> None:
    assert await demo.is_empty(empty)
    assert not await demo.holds_demo(empty)

    await demo.fill(empty, CHEAP)

    assert not await demo.is_empty(empty)
    assert await demo.holds_demo(empty)
    assert not await demo.is_unfinished(empty)
    taken = await snapshot.take(empty, 1)
    assert len(taken.bookings) > 10
    assert violations(taken, demo.ENTERED_AT) == ()


async def test_a_demo_that_breaks_off_is_known_as_unfinished(empty: Database) -> None:
    class Tired:
        left = 2

        async def hash(self, password: str) -> str:
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt
            return await CHEAP.hash(password)

    with pytest.raises(KeyboardInterrupt):
        await demo.fill(empty, Tired())
    assert not await demo.is_empty(empty)
    assert await demo.is_unfinished(empty)


async def test_somebody_who_signs_up_with_an_e_mail_of_the_demo_is_not_the_demo(
    http: httpx.AsyncClient, database: Database
) -> None:
    person = await Person.signed_up(Api(http))
    given = {"email": demo.ANA.email, "password": "a password of their own", "name": "Ana"}
    await person.do("signUp", **given)
    assert not await demo.holds_demo(database)
    assert not await demo.is_unfinished(database)
