"""What people do in the demo about seats, as rows for a timeline: one class an act, each through its use case.

Clients are called by their first names, sessions by their title and day.
"""

from dataclasses import dataclass
from datetime import time
from typing import Protocol

from api.demo.writer import StudioWriter, only
from domain.nouns.booking import Attendance, PaymentState
from domain.services import attendance, bookings, enrolments, swaps, waitlists
from domain.services.undoing import UndoCancellation, undo_cancellation


class Act(Protocol):
    async def write(self, studio: StudioWriter) -> None: ...


Timeline = tuple[tuple[int, time, Act], ...]
"""Day, wall clock of the studio, and what happens then; in this order."""


@dataclass(frozen=True)
class Enrol:
    """One after the other, in all of the course that is still to come."""

    course: str
    payment: PaymentState
    clients: tuple[str, ...]

    async def write(self, studio: StudioWriter) -> None:
        for client in self.clients:
            command = bookings.EnrolClient(
                studio.courses[self.course], studio.clients[client], self.payment, frozenset()
            )
            done = await studio.do(bookings.enrol_client, command)
            studio.enrolments[client, self.course] = only(done.enrolment)
            for day, booking_id in zip(studio.remaining(self.course), done.bookings, strict=True):
                studio.bookings[client, self.course, day] = booking_id


@dataclass(frozen=True)
class Book:
    """By the client, and so due; by staff, who say how it is paid, where `payment` is given."""

    client: str
    title: str
    day: int
    payment: PaymentState | None = None

    async def write(self, studio: StudioWriter) -> None:
        session_id, client_id = studio.sessions[self.title, self.day].id, studio.clients[self.client]
        command = bookings.BookSession(session_id, client_id, self.payment)
        done = await studio.do(bookings.book_session, command, self.client if self.payment is None else None)
        studio.bookings[self.client, self.title, self.day] = only(done.booking)


@dataclass(frozen=True)
class BookWithMakeUp:
    """By the client, with the best of their credits."""

    client: str
    title: str
    day: int

    async def write(self, studio: StudioWriter) -> None:
        session_id, client_id = studio.sessions[self.title, self.day].id, studio.clients[self.client]
        command = bookings.BookWithMakeUp(session_id, client_id, None)
        done = await studio.do(bookings.book_with_make_up, command, self.client)
        studio.bookings[self.client, self.title, self.day] = only(done.booking)


@dataclass(frozen=True)
class Cancel:
    """By the client, unless staff do it."""

    client: str
    title: str
    day: int
    by_staff: bool = False

    async def write(self, studio: StudioWriter) -> None:
        command = bookings.CancelBooking(studio.bookings[self.client, self.title, self.day], None)
        await studio.do(bookings.cancel_booking, command, None if self.by_staff else self.client)


@dataclass(frozen=True)
class Undo:
    """The client wants the seat back."""

    client: str
    title: str
    day: int

    async def write(self, studio: StudioWriter) -> None:
        command = UndoCancellation(studio.bookings[self.client, self.title, self.day], swap_back=False)
        await studio.do(undo_cancellation, command, self.client)


@dataclass(frozen=True)
class Swap:
    """By the client, for a seat in another session."""

    client: str
    title: str
    day: int
    to: str
    on: int

    async def write(self, studio: StudioWriter) -> None:
        booking_id, session = studio.bookings[self.client, self.title, self.day], studio.sessions[self.to, self.on]
        done = await studio.do(swaps.swap_session, swaps.SwapSession(booking_id, session.id), self.client)
        studio.bookings[self.client, self.to, self.on] = done.bookings[1]


@dataclass(frozen=True)
class Mark:
    """Staff mark one who has a seat, and where `others` is given all who have no mark yet."""

    client: str
    title: str
    day: int
    attendance: Attendance
    others: Attendance | None = None

    async def write(self, studio: StudioWriter) -> None:
        marks = {studio.bookings[self.client, self.title, self.day]: self.attendance}
        command = attendance.MarkAttendance(studio.sessions[self.title, self.day].id, marks, self.others)
        await studio.do(attendance.mark_attendance, command)


@dataclass(frozen=True)
class Pay:
    """Staff have the money: for the seat on the day, or without one for the whole course."""

    client: str
    title: str
    day: int | None = None

    async def write(self, studio: StudioWriter) -> None:
        booking_id = enrolment_id = None
        if self.day is None:
            enrolment_id = studio.enrolments[self.client, self.title]
        else:
            booking_id = studio.bookings[self.client, self.title, self.day]
        command = bookings.MarkPaid(booking_id, enrolment_id, PaymentState.PAID)
        await studio.do(bookings.mark_paid, command)


@dataclass(frozen=True)
class EndEnrolment:
    """Staff end a client's place in a course."""

    client: str
    course: str

    async def write(self, studio: StudioWriter) -> None:
        command = enrolments.EndEnrolment(studio.enrolments[self.client, self.course])
        await studio.do(enrolments.end_enrolment, command)


@dataclass(frozen=True)
class Wait:
    """By the client, on the list of a session that is full."""

    client: str
    title: str
    day: int
    with_credit: bool = False

    async def write(self, studio: StudioWriter) -> None:
        session_id, client_id = studio.sessions[self.title, self.day].id, studio.clients[self.client]
        command = waitlists.JoinWaitlist(session_id, client_id, self.with_credit)
        done = await studio.do(waitlists.join_waitlist, command, self.client)
        studio.entries[self.client, self.title, self.day] = only(done.entry)


@dataclass(frozen=True)
class WaitNoLonger:
    client: str
    title: str
    day: int

    async def write(self, studio: StudioWriter) -> None:
        command = waitlists.LeaveWaitlist(studio.entries[self.client, self.title, self.day])
        await studio.do(waitlists.leave_waitlist, command, self.client)
