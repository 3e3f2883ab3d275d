"""Bookings: with money, with a whole course, with a make-up credit; and cancelling them."""

from collections.abc import Set
from dataclasses import dataclass, replace
from uuid import UUID

from domain.authority import (
    Authority,
    client_meant,
    require_client,
    require_enrolment_of,
    require_manager,
    require_override,
    require_seat_of,
)
from domain.cancellation import cancelling
from domain.cancellation.cancelling import Expected
from domain.events import BookingPaymentRecorded, EnrolmentPaymentRecorded, SeatBooked
from domain.faults import BadUserInput, Forbidden
from domain.nouns.booking import PaidWith, PaymentState
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refusal, RefusalCode, Refused
from domain.services.paying import make_up_request, require_client_still
from domain.services.waitlists import record_and_seat, wait_no_longer
from domain.spending import enrolling, make_ups, seats
from domain.waiting import joining


@dataclass(frozen=True)
class BookSession:
    """`client_id` None: the one client that the account manages. `payment`: see `book_session`."""

    session_id: UUID
    client_id: UUID | None
    payment: PaymentState | None


async def book_session(work: Work, command: BookSession) -> Done | Refused:
    """B1: a client's booking is DUE; staff say how theirs is paid."""
    authority = await work.authority()
    client_id = client_meant(authority, command.client_id)
    require_client(authority, client_id, "clientId")
    payment = _payment(authority, client_id, command.payment)
    request = await work.locked_seat_request(command.session_id, client_id)
    await require_client_still(work, authority, client_id)
    decision = seats.decide(request, payment, work.new_id(), work.now)
    if isinstance(decision, Refused):
        return Refused(joining.told(decision.reasons, request, work.now))
    await work.record(SeatBooked(decision))
    if request.ahead.waits:
        await wait_no_longer(work, client_id, [request.session.id])
    return Done(studio_id=work.studio_id, booking=decision.id)


@dataclass(frozen=True)
class EnrolClient:
    course_id: UUID
    client_id: UUID
    payment: PaymentState
    excepted: Set[UUID]


async def enrol_client(work: Work, command: EnrolClient) -> Done | Refused:
    """B2: by staff; a booking in every remaining session but the excepted ones, all or nothing."""
    authority = await work.authority()
    client_id = command.client_id
    require_client(authority, client_id, "clientId")
    require_manager(authority)
    loaded = await work.locked_enrolling(command.course_id, client_id, command.excepted)
    booking_ids = tuple(work.new_id() for _ in loaded.seats)
    decision = enrolling.decide(loaded, command.payment, work.new_id(), booking_ids, work.now)
    if isinstance(decision, Refused):
        return decision
    await work.record(*decision.events)
    await wait_no_longer(work, client_id, (seat.session.id for seat in loaded.seats if seat.ahead.waits))
    return Done(studio_id=work.studio_id, enrolment=decision.enrolment.id, bookings=booking_ids)


@dataclass(frozen=True)
class BookWithMakeUp:
    """`client_id` None: whose the credit is or, where none is named, the one client that the account manages.

    `credit_id` None: the best one (R10).
    """

    session_id: UUID
    client_id: UUID | None
    credit_id: UUID | None


async def book_with_make_up(work: Work, command: BookWithMakeUp) -> Done | Refused:
    """R1: a seat for a credit, or every reason why not."""
    request = await make_up_request(work, command.session_id, command.client_id, command.credit_id)
    decision = make_ups.decide(request, work.new_id(), work.now)
    if isinstance(decision, Refused):
        return Refused(joining.told(decision.reasons, request, work.now))
    await work.record(*decision.events)
    if request.ahead.waits:
        await wait_no_longer(work, request.client.id, [request.session.id])
    return Done(studio_id=work.studio_id, booking=decision.booking.id, credit=decision.credit.id)


@dataclass(frozen=True)
class CancelBooking:
    """`override`: why staff set the deadline aside (C10); empty where they do not."""

    booking_id: UUID
    expected: Expected | None
    override: str = ""


async def cancel_booking(work: Work, command: CancelBooking) -> Done | Refused:
    """E1-E4, C1, C2, C10: cancels; the second time it changes nothing and answers the same (C4)."""
    authority = await work.authority()
    place = await work.booking_place(command.booking_id)
    require_seat_of(authority, place.client_id, place.instructor_id)
    if command.override:
        require_override(authority)
    cancellation = await work.locked_cancellation(place, by_staff=authority.manages_studio)
    cancellation = replace(cancellation, override=command.override)
    await require_client_still(work, authority, place.client_id)
    done = Done(studio_id=work.studio_id, booking=command.booking_id)
    if not cancellation.booking.live:
        return done
    decision = cancelling.decide(cancellation, command.expected, work.new_id(), work.now)
    if isinstance(decision, Refused):
        return decision
    await record_and_seat(work, decision.events)
    return done


ALWAYS_PAID = Refusal(
    RefusalCode.PAID_WITH_CREDIT,
    "A booking paid with a make-up credit is always paid.",
    actual=PaymentState.PAID.value,
    path=("payment",),
)
MARK_PAID_CODES = (ALWAYS_PAID.code,)


@dataclass(frozen=True)
class MarkPaid:
    """Of a booking, or of an enrolment: exactly one of the two is given."""

    booking_id: UUID | None
    enrolment_id: UUID | None
    payment: PaymentState


async def mark_paid(work: Work, command: MarkPaid) -> Done | Refused:
    """Records how a booking is paid; for a booking by enrolment, how the whole enrolment is."""
    authority = await work.authority()
    enrolment_id = command.enrolment_id
    if command.booking_id is not None:
        place = await work.booking_place(command.booking_id)
        require_seat_of(authority, place.client_id, place.instructor_id)
        require_manager(authority)
        booking = await work.locked_booking(place)
        if booking.paid_with is PaidWith.MAKE_UP and command.payment is not PaymentState.PAID:
            return Refused((ALWAYS_PAID,))
        enrolment_id = booking.enrolment_id
        if enrolment_id is None and booking.payment is not command.payment:
            await work.record(BookingPaymentRecorded(booking, command.payment))
    if enrolment_id is not None:
        await _mark_enrolment_paid(work, authority, enrolment_id, command.payment)
    return Done(studio_id=work.studio_id, booking=command.booking_id, enrolment=enrolment_id)


async def _mark_enrolment_paid(work: Work, authority: Authority, enrolment_id: UUID, payment: PaymentState) -> None:
    require_enrolment_of(authority, (await work.enrolment(enrolment_id)).client_id)
    require_manager(authority)
    enrolment = await work.locked_enrolment(enrolment_id)
    if enrolment.payment is not payment:
        await work.record(EnrolmentPaymentRecorded(enrolment, payment))


def _payment(authority: Authority, client_id: UUID, payment: PaymentState | None) -> PaymentState:
    if payment is None and client_id in authority.client_ids:
        return PaymentState.DUE
    if not authority.manages_studio:
        raise Forbidden("Only the studio's staff say how a booking is paid.", "payment")
    if payment is None:
        raise BadUserInput("Say how the booking is paid.", "payment")
    return payment
