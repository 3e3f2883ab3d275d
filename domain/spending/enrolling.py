"""Enrolling a client in a whole course (B2): a seat in every remaining session, or none."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.archive import client_is_not_archived, course_is_not_archived, studio_is_not_archived
from domain.events import ClientEnrolled, Event, SeatBooked
from domain.nouns.booking import Booking, Enrolment, PaidWith, PaymentState
from domain.nouns.client import Client
from domain.nouns.course import Course
from domain.nouns.studio import Studio
from domain.refusals import FixableBy, Refusal, RefusalCode, Refused
from domain.rules import broken, codes_of, rule
from domain.spending.seats import SeatRequest, client_is_not_booked, new_booking, seat_is_free


@dataclass(frozen=True)
class Enrolling:
    """`seats`: a request for each session that is neither cancelled, archived, started, nor excepted.

    `already_enrolled`: by an enrolment that has not ended.
    """

    studio: Studio
    course: Course
    client: Client
    already_enrolled: bool
    seats: tuple[SeatRequest, ...]


@rule("B2", RefusalCode.COURSE_NOT_SOLD_AS_WHOLE)
def course_is_sold_as_whole(enrolling: Enrolling, now: datetime) -> Refusal | None:
    """The course has a price for the whole of it."""
    if enrolling.course.sold_as_whole:
        return None
    return Refusal(
        RefusalCode.COURSE_NOT_SOLD_AS_WHOLE, "The course has no price for the whole of it.", FixableBy.STAFF
    )


@rule("B2", RefusalCode.ALREADY_ENROLLED)
def client_is_not_enrolled(enrolling: Enrolling, now: datetime) -> Refusal | None:
    """The client is not enrolled in the course yet."""
    if not enrolling.already_enrolled:
        return None
    return Refusal(RefusalCode.ALREADY_ENROLLED, "The client is already enrolled in this course.", FixableBy.STAFF)


@rule("B2", RefusalCode.NO_SESSIONS_LEFT)
def some_session_is_left(enrolling: Enrolling, now: datetime) -> Refusal | None:
    """At least one session remains."""
    if enrolling.seats:
        return None
    return Refusal(
        RefusalCode.NO_SESSIONS_LEFT,
        "No session of the course is left to enrol in.",
        FixableBy.STAFF,
        actual=0,
        required=1,
    )


COURSE_RULES = (
    studio_is_not_archived,
    course_is_not_archived,
    client_is_not_archived,
    course_is_sold_as_whole,
    client_is_not_enrolled,
    some_session_is_left,
)
EACH_SESSION_RULES = (seat_is_free, client_is_not_booked)
CODES = (*codes_of(*COURSE_RULES), *codes_of(*EACH_SESSION_RULES))


@dataclass(frozen=True)
class Enrolled:
    enrolment: Enrolment
    bookings: tuple[Booking, ...]

    @property
    def events(self) -> tuple[Event, ...]:
        return ClientEnrolled(self.enrolment), *(SeatBooked(booking) for booking in self.bookings)


def why_not(enrolling: Enrolling, now: datetime) -> tuple[Refusal, ...]:
    """Every reason of the course, and of each session of it."""
    each = (reason for seat in enrolling.seats for reason in broken(EACH_SESSION_RULES, seat, now))
    return (*broken(COURSE_RULES, enrolling, now), *each)


def decide(
    enrolling: Enrolling,
    payment: PaymentState,
    enrolment_id: UUID,
    booking_ids: tuple[UUID, ...],
    now: datetime,
) -> Enrolled | Refused:
    """All or nothing. `booking_ids`: one for each of the seats."""
    price = enrolling.course.whole_course_price
    reasons = why_not(enrolling, now)
    if reasons or price is None:
        return Refused(reasons)
    enrolment = Enrolment(
        studio_id=enrolling.course.studio_id,
        id=enrolment_id,
        course_id=enrolling.course.id,
        client_id=enrolling.client.id,
        payment=payment,
        price=price,
        enrolled_at=now,
        ended_at=None,
        changed_at=now,
    )
    bookings = tuple(
        replace(new_booking(seat, booking_id, PaidWith.ENROLMENT, payment, now), enrolment_id=enrolment_id)
        for seat, booking_id in zip(enrolling.seats, booking_ids, strict=True)
    )
    return Enrolled(enrolment, bookings)
