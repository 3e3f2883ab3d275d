"""Giving up all of a client's seats between two dates."""

import asyncio
from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from domain.cancellation import absence
from domain.cancellation.absence import MOST_AT_ONCE, Shown
from domain.cancellation.cancelling import Expected
from domain.dates import MOST_DAYS, Dates
from domain.faults import BadUserInput
from domain.nouns.booking import CancellationOutcome
from domain.services import absences
from schema.acting import INPUT, KEY, mutation, perform
from schema.context import Info
from schema.ids import Kind, expect, expect_in
from schema.nouns.booking import Booking
from schema.nouns.credit import MakeUpCredit, credit_brought_by
from schema.nouns.session import Session
from schema.refusals import Refusal, Refused
from schema.sight import all_seen


@strawberry.input(description="What a part of `Client.absencePreview` said.")
class ExpectedPartInput:
    booking_id: strawberry.ID = strawberry.field(description="Its booking.")
    outcome: CancellationOutcome | None = strawberry.field(
        default=None, description="Its `outcome`. Null expects that the seat stays, as the viewer cannot give it up."
    )
    expires_on: date | None = strawberry.field(
        default=strawberry.UNSET,
        description="Its `expiresOn`, the last local date on which the credit can be spent."
        " Null expects no expiry; left out, any will do.",
    )

    def expected(self) -> Expected | None:
        if self.outcome is None:
            return None
        if self.expires_on is strawberry.UNSET:
            return Expected(self.outcome, None, any_expiry=True)
        return Expected(self.outcome, self.expires_on)


@strawberry.input(description="Whose seats, and from when to when.")
class CancelBookingsInput:
    client_id: strawberry.ID = strawberry.field(description="The client who is away.")
    from_: date = strawberry.field(name="from", description="The first local date that they are away.")
    through: date = strawberry.field(
        description=f"The last local date that they are away; at most {MOST_DAYS} days are taken at once."
    )
    expect: list[ExpectedPartInput] | None = strawberry.field(
        default=None,
        description="What the person was shown, of every seat; refused with `OUTCOME_CHANGED` if any of it is no longer"
        " true, or another seat has come to lie on these dates. Null takes whatever comes of each.",
    )
    idempotency_key: str = KEY

    def shown(self, studio_id: int) -> Shown | None:
        if self.expect is None:
            return None
        if len(self.expect) > MOST_AT_ONCE:
            raise absence.too_many()
        shown: dict[UUID, Expected | None] = {}
        for part in self.expect:
            shown[expect_in(studio_id, Kind.BOOKING, part.booking_id, "expect", "bookingId")] = part.expected()
        if len(shown) < len(self.expect):
            raise BadUserInput("A booking is named twice.", "expect", "bookingId")
        return shown


@strawberry.type(description="What became of one seat.")
class AbsenceResult:
    booking: Booking = strawberry.field(
        description="The booking, with what its cancellation brought; live where it stays."
    )
    session: Session = strawberry.field(description="The session with the seats that are left.")
    credit: MakeUpCredit | None = strawberry.field(description="The credit that was earned or came back.")
    refusals: list[Refusal] = strawberry.field(
        description="Every rule that stands against giving it up; empty where none does."
    )


@strawberry.type(
    description="Whatever could be given up is free again. Done twice with the same `expect`, it gets the same answer"
    " and changes nothing."
)
class BookingsCancelled:
    results: list[AbsenceResult] = strawberry.field(
        description="Each seat that lay on these dates or was expected, by the start of its session; none where there"
        " was none."
    )


CancelBookingsResult = Annotated[
    BookingsCancelled | Refused,
    strawberry.union(
        "CancelBookingsResult", description="What became of each seat, or every reason why all of them stay."
    ),
]


@strawberry.type
class AbsenceMutations:
    @mutation(
        "Gives up all of a client's seats between two dates: an absence. Only of sessions that have not started, one"
        " after the other by start; each seat goes first to those who wait for one in its session. A seat stays where a"
        " rule says no to giving it up; refused only where all of them would stay, or where anything is not as"
        " expected. By the client's account, or by the studio's owner and managers.",
        absence.CODES,
    )
    async def cancel_bookings(
        self, info: Info, input: Annotated[CancelBookingsInput, INPUT]
    ) -> CancelBookingsResult | None:
        client = expect(Kind.CLIENT, input.client_id, "clientId")
        studio_id = client.studio_id
        command = absences.CancelBookings(client.key, Dates(input.from_, input.through), input.shown(studio_id))
        outcome = await perform(info, studio_id, input, lambda work: absences.cancel_bookings(work, command))
        if isinstance(outcome, Refused):
            return outcome
        bookings = await all_seen(info, Booking, Kind.BOOKING, studio_id, outcome.bookings)
        sessions = await asyncio.gather(*(booking.session(info) for booking in bookings))
        credits = await asyncio.gather(*(credit_brought_by(info, booking) for booking in bookings))
        against = [(reason.booking_id, Refusal.of(reason, studio_id)) for reason in outcome.against]
        return BookingsCancelled(
            results=[
                AbsenceResult(
                    booking=booking,
                    session=session,
                    credit=credit,
                    refusals=[reason for key, reason in against if key == booking.row.id],
                )
                for booking, session, credit in zip(bookings, sessions, credits, strict=True)
            ]
        )
