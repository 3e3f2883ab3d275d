"""Races for the seats of credits and for siblings' credits, and of a policy against bookings, with real concurrency."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from typing import Any

import pytest

from domain.faults import NotFound
from domain.outcome import Done
from domain.refusals import Refused
from domain.services import bookings, clients
from persistence.database import Database
from tests.ids import key_of
from tests.invariants import assert_all_hold
from tests.persistence.racing import NOW, what_comes_of_waiting
from tests.world import Json, Person, World, codes, data

START = "2026-12-13T17:00:00Z"
SEATS = "query ($id: ID!) { node(id: $id) { ... on Session { seatsLeft makeUpSeatsLeft } } }"


async def children(world: World, count: int, *, with_credits: bool = True) -> tuple[Person, list[str]]:
    """Of one parent; each has a credit, unless none has."""
    parent, first = await world.person()
    all_of_them = [first, *[await world.client(parent, f"Child {number}") for number in range(1, count)]]
    if with_credits:
        for child in all_of_them:
            await world.granted(child)
    return parent, all_of_them


def outcomes(results: list[Json]) -> Counter[str]:
    """How often each came: a success by its type, a refusal by its codes."""
    return Counter(
        " ".join(codes(result)) if result["__typename"] == "Refused" else result["__typename"] for result in results
    )


async def at_once(*acts: Awaitable[Json]) -> Counter[str]:
    return outcomes(list(await asyncio.gather(*acts)))


async def seats(world: World, session: str) -> tuple[int, int]:
    shown = data(await world.owner.ask(SEATS, {"id": session}, NOW))["node"]
    return shown["seatsLeft"], shown["makeUpSeatsLeft"]


async def test_forty_for_money_and_for_credits_at_once_take_all_seats_and_none_too_many(
    world: World, database: Database
) -> None:
    session = await world.session(None, START, capacity=6, policy={"extraMakeUpSeats": 3, "maxMakeUps": {"limit": 5}})
    parent, spending = await children(world, 20)
    paying = [await world.client(name=f"Client {number}") for number in range(20)]

    made = await at_once(
        *(
            act
            for child, client in zip(spending, paying, strict=True)
            for act in (
                parent.do("bookWithMakeUp", NOW, sessionId=session, clientId=child),
                world.owner.do("bookSession", NOW, sessionId=session, clientId=client, payment="PAID"),
            )
        )
    )

    by_credit, by_money = made["MakeUpBooked"], made["SessionBooked"]
    assert by_money <= 6
    assert by_credit == min(5, 9 - by_money)
    assert set(made) <= {
        *("MakeUpBooked", "SessionBooked"),
        *("SESSION_FULL", "MAKE_UP_SEATS_FULL", "SESSION_FULL MAKE_UP_SEATS_FULL"),
    }
    assert await seats(world, session) == (max(0, 6 - by_credit - by_money), 0)
    await assert_all_hold(database, world.studio, NOW)


async def test_many_credits_at_once_take_the_seats_that_were_freed_and_no_other(
    world: World, database: Database
) -> None:
    session = await world.session(None, START, policy={"freedSeatsOnly": True})
    sold = [await world.booked(session, await world.client()) for _ in range(5)]
    parent, spending = await children(world, 12)
    for booking in sold[:3]:
        await world.owner.do("cancelBooking", NOW, bookingId=booking)

    made = await at_once(*(parent.do("bookWithMakeUp", NOW, sessionId=session, clientId=child) for child in spending))

    assert made == {"MakeUpBooked": 3, "MAKE_UP_SEATS_FULL": 9}
    await assert_all_hold(database, world.studio, NOW)


@pytest.mark.parametrize("mutation", ["updateCoursePolicy", "updateSessionPolicy"])
async def test_extra_seats_go_either_to_credits_or_away(world: World, database: Database, mutation: str) -> None:
    courses = [await world.course(policy={"extraMakeUpSeats": 1}) for _ in range(6)]
    sessions = [await world.session(course, START, capacity=1) for course in courses]
    for session in sessions:
        await world.booked(session, await world.client())
    parent, (child,) = await children(world, 1)
    await world.granted(child, len(sessions))
    by_course = mutation == "updateCoursePolicy"

    for course, session in zip(courses, sessions, strict=True):
        given = {"courseId": course} if by_course else {"sessionId": session}
        made = await at_once(
            parent.do("bookWithMakeUp", NOW, sessionId=session),
            world.owner.do(mutation, NOW, **given, extraMakeUpSeats=0),
        )
        changed = "CoursePolicyUpdated" if by_course else "SessionPolicyUpdated"
        assert set(made) in ({"MakeUpBooked", "CAPACITY_BELOW_BOOKED"}, {"SESSION_FULL", changed})
    await assert_all_hold(database, world.studio, NOW)


CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "a window": ({"makeUpsOpenDaysBefore": {"limit": 1}}, "BOOKING_NOT_OPEN_YET"),
    "a guard": ({"priceGuard": "SAME_OR_LOWER"}, "PRICE_ABOVE_CREDIT"),
}


@pytest.mark.parametrize(("changes", "code"), CHANGES.values(), ids=CHANGES)
async def test_a_policy_changed_amid_bookings_holds_for_those_after_it(
    world: World, database: Database, changes: dict[str, Any], code: str
) -> None:
    session = await world.session(None, START, price=20_000, capacity=20)
    parent, spending = await children(world, 10, with_credits=False)
    credits = [(child, (await world.granted(child, worth=19_999))[0]) for child in spending]
    late, client = await world.person("Late")

    made = await at_once(
        *(
            parent.do("bookWithMakeUp", NOW, sessionId=session, clientId=child, creditId=credit)
            for child, credit in credits
        ),
        world.policy(NOW, **changes),
    )

    assert made["StudioPolicyUpdated"] == 1
    assert made["MakeUpBooked"] + made[code] == 10
    (credit,) = await world.granted(client, worth=19_999, now=NOW)
    refused = await late.do("bookWithMakeUp", NOW, sessionId=session, creditId=credit)
    assert codes(refused) == [code]
    await assert_all_hold(database, world.studio, NOW)


async def test_one_siblings_credit_spent_for_many_at_once_books_one_seat(world: World, database: Database) -> None:
    await world.policy(creditScope="SAME_ACCOUNT")
    parent, (holder, *siblings) = await children(world, 10, with_credits=False)
    (credit,) = await world.granted(holder)
    sessions = [await world.session(None, START) for _ in siblings]

    made = await at_once(
        *(
            parent.do("bookWithMakeUp", NOW, sessionId=session, clientId=sibling, **named)
            for number, (session, sibling) in enumerate(zip(sessions, siblings, strict=True))
            for named in ({"creditId": credit} if number % 2 else {},)
        )
    )

    assert made["MakeUpBooked"] == 1
    assert set(made) <= {"MakeUpBooked", "NO_ELIGIBLE_CREDIT", "CREDIT_USED"}
    await assert_all_hold(database, world.studio, NOW)


async def test_siblings_who_pay_for_each_other_across_sessions_never_deadlock(world: World, database: Database) -> None:
    await world.policy(creditScope="SAME_ACCOUNT")
    parent, family = await children(world, 6)
    sessions = [await world.session(None, START) for _ in range(4)]

    acts = (
        parent.act("bookWithMakeUp", NOW, sessionId=session, clientId=child)
        for child, order in zip(family, (sessions, sessions[::-1]) * 3, strict=True)
        for session in order
    )
    answers = await asyncio.gather(*acts)

    assert all("errors" not in answer for answer in answers), answers
    made = outcomes([answer["data"]["result"] for answer in answers])
    assert made == {"MakeUpBooked": 6, "NO_ELIGIBLE_CREDIT": 18}
    await assert_all_hold(database, world.studio, NOW)


async def booked_while_linking(
    world: World,
    database: Database,
    dialect: str,
    client: str,
    to: Person,
    by: Person,
    command: bookings.BookWithMakeUp,
) -> Done | Refused:
    """What comes of booking for whoever waits while the client is given to another account."""
    link = clients.LinkClient(key_of(client), to.email)
    return await what_comes_of_waiting(
        *(world, database, dialect),
        lambda work: clients.link_client(work, link),
        lambda work: bookings.book_with_make_up(work, command),
        by=by,
    )


async def test_whoever_waited_while_the_client_was_given_to_another_account_spends_for_the_siblings_there(
    world: World, database: Database, dialect: str
) -> None:
    await world.policy(creditScope="SAME_ACCOUNT")
    _, (client, brother) = await children(world, 2, with_credits=False)
    bob, cousin = await world.person("Bob")
    await world.granted(brother)
    (credit,) = await world.granted(cousin)
    command = bookings.BookWithMakeUp(key_of(await world.session(None, START)), key_of(client), None)

    done = await booked_while_linking(world, database, dialect, client, bob, world.owner, command)

    assert isinstance(done, Done)
    assert done.credit == key_of(credit)
    await assert_all_hold(database, world.studio, NOW)


async def test_who_waited_while_a_sibling_was_given_to_another_account_no_longer_knows_their_credit(
    world: World, database: Database, dialect: str
) -> None:
    await world.policy(creditScope="SAME_ACCOUNT")
    parent, (client, sibling) = await children(world, 2, with_credits=False)
    bob, _ = await world.person("Bob")
    (credit,) = await world.granted(sibling)
    session = key_of(await world.session(None, START))
    command = bookings.BookWithMakeUp(session, key_of(client), key_of(credit))

    with pytest.raises(NotFound) as raised:
        await booked_while_linking(world, database, dialect, sibling, bob, parent, command)

    assert raised.value.path == ("creditId",)
    await assert_all_hold(database, world.studio, NOW)
