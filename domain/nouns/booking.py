"""Bookings and enrolments: who has a seat, and how it is paid."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.nouns.words import Word


class PaidWith(Word):
    ENROLMENT = "ENROLMENT", "A place in the whole course."
    SINGLE = "SINGLE", "The price of one session."
    MAKE_UP = "MAKE_UP", "A make-up credit."


class PaymentState(Word):
    DUE = "DUE", "Not yet paid."
    PAID = "PAID", "Paid. A make-up booking always is."
    WAIVED = "WAIVED", "The studio asks for no payment."


class BookingStatus(Word):
    BOOKED = "BOOKED", "The client has the seat."
    CANCELLED = "CANCELLED", "Cancelled in time, by the studio, or with its enrolment; the seat is free again."
    CANCELLED_LATE = "CANCELLED_LATE", "Cancelled after the deadline; the seat is free again."


class Attendance(Word):
    """What staff mark on a roster once the session has started."""

    ATTENDED = "ATTENDED", "The client was there."
    ABSENT = "ABSENT", "The client was not there."
    EXCUSED = "EXCUSED", "The client was not there, with an excuse; some studios give a credit for it."
    NO_SHOW = "NO_SHOW", "The client did not come and did not say so."


class CancellationOutcome(Word):
    CREDIT = "CREDIT", "One new make-up credit is earned."
    CREDIT_RETURNED = "CREDIT_RETURNED", "The credit that paid the booking comes back."
    NOTHING = "NOTHING", "No credit is earned and none comes back."


class EarnedNothing(Word):
    """Why a cancellation, or an absence that was excused, earned no new credit."""

    MAKE_UPS_DISABLED = "MAKE_UPS_DISABLED", "Make-ups are switched off for the course or the studio."
    ONE_TIME_CLASS = "ONE_TIME_CLASS", "A one-time class earns nothing by itself; staff may grant a credit."
    SESSION_STARTED = "SESSION_STARTED", "The session had started."
    AFTER_DEADLINE = "AFTER_DEADLINE", "The cancellation came after the deadline."
    PAID_WITH_CREDIT = "PAID_WITH_CREDIT", "A booking paid with a credit never earns a new one."
    MAKE_UP_FORFEITED = (
        "MAKE_UP_FORFEITED",
        "The studio does not give back the credit of a make-up booking that its client cancels.",
    )
    NOT_PAID = "NOT_PAID", "The booking is not paid."
    SINGLE_BOOKINGS_DO_NOT_EARN = (
        "SINGLE_BOOKINGS_DO_NOT_EARN",
        "Only places in a whole course earn credits at this studio.",
    )
    VALIDITY_ENDED = "VALIDITY_ENDED", "The term to whose end credits live is over."
    EARN_CAP_REACHED = "EARN_CAP_REACHED", "The client has earned as many credits in this period as they can."
    OUTSTANDING_CAP_REACHED = (
        "OUTSTANDING_CAP_REACHED",
        "The client holds as many earned and unspent credits as they can.",
    )
    ALREADY_CREDITED = "ALREADY_CREDITED", "The client has a credit for this session already."
    NO_COMPENSATION = "NO_COMPENSATION", "The studio cancelled the session and gives no credits for it."
    EXCUSED_ABSENCES_DO_NOT_EARN = (
        "EXCUSED_ABSENCES_DO_NOT_EARN",
        "The studio gives no credit for absences that it excuses.",
    )
    ENROLMENT_ENDED = "ENROLMENT_ENDED", "It ended with the enrolment that it was part of: a matter of refunds."


@dataclass(frozen=True)
class Booking:
    """A client's seat in one session.

    `payment` is the enrolment's where there is one. `price` in minor units, fixed at booking; None for
    a seat that was not sold by itself. `credit_id` is the credit that paid a make-up booking. `outcome`
    and `why_not_earned` tell what its cancellation brought; None and empty while it is live. `attendance`: what staff
    marked, when, and which account did; None while it is not marked.
    """

    studio_id: int
    id: UUID
    session_id: UUID
    client_id: UUID
    paid_with: PaidWith
    enrolment_id: UUID | None
    credit_id: UUID | None
    payment: PaymentState
    price: int | None
    status: BookingStatus
    booked_at: datetime
    cancelled_at: datetime | None
    outcome: CancellationOutcome | None
    why_not_earned: tuple[EarnedNothing, ...]
    attendance: Attendance | None
    marked_at: datetime | None
    marked_by: UUID | None
    changed_at: datetime

    @property
    def live(self) -> bool:
        return self.status is BookingStatus.BOOKED


@dataclass(frozen=True)
class Enrolment:
    """A client's place in a whole course. `price` in minor units, fixed when enrolling. `ended_at`: over (C12)."""

    studio_id: int
    id: UUID
    course_id: UUID
    client_id: UUID
    payment: PaymentState
    price: int
    enrolled_at: datetime
    ended_at: datetime | None
    changed_at: datetime
