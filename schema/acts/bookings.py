"""Booking, enrolling, paying, cancelling."""

from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from domain.cancellation import cancelling
from domain.cancellation.cancelling import Expected
from domain.faults import BadUserInput
from domain.nouns.booking import CancellationOutcome, PaymentState
from domain.services import bookings
from domain.spending import enrolling, make_ups, seats
from schema.acting import INPUT, KEY, line, mutation, perform
from schema.context import Info
from schema.ids import Kind, expect, expect_in
from schema.nouns.booking import Booking, Enrolment
from schema.nouns.credit import MakeUpCredit, credit_brought_by
from schema.nouns.session import Session
from schema.refusals import Refused
from schema.sight import all_seen, seen

LONGEST_REASON = 200
_WHICH_CLIENT = "The client who is to attend; null for the one client that the account manages at the studio."


@strawberry.input(description="A seat for money.")
class BookSessionInput:
    session_id: strawberry.ID = strawberry.field(description="The session.")
    client_id: strawberry.ID | None = strawberry.field(default=None, description=_WHICH_CLIENT)
    payment: PaymentState | None = strawberry.field(
        default=None, description="How it is paid. Required of staff; left out by clients, whose bookings are `DUE`."
    )
    idempotency_key: str = KEY


@strawberry.input(description="A place in a whole course.")
class EnrolClientInput:
    course_id: strawberry.ID = strawberry.field(description="The course.")
    client_id: strawberry.ID = strawberry.field(description="The client.")
    payment: PaymentState = strawberry.field(description="How the enrolment is paid.")
    except_: list[strawberry.ID] = strawberry.field(
        default_factory=list[strawberry.ID],
        name="except",
        description="Sessions to leave out, such as those that are full.",
    )
    idempotency_key: str = KEY


@strawberry.input(description="A seat for a make-up credit.")
class BookWithMakeUpInput:
    session_id: strawberry.ID = strawberry.field(description="The session.")
    client_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Who is to attend; null for whose the credit is or, where none is named, for the one client whom"
        " the viewer's account manages.",
    )
    credit_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The credit to spend; null for the client's own that fits and expires first, or else, where the"
        " studio lets siblings pay for each other, for one of theirs.",
    )
    idempotency_key: str = KEY


@strawberry.input(description="What `Booking.cancellationPreview` said.")
class ExpectedOutcomeInput:
    outcome: CancellationOutcome = strawberry.field(description="Its `outcome`.")
    expires_on: date | None = strawberry.field(
        default=strawberry.UNSET,
        description="Its `expiresOn`, the last local date on which the credit can be spent."
        " Null expects no expiry; left out, any will do.",
    )

    def expected(self) -> Expected:
        if self.expires_on is strawberry.UNSET:
            return Expected(self.outcome, None, any_expiry=True)
        return Expected(self.outcome, self.expires_on)


@strawberry.input(
    description="Staff set the deadline aside: the cancellation counts as in time, also after the start. It beats the"
    " deadline alone, not what else stands against a credit."
)
class OverrideInput:
    reason: str = strawberry.field(
        description=f"Why, one line of 1 to {LONGEST_REASON} characters, for the staff. It is kept with the"
        " cancellation; where a credit is earned, comes back or is lost, the line of its ledger tells it as `override`."
    )


@strawberry.input(description="The booking to give up.")
class CancelBookingInput:
    booking_id: strawberry.ID = strawberry.field(description="The booking.")
    expect: ExpectedOutcomeInput | None = strawberry.field(
        default=None, description="What the person was shown; refused with `OUTCOME_CHANGED` if that is no longer true."
    )
    override: OverrideInput | None = strawberry.field(
        default=None, description="Sets the deadline aside. Only the studio's owner and managers may."
    )
    idempotency_key: str = KEY


@strawberry.input(description="What is paid: exactly one of `bookingId` and `enrolmentId`.")
class MarkPaidInput:
    booking_id: strawberry.ID | None = strawberry.field(
        default=None, description="A booking; one of an enrolment stands for the whole enrolment."
    )
    enrolment_id: strawberry.ID | None = strawberry.field(default=None, description="An enrolment.")
    payment: PaymentState = strawberry.field(
        default=PaymentState.PAID, description="What is true now: also to waive it, or to correct a mistake."
    )
    idempotency_key: str = KEY


