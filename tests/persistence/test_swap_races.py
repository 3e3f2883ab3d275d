"""Races of swaps: with one another, with cancelling, and with whoever books. Then every invariant is checked."""

import asyncio
from typing import Any

import pytest

from domain.faults import NotFound
from domain.refusals import RefusalCode, Refused
from domain.services import bookings, clients, swaps
from persistence.database import Database
from tests.ids import key_of
from tests.invariants import assert_all_hold
from tests.persistence.racing import NOW, typenames, what_comes_of_waiting
from tests.world import Json, Person, World, codes, data, unique

DAYS = ("2026-12-13T17:00:00Z", "2026-12-14T17:00:00Z")
CREDITS = "{ makeUpCredits { nodes { state ledger { kind } } } bookings { nodes { status session { id } } } }"


async def seated(world: World, session: str) -> tuple[Person, str]:
    """Somebody who has paid for a seat."""
    person, client = await world.person()
    return person, await world.booked(session, client)


async def two_sessions(world: World, **given: Any) -> tuple[str, str]:
    course = await world.course()
    first, second = [await world.session(course, day, **given) for day in DAYS]
    return first, second


async def holdings(person: Person) -> tuple[list[tuple[str, ...]], set[tuple[str, str]]]:
    """Each credit's state and ledger; each booking's status and session."""
    shown = data(await person.ask(CREDITS, now=NOW))
    credits = [(each["state"], *(line["kind"] for line in each["ledger"])) for each in shown["makeUpCredits"]["nodes"]]
    return credits, {(each["status"], each["session"]["id"]) for each in shown["bookings"]["nodes"]}


async def test_c6_of_two_who_swap_into_the_last_seat_one_keeps_their_own_and_burns_no_credit(
    world: World, database: Database
) -> None:
    for _ in range(4):
        missed, wanted = await two_sessions(world, capacity=2)
        await world.booked(wanted, await world.client())
        people = [await seated(world, missed) for _ in range(2)]

        results = await asyncio.gather(
            *(person.do("swapSession", NOW, bookingId=booking, sessionId=wanted) for person, booking in people)
        )

        assert typenames(results) == {"SessionSwapped": 1, "Refused": 1}
        for (person, _), result in zip(people, results, strict=True):
            if result["__typename"] == "Refused":
                assert codes(result) == ["SESSION_FULL"]
                assert await holdings(person) == ([], {("BOOKED", missed)})
            else:
                assert await holdings(person) == (
                    [("USED", "ISSUED", "REDEEMED")],
                    {("CANCELLED", missed), ("BOOKED", wanted)},
                )
    await assert_all_hold(database, world.studio, NOW)


async def test_c6_one_swap_with_one_key_many_times_at_once_has_one_effect_and_one_answer(
    world: World, database: Database
) -> None:
    missed, wanted = await two_sessions(world)
    person, booking = await seated(world, missed)
    key = unique("key")

    answers = await asyncio.gather(
        *(person.act("swapSession", NOW, bookingId=booking, sessionId=wanted, idempotencyKey=key) for _ in range(10))
    )

    results = [answer["data"]["result"] for answer in answers]
    assert results == [results[0]] * 10
    assert results[0]["__typename"] == "SessionSwapped"
    assert sum("extensions" not in answer for answer in answers) == 1
    await assert_all_hold(database, world.studio, NOW)


async def test_c6_one_booking_swapped_from_many_phones_is_swapped_once(world: World, database: Database) -> None:
    missed, wanted = await two_sessions(world)
    targets = [wanted, *[await world.session(None, day) for day in DAYS * 2]]
    person, booking = await seated(world, missed)

    results = await asyncio.gather(
        *(person.do("swapSession", NOW, bookingId=booking, sessionId=target) for target in targets)
    )

    assert typenames(results) == {"SessionSwapped": 1, "Refused": len(targets) - 1}
    refusals = [codes(result) for result in results if result["__typename"] == "Refused"]
    assert refusals == [["ALREADY_CANCELLED"]] * (len(targets) - 1)
    credits, _ = await holdings(person)
    assert credits == [("USED", "ISSUED", "REDEEMED")]
    await assert_all_hold(database, world.studio, NOW)


@pytest.mark.parametrize("by_credit", [False, True], ids=["paid with money", "paid with a credit"])
async def test_c6_a_booking_that_is_swapped_and_cancelled_at_once_goes_one_way_or_the_other(
    world: World, database: Database, by_credit: bool
) -> None:
    for swaps_first in (True, False) * 2:
        missed, wanted = await two_sessions(world)
        person, client = await world.person()
        if by_credit:
            await world.granted(client)
            booking = (await person.do("bookWithMakeUp", NOW, sessionId=missed))["booking"]["id"]
        else:
            booking = await world.booked(missed, client)
        swap = person.do("swapSession", NOW, bookingId=booking, sessionId=wanted)
        cancel = person.do("cancelBooking", NOW, bookingId=booking)

        results = await asyncio.gather(*((swap, cancel) if swaps_first else (cancel, swap)))

        by_type: dict[str, Json] = {result["__typename"]: result for result in results}
        assert by_type["BookingCancelled"]["booking"]["status"] == "CANCELLED"
        (credit,), held = await holdings(person)
        if "SessionSwapped" in by_type:
            assert (credit[0], credit[-1]) == ("USED", "REDEEMED")
            assert held == {("CANCELLED", missed), ("BOOKED", wanted)}
        else:
            assert codes(by_type["Refused"]) == ["ALREADY_CANCELLED"]
            assert credit[0] == "ACTIVE"
            assert held == {("CANCELLED", missed)}
    await assert_all_hold(database, world.studio, NOW)


