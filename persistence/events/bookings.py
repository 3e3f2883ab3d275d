"""Seats, and how they are paid."""

from domain import events as e
from domain.booking import BookingStatus, PaidWith
from persistence import tables as t
from persistence.events.writing import Line, Writer, line, write


@write.register
async def _(event: e.SeatBooked, writer: Writer) -> Line:
    booking = event.booking
    stands_on_enrolment = booking.paid_with is PaidWith.ENROLMENT
    await writer.insert(t.bookings, booking, payment=None if stands_on_enrolment else booking.payment)
    await writer.seat_taken(booking)
    return line(
        "SEAT_BOOKED",
        {"paidWith": booking.paid_with.value, "price": booking.price},
        session_id=booking.session_id,
        client_id=booking.client_id,
        enrolment_id=booking.enrolment_id,
        booking_id=booking.id,
    )


@write.register
async def _(event: e.BookingPaymentRecorded, writer: Writer) -> Line:
    booking = event.booking
    await writer.update(t.bookings, booking.id, payment=event.payment)
    data = {"before": booking.payment.value, "after": event.payment.value}
    return line("PAYMENT_RECORDED", data, client_id=booking.client_id, booking_id=booking.id)


@write.register
async def _(event: e.BookingCancelled, writer: Writer) -> Line:
    booking = event.booking
    await writer.update(
        t.bookings,
        booking.id,
        status=event.status,
        outcome=event.outcome,
        why_not_earned=event.why_not_earned,
        cancelled_at=writer.now,
    )
    await writer.seat_freed(booking)
    return line(
        "BOOKING_CANCELLED",
        {
            "status": event.status.value,
            "outcome": event.outcome.value,
            "whyNotEarned": [code.value for code in event.why_not_earned],
        },
        session_id=booking.session_id,
        client_id=booking.client_id,
        enrolment_id=booking.enrolment_id,
        booking_id=booking.id,
    )


@write.register
async def _(event: e.CancellationUndone, writer: Writer) -> Line:
    booking = event.booking
    await writer.update(
        t.bookings, booking.id, status=BookingStatus.BOOKED, outcome=None, why_not_earned=(), cancelled_at=None
    )
    await writer.seat_taken(booking)
    return line(
        "CANCELLATION_UNDONE",
        session_id=booking.session_id,
        client_id=booking.client_id,
        enrolment_id=booking.enrolment_id,
        booking_id=booking.id,
    )


@write.register
async def _(event: e.AttendanceMarked, writer: Writer) -> Line:
    booking, before = event.booking, event.booking.attendance
    await writer.update(
        t.bookings, booking.id, attendance=event.attendance, marked_at=writer.now, marked_by=writer.account_id
    )
    return line(
        "ATTENDANCE_MARKED",
        {"before": before and before.value, "after": event.attendance.value},
        session_id=booking.session_id,
        client_id=booking.client_id,
        booking_id=booking.id,
    )
