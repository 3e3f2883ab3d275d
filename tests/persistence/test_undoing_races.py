"""Undoing at the same time as something else, held up, and broken. Then every invariant is checked (C5)."""

import asyncio
from typing import Any

import pytest

from domain.faults import NotFound
from domain.nouns.booking import BookingStatus
from domain.nouns.credit import CreditState
from domain.outcome import Done
from domain.refusals import RefusalCode, Refused
from domain.services import bookings, clients
from domain.services.swaps import SwapSession, swap_session
from domain.services.undoing import UndoCancellation, undo_cancellation
from persistence import shapes as s
from persistence.database import Database
from persistence.reads import queries
from tests.ids import key_of, ref
from tests.invariants import assert_all_hold
from tests.persistence.racing import NOW, typenames, what_comes_of_waiting
from tests.world import Json, Person, World, codes, unique

START, TARGET = "2026-12-13T17:00:00Z", "2026-12-14T17:00:00Z"


async def given_up(world: World, person: Person, client: str, start: str = START, **session: Any) -> Json:
    """What came of giving up a seat in a course: the booking, its session, and the credit that it earned."""
    booking = await world.booked(await world.session(await world.course(), start, **session), client)
    return await person.do("cancelBooking", NOW, bookingId=booking)


async def spent(person: Person, credit: str, session: str, client: str) -> str:
    booked = await person.do("bookWithMakeUp", NOW, sessionId=session, creditId=credit, clientId=client)
    return booked["booking"]["id"]


async def states(database: Database, booking: str, credit: str) -> tuple[BookingStatus, CreditState]:
    it, paid = ref(booking), ref(credit)
    async with database.reading() as connection:
        bookings_ = await queries.by_id(connection, s.BOOKING, [(it.studio_id, it.key)])
        credits = await queries.by_id(connection, s.CREDIT, [(paid.studio_id, paid.key)])
    return bookings_[it.studio_id, it.key].status, credits[paid.studio_id, paid.key].state


async def test_c5_one_seat_is_either_had_again_or_sold_to_another(world: World, database: Database) -> None:
    person, client = await world.person()
    done = [await given_up(world, person, client, capacity=1) for _ in range(6)]
    other = await world.client()

    results = await asyncio.gather(
        *(
            act
            for each in done
            for act in (
                person.do("undoCancellation", NOW, bookingId=each["booking"]["id"]),
                world.owner.do("bookSession", NOW, sessionId=each["session"]["id"], clientId=other, payment="PAID"),
            )
        )
    )

    for undone, sold in zip(results[::2], results[1::2], strict=True):
        loser = next(result for result in (undone, sold) if result["__typename"] == "Refused")
        assert typenames([undone, sold])["Refused"] == 1
        assert codes(loser) == ["SESSION_FULL"]
    await assert_all_hold(database, world.studio, NOW)


async def test_c5_a_credit_is_either_taken_back_or_spent(world: World, database: Database) -> None:
    person, client = await world.person()
    done = [await given_up(world, person, client) for _ in range(6)]
    targets = [await world.session(None, TARGET) for _ in done]

    results = await asyncio.gather(
        *(
            act
            for each, target in zip(done, targets, strict=True)
            for act in (
                person.do("undoCancellation", NOW, bookingId=each["booking"]["id"]),
                person.do("bookWithMakeUp", NOW, sessionId=target, creditId=each["credit"]["id"]),
            )
        )
    )

    for undone, booked in zip(results[::2], results[1::2], strict=True):
        if undone["__typename"] == "Refused":
            assert codes(undone) == ["CREDIT_USED"]
            assert booked["__typename"] == "MakeUpBooked"
        else:
            assert codes(booked) == ["CREDIT_UNDONE"]
    await assert_all_hold(database, world.studio, NOW)


async def test_c5_of_undos_at_once_one_is_done_and_one_key_is_one_undo(world: World, database: Database) -> None:
    person, client = await world.person()
    first, second = [await given_up(world, person, client) for _ in range(2)]

    results = await asyncio.gather(
        *(person.do("undoCancellation", NOW, bookingId=first["booking"]["id"]) for _ in range(5))
    )
    assert typenames(results) == {"CancellationUndone": 1, "Refused": 4}
    assert {code for result in results if result["__typename"] == "Refused" for code in codes(result)} == {
        "NOT_CANCELLED"
    }

    once = {"bookingId": second["booking"]["id"], "idempotencyKey": unique("key")}
    results = await asyncio.gather(*(person.do("undoCancellation", NOW, **once) for _ in range(5)))
    assert all(result == results[0] for result in results)
    assert results[0]["creditTakenBack"]["state"] == "UNDONE"
    await assert_all_hold(database, world.studio, NOW)


