"""The rules for any seat in a session, whatever pays it; and ordinary bookings (B1)."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from domain import archive
from domain.nouns.booking import Booking, BookingStatus, PaidWith, PaymentState
from domain.nouns.client import Client
from domain.nouns.course import Course
from domain.nouns.session import ScheduledSession, Session, SessionStatus
from domain.nouns.studio import Studio
from domain.nouns.waitlist import NOBODY, Ahead
from domain.refusals import FixableBy, Refusal, RefusalCode, Refused
from domain.rules import broken, codes_of, rule


@dataclass(frozen=True)
class SeatRequest:
    """A client who wants a seat. `already_booked`: they have a live booking in that session. `ahead`: its queue."""

    target: ScheduledSession
    client: Client
    already_booked: bool
    ahead: Ahead = field(default=NOBODY, kw_only=True)

    @property
    def studio(self) -> Studio:
        return self.target.studio

    @property
    def course(self) -> Course | None:
        return self.target.course

    @property
    def session(self) -> Session:
        return self.target.session


@rule("R4", RefusalCode.COURSE_NOT_SOLD_PER_SESSION)
def course_is_sold_per_session(request: SeatRequest, now: datetime) -> Refusal | None:
    """A course session is booked singly only where its course has a price for one session."""
    course = request.target.course
    if course is None or course.sold_per_session:
        return None
    return Refusal(
        RefusalCode.COURSE_NOT_SOLD_PER_SESSION,
        "The course is sold only as a whole; it has no price for one session.",
        FixableBy.STAFF,
    )


@rule("R5", RefusalCode.SESSION_CANCELLED)
def session_is_scheduled(request: SeatRequest, now: datetime) -> Refusal | None:
    """The session takes place."""
    if request.target.session.status is SessionStatus.SCHEDULED:
        return None
    return Refusal(RefusalCode.SESSION_CANCELLED, "The studio has cancelled the session.", FixableBy.CLIENT)


@rule("R5", RefusalCode.SESSION_STARTED)
def session_has_not_started(request: SeatRequest, now: datetime) -> Refusal | None:
    """The session has not started; it has iff now >= start."""
    session = request.target.session
    if not session.started(now):
        return None
    return Refusal(
        RefusalCode.SESSION_STARTED,
        "The session has already started.",
        FixableBy.CLIENT,
        actual=now,
        required=session.starts_at,
    )


@rule("R6", RefusalCode.SESSION_FULL)
def seat_is_free(request: SeatRequest, now: datetime) -> Refusal | None:
    """Fewer seats are taken than the session has, and nobody before could take one. Extra ones are for credits only."""
    return session_full(request, request.session.capacity, now)


def session_full(request: SeatRequest, seats: int, now: datetime) -> Refusal | None:
    """R6, W2: where all of the seats that could be had are taken, or are for those who come before in the queue.

    `actual` and `required`: the seats taken or, where one is free, those who come before and could take it.
    """
    session, ahead, taken = request.session, request.ahead, request.target.taken(now)
    if taken < seats and not ahead.able:
        return None
    said, actual, required = f"All {seats} seats are taken.", taken, seats - 1
    if taken < seats:
        said, actual, required = "Others who wait and could take a seat come first.", ahead.able, 0
    elif session.taken < seats:
        said = f"{session.taken} of {seats} seats are taken, and the others are kept for those who wait."
    return Refusal(
        RefusalCode.SESSION_FULL,
        said,
        FixableBy.STAFF,
        actual=actual,
        required=required,
        session_id=session.id,
        waiting=ahead.waiting,
    )


@rule("R7", RefusalCode.ALREADY_BOOKED)
def client_is_not_booked(request: SeatRequest, now: datetime) -> Refusal | None:
    """The client has no seat in the session yet."""
    if not request.already_booked:
        return None
    return Refusal(
        RefusalCode.ALREADY_BOOKED,
        "The client already has a seat in this session.",
        FixableBy.CLIENT,
        session_id=request.target.session.id,
    )


@rule("R6", RefusalCode.CAPACITY_BELOW_BOOKED)
def capacity_holds_what_is_booked(target: ScheduledSession, now: datetime) -> Refusal | None:
    """Neither the capacity nor the extra seats are lowered below what is taken."""
    session, seats = target.session, target.session.capacity + target.session.extra_make_up_seats
    if session.taken <= seats:
        return None
    return Refusal(
        RefusalCode.CAPACITY_BELOW_BOOKED,
        f"{session.taken} seats are taken, and {seats} would be left.",
        FixableBy.STAFF,
        actual=seats,
        required=session.taken,
        session_id=session.id,
    )


ORDINARY_RULES = (
    *archive.SEAT_RULES,
    course_is_sold_per_session,
    session_is_scheduled,
    session_has_not_started,
    seat_is_free,
    client_is_not_booked,
)


CODES = codes_of(*ORDINARY_RULES)


def why_not(request: SeatRequest, now: datetime) -> tuple[Refusal, ...]:
    """Every reason against booking this seat for money."""
    return broken(ORDINARY_RULES, request, now)


def decide(request: SeatRequest, payment: PaymentState, booking_id: UUID, now: datetime) -> Booking | Refused:
    """B1: books a seat at the price of this moment, or tells every reason against it."""
    if reasons := why_not(request, now):
        return Refused(reasons)
    booking = new_booking(request, booking_id, PaidWith.SINGLE, payment, now)
    return replace(booking, price=request.target.single_price)


def new_booking(
    request: SeatRequest, booking_id: UUID, paid_with: PaidWith, payment: PaymentState, now: datetime
) -> Booking:
    """A live booking without a price of its own."""
    session = request.target.session
    return Booking(
        studio_id=session.studio_id,
        id=booking_id,
        session_id=session.id,
        client_id=request.client.id,
        paid_with=paid_with,
        enrolment_id=None,
        credit_id=None,
        payment=payment,
        price=None,
        status=BookingStatus.BOOKED,
        booked_at=now,
        cancelled_at=None,
        outcome=None,
        why_not_earned=(),
        attendance=None,
        marked_at=None,
        marked_by=None,
        changed_at=now,
    )


def without_seat_of(booking: Booking, target: ScheduledSession) -> ScheduledSession:
    """The session as it is once a booking in it is given up in the same step."""
    session, by_credit = target.session, int(booking.paid_with is PaidWith.MAKE_UP)
    return replace(target, session=replace(session, taken=session.taken - 1, make_ups=session.make_ups - by_credit))
