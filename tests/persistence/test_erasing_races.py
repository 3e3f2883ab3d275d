"""Races of deleting an account: with a booking, a seat that comes, a link, a studio that is founded."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from domain.faults import NotFound, Unauthenticated
from domain.managing.erasing import StillThere
from domain.nouns.waitlist import WaitlistState
from domain.outcome import Done
from domain.ports import Registry
from domain.refusals import RefusalCode, Refused
from domain.services import clients, erasing, studios
from domain.services.bookings import BookSession, book_session
from persistence.database import Database, Outcome
from persistence.erasing import delete_account
from tests.ids import key_of
from tests.machine.harness import known
from tests.persistence.crowds import NOW, Crowd, UseCase, cancelling, codes, leaving
from tests.persistence.racing import _somebody_waits_for_a_lock
from tests.persistence.test_queue_races import BOTH_WAYS, holds
from tests.world import Person, unique

Act = Callable[[Any], Awaitable[Outcome]]
Run = Callable[[Act], Coroutine[Any, Any, Outcome]]
"""In whose transaction an act is done."""


async def one_waits(
    database: Database, dialect: str, first: tuple[Run, Act], second: tuple[Run, Act]
) -> tuple[Outcome, Outcome | BaseException]:
    """What comes of both, the second of which begins when the first has written, and before that has committed."""
    (run_first, act_first), (run_second, act_second) = first, second
    written, committing = asyncio.Event(), asyncio.Event()

    async def held_up(work: Any) -> Outcome:
        outcome = await act_first(work)
        written.set()
        await committing.wait()
        return outcome

    one = asyncio.create_task(run_first(held_up))
    await written.wait()
    other = asyncio.create_task(run_second(act_second))
    while dialect == "postgresql" and not await _somebody_waits_for_a_lock(database):
        pass
    committing.set()
    done = await one
    (outcome,) = await asyncio.gather(other, return_exceptions=True)
    return done, outcome


def at_studio(crowd: Crowd, by: Person) -> Run:
    async def run(act: Act) -> Outcome:
        return (await crowd.database.perform(crowd.studio_id, key_of(by.account_id), NOW, act)).outcome

    return run


def registering(crowd: Crowd, by: Person) -> Run:
    async def run(act: Act) -> Outcome:
        return (await crowd.database.register(key_of(by.account_id), NOW, act)).outcome

    return run


def deleting(person: Person) -> Callable[[Registry], Awaitable[Outcome]]:
    return lambda registry: erasing.delete_account(registry, key_of(person.account_id))


def erasing_client(client: UUID) -> UseCase:
    return lambda work: erasing.erase_client(work, client, frozenset())


@BOTH_WAYS
async def test_a4_a_booking_for_who_is_erased_is_given_up_first_or_not_made(
    crowd: Crowd, database: Database, dialect: str, turned: bool
) -> None:
    person = await Person.signed_up(crowd.world.api)
    client, session = await crowd.client(person), await crowd.session(13)
    book = partial(book_session, command=BookSession(session, client, None))
    acts: list[tuple[Run, Act]] = [(at_studio(crowd, person), book), (at_studio(crowd, person), erasing_client(client))]

    _, outcome = await one_waits(database, dialect, *(acts[::-1] if turned else acts))

    if turned:
        assert isinstance(outcome, NotFound)
    else:
        assert isinstance(outcome, Done)
        assert outcome.client is None
    assert (await delete_account(database, key_of(person.account_id), NOW)).outcome == Done(
        account=key_of(person.account_id)
    )
    assert not [each for each in (await crowd.taken()).bookings if each.live]
    await holds(crowd)


@BOTH_WAYS
async def test_a4_w2_a_seat_that_comes_while_they_leave_the_list_is_given_up_or_anothers(
    crowd: Crowd, database: Database, dialect: str, turned: bool
) -> None:
    person = await Person.signed_up(crowd.world.api)
    session = await crowd.session(13)
    (seat,) = await crowd.fill(session)
    client = await crowd.client(person)
    entry, after = await crowd.join(session, client), await crowd.join(session, await crowd.client())
    acts = [(at_studio(crowd, crowd.world.owner), cancelling(seat)), (at_studio(crowd, person), leaving(entry))]

    _, outcome = await one_waits(database, dialect, *(acts[::-1] if turned else acts))

    assert isinstance(outcome, Done if turned else Refused)
    await delete_account(database, key_of(person.account_id), NOW)
    assert (await crowd.states(entry, after))[1] is WaitlistState.SEATED
    live = [each.client_id for each in (await crowd.taken()).bookings if each.live]
    assert client not in live
    assert len(live) == 1
    await holds(crowd)


@BOTH_WAYS
async def test_a4_nothing_is_linked_to_an_account_that_is_deleted(
    crowd: Crowd, database: Database, dialect: str, turned: bool
) -> None:
    person, client = await Person.signed_up(crowd.world.api), await crowd.client()
    link = partial(clients.link_client, command=clients.LinkClient(client, person.email))
    acts: list[tuple[Run, Act]] = [
        (at_studio(crowd, crowd.world.owner), link),
        (registering(crowd, person), deleting(person)),
    ]

    done, outcome = await one_waits(database, dialect, *(acts[::-1] if turned else acts))

    assert isinstance(done, Done)
    assert isinstance(outcome, NotFound if turned else StillThere)
    await delete_account(database, key_of(person.account_id), NOW) if not turned else None
    managed = next(each for each in (await crowd.taken()).clients if each.id == client)
    assert managed.account_id is None
    assert (managed.erased_at is None) == turned
    await holds(crowd)


@BOTH_WAYS
async def test_a4_no_studio_is_founded_by_an_account_that_is_deleted(
    crowd: Crowd, database: Database, dialect: str, turned: bool
) -> None:
    person = await Person.signed_up(crowd.world.api)
    founding = studios.CreateStudio(key_of(person.account_id), "Olga", unique("s"), "S", "Europe/Prague", "CZK")
    found = partial(studios.create_studio, command=founding)
    acts: list[tuple[Run, Act]] = [(registering(crowd, person), found), (registering(crowd, person), deleting(person))]

    done, outcome = await one_waits(database, dialect, *(acts[::-1] if turned else acts))

    assert isinstance(done, Done)
    if turned:
        assert isinstance(outcome, Unauthenticated)
    else:
        assert isinstance(outcome, Refused)
        assert codes(outcome) == [RefusalCode.LAST_OWNER]
    await holds(crowd)


async def test_a4_of_two_owners_who_leave_at_once_one_stays(crowd: Crowd, database: Database, dialect: str) -> None:
    other, staff = await crowd.world.staff("OWNER")
    own = known((await crowd.done(lambda work: _own_staff(work, crowd))).staff)
    acts: list[tuple[Run, Act]] = [
        (at_studio(crowd, person), lambda work, key=key: erasing.leave_staff(work, key))
        for person, key in ((crowd.world.owner, own), (other, key_of(staff)))
    ]

    done, outcome = await one_waits(database, dialect, *acts)

    assert isinstance(done, Done)
    assert isinstance(outcome, Refused)
    assert codes(outcome) == [RefusalCode.LAST_OWNER]
    await holds(crowd)


async def _own_staff(work: Any, crowd: Crowd) -> Done:
    staff = await work.staff_of_account(key_of(crowd.world.owner.account_id))
    return Done(studio_id=crowd.studio_id, staff=staff.id)


@pytest.mark.parametrize("at_once", [1, 6])
async def test_a4_whatever_comes_meanwhile_nothing_is_left_of_it(
    crowd: Crowd, database: Database, at_once: int
) -> None:
    person = await Person.signed_up(crowd.world.api)
    client = await crowd.client(person)
    sessions = [await crowd.session(day) for day in range(10, 10 + at_once)]
    account = key_of(person.account_id)
    booking = (
        database.perform(
            crowd.studio_id, account, NOW, lambda work, key=key: book_session(work, BookSession(key, client, None))
        )
        for key in sessions
    )
    deletions = (delete_account(database, account, NOW) for _ in range(2))
    came = await asyncio.gather(*booking, *deletions, return_exceptions=True)
    assert sum(isinstance(each, Unauthenticated) for each in came[at_once:]) == 1
    assert not [each for each in (await crowd.taken()).bookings if each.live]
    (erased,) = [each for each in (await crowd.taken()).clients if each.id == client]
    assert erased.erased_at
    await holds(crowd)
