"""What frees a seat in a full session for which two wait: each act that can, for tests of the use cases."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from domain.dates import Dates
from domain.nouns.booking import PaymentState
from domain.services.absences import CancelBookings, cancel_bookings
from domain.services.bookings import (
    BookWithMakeUp,
    CancelBooking,
    EnrolClient,
    book_with_make_up,
    cancel_booking,
    enrol_client,
)
from domain.services.enrolments import EndEnrolment, end_enrolment
from domain.services.policies import (
    UpdateCoursePolicy,
    UpdateSessionPolicy,
    update_course_policy,
    update_session_policy,
)
from domain.services.schedule_changes import UpdateSession, update_session
from domain.services.swaps import SwapSession, swap_session
from domain.services.undoing import UndoCancellation, undo_cancellation
from tests.domain.builders import NOW, START
from tests.domain.queues import (
    SEATED,
    Full,
    clients_waiting,
    states_of,
)
from tests.domain.studio import StudioInMemory, known

DAY = timedelta(days=1)


@dataclass
class Scene:
    """A full session with two who wait for it, and what frees a seat in it."""

    full: Full
    clients: list[UUID]
    frees: Callable[[datetime], None]


def cancelled_by_staff(studio: StudioInMemory) -> Scene:
    full = Full(studio)
    return Scene(full, clients_waiting(full, 2), full.free_one)


def cancelled_by_the_client(studio: StudioInMemory) -> Scene:
    full = Full(studio)
    studio.cancel(full.booking, NOW, by="owner")
    booking = studio.a_booking(full.id, studio.a_client())

    def frees(now: datetime) -> None:
        studio.cancel(booking, now)

    return Scene(full, clients_waiting(full, 2), frees)


def set_aside(studio: StudioInMemory) -> Scene:
    full = Full(studio)
    command = CancelBooking(full.booking, None, "ill")

    def frees(now: datetime) -> None:
        studio.done(cancel_booking, command, "owner", now)

    return Scene(full, clients_waiting(full, 2), frees)


def an_absence_over_several_sessions(studio: StudioInMemory) -> Scene:
    full = Full(studio)
    away = studio.rows.bookings[full.booking].client_id
    other = Full(studio, starts_at=START + DAY, course_id=full.course)
    studio.cancel(other.booking, NOW, by="owner")
    studio.a_booking(other.id, away)
    theirs = clients_waiting(other, 1)

    def frees(now: datetime) -> None:
        dates = Dates(date(2026, 12, 13), date(2026, 12, 14))
        studio.done(cancel_bookings, CancelBookings(away, dates, None), "owner", now)
        assert states_of(other, theirs, now) == [SEATED]

    return Scene(full, clients_waiting(full, 2), frees)


def a_swap(studio: StudioInMemory) -> Scene:
    full = Full(studio)
    wanted = studio.a_session(START + 2 * DAY)
    studio.cancel(full.booking, NOW, by="owner")
    booking = studio.a_booking(full.id, studio.a_client())

    def frees(now: datetime) -> None:
        studio.done(swap_session, SwapSession(booking, wanted), "parent", now)

    return Scene(full, clients_waiting(full, 2), frees)


def an_undo_that_swaps_back(studio: StudioInMemory) -> Scene:
    full, client = Full(studio), studio.a_client()
    studio.cancel(full.booking, NOW, by="owner")
    missed = studio.a_booking(studio.a_session(START + DAY), client)
    studio.cancel(missed, NOW)
    spend = BookWithMakeUp(full.id, client, studio.earned(missed).id)
    studio.done(book_with_make_up, spend, "parent")

    def frees(now: datetime) -> None:
        studio.done(undo_cancellation, UndoCancellation(missed, swap_back=True), "parent", now)

    return Scene(full, clients_waiting(full, 2), frees)


def a_higher_capacity(studio: StudioInMemory) -> Scene:
    full = Full(studio)

    def frees(now: datetime) -> None:
        studio.done(update_session, UpdateSession(full.id, {"capacity": 2}), "owner", now)

    return Scene(full, clients_waiting(full, 2), frees)


def extra_seats_of_the_session(studio: StudioInMemory) -> Scene:
    full = Full(studio)

    def frees(now: datetime) -> None:
        command = UpdateSessionPolicy(full.id, {"extra_make_up_seats": 1})
        studio.done(update_session_policy, command, "owner", now)

    return Scene(full, clients_waiting(full, 2, by_credit=True), frees)


def extra_seats_of_the_course(studio: StudioInMemory) -> Scene:
    full = Full(studio)

    def frees(now: datetime) -> None:
        command = UpdateCoursePolicy(full.course, {"extra_make_up_seats": 1})
        studio.done(update_course_policy, command, "owner", now)

    return Scene(full, clients_waiting(full, 2, by_credit=True), frees)


def an_enrolment_that_ends(studio: StudioInMemory) -> Scene:
    full = Full(studio)
    studio.cancel(full.booking, NOW, by="owner")
    enrol = EnrolClient(full.course, studio.a_client(None), PaymentState.PAID, frozenset())
    enrolment = known(studio.done(enrol_client, enrol).enrolment)

    def frees(now: datetime) -> None:
        studio.done(end_enrolment, EndEnrolment(enrolment), "owner", now)

    return Scene(full, clients_waiting(full, 2), frees)


SCENES: dict[str, Callable[[StudioInMemory], Scene]] = {
    scene.__name__.replace("_", " "): scene
    for scene in (
        cancelled_by_staff,
        cancelled_by_the_client,
        set_aside,
        an_absence_over_several_sessions,
        a_swap,
        an_undo_that_swaps_back,
        a_higher_capacity,
        extra_seats_of_the_session,
        extra_seats_of_the_course,
        an_enrolment_that_ends,
    )
}
