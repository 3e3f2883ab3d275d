"""Swapping one seat for another."""

from typing import Annotated

import strawberry

from domain.cancellation import swapping
from domain.services import swaps
from schema.acting import INPUT, KEY, mutation, perform
from schema.context import Info
from schema.ids import Kind, expect, expect_in
from schema.nouns.booking import Booking
from schema.nouns.credit import MakeUpCredit
from schema.nouns.session import Session
from schema.refusals import Refused
from schema.sight import all_seen, seen


@strawberry.input(description="A seat to give up, and the session to have one in instead.")
class SwapSessionInput:
    booking_id: strawberry.ID = strawberry.field(description="The booking to give up.")
    session_id: strawberry.ID = strawberry.field(
        description="The session to take a seat in, with the credit that giving the booking up brings."
    )
    idempotency_key: str = KEY


@strawberry.type(
    description="One seat is given up and the other taken, with the credit that giving up has brought: in one step, so"
    " that nobody is left with neither seat."
)
class SessionSwapped:
    given_up: Booking = strawberry.field(description="The booking that was given up.")
    given_up_session: Session = strawberry.field(description="Its session with the seats that are left.")
    booking: Booking = strawberry.field(description="The new booking.")
    session: Session = strawberry.field(description="Its session with the seats that are left.")
    credit: MakeUpCredit = strawberry.field(
        description="The credit that was earned or came back, and pays the new booking. Its ledger tells both."
    )


SwapSessionResult = Annotated[
    SessionSwapped | Refused,
    strawberry.union("SwapSessionResult", description="The other seat, or every reason why not of both halves."),
]


@strawberry.type
class SwapMutations:
    @mutation(
        "Swaps a booking for a seat in another session: cancels it, earns or gets back its credit, and spends that very"
        " credit on the session, all of it or nothing. A booking that a make-up credit pays can be swapped too. The"
        " seat given up goes first to those who wait for one, and a client who was on the other session's waiting list"
        " waits no longer there. Refused with every reason against either half; `Refusal.sessionId` tells which. By the"
        " client's account, or by the studio's owner and managers.",
        swapping.CODES,
    )
    async def swap_session(self, info: Info, input: Annotated[SwapSessionInput, INPUT]) -> SwapSessionResult | None:
        booking = expect(Kind.BOOKING, input.booking_id, "bookingId")
        studio_id = booking.studio_id
        command = swaps.SwapSession(booking.key, expect_in(studio_id, Kind.SESSION, input.session_id, "sessionId"))
        outcome = await perform(info, studio_id, input, lambda work: swaps.swap_session(work, command))
        if isinstance(outcome, Refused):
            return outcome
        given_up, new = await all_seen(info, Booking, Kind.BOOKING, studio_id, outcome.bookings)
        credit = await seen(info, MakeUpCredit, Kind.CREDIT, studio_id, outcome.credit)
        return SessionSwapped(
            given_up=given_up,
            given_up_session=await given_up.session(info),
            booking=new,
            session=await new.session(info),
            credit=credit,
        )