@strawberry.type(description="The client has the seat.")
class SessionBooked:
    booking: Booking = strawberry.field(description="The new booking.")
    session: Session = strawberry.field(description="The session with the seats that are left.")


@strawberry.type(description="The client has a seat in every session that remained, but for the excepted ones.")
class ClientEnrolled:
    enrolment: Enrolment = strawberry.field(description="The new enrolment.")
    bookings: list[Booking] = strawberry.field(description="Its bookings, by start.")


@strawberry.type(description="The client has the seat, and the credit is spent.")
class MakeUpBooked:
    booking: Booking = strawberry.field(description="The new booking.")
    session: Session = strawberry.field(description="The session with the seats that are left.")
    credit: MakeUpCredit = strawberry.field(description="The credit that paid it.")


@strawberry.type(description="The seat is free again. Cancelling twice gets the same answer and changes nothing.")
class BookingCancelled:
    booking: Booking = strawberry.field(description="The booking, with what its cancellation brought.")
    session: Session = strawberry.field(description="The session with the seats that are left.")
    credit: MakeUpCredit | None = strawberry.field(description="The credit that was earned or came back.")


@strawberry.type(description="The payment is recorded. Encore never takes money.")
class PaymentMarked:
    booking: Booking | None = strawberry.field(description="The booking named.")
    enrolment: Enrolment | None = strawberry.field(description="The enrolment named, or that the booking is part of.")


BookSessionResult = Annotated[
    SessionBooked | Refused, strawberry.union("BookSessionResult", description="A seat, or every reason why not.")
]
EnrolClientResult = Annotated[
    ClientEnrolled | Refused,
    strawberry.union("EnrolClientResult", description="An enrolment, or every reason why not, of each session."),
]
BookWithMakeUpResult = Annotated[
    MakeUpBooked | Refused, strawberry.union("BookWithMakeUpResult", description="A seat, or every reason why not.")
]
CancelBookingResult = Annotated[
    BookingCancelled | Refused,
    strawberry.union("CancelBookingResult", description="What the cancellation brought, or every reason why not."),
]
MarkPaidResult = Annotated[
    PaymentMarked | Refused, strawberry.union("MarkPaidResult", description="What is paid, or why nothing changed.")
]