async def test_c5_swapping_back_meets_the_cancellation_of_what_it_gives_up(world: World, database: Database) -> None:
    person, client = await world.person()
    done = [await given_up(world, person, client) for _ in range(5)]
    targets = [await world.session(None, TARGET) for _ in done]
    paid = [await spent(person, each["credit"]["id"], to, client) for each, to in zip(done, targets, strict=True)]

    results = await asyncio.gather(
        *(
            act
            for each, booking in zip(done, paid, strict=True)
            for act in (
                person.do("undoCancellation", NOW, bookingId=each["booking"]["id"], swapBack=True),
                person.do("cancelBooking", NOW, bookingId=booking),
            )
        )
    )

    assert typenames(results) == {"CancellationUndone": 5, "BookingCancelled": 5}
    for each, booking in zip(done, paid, strict=True):
        credit = each["credit"]["id"]
        assert await states(database, each["booking"]["id"], credit) == (BookingStatus.BOOKED, CreditState.UNDONE)
        assert (await states(database, booking, credit))[0] is BookingStatus.CANCELLED
    await assert_all_hold(database, world.studio, NOW)


async def test_c5_c12_nothing_is_had_again_of_an_enrolment_that_ends(world: World, database: Database) -> None:
    person, client = await world.person()
    course = await world.course()
    for day in (13, 14, 15):
        await world.session(course, f"2026-12-{day}T17:00:00Z")
    enrolled = await world.enrolled(course, client)
    seats = [booking["id"] for booking in enrolled["bookings"]]
    for seat in seats[:2]:
        await person.do("cancelBooking", NOW, bookingId=seat)

    *results, ended = await asyncio.gather(
        *(person.do("undoCancellation", NOW, bookingId=seat) for seat in seats[:2]),
        world.owner.do("endEnrolment", NOW, enrolmentId=enrolled["enrolment"]["id"]),
    )

    undone = {result["booking"]["id"] for result in results if result["__typename"] != "Refused"}
    assert all(codes(result) == ["ENROLMENT_ENDED"] for result in results if result["__typename"] == "Refused")
    assert {booking["id"] for booking in ended["bookings"]} == {*undone, seats[2]}
    await assert_all_hold(database, world.studio, NOW)


async def test_c5_swaps_back_that_cross_each_other_never_deadlock(world: World, database: Database) -> None:
    """Each wants back the session on which another's credit was spent; also a sibling's seat is given up."""
    await world.policy(creditScope="SAME_ACCOUNT")
    person = await Person.signed_up(world.api)
    family = [await world.client(person, f"Child {number}") for number in range(4)]
    sessions = [await world.session(await world.course(), START) for _ in family]
    bookings_ = [await world.booked(session, child) for session, child in zip(sessions, family, strict=True)]
    done = [await person.do("cancelBooking", NOW, bookingId=booking) for booking in bookings_]
    turned = (sessions[1:] + sessions[:1], family[2:] + family[:2])
    for each, session, child in zip(done, *turned, strict=True):
        await spent(person, each["credit"]["id"], session, child)

    results = await asyncio.gather(
        *(person.do("undoCancellation", NOW, bookingId=booking, swapBack=True) for booking in bookings_)
    )

    assert typenames(results) == {"CancellationUndone": 4}
    assert all(result["givenUp"]["status"] == "CANCELLED" for result in results)
    await assert_all_hold(database, world.studio, NOW)


@pytest.mark.parametrize("swap_back", [True, False])
async def test_c5_whoever_waited_while_the_credit_was_spent_finds_what_it_has_paid(
    world: World, database: Database, dialect: str, swap_back: bool
) -> None:
    person, client = await world.person()
    done = await given_up(world, person, client)
    spend = bookings.BookWithMakeUp(key_of(await world.session(None, TARGET)), key_of(client), None)
    undo = UndoCancellation(key_of(done["booking"]["id"]), swap_back)

    outcome = await what_comes_of_waiting(
        *(world, database, dialect),
        lambda work: bookings.book_with_make_up(work, spend),
        lambda work: undo_cancellation(work, undo),
    )

    if swap_back:
        assert isinstance(outcome, Done)
        assert len(outcome.bookings) == 1
    else:
        assert isinstance(outcome, Refused)
        assert [reason.code for reason in outcome.reasons] == [RefusalCode.CREDIT_USED]
    await assert_all_hold(database, world.studio, NOW)


