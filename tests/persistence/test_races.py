"""Races with real concurrency: many requests at once through the real server, then every invariant is checked."""

import asyncio
from datetime import date

import pytest

from domain.dates import Dates
from domain.faults import NotFound
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused
from domain.services import absences, bookings, clients
from persistence.database import Database
from tests.ids import key_of
from tests.invariants import assert_all_hold
from tests.persistence.racing import NOW, typenames, what_comes_of_waiting
from tests.world import World, codes, unique

DECEMBER = Dates(date(2026, 12, 1), date(2026, 12, 31))


async def test_forty_bookings_for_ten_seats_sell_ten(world: World, database: Database) -> None:
    session = await world.session(None, "2026-12-13T17:00:00Z", capacity=10)
    people = [await world.client(name=f"Client {number}") for number in range(40)]

    results = await asyncio.gather(
        *(world.owner.do("bookSession", NOW, sessionId=session, clientId=client, payment="PAID") for client in people)
    )

    assert typenames(results) == {"SessionBooked": 10, "Refused": 30}
    assert all(codes(result) == ["SESSION_FULL"] for result in results if result["__typename"] == "Refused")
    await assert_all_hold(database, world.studio, NOW)


async def test_forty_credits_for_ten_seats_spend_ten(world: World, database: Database) -> None:
    session = await world.session(None, "2026-12-13T17:00:00Z", capacity=10)
    person, first = await world.person()
    children = [first, *[await world.client(person, f"Child {number}") for number in range(39)]]
    for client in children:
        await world.granted(client)

    results = await asyncio.gather(
        *(person.do("bookWithMakeUp", NOW, sessionId=session, clientId=client) for client in children)
    )

    assert typenames(results) == {"MakeUpBooked": 10, "Refused": 30}
    await assert_all_hold(database, world.studio, NOW)


async def test_one_credit_spent_from_many_phones_books_one_seat(world: World, database: Database) -> None:
    person, client = await world.person()
    (credit,) = await world.granted(client)
    sessions = [await world.session(None, f"2026-12-{day:02}T17:00:00Z") for day in range(1, 11)]

    named = [person.do("bookWithMakeUp", NOW, sessionId=session, creditId=credit) for session in sessions[:5]]
    unnamed = [person.do("bookWithMakeUp", NOW, sessionId=session) for session in sessions[5:]]
    results = await asyncio.gather(*named, *unnamed)

    assert typenames(results) == {"MakeUpBooked": 1, "Refused": 9}
    refusals = {code for result in results if result["__typename"] == "Refused" for code in codes(result)}
    assert refusals <= {"CREDIT_USED", "NO_ELIGIBLE_CREDIT"}
    await assert_all_hold(database, world.studio, NOW)


async def test_one_booking_cancelled_many_times_at_once_earns_one_credit(world: World, database: Database) -> None:
    person, client = await world.person()
    session = await world.session(await world.course(), "2026-12-13T17:00:00Z")
    booking = await world.booked(session, client)

    results = await asyncio.gather(*(person.do("cancelBooking", NOW, bookingId=booking) for _ in range(10)))

    assert typenames(results) == {"BookingCancelled": 10}
    assert len({result["credit"]["id"] for result in results}) == 1
    assert {result["session"]["seatsLeft"] for result in results} == {10}
    await assert_all_hold(database, world.studio, NOW)


async def test_one_make_up_cancelled_many_times_at_once_restores_its_credit_once(
    world: World, database: Database
) -> None:
    person, client = await world.person()
    await world.granted(client)
    session = await world.session(None, "2026-12-13T17:00:00Z")
    booked = await person.do("bookWithMakeUp", NOW, sessionId=session)

    results = await asyncio.gather(
        *(person.do("cancelBooking", NOW, bookingId=booked["booking"]["id"]) for _ in range(10))
    )

    for result in results:
        assert [line["kind"] for line in result["credit"]["ledger"]] == ["ISSUED", "REDEEMED", "RESTORED"]
    await assert_all_hold(database, world.studio, NOW)


async def test_one_idempotency_key_twenty_times_at_once_has_one_effect_and_one_answer(
    world: World, database: Database
) -> None:
    person, client = await world.person()
    await world.granted(client, 3)
    session = await world.session(None, "2026-12-13T17:00:00Z")
    key = unique("key")

    answers = await asyncio.gather(
        *(person.act("bookWithMakeUp", NOW, sessionId=session, idempotencyKey=key) for _ in range(20))
    )

    results = [answer["data"]["result"] for answer in answers]
    assert all(result == results[0] for result in results)
    assert results[0]["__typename"] == "MakeUpBooked"
    assert sum("extensions" not in answer for answer in answers) == 1
    await assert_all_hold(database, world.studio, NOW)