async def test_c6_swaps_that_cross_each_other_never_deadlock(world: World, database: Database) -> None:
    first, second = await two_sessions(world, capacity=20)
    there = [await seated(world, first) for _ in range(6)]
    back = [await seated(world, second) for _ in range(6)]

    acts = [
        person.act("swapSession", NOW, bookingId=booking, sessionId=target)
        for pair in zip(there, back, strict=True)
        for (person, booking), target in zip(pair, (second, first), strict=True)
    ]
    answers = await asyncio.gather(*acts)

    assert all("errors" not in answer for answer in answers), answers
    assert typenames([answer["data"]["result"] for answer in answers]) == {"SessionSwapped": 12}
    await assert_all_hold(database, world.studio, NOW)


async def test_c6_full_sessions_that_swap_with_each_other_let_nobody_through(world: World, database: Database) -> None:
    """Each swap is judged by itself: no seat is promised to two who would only have to change places."""
    first, second = await two_sessions(world, capacity=1)
    (ana, here), (eva, there) = await seated(world, first), await seated(world, second)

    results = await asyncio.gather(
        ana.do("swapSession", NOW, bookingId=here, sessionId=second),
        eva.do("swapSession", NOW, bookingId=there, sessionId=first),
    )

    assert [codes(result) for result in results] == [["SESSION_FULL"]] * 2
    await assert_all_hold(database, world.studio, NOW)


async def test_c6_a_swap_against_a_booking_for_the_last_seat_sells_it_once(world: World, database: Database) -> None:
    for swaps_first in (True, False) * 2:
        missed, wanted = await two_sessions(world, capacity=1)
        person, booking = await seated(world, missed)
        swap = person.do("swapSession", NOW, bookingId=booking, sessionId=wanted)
        given = {"sessionId": wanted, "clientId": await world.client(), "payment": "PAID"}
        book = world.owner.do("bookSession", NOW, **given)

        results = await asyncio.gather(*((swap, book) if swaps_first else (book, swap)))

        made = typenames(list(results))
        assert made["Refused"] == 1
        assert made["SessionSwapped"] + made["SessionBooked"] == 1
    await assert_all_hold(database, world.studio, NOW)


async def test_r8_who_waited_while_the_sibling_who_paid_was_given_to_another_account_swaps_nothing(
    world: World, database: Database, dialect: str
) -> None:
    await world.policy(creditScope="SAME_ACCOUNT")
    parent, client = await world.person()
    sibling = await world.client(parent, "Eva")
    await world.granted(sibling)
    missed, wanted = await two_sessions(world)
    booked = await parent.do("bookWithMakeUp", NOW, sessionId=missed, clientId=client)
    bob, _ = await world.person("Bob")
    link = clients.LinkClient(key_of(sibling), bob.email)
    swap = swaps.SwapSession(key_of(booked["booking"]["id"]), key_of(wanted))

    outcome = await what_comes_of_waiting(
        *(world, database, dialect),
        lambda work: clients.link_client(work, link),
        lambda work: swaps.swap_session(work, swap),
        by=parent,
    )

    assert isinstance(outcome, Refused)
    assert [reason.code for reason in outcome.reasons] == [RefusalCode.CREDIT_OF_OTHER_CLIENT]
    await assert_all_hold(database, world.studio, NOW)


async def test_a1_who_waited_while_the_client_was_given_to_another_account_no_longer_knows_the_booking(
    world: World, database: Database, dialect: str
) -> None:
    missed, wanted = await two_sessions(world)
    parent, client = await world.person()
    bob, _ = await world.person("Bob")
    swap = swaps.SwapSession(key_of(await world.booked(missed, client)), key_of(wanted))
    link = clients.LinkClient(key_of(client), bob.email)

    with pytest.raises(NotFound):
        await what_comes_of_waiting(
            *(world, database, dialect),
            lambda work: clients.link_client(work, link),
            lambda work: swaps.swap_session(work, swap),
            by=parent,
        )
    await assert_all_hold(database, world.studio, NOW)


@pytest.mark.parametrize("which", ["the seat given up", "the seat wanted"])
async def test_c6_who_waited_to_swap_is_judged_by_what_has_become_of_either_session(
    world: World, database: Database, dialect: str, which: str
) -> None:
    missed, wanted = await two_sessions(world, capacity=1)
    person, booking = await seated(world, missed)
    cancel = bookings.CancelBooking(key_of(booking), None)
    _, client = await world.person()
    await world.granted(client)
    book = bookings.BookWithMakeUp(key_of(wanted), key_of(client), None)
    swap = swaps.SwapSession(key_of(booking), key_of(wanted))
    given_up = which == "the seat given up"

    outcome = await what_comes_of_waiting(
        *(world, database, dialect),
        lambda work: bookings.cancel_booking(work, cancel) if given_up else bookings.book_with_make_up(work, book),
        lambda work: swaps.swap_session(work, swap),
        by=person,
    )

    assert isinstance(outcome, Refused)
    code = RefusalCode.ALREADY_CANCELLED if given_up else RefusalCode.SESSION_FULL
    assert [reason.code for reason in outcome.reasons] == [code]
    await assert_all_hold(database, world.studio, NOW)
