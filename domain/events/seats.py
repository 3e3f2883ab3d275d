"""What happened to enrolments and bookings."""

from dataclasses import dataclass

from domain.nouns.booking import (
    Attendance,
    Booking,
    BookingStatus,
    CancellationOutcome,
    EarnedNothing,
    Enrolment,
    PaymentState,
)


@dataclass(frozen=True)
class ClientEnrolled:
    enrolment: Enrolment


@dataclass(frozen=True)
class EnrolmentEnded:
    """`enrolment` as it was before."""

    enrolment: Enrolment


@dataclass(frozen=True)
class EnrolmentPaymentRecorded:
    enrolment: Enrolment
    payment: PaymentState


@dataclass(frozen=True)
class SeatBooked:
    booking: Booking


@dataclass(frozen=True)
class BookingPaymentRecorded:
    booking: Booking
    payment: PaymentState


@dataclass(frozen=True)
class BookingCancelled:
    """`booking` as it was before. `override` is why staff set the deadline aside (C10); empty where they did not."""

    booking: Booking
    status: BookingStatus
    outcome: CancellationOutcome
    why_not_earned: tuple[EarnedNothing, ...]
    override: str = ""


@dataclass(frozen=True)
class CancellationUndone:
    """`booking` as it was before; from now on it is live again (C5)."""

    booking: Booking


@dataclass(frozen=True)
class AttendanceMarked:
    """`booking` as it was before (E5)."""

    booking: Booking
    attendance: Attendance