@strawberry.type
class BookingMutations:
    @mutation(
        "Books a seat for money. A client who was on the session's waiting list waits no longer. By the client's"
        " account, or by the studio's owner and managers.",
        seats.CODES,
    )
    async def book_session(self, info: Info, input: Annotated[BookSessionInput, INPUT]) -> BookSessionResult | None:
        session = expect(Kind.SESSION, input.session_id, "sessionId")
        client_id = _client(session.studio_id, input.client_id)
        command = bookings.BookSession(session.key, client_id, input.payment)
        outcome = await perform(info, session.studio_id, input, lambda work: bookings.book_session(work, command))
        if isinstance(outcome, Refused):
            return outcome
        booking = await seen(info, Booking, Kind.BOOKING, session.studio_id, outcome.booking)
        return SessionBooked(booking=booking, session=await booking.session(info))

    @mutation(
        "Enrols a client in a whole course: a seat in every remaining session, or none. A client who was on the waiting"
        " lists of these sessions waits no longer there. By the studio's owner and managers.",
        enrolling.CODES,
    )
    async def enrol_client(self, info: Info, input: Annotated[EnrolClientInput, INPUT]) -> EnrolClientResult | None:
        course = expect(Kind.COURSE, input.course_id, "courseId")
        studio_id = course.studio_id
        command = bookings.EnrolClient(
            course_id=course.key,
            client_id=expect_in(studio_id, Kind.CLIENT, input.client_id, "clientId"),
            payment=input.payment,
            excepted=frozenset(expect_in(studio_id, Kind.SESSION, each, "except") for each in input.except_),
        )
        outcome = await perform(info, studio_id, input, lambda work: bookings.enrol_client(work, command))
        if isinstance(outcome, Refused):
            return outcome
        enrolment = await seen(info, Enrolment, Kind.ENROLMENT, studio_id, outcome.enrolment)
        booked = await all_seen(info, Booking, Kind.BOOKING, studio_id, outcome.bookings)
        return ClientEnrolled(enrolment=enrolment, bookings=booked)

    @mutation(
        "Books a seat for a make-up credit. A client who was on the session's waiting list waits no longer. By the"
        " client's account, or by the studio's owner and managers.",
        make_ups.CODES,
    )
    async def book_with_make_up(
        self, info: Info, input: Annotated[BookWithMakeUpInput, INPUT]
    ) -> BookWithMakeUpResult | None:
        session = expect(Kind.SESSION, input.session_id, "sessionId")
        studio_id, credit = session.studio_id, input.credit_id
        command = bookings.BookWithMakeUp(
            session_id=session.key,
            client_id=_client(studio_id, input.client_id),
            credit_id=None if credit is None else expect_in(studio_id, Kind.CREDIT, credit, "creditId"),
        )
        outcome = await perform(info, studio_id, input, lambda work: bookings.book_with_make_up(work, command))
        if isinstance(outcome, Refused):
            return outcome
        booking = await seen(info, Booking, Kind.BOOKING, studio_id, outcome.booking)
        spent = await seen(info, MakeUpCredit, Kind.CREDIT, studio_id, outcome.credit)
        return MakeUpBooked(booking=booking, session=await booking.session(info), credit=spent)

    @mutation(
        "Gives a booking up; the seat goes first to those who wait for one in the session. By the client's account, or"
        " by the studio's owner and managers.",
        cancelling.CODES,
    )
    async def cancel_booking(
        self, info: Info, input: Annotated[CancelBookingInput, INPUT]
    ) -> CancelBookingResult | None:
        booking = expect(Kind.BOOKING, input.booking_id, "bookingId")
        given = input.override
        override = "" if given is None else line(given.reason, "override", "reason", most=LONGEST_REASON)
        command = bookings.CancelBooking(booking.key, input.expect and input.expect.expected(), override)
        outcome = await perform(info, booking.studio_id, input, lambda work: bookings.cancel_booking(work, command))
        if isinstance(outcome, Refused):
            return outcome
        cancelled = await seen(info, Booking, Kind.BOOKING, booking.studio_id, outcome.booking)
        return BookingCancelled(
            booking=cancelled, session=await cancelled.session(info), credit=await credit_brought_by(info, cancelled)
        )

    @mutation(
        "Records that a booking or an enrolment is paid. By the studio's owner and managers.", bookings.MARK_PAID_CODES
    )
    async def mark_paid(self, info: Info, input: Annotated[MarkPaidInput, INPUT]) -> MarkPaidResult | None:
        if (input.booking_id is None) == (input.enrolment_id is None):
            raise BadUserInput("Name a booking or an enrolment: one of the two.", "bookingId")
        if input.booking_id is not None:
            ref = expect(Kind.BOOKING, input.booking_id, "bookingId")
            command = bookings.MarkPaid(ref.key, None, input.payment)
        else:
            ref = expect(Kind.ENROLMENT, input.enrolment_id or "", "enrolmentId")
            command = bookings.MarkPaid(None, ref.key, input.payment)
        outcome = await perform(info, ref.studio_id, input, lambda work: bookings.mark_paid(work, command))
        if isinstance(outcome, Refused):
            return outcome
        booking, enrolment = outcome.booking, outcome.enrolment
        return PaymentMarked(
            booking=booking and await seen(info, Booking, Kind.BOOKING, ref.studio_id, booking),
            enrolment=enrolment and await seen(info, Enrolment, Kind.ENROLMENT, ref.studio_id, enrolment),
        )


def _client(studio_id: int, client_id: strawberry.ID | None) -> UUID | None:
    return None if client_id is None else expect_in(studio_id, Kind.CLIENT, client_id, "clientId")
