"""Seats, and how they are paid."""

from collections.abc import Sequence

from domain import events as e
from domain.nouns.booking import BookingStatus, PaidWith
from domain.nouns.history import EventKind
from domain.replay.plain import plain
from persistence import tables as t
from persistence.events.writing import Line, Writer, line, together, told_override, write


@write.register
async def _(event: e.SeatBooked, writer: Writer) -> Line:
    booking = event.booking
    stands_on_enrolment = booking.paid_with is PaidWith.ENROLMENT
    await writer.insert(t.bookings, booking, payment=None if stands_on_enrolment else booking.payment)
    await writer.seat_taken(booking)
    return line(
        EventKind.SEAT_BOOKED,
        {
            "paidWith": booking.paid_with.value,
            "price": booking.price,
            "payment": booking.payment.value,
            "creditId": plain(booking.credit_id),
        },
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
    return line(
        EventKind.PAYMENT_RECORDED,
        data,
        session_id=booking.session_id,
        client_id=booking.client_id,
        booking_id=booking.id,
    )


@together(e.BookingCancelled)
async def cancelled(events: Sequence[e.BookingCancelled], writer: Writer) -> list[Line]:
    brought = [
        (each.booking.id, {"status": each.status, "outcome": each.outcome, "why_not_earned": each.why_not_earned})
        for each in events
    ]
    await writer.update_all(t.bookings, brought, cancelled_at=writer.now)
    await writer.seats_freed_by_all([each.booking for each in events])
    return [_cancelled(each) for each in events]


def _cancelled(event: e.BookingCancelled) -> Line:
    booking = event.booking
    return line(
        EventKind.BOOKING_CANCELLED,
        {
            "status": event.status.value,
            "outcome": event.outcome.value,
            "whyNotEarned": [code.value for code in event.why_not_earned],
        }
        | told_override(event.override),
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
        EventKind.CANCELLATION_UNDONE,
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
        EventKind.ATTENDANCE_MARKED,
        {"before": before and before.value, "after": event.attendance.value},
        session_id=booking.session_id,
        client_id=booking.client_id,
        booking_id=booking.id,
    )