async def test_twenty_different_keys_at_once_book_one_seat(world: World, database: Database) -> None:
    person, client = await world.person()
    await world.granted(client, 20)
    session = await world.session(None, "2026-12-13T17:00:00Z")

    results = await asyncio.gather(*(person.do("bookWithMakeUp", NOW, sessionId=session) for _ in range(20)))

    assert typenames(results) == {"MakeUpBooked": 1, "Refused": 19}
    assert all(codes(result) == ["ALREADY_BOOKED"] for result in results if result["__typename"] == "Refused")
    await assert_all_hold(database, world.studio, NOW)


async def test_enrolling_and_booking_across_each_other_never_deadlock(world: World, database: Database) -> None:
    course = await world.course()
    sessions = [await world.session(course, f"2026-12-{day:02}T17:00:00Z", capacity=8) for day in range(1, 7)]
    people = [await world.client(name=f"Client {number}") for number in range(12)]

    def pay(mutation: str, **given: str):
        return world.owner.act(mutation, NOW, payment="PAID", **given)

    enrolments = [pay("enrolClient", courseId=course, clientId=client) for client in people[:6]]
    singles = [
        pay("bookSession", sessionId=session, clientId=client)
        for client, session in zip(people[6:] * 2, (*reversed(sessions), *sessions), strict=True)
    ]
    answers = await asyncio.gather(*enrolments, *singles)

    assert all("errors" not in answer for answer in answers), answers
    await assert_all_hold(database, world.studio, NOW)


async def test_one_e_mail_signed_up_many_times_at_once_makes_one_account(world: World) -> None:
    email = f"{unique('ana')}@example.com"
    given = {"email": email, "password": "correct horse battery", "name": "Ana"}

    results = await asyncio.gather(*(world.owner.do("signUp", NOW, **given) for _ in range(8)))

    assert typenames(results) == {"SignedUp": 1, "Refused": 7}
    assert all(codes(result) == ["EMAIL_TAKEN"] for result in results if result["__typename"] == "Refused")


async def test_one_slug_taken_by_many_at_once_makes_one_studio(world: World) -> None:
    slug = unique("studio")
    given = {"slug": slug, "name": "Studio", "timeZone": "Europe/Prague", "currency": "CZK"}

    results = await asyncio.gather(*(world.owner.do("createStudio", NOW, **given) for _ in range(8)))

    assert typenames(results) == {"StudioCreated": 1, "Refused": 7}


async def test_without_time_travel_acts_at_once_follow_each_other_in_time(world: World, database: Database) -> None:
    session = await world.session(None, "2126-12-13T17:00:00Z", capacity=20)
    people = [await world.client(name=f"Client {number}") for number in range(20)]

    answers = await asyncio.gather(
        *(world.owner.act("bookSession", sessionId=session, clientId=client, payment="PAID") for client in people)
    )

    assert all("errors" not in answer for answer in answers), answers
    assert typenames([answer["data"]["result"] for answer in answers]) == {"SessionBooked": 20}
    await assert_all_hold(database, world.studio, "2126-01-01T00:00:00Z")


async def test_whoever_waited_for_a_client_to_be_linked_finds_them_linked(
    world: World, database: Database, dialect: str
) -> None:
    client_text = await world.client()
    client = key_of(client_text)
    await world.granted(client_text)
    session = key_of(await world.session(None, "2026-12-13T17:00:00Z"))

    async def link(work: Work) -> Done | Refused:
        return await clients.link_client(work, clients.LinkClient(client, world.owner.email))

    async def book(work: Work) -> Done | Refused:
        return await bookings.book_with_make_up(work, bookings.BookWithMakeUp(session, client, None))

    outcome = await what_comes_of_waiting(world, database, dialect, link, book)

    assert isinstance(outcome, Done)


@pytest.mark.parametrize("act", ["bookWithMakeUp", "bookSession", "cancelBooking", "cancelBookings"])
async def test_who_waited_while_the_client_was_given_to_another_account_may_no_longer_act_for_them(
    world: World, database: Database, dialect: str, act: str
) -> None:
    ana, client_text = await world.person()
    bob, _ = await world.person("Bob")
    client = key_of(client_text)
    await world.granted(client_text)
    session = key_of(await world.session(None, "2026-12-13T17:00:00Z"))
    booking = key_of(await world.booked(await world.session(None, "2026-12-14T17:00:00Z"), client_text))

    async def link(work: Work) -> Done | Refused:
        return await clients.link_client(work, clients.LinkClient(client, bob.email))

    async def late(work: Work) -> Done | Refused:
        match act:
            case "bookWithMakeUp":
                return await bookings.book_with_make_up(work, bookings.BookWithMakeUp(session, client, None))
            case "bookSession":
                return await bookings.book_session(work, bookings.BookSession(session, client, None))
            case "cancelBooking":
                return await bookings.cancel_booking(work, bookings.CancelBooking(booking, None))
            case _:
                return await absences.cancel_bookings(work, absences.CancelBookings(client, DECEMBER, None))

    with pytest.raises(NotFound):
        await what_comes_of_waiting(world, database, dialect, link, late, by=ana)
    await assert_all_hold(database, world.studio, NOW)
