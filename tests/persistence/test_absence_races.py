"""C7: absences at once with each other and with all else that a client does; and absences of very many seats."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.cancellation.absence import MOST_AT_ONCE
from domain.cancellation.cancelling import Expected
from domain.dates import Dates
from domain.faults import BadUserInput
from domain.nouns.booking import CancellationOutcome, PaymentState
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import RefusalCode, Refused
from domain.services import absences, bookings, schedule
from domain.services.absences import CancelBookings
from domain.services.bookings import BookSession, CancelBooking, EnrolClient
from persistence import shapes as s
from persistence.database import Database
from persistence.reads import queries
from tests.ids import key_of, ref
from tests.invariants import assert_all_hold
from tests.persistence.racing import NOW, typenames, what_comes_of_waiting
from tests.world import Json, World

DATES = Dates(date(2026, 12, 1), date(2026, 12, 31))
AWAY = {"from": "2026-12-01", "through": "2026-12-31"}


async def a_course_of(world: World, number: int) -> str:
    course = await world.course()
    for day in range(10, 10 + number):
        await world.session(course, f"2026-12-{day}T17:00:00Z")
    return course


async def seats(world: World, client: str, number: int) -> list[str]:
    """Those of an enrolment, by start."""
    enrolled = await world.enrolled(await a_course_of(world, number), client)
    return [booking["id"] for booking in enrolled["bookings"]]


def credits_of(results: list[Json]) -> Counter[str]:
    """How often each credit is told, of absences and of single cancellations."""
    told = [each for result in results for each in result.get("results", [result])]
    return Counter(each["credit"]["id"] for each in told)


async def earned(database: Database, world: World, booked: list[str]) -> int:
    """How many of the bookings have earned a credit."""
    keys = [(ref(world.studio).studio_id, key_of(each)) for each in booked]
    async with database.reading() as connection:
        found = await queries.by_id(connection, s.BOOKING, keys)
        assert {each.outcome for each in found.values()} == {CancellationOutcome.CREDIT}
        return len(await queries.credits_earned_by(connection, keys, datetime.fromisoformat(NOW)))


async def test_many_absences_and_cancellations_at_once_give_each_seat_up_once(world: World, database: Database) -> None:
    person, client = await world.person()
    booked = await seats(world, client, 6)

    results = await asyncio.gather(
        *(person.do("cancelBookings", NOW, clientId=client, **AWAY) for _ in range(4)),
        *(person.do("cancelBooking", NOW, bookingId=booking) for booking in booked),
        *(world.owner.do("cancelBookings", NOW, clientId=client, **AWAY) for _ in range(2)),
    )

    assert typenames(results) == {"BookingsCancelled": 6, "BookingCancelled": 6}
    assert len(credits_of(results)) == await earned(database, world, booked) == 6
    await assert_all_hold(database, world.studio, NOW)


async def test_absences_of_many_clients_over_the_same_sessions_never_deadlock(world: World, database: Database) -> None:
    course = await a_course_of(world, 5)
    people = [await world.person() for _ in range(6)]
    booked = [each["id"] for _, client in people for each in (await world.enrolled(course, client))["bookings"]]

    results = await asyncio.gather(
        *(person.do("cancelBookings", NOW, clientId=client, **AWAY) for person, client in people for _ in range(2))
    )

    assert typenames(results) == {"BookingsCancelled": 12}
    assert sorted(len(result["results"]) for result in results) == [0] * 6 + [5] * 6
    assert await earned(database, world, booked) == 30
    await assert_all_hold(database, world.studio, NOW)


async def test_of_absences_at_once_under_a_cap_no_more_is_earned_than_it_allows(
    world: World, database: Database
) -> None:
    await world.policy(maxOutstanding={"limit": 3})
    person, client = await world.person()
    booked = await seats(world, client, 8)

    results = await asyncio.gather(
        *(person.do("cancelBookings", NOW, clientId=client, **AWAY) for _ in range(3)),
        *(person.do("cancelBooking", NOW, bookingId=booking) for booking in booked[::2]),
    )

    told = {
        each["booking"]["id"]: each["booking"]["outcome"]
        for result in results
        for each in result.get("results", [result])
    }
    assert Counter(told.values()) == {"CREDIT": 3, "NOTHING": 5}
    await assert_all_hold(database, world.studio, NOW)


@pytest.mark.parametrize("shown", [True, False], ids=["as shown", "blindly"])
async def test_an_absence_that_waited_for_a_cancellation_answers_what_that_has_brought(
    world: World, database: Database, dialect: str, shown: bool
) -> None:
    _, client = await world.person()
    booked = [key_of(each) for each in await seats(world, client, 3)]
    seen = dict.fromkeys(booked, Expected(CancellationOutcome.CREDIT, date(2026, 12, 6)))
    away = CancelBookings(key_of(client), DATES, seen if shown else None)

    outcome = await what_comes_of_waiting(
        *(world, database, dialect),
        lambda work: bookings.cancel_booking(work, CancelBooking(booked[1], None)),
        lambda work: absences.cancel_bookings(work, away),
    )

    assert isinstance(outcome, Done)
    assert outcome.changed == (booked[0], booked[2])
    assert outcome.bookings == (tuple(booked) if shown else outcome.changed)
    await assert_all_hold(database, world.studio, NOW)


@pytest.mark.parametrize("shown", [True, False], ids=["as shown", "blindly"])
async def test_an_absence_that_waited_while_its_client_got_another_seat_sees_that_too(
    world: World, database: Database, dialect: str, shown: bool
) -> None:
    """It lies in a session that the absence has not locked: it begins anew."""
    _, client = await world.person()
    booked = [key_of(each) for each in await seats(world, client, 2)]
    between = key_of(await world.session(await world.course(), "2026-12-10T20:00:00Z"))
    seen = dict.fromkeys(booked, Expected(CancellationOutcome.CREDIT, date(2026, 12, 6)))
    away = CancelBookings(key_of(client), DATES, seen if shown else None)
    attempts = list[None]()

    async def give_up(work: Work) -> Done | Refused:
        attempts.append(None)
        return await absences.cancel_bookings(work, away)

    book = BookSession(between, key_of(client), PaymentState.PAID)
    outcome = await what_comes_of_waiting(
        *(world, database, dialect), lambda work: bookings.book_session(work, book), give_up
    )

    assert len(attempts) == (2 if dialect == "postgresql" else 1)
    if shown:
        assert isinstance(outcome, Refused)
        assert [(each.code, each.session_id) for each in outcome.reasons] == [(RefusalCode.OUTCOME_CHANGED, between)]
    else:
        assert isinstance(outcome, Done)
        assert len(outcome.changed) == 3
    await assert_all_hold(database, world.studio, NOW)


async def test_a_cancellation_that_waited_for_an_absence_is_answered_with_what_that_has_brought(
    world: World, database: Database, dialect: str
) -> None:
    _, client = await world.person()
    booked = await seats(world, client, 2)
    away = CancelBookings(key_of(client), DATES, None)
    expecting = Expected(CancellationOutcome.NOTHING, None)

    outcome = await what_comes_of_waiting(
        *(world, database, dialect),
        lambda work: absences.cancel_bookings(work, away),
        lambda work: bookings.cancel_booking(work, CancelBooking(key_of(booked[0]), expecting)),
    )

    assert isinstance(outcome, Done)
    assert await earned(database, world, booked) == 2
    await assert_all_hold(database, world.studio, NOW)


async def test_an_absence_has_at_most_so_many_seats(world: World, database: Database) -> None:
    person, client = await world.person()
    course, day = key_of(await world.course()), datetime(2026, 12, 7, tzinfo=UTC)
    who = ref(world.studio).studio_id, key_of(world.owner.account_id), datetime.fromisoformat(NOW)
    away = CancelBookings(key_of(client), DATES, None)

    async def fill(work: Work) -> Done | Refused:
        for number in range(MOST_AT_ONCE + 1):
            start = day + number * timedelta(minutes=30)
            new = schedule.CreateSession(course, "", start, start + timedelta(hours=1), 9, None, None, None)
            await schedule.create_session(work, new)
        return await bookings.enrol_client(work, EnrolClient(course, away.client_id, PaymentState.PAID, frozenset()))

    enrolled = (await database.perform(*who, fill)).outcome
    assert isinstance(enrolled, Done)
    document = """query ($client: ID!) { node(id: $client) { ... on Client {
      absencePreview(from: "2026-12-01", through: "2026-12-31") { creditsEarned parts { outcome } } } } }"""

    async def preview() -> Any:
        return await person.ask(document, {"client": client}, NOW)

    with pytest.raises(BadUserInput, match=f"more than {MOST_AT_ONCE}"):
        await database.perform(*who, lambda work: absences.cancel_bookings(work, away))
    (error,) = (await preview())["errors"]
    assert (error["extensions"]["code"], error["extensions"]["input"]) == ("BAD_USER_INPUT", ["through"])

    one_less = CancelBooking(enrolled.bookings[0], None)
    await database.perform(*who, lambda work: bookings.cancel_booking(work, one_less))
    told = (await preview())["data"]["node"]["absencePreview"]
    assert told["creditsEarned"] == len(told["parts"]) == MOST_AT_ONCE
    done = (await database.perform(*who, lambda work: absences.cancel_bookings(work, away))).outcome
    assert isinstance(done, Done)
    assert len(done.changed) == MOST_AT_ONCE
    await assert_all_hold(database, world.studio, NOW)
