"""Taking a cancellation back."""

from typing import Annotated

import strawberry

from domain.cancellation import undoing
from domain.services.undoing import UndoCancellation, undo_cancellation
from schema.acting import INPUT, KEY, mutation, perform
from schema.context import Info
from schema.ids import Kind, expect, expect_in
from schema.nouns.booking import Booking
from schema.nouns.credit import MakeUpCredit
from schema.nouns.session import Session
from schema.refusals import Refused
from schema.sight import seen


@strawberry.input(description="The booking that is wanted back.")
class UndoCancellationInput:
    booking_id: strawberry.ID = strawberry.field(description="The booking that was cancelled.")
    swap_back: bool = strawberry.field(
        default=False,
        description="Whether to give up the booking that the credit has paid since, where that is still in time; ask"
        " `Booking.undoPreview` which one it is. Without it, the undo is refused with `CREDIT_USED`.",
    )
    gives_up: strawberry.ID | None = strawberry.field(
        default=None,
        description="What `Booking.undoPreview.givesUp` named; refused with `OUTCOME_CHANGED` where another booking, or"
        " none, would be given up now. Left out or null, any will do.",
    )
    idempotency_key: str = KEY


@strawberry.type(description="The client has the seat again, at the price and paid as before.")
class CancellationUndone:
    booking: Booking = strawberry.field(description="The booking, which is live again.")
    session: Session = strawberry.field(description="Its session with the seats that are left.")
    credit_taken_back: MakeUpCredit | None = strawberry.field(
        description="The credit that the cancellation had earned; null where it had earned none. Of a booking that is"
        " paid with a credit, `Booking.credit` is the one that pays it again."
    )
    given_up: Booking | None = strawberry.field(
        description="The booking that the credit had paid and that `swapBack` gave up; null where there was none."
    )


UndoCancellationResult = Annotated[
    CancellationUndone | Refused,
    strawberry.union("UndoCancellationResult", description="A seat that is theirs again, or every reason why not."),
]


@strawberry.type
class UndoingMutations:
    @mutation(
        "Takes a cancellation back until the session starts, if a seat is free and nobody who waits for one comes"
        " first: the credit that it earned is taken back, and the one that paid the booking is spent on it again. By"
        " the client's account, or by the studio's owner and managers.",
        undoing.CODES,
    )
    async def undo_cancellation(
        self, info: Info, input: Annotated[UndoCancellationInput, INPUT]
    ) -> UndoCancellationResult | None:
        ref = expect(Kind.BOOKING, input.booking_id, "bookingId")
        studio_id = ref.studio_id
        shown = None if input.gives_up is None else expect_in(studio_id, Kind.BOOKING, input.gives_up, "givesUp")
        command = UndoCancellation(ref.key, input.swap_back, shown)
        outcome = await perform(info, studio_id, input, lambda work: undo_cancellation(work, command))
        if isinstance(outcome, Refused):
            return outcome
        booking = await seen(info, Booking, Kind.BOOKING, studio_id, outcome.booking)
        given_up = next(iter(outcome.bookings), None)
        return CancellationUndone(
            booking=booking,
            session=await booking.session(info),
            credit_taken_back=outcome.credit and await seen(info, MakeUpCredit, Kind.CREDIT, studio_id, outcome.credit),
            given_up=given_up and await seen(info, Booking, Kind.BOOKING, studio_id, given_up),
        )
