"""Races of a studio that cancels sessions, with real concurrency."""

import asyncio

import pytest

from domain.nouns.booking import PaymentState
from domain.nouns.session import Compensation
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import RefusalCode, Refused
from domain.services import bookings, session_cancellations
from persistence.database import Database
from tests.ids import key_of
from tests.invariants import assert_all_hold
from tests.machine.harness import Act, Outcome
from tests.persistence.racing import NOW, typenames, what_comes_of_waiting
from tests.world import Json, World, codes, data

START = "2026-12-13T17:00:00Z"
FAR = "2126-12-13T17:00:00Z"


def cancelling(session: str) -> Act:
    command = session_cancellations.CancelSession(key_of(session), Compensation.CREDITS, "")
    return lambda work: session_cancellations.cancel_session(work, command)


def cancelling_course(course: str) -> Act:
    command = session_cancellations.CancelCourseSessions(key_of(course), None, Compensation.CREDITS, "")
    return lambda work: session_cancellations.cancel_course_sessions(work, command)


def refusals(outcome: Outcome) -> list[RefusalCode]:
    assert isinstance(outcome, Refused)
    return [reason.code for reason in outcome.reasons]


async def test_a_seat_is_taken_before_its_session_is_cancelled_or_not_at_all(world: World, database: Database) -> None:
    """For money and for credits: who was first has a credit again, who was not has been refused."""
    session = await world.session(None, START)
    parent, first = await world.person()
    children = [first, *[await world.client(parent, f"Child {number}") for number in range(7)]]
    for child in children:
        await world.granted(child)
    clients = [await world.client() for _ in range(8)]
    taking = [
        *(parent.do("bookWithMakeUp", NOW, sessionId=session, clientId=child) for child in children[:4]),
        *(world.owner.do("bookSession", NOW, sessionId=session, clientId=each, payment="PAID") for each in clients),
    ]

    results = await asyncio.gather(
        *taking[:6],
        world.owner.do("cancelSession", NOW, sessionId=session, compensation="CREDITS"),
        *taking[6:],
    )

    (cancelled,) = [each for each in results if each["__typename"] == "SessionCancelled"]
    taken = [each for each in results if each["__typename"] in ("MakeUpBooked", "SessionBooked")]
    assert {each["booking"]["id"] for each in taken} == {each["id"] for each in cancelled["bookings"]}
    assert all("SESSION_CANCELLED" in codes(each) for each in results if each["__typename"] == "Refused")
    shown = data(await parent.ask("{ makeUpCredits { nodes { state } } }", now=NOW))["makeUpCredits"]["nodes"]
    assert shown == [{"state": "ACTIVE"}] * 8
    await assert_all_hold(database, world.studio, NOW)


@pytest.mark.parametrize("paid_with_credit", [False, True])
async def test_who_books_while_the_session_is_cancelled_finds_it_cancelled(
    world: World, database: Database, dialect: str, paid_with_credit: bool
) -> None:
    _, client = await world.person()
    await world.granted(client)
    session = await world.session(None, FAR)
    await world.policy(maxDaysAhead=3650)
    key = key_of(session)
    book = bookings.BookSession(key, key_of(client), PaymentState.PAID)
    spend = bookings.BookWithMakeUp(key, key_of(client), None)

    async def late(work: Work) -> Outcome:
        if paid_with_credit:
            return await bookings.book_with_make_up(work, spend)
        return await bookings.book_session(work, book)

    outcome = await what_comes_of_waiting(world, database, dialect, cancelling(session), late)

    assert RefusalCode.SESSION_CANCELLED in refusals(outcome)
    await assert_all_hold(database, world.studio, NOW)


