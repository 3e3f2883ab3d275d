"""Acts that free seats, or give one to somebody who waits, lock those who wait and what is held for them in one order.

Whoever waits has lower keys than who acts, and higher ones; what is held was issued in another order again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from domain.credits.choosing import ById, CreditFilter
from domain.dates import Dates
from domain.issuing.granting import ThroughDate
from domain.nouns.booking import Attendance, PaymentState
from domain.nouns.credit import RevocationReason
from domain.nouns.session import Compensation
from domain.services import (
    absences,
    attendance,
    bookings,
    clients,
    credits,
    enrolments,
    jobs,
    moving,
    policies,
    schedule_changes,
    session_cancellations,
    swaps,
    undoing,
    waitlists,
)
from persistence import tables as t
from persistence.database import Database
from tests.ids import key_of
from tests.invariants import assert_all_hold
from tests.persistence.crowds import NOW, Crowd, UseCase, booking, cancelling, claiming, joining, leaving
from tests.persistence.locking import Locks, locks_taken
from tests.world import World

LATE = datetime(2026, 12, 12, 8, tzinfo=UTC)
"""On the day of the first session: seats that become free in it are on offer."""
AFTER = datetime(2026, 12, 30, tzinfo=UTC)


@dataclass
class Full:
    """Sessions of a course and classes, all full, and waited for by the same families.

    `actor` has the seats in `sessions`, from the last to the first. What they got for `excused`, in `past`, is held for
    their sibling. What `missed` has earned, pays `spent_on`. In `own` there is a seat that they cannot have for the
    credit with which they wait for it.
    """

    crowd: Crowd
    course: UUID
    sessions: list[UUID]
    seats: list[UUID]
    spent_on: UUID
    own: UUID
    free: UUID
    past: UUID
    excused: UUID
    missed: UUID
    enrolment: UUID
    actor: UUID
    early: list[UUID]
    late: list[UUID]
    held: list[UUID]
    entries: list[UUID]


async def full(world: World, database: Database) -> Full:
    await world.policy(
        creditScope="SAME_ACCOUNT",
        onEnrolmentEnd="REVOKE_UNUSED",
        excusedAbsenceEarns=True,
        lateCancellation="ALLOW_WITHOUT_CREDIT",
    )
    crowd = Crowd(world, database)
    early, actors, late = [await family(crowd) for _ in range(3)]
    actor, sibling, _ = actors
    (of_late,), (of_actor,), (of_early,) = [await crowd.credits(each[2]) for each in (late, actors, early)]
    text = await world.course()
    past = key_of(await world.session(text, "2026-11-22T16:00:00Z"))
    elsewhere, sessions = await crowd.session(9, 9, text), [await crowd.session(day, 1, text) for day in (12, 11, 10)]
    spent_on, own, waited_for, free = [await crowd.session(day) for day in (14, 13, 16, 15)]

    enrolled = await world.enrolled(text, crowd.text("cli", actor))
    seat_in = {key_of(each["session"]["id"]): key_of(each["id"]) for each in enrolled["bookings"]}
    missed = seat_in[elsewhere]
    await crowd.done(cancelling(missed))
    (earned,) = [each.id for each in (await crowd.taken()).credits if each.missed_booking_id == missed]
    spend = bookings.BookWithMakeUp(spent_on, actor, earned)
    await crowd.done(lambda work: bookings.book_with_make_up(work, spend))
    excuse = attendance.MarkAttendance(past, {seat_in[past]: Attendance.EXCUSED})
    await crowd.done(lambda work: attendance.mark_attendance(work, excuse))
    (excused,) = [each.id for each in (await crowd.taken()).credits if each.missed_booking_id == seat_in[past]]

    (given_up,), _ = await crowd.fill(own), await crowd.fill(waited_for)
    entries: list[UUID] = []
    for session in (*sessions, spent_on):
        entries += [
            await crowd.join(session, late[1], of_late),
            await crowd.join(session, early[0], of_early),
            await crowd.join(session, late[0]),
        ]
    await crowd.join(sessions[0], sibling, excused)
    await crowd.join(waited_for, sibling, excused)
    await crowd.join(own, actor, of_actor)
    no_credits = schedule_changes.UpdateSession(own, {"accepts_make_ups": False})
    await crowd.done(lambda work: schedule_changes.update_session(work, no_credits))
    await crowd.done(cancelling(given_up))
    return Full(
        *(crowd, key_of(text), sessions, [seat_in[each] for each in sessions], spent_on, own, free, past),
        *(seat_in[past], missed, key_of(enrolled["enrolment"]["id"]), actor, early, late),
        *([of_late, of_early, excused], entries),
    )


async def family(crowd: Crowd) -> list[UUID]:
    person, first = await crowd.world.person()
    return [key_of(first), await crowd.client(person), await crowd.client(person)]


async def lock(found: Full, use_case: UseCase, now: datetime) -> Locks:
    with locks_taken() as locks:
        await found.crowd.act(use_case, now=now)
    return locks


ACTS: dict[str, Callable[[Full], UseCase]] = {
    "cancelBooking": lambda on: cancelling(on.seats[0]),
    "cancelBookings": lambda on: (
        lambda work: absences.cancel_bookings(
            work, absences.CancelBookings(on.actor, Dates(date(2026, 12, 1), date(2026, 12, 31)), None)
        )
    ),
    "swapSession": lambda on: lambda work: swaps.swap_session(work, swaps.SwapSession(on.seats[0], on.free)),
    "undoCancellation": lambda on: (
        lambda work: undoing.undo_cancellation(work, undoing.UndoCancellation(on.missed, swap_back=True))
    ),
    "endEnrolment": lambda on: lambda work: enrolments.end_enrolment(work, enrolments.EndEnrolment(on.enrolment)),
    "cancelSession": lambda on: (
        lambda work: session_cancellations.cancel_session(
            work, session_cancellations.CancelSession(on.sessions[1], Compensation.CREDITS, "")
        )
    ),
    "cancelCourseSessions": lambda on: (
        lambda work: session_cancellations.cancel_course_sessions(
            work, session_cancellations.CancelCourseSessions(on.course, None, Compensation.CREDITS, "")
        )
    ),
    "updateSession": lambda on: (
        lambda work: schedule_changes.update_session(
            work, schedule_changes.UpdateSession(on.sessions[0], {"capacity": 4})
        )
    ),
    "updateSessionPolicy": lambda on: (
        lambda work: policies.update_session_policy(
            work, policies.UpdateSessionPolicy(on.sessions[0], {"extra_make_up_seats": 1})
        )
    ),
    "updateCoursePolicy": lambda on: (
        lambda work: policies.update_course_policy(
            work, policies.UpdateCoursePolicy(on.course, {"extra_make_up_seats": 2})
        )
    ),
    "moveSession": lambda on: (
        lambda work: moving.move_session(
            work,
            moving.MoveSession(
                on.sessions[0], datetime(2026, 12, 27, 17, tzinfo=UTC), datetime(2026, 12, 27, 18, tzinfo=UTC)
            ),
        )
    ),
    "markAttendance": lambda on: (
        lambda work: attendance.mark_attendance(
            work, attendance.MarkAttendance(on.past, {on.excused: Attendance.ABSENT})
        )
    ),
    "extendMakeUps": lambda on: (
        lambda work: credits.extend_make_ups(
            work, credits.ExtendMakeUps(CreditFilter(), ThroughDate(date(2027, 1, 31)), "")
        )
    ),
    "revokeMakeUps": lambda on: (
        lambda work: credits.revoke_make_ups(
            work, credits.RevokeMakeUps(ById(tuple(on.held[::-1])), RevocationReason.OTHER, "")
        )
    ),
    "updateClient": lambda on: (
        lambda work: clients.update_client(work, clients.UpdateClient(on.late[1], {}, archived=True))
    ),
    "linkClient": lambda on: (
        lambda work: clients.link_client(work, clients.LinkClient(on.early[2], on.crowd.world.owner.email))
    ),
    "bookSession": lambda on: booking(on.own, on.actor),
    "joinWaitlist": lambda on: joining(on.spent_on, on.early[1]),
    "joinWaitlist, with a sibling's credit": lambda on: joining(on.spent_on, on.late[0], on.held[0]),
    "joinWaitlist, with the best credit": lambda on: (
        lambda work: waitlists.join_waitlist(work, waitlists.JoinWaitlist(on.own, on.late[1], with_credit=True))
    ),
    "leaveWaitlist": lambda on: leaving(on.entries[0]),
    "claimSeat": lambda on: claiming(on.entries[0]),
    "enrolClient": lambda on: (
        lambda work: bookings.enrol_client(
            work, bookings.EnrolClient(on.course, on.late[1], PaymentState.PAID, frozenset())
        )
    ),
    "encore jobs run, waits": lambda on: jobs.end_waits,
    "encore jobs run, expiries": lambda on: jobs.expire_credits,
}
AT = {"claimSeat": LATE, "encore jobs run, waits": AFTER, "encore jobs run, expiries": AFTER}
NOTHING_COMES_OF_IT = frozenset(
    {
        "joinWaitlist, with a sibling's credit",
        "joinWaitlist, with the best credit",
        "enrolClient",
    }
)
"""They are refused, and lock all the same."""


@pytest.mark.parametrize("name", ACTS)
async def test_w2_locks_are_taken_in_one_order_where_somebody_waits(
    world: World, database: Database, name: str
) -> None:
    """None of an earlier kind, or with a lower key, is taken after another; and nothing is changed without its lock."""
    found = await full(world, database)
    now, crowd = AT.get(name, NOW), found.crowd
    if name == "claimSeat":
        await crowd.done(cancelling(found.seats[0]), now=now)
    if name == "encore jobs run, expiries":
        await crowd.done(jobs.end_waits, now=now)
    before = await crowd.taken()

    locks = await lock(found, ACTS[name](found), now)

    assert locks.wrong == []
    assert locks.held
    after = await crowd.taken()
    assert (before == after) == (name in NOTHING_COMES_OF_IT)
    changed = [each for each in after.entries if each not in before.entries]
    assert {each.client_id for each in changed} <= set(locks.of(t.clients))
    assert {each.credit_id for each in changed} - {None} <= set(locks.of(t.make_up_credits))
    await assert_all_hold(database, world.studio, now.isoformat())


async def test_w2_who_waits_is_locked_with_what_is_held_for_them_and_whose_that_is(
    world: World, database: Database
) -> None:
    found = await full(world, database)
    locks = await lock(found, ACTS["cancelBooking"](found), NOW)
    assert {*found.late, found.early[0], found.early[2], found.actor} <= set(locks.of(t.clients))
    assert set(found.held) <= set(locks.of(t.make_up_credits))
    assert locks.tables == ["sessions", "clients", "make_up_credits", "bookings"]