@pytest.mark.parametrize("as_shown", [True, False])
async def test_c5_p1_whoever_waited_while_what_they_were_shown_was_swapped_on_gives_up_nothing_else(
    world: World, database: Database, dialect: str, as_shown: bool
) -> None:
    person, client = await world.person()
    done = await given_up(world, person, client)
    shown = await spent(person, done["credit"]["id"], await world.session(None, TARGET), client)
    swap = SwapSession(key_of(shown), key_of(await world.session(None, TARGET)))
    undo = UndoCancellation(key_of(done["booking"]["id"]), True, key_of(shown) if as_shown else None)

    outcome = await what_comes_of_waiting(
        *(world, database, dialect),
        lambda work: swap_session(work, swap),
        lambda work: undo_cancellation(work, undo),
        by=person,
    )

    if as_shown:
        assert isinstance(outcome, Refused)
        assert [reason.code for reason in outcome.reasons] == [RefusalCode.OUTCOME_CHANGED]
    else:
        assert isinstance(outcome, Done)
        assert len(outcome.bookings) == 1
        assert key_of(shown) not in outcome.bookings
    await assert_all_hold(database, world.studio, NOW)


async def test_a1_whoever_waited_while_the_client_of_what_they_were_shown_changed_accounts_no_longer_knows_it(
    world: World, database: Database, dialect: str
) -> None:
    await world.policy(creditScope="SAME_ACCOUNT")
    person, client = await world.person()
    sibling, (bob, _) = await world.client(person, "Eva"), await world.person("Bob")
    done = await given_up(world, person, client)
    shown = await spent(person, done["credit"]["id"], await world.session(None, TARGET), sibling)
    link = clients.LinkClient(key_of(sibling), bob.email)
    undo = UndoCancellation(key_of(done["booking"]["id"]), True, key_of(shown))

    with pytest.raises(NotFound) as raised:
        await what_comes_of_waiting(
            *(world, database, dialect),
            lambda work: clients.link_client(work, link),
            lambda work: undo_cancellation(work, undo),
            by=person,
        )

    assert raised.value.path == ("givesUp",)
    await assert_all_hold(database, world.studio, NOW)


async def test_c5_whoever_waited_while_a_sibling_was_given_to_another_account_gives_up_none_of_their_seats(
    world: World, database: Database, dialect: str
) -> None:
    await world.policy(creditScope="SAME_ACCOUNT")
    person, client = await world.person()
    sibling, (bob, _) = await world.client(person, "Eva"), await world.person("Bob")
    done = await given_up(world, person, client)
    await spent(person, done["credit"]["id"], await world.session(None, TARGET), sibling)
    link, undo = clients.LinkClient(key_of(sibling), bob.email), UndoCancellation(key_of(done["booking"]["id"]), True)

    outcome = await what_comes_of_waiting(
        *(world, database, dialect),
        lambda work: clients.link_client(work, link),
        lambda work: undo_cancellation(work, undo),
        by=person,
    )

    assert isinstance(outcome, Refused)
    assert [reason.code for reason in outcome.reasons] == [RefusalCode.CREDIT_USED]
    await assert_all_hold(database, world.studio, NOW)


async def test_a1_whoever_waited_while_the_client_was_given_to_another_account_no_longer_knows_the_booking(
    world: World, database: Database, dialect: str
) -> None:
    person, client = await world.person()
    bob, _ = await world.person("Bob")
    done = await given_up(world, person, client)
    link, undo = clients.LinkClient(key_of(client), bob.email), UndoCancellation(key_of(done["booking"]["id"]), False)

    with pytest.raises(NotFound) as raised:
        await what_comes_of_waiting(
            *(world, database, dialect),
            lambda work: clients.link_client(work, link),
            lambda work: undo_cancellation(work, undo),
            by=person,
        )

    assert raised.value.path == ("bookingId",)
    await assert_all_hold(database, world.studio, NOW)