async def test_a_booking_ends_by_its_client_or_with_its_session_and_brings_one_credit(
    world: World, database: Database
) -> None:
    for cancels_first in (True, False, True, False):
        person, client = await world.person()
        session = await world.session(await world.course(), START)
        booking = await world.booked(session, client)
        cancel = person.do("cancelBooking", NOW, bookingId=booking)
        call_off = world.owner.do("cancelSession", NOW, sessionId=session, compensation="CREDITS")

        results = await asyncio.gather(*((cancel, call_off) if cancels_first else (call_off, cancel)))

        by_type = {result["__typename"]: result for result in results}
        given_up, cancelled = by_type["BookingCancelled"], by_type["SessionCancelled"]
        by_studio = [each["id"] for each in cancelled["bookings"]] == [booking]
        assert given_up["booking"]["outcome"] == "CREDIT"
        assert given_up["credit"]["origin"] == ("STUDIO_CANCELLATION" if by_studio else "CANCELLATION")
        own = data(await person.ask("{ makeUpCredits { totalCount } }", now=NOW))
        assert own["makeUpCredits"]["totalCount"] == 1
    await assert_all_hold(database, world.studio, NOW)


async def test_a_session_that_is_cancelled_many_times_at_once_ends_once(world: World, database: Database) -> None:
    session = await world.session(await world.course(), START)
    for _ in range(3):
        await world.booked(session, await world.client())

    results = await asyncio.gather(
        *(world.owner.do("cancelSession", NOW, sessionId=session, compensation="CREDITS") for _ in range(8))
    )

    assert results == [results[0]] * 8
    assert [each["outcome"] for each in results[0]["bookings"]] == ["CREDIT"] * 3
    await assert_all_hold(database, world.studio, NOW)


async def enrol(world: World, course: str) -> Json:
    given = {"courseId": course, "clientId": await world.client(), "payment": "PAID"}
    return await world.owner.do("enrolClient", NOW, **given)


async def test_who_enrols_while_a_course_is_cancelled_has_a_seat_that_ended_or_none(
    world: World, database: Database
) -> None:
    course = await world.course()
    for day in (13, 14, 15):
        await world.session(course, f"2026-12-{day}T17:00:00Z")
    call_off = world.owner.do("cancelCourseSessions", NOW, courseId=course, compensation="CREDITS")

    results = await asyncio.gather(enrol(world, course), enrol(world, course), call_off, enrol(world, course))

    came = typenames(list(results))
    (cancelled,) = [each for each in results if each["__typename"] == "CourseSessionsCancelled"]
    assert all(codes(each) == ["NO_SESSIONS_LEFT"] for each in results if each["__typename"] == "Refused")
    assert [len(each["bookings"]) for each in cancelled["results"]] == [came["ClientEnrolled"]] * 3
    await assert_all_hold(database, world.studio, NOW)


async def test_who_enrols_after_waiting_for_a_course_that_is_cancelled_finds_no_session(
    world: World, database: Database, dialect: str
) -> None:
    course = await world.course()
    await world.session(course, FAR)
    command = bookings.EnrolClient(key_of(course), key_of(await world.client()), PaymentState.PAID, frozenset())

    late = await what_comes_of_waiting(
        *(world, database, dialect), cancelling_course(course), lambda work: bookings.enrol_client(work, command)
    )

    assert refusals(late) == [RefusalCode.NO_SESSIONS_LEFT]


async def test_a_course_is_cancelled_with_a_session_of_it_at_once(world: World, database: Database) -> None:
    """Neither waits for the other for ever, and each seat ends once."""
    for _ in range(3):
        course = await world.course()
        sessions = [await world.session(course, f"2026-12-{day}T17:00:00Z") for day in (13, 14, 15)]
        for session in sessions:
            await world.booked(session, await world.client())
        results = await asyncio.gather(
            world.owner.do("cancelCourseSessions", NOW, courseId=course, compensation="CREDITS"),
            *(world.owner.do("cancelSession", NOW, sessionId=each, compensation="NONE") for each in sessions[::-1]),
        )
        of_course, *of_each = results
        told = {each["session"]["id"]: [b["outcome"] for b in each["bookings"]] for each in of_course["results"]}
        assert told == {each["session"]["id"]: [b["outcome"] for b in each["bookings"]] for each in of_each}
    await assert_all_hold(database, world.studio, NOW)


async def test_who_cancels_a_course_while_it_is_cancelled_gets_the_same_answer(
    world: World, database: Database, dialect: str
) -> None:
    course = await world.course()
    await world.session(course, FAR)

    outcome = await what_comes_of_waiting(
        world, database, dialect, cancelling_course(course), cancelling_course(course)
    )

    assert isinstance(outcome, Done)
    assert (len(outcome.sessions), outcome.changed) == (1, ())
