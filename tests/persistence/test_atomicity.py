"""R11: an act happens whole or not at all, wherever in it something breaks."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count

import pytest
from sqlalchemy import event

from domain.credits.choosing import ById
from domain.dates import Dates
from domain.issuing.granting import ThroughDate
from domain.nouns.booking import Attendance
from domain.nouns.credit import RevocationReason
from domain.nouns.session import Compensation
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused
from domain.services import absences, bookings, credits, enrolments, moving, session_cancellations, swaps
from domain.services.attendance import MarkAttendance, mark_attendance
from persistence.database import Answer, Database
from persistence.idempotency import Key
from schema.ids import Ref
from tests.ids import ref
from tests.schema.counting import rows
from tests.world import World, unique

NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)


class Broken(Exception):
    """What a test breaks an act with."""


@contextmanager
def breaking_at(database: Database, number: int) -> Iterator[None]:
    """The statement of this number raises instead of running."""
    numbers, engine = count(1), database._writer.sync_engine

    def stumble(*_: object) -> None:
        if next(numbers) == number:
            raise Broken

    event.listen(engine, "before_cursor_execute", stumble)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", stumble)


async def breaks_cleanly(
    database: Database, studio: int, account: Ref | None, act: Callable[[Work], Awaitable[Done | Refused]]
) -> int:
    """Breaks the act at each of its statements, then lets it pass; how many statements it has.

    `account` is None for what nobody asks for.
    """
    before, key = await rows(database, studio), Key("test", unique("key"), b"input")

    async def attempt() -> Answer:
        if account is None:
            return Answer(await database.by_itself(studio, NOW, act), replayed=False)
        return await database.perform(studio, account.key, NOW, act, key)

    for number in count(1):
        try:
            with breaking_at(database, number):
                answer = await attempt()
        except Broken:
            assert await rows(database, studio) == before
            continue
        assert isinstance(answer.outcome, Done)
        assert not answer.replayed
        assert await rows(database, studio) != before
        return number - 1
    raise AssertionError("unreachable")


@pytest.mark.parametrize("named", [True, False])
async def test_booking_with_a_credit_and_giving_it_up_leave_nothing_half_done(
    world: World, database: Database, named: bool
) -> None:
    _, client = await world.person()
    (credit,) = await world.granted(client)
    session = ref(await world.session(None, "2026-12-13T17:00:00Z"))
    account = ref(world.owner.account_id)
    command = bookings.BookWithMakeUp(session.key, ref(client).key, ref(credit).key if named else None)
    made: list[Done] = []

    async def book(work: Work) -> Done | Refused:
        outcome = await bookings.book_with_make_up(work, command)
        assert isinstance(outcome, Done)
        made.append(outcome)
        return outcome

    assert await breaks_cleanly(database, session.studio_id, account, book) > 8
    booking_id = made[-1].booking
    assert booking_id is not None
    cancel = bookings.CancelBooking(booking_id, None)
    steps = await breaks_cleanly(
        database, session.studio_id, account, lambda work: bookings.cancel_booking(work, cancel)
    )
    assert steps > 8


async def test_earning_a_credit_leaves_nothing_half_done(world: World, database: Database) -> None:
    client = await world.client()
    session = await world.session(await world.course(), "2026-12-13T17:00:00Z")
    booking = ref(await world.booked(session, client))
    cancel = bookings.CancelBooking(booking.key, None)
    steps = await breaks_cleanly(
        database,
        booking.studio_id,
        ref(world.owner.account_id),
        lambda work: bookings.cancel_booking(work, cancel),
    )
    assert steps > 8


async def test_an_absence_leaves_nothing_half_done(world: World, database: Database) -> None:
    """Of a seat that earns, one paid with a credit, and one that was given up before."""
    await world.policy(maxOutstanding={"limit": 9})
    person, client = await world.person()
    course = await world.course(singleSessionPrice=None)
    for day in (12, 13):
        await world.session(course, f"2026-12-{day}T17:00:00Z")
    before, _ = (await world.enrolled(course, client))["bookings"]
    await world.granted(client)
    spent_on = await world.session(None, "2026-12-14T17:00:00Z")
    await person.do("bookWithMakeUp", world.beginning, sessionId=spent_on)
    await person.do("cancelBooking", world.beginning, bookingId=before["id"])
    dates, who = Dates(date(2026, 12, 12), date(2026, 12, 14)), ref(client)
    away = absences.CancelBookings(who.key, dates, None)
    steps = await breaks_cleanly(
        database, who.studio_id, ref(person.account_id), lambda work: absences.cancel_bookings(work, away)
    )
    assert steps > 20


@pytest.mark.parametrize("override", ["", "The trams stood still."])
async def test_giving_up_a_make_up_that_is_lost_or_set_aside_leaves_nothing_half_done(
    world: World, database: Database, override: str
) -> None:
    await world.policy(onMakeUpCancellation="RESTORE" if override else "FORFEIT")
    _, client = await world.person()
    await world.granted(client)
    session = await world.session(None, "2026-12-13T17:00:00Z")
    booked = await world.owner.do("bookWithMakeUp", world.beginning, sessionId=session, clientId=client)
    booking = ref(booked["booking"]["id"])
    cancel = bookings.CancelBooking(booking.key, None, override)
    steps = await breaks_cleanly(
        database,
        booking.studio_id,
        ref(world.owner.account_id),
        lambda work: bookings.cancel_booking(work, cancel),
    )
    assert steps > 8


async def seats_of_all_kinds(world: World, session: str) -> None:
    """Paid, due, and paid with a credit."""
    await world.booked(session, await world.client())
    await world.booked(session, await world.client(), "DUE")
    _, client = await world.person()
    await world.granted(client)
    await world.owner.do("bookWithMakeUp", world.beginning, sessionId=session, clientId=client)


async def test_cancelling_a_session_leaves_nothing_half_done(world: World, database: Database) -> None:
    session = await world.session(None, "2026-12-13T17:00:00Z")
    await seats_of_all_kinds(world, session)
    command = session_cancellations.CancelSession(ref(session).key, Compensation.CREDITS, "ill")
    steps = await breaks_cleanly(
        database,
        ref(session).studio_id,
        ref(world.owner.account_id),
        lambda work: session_cancellations.cancel_session(work, command),
    )
    assert steps > 12


async def test_cancelling_the_sessions_of_a_course_leaves_nothing_half_done(world: World, database: Database) -> None:
    course = await world.course()
    for day in (13, 14):
        await seats_of_all_kinds(world, await world.session(course, f"2026-12-{day}T17:00:00Z"))
    command = session_cancellations.CancelCourseSessions(ref(course).key, None, Compensation.CREDITS, "a flood")
    steps = await breaks_cleanly(
        database,
        ref(course).studio_id,
        ref(world.owner.account_id),
        lambda work: session_cancellations.cancel_course_sessions(work, command),
    )
    assert steps > 12


@pytest.mark.parametrize("by_credit", [False, True])
async def test_a_swap_leaves_nothing_half_done(world: World, database: Database, by_credit: bool) -> None:
    """Neither a seat given up without the other, nor a credit earned and not spent."""
    person, client = await world.person()
    missed = await world.session(await world.course(), "2026-12-13T17:00:00Z")
    if by_credit:
        await world.granted(client)
        booked = await person.do("bookWithMakeUp", world.beginning, sessionId=missed)
        booking = ref(booked["booking"]["id"])
    else:
        booking = ref(await world.booked(missed, client))
    wanted = ref(await world.session(None, "2026-12-14T17:00:00Z"))
    swap = swaps.SwapSession(booking.key, wanted.key)
    steps = await breaks_cleanly(
        database,
        booking.studio_id,
        ref(world.owner.account_id),
        lambda work: swaps.swap_session(work, swap),
    )
    assert steps > 14


async def test_changing_many_credits_leaves_nothing_half_done(world: World, database: Database) -> None:
    ids = tuple(ref(each) for each in await world.granted(await world.client(), 2))
    account, chosen = ref(world.owner.account_id), ById(tuple(each.key for each in ids))
    extend = credits.ExtendMakeUps(chosen, ThroughDate(date(2027, 1, 31)), "")
    revoke = credits.RevokeMakeUps(chosen, RevocationReason.OTHER, "")
    studio = ids[0].studio_id
    assert await breaks_cleanly(database, studio, account, lambda work: credits.extend_make_ups(work, extend)) > 6
    assert await breaks_cleanly(database, studio, account, lambda work: credits.revoke_make_ups(work, revoke)) > 5


async def test_moving_a_session_leaves_nothing_half_done(world: World, database: Database) -> None:
    session = ref(await world.session(None, "2026-12-13T17:00:00Z"))
    move = moving.MoveSession(
        session.key, datetime(2026, 12, 20, 17, tzinfo=UTC), datetime(2026, 12, 20, 18, tzinfo=UTC)
    )
    account = ref(world.owner.account_id)
    assert await breaks_cleanly(database, session.studio_id, account, lambda work: moving.move_session(work, move)) > 5


async def test_marking_a_roster_leaves_nothing_half_done(world: World, database: Database) -> None:
    """All are excused, and earn; and then nobody is, and one credit was spent."""
    await world.policy(excusedAbsenceEarns=True)
    person, client = await world.person()
    course = await world.course()
    place = await world.session(course, "2026-11-22T16:00:00Z")
    session, clients = ref(place), (client, await world.client())
    seats = [ref(await world.booked(place, each)).key for each in clients]
    account = ref(world.owner.account_id)

    def mark(attendance: Attendance) -> Callable[[Work], Awaitable[Done | Refused]]:
        command = MarkAttendance(session.key, dict.fromkeys(seats, attendance))
        return lambda work: mark_attendance(work, command)

    assert await breaks_cleanly(database, session.studio_id, account, mark(Attendance.EXCUSED)) > 11
    target = await world.session(None, "2026-12-20T17:00:00Z")
    await person.do("bookWithMakeUp", NOW.isoformat(), sessionId=target)
    assert await breaks_cleanly(database, session.studio_id, account, mark(Attendance.ABSENT)) > 10


async def test_ending_an_enrolment_leaves_nothing_half_done(world: World, database: Database) -> None:
    """A seat is given up, another stands as it was given up before, and the credit for that is revoked."""
    await world.policy(onEnrolmentEnd="REVOKE_UNUSED")
    client, course = await world.client(), await world.course()
    for day in (13, 14):
        await world.session(course, f"2026-12-{day}T17:00:00Z")
    enrolled = await world.enrolled(course, client)
    await world.owner.do("cancelBooking", world.beginning, bookingId=enrolled["bookings"][0]["id"])
    enrolment = ref(enrolled["enrolment"]["id"])
    end = enrolments.EndEnrolment(enrolment.key)
    steps = await breaks_cleanly(
        database,
        enrolment.studio_id,
        ref(world.owner.account_id),
        lambda work: enrolments.end_enrolment(work, end),
    )
    assert steps > 12
