"""Joining and leaving waiting lists, and claiming what is on offer to them."""

from typing import Annotated

import strawberry

from domain.services import waitlists
from domain.waiting import joining, leaving
from schema.acting import INPUT, KEY, mutation, perform
from schema.context import Info
from schema.ids import Kind, expect, expect_in
from schema.nouns.booking import Booking
from schema.nouns.credit import MakeUpCredit, credit_with_id
from schema.nouns.eligibility import no_credit_for_money
from schema.nouns.waitlist import WaitlistEntry
from schema.refusals import Refused
from schema.sight import seen

_WHICH_PLACE = "The place on a waiting list."


@strawberry.input(description="A place on the waiting list of a session that is full.")
class JoinWaitlistInput:
    session_id: strawberry.ID = strawberry.field(description="The session.")
    client_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Who is to attend; null for whose the credit is or, where none is named, for the one client whom"
        " the viewer's account manages.",
    )
    with_credit: bool = strawberry.field(
        description="Whether a make-up credit is to pay the seat: it is held until a seat comes, the client leaves the"
        " list or the last session that it waits for starts. If not, the seat is booked for money."
    )
    credit_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The credit to hold; null for the best one, as `bookWithMakeUp` chooses it. One that is held for"
        " the same client on other lists may be held on this one too: the first seat gets it. Never without"
        " `withCredit`.",
    )
    idempotency_key: str = KEY


@strawberry.input(description="A place on a waiting list, to be given up.")
class LeaveWaitlistInput:
    entry_id: strawberry.ID = strawberry.field(description=_WHICH_PLACE)
    idempotency_key: str = KEY


@strawberry.input(description="A place on a waiting list, whose client wants a seat that is on offer.")
class ClaimSeatInput:
    entry_id: strawberry.ID = strawberry.field(description=_WHICH_PLACE)
    idempotency_key: str = KEY


@strawberry.type(description="The client waits for a seat.")
class WaitlistJoined:
    entry: WaitlistEntry = strawberry.field(description="The new place on the list.")
    credit: MakeUpCredit | None = strawberry.field(
        description="The credit that is held now; null for money, and where the viewer may not see it."
    )


@strawberry.type(
    description="The client waits for this session no longer. Leaving twice gets the same answer and changes nothing."
)
class WaitlistLeft:
    entry: WaitlistEntry = strawberry.field(description="The place that was given up.")
    credit: MakeUpCredit | None = strawberry.field(
        description="The credit that was held for it, and waits elsewhere or can be spent again, unless its time is"
        " over; null for money, and where the viewer may not see it."
    )


@strawberry.type(description="The client has the seat.")
class SeatClaimed:
    booking: Booking = strawberry.field(description="The new booking.")
    entry: WaitlistEntry = strawberry.field(description="The place on the list, which has ended with the seat.")
    credit: MakeUpCredit | None = strawberry.field(
        description="The credit that paid it; null for money, and where the viewer may not see it."
    )


JoinWaitlistResult = Annotated[
    WaitlistJoined | Refused,
    strawberry.union("JoinWaitlistResult", description="A place on the list, or every reason why not."),
]
LeaveWaitlistResult = Annotated[
    WaitlistLeft | Refused,
    strawberry.union("LeaveWaitlistResult", description="The place given up, or why there is none."),
]
ClaimSeatResult = Annotated[
    SeatClaimed | Refused, strawberry.union("ClaimSeatResult", description="A seat, or every reason why not.")
]


@strawberry.type
class WaitlistMutations:
    @mutation(
        "Puts a client on the waiting list of a session that is full. It is consent to be booked: when a seat becomes"
        " free the first who can take it gets it without being asked, for money at the price of that moment, until"
        " `Session.seatsGivenUntil`, so that there is time to cancel. A seat that becomes free later is on offer, to"
        " whoever of those who wait calls `claimSeat` first. By the client's account, or by the studio's owner and"
        " managers.",
        joining.CODES,
    )
    async def join_waitlist(self, info: Info, input: Annotated[JoinWaitlistInput, INPUT]) -> JoinWaitlistResult | None:
        session = expect(Kind.SESSION, input.session_id, "sessionId")
        studio_id, client, credit = session.studio_id, input.client_id, input.credit_id
        no_credit_for_money(input.with_credit, credit)
        command = waitlists.JoinWaitlist(
            session_id=session.key,
            client_id=None if client is None else expect_in(studio_id, Kind.CLIENT, client, "clientId"),
            with_credit=input.with_credit,
            credit_id=None if credit is None else expect_in(studio_id, Kind.CREDIT, credit, "creditId"),
        )
        outcome = await perform(info, studio_id, input, lambda work: waitlists.join_waitlist(work, command))
        if isinstance(outcome, Refused):
            return outcome
        entry = await seen(info, WaitlistEntry, Kind.ENTRY, studio_id, outcome.entry)
        return WaitlistJoined(entry=entry, credit=await credit_with_id(info, studio_id, outcome.credit))

    @mutation(
        "Takes a client off a waiting list. A credit that was held for it alone can be spent again until its own end"
        " (`ownExpiresAt`); one whose own end is past by then for some hours of grace, once in its life: as many as the"
        " studio's `holdReleaseGraceHours` were when it began to wait. Without any it has expired. By the client's"
        " account, or by the studio's owner and managers.",
        leaving.LEAVING_CODES,
    )
    async def leave_waitlist(
        self, info: Info, input: Annotated[LeaveWaitlistInput, INPUT]
    ) -> LeaveWaitlistResult | None:
        ref = expect(Kind.ENTRY, input.entry_id, "entryId")
        command = waitlists.LeaveWaitlist(ref.key)
        outcome = await perform(info, ref.studio_id, input, lambda work: waitlists.leave_waitlist(work, command))
        if isinstance(outcome, Refused):
            return outcome
        entry = await seen(info, WaitlistEntry, Kind.ENTRY, ref.studio_id, outcome.entry)
        return WaitlistLeft(entry=entry, credit=await credit_with_id(info, ref.studio_id, outcome.credit))

    @mutation(
        "Takes a seat that is on offer to those who wait: the first who claims it has it, wherever in the queue they"
        " are, and nobody who does not answer loses their place. Where a seat is free and none is on offer, the first"
        " who can take it may claim it as well. `OFFER_GONE` tells that there is none for them now, for example before"
        " any has become free; they go on waiting, and may ask again. By the client's account, or by the studio's owner"
        " and managers.",
        leaving.CLAIMING_CODES,
    )
    async def claim_seat(self, info: Info, input: Annotated[ClaimSeatInput, INPUT]) -> ClaimSeatResult | None:
        ref = expect(Kind.ENTRY, input.entry_id, "entryId")
        command = waitlists.ClaimSeat(ref.key)
        outcome = await perform(info, ref.studio_id, input, lambda work: waitlists.claim_seat(work, command))
        if isinstance(outcome, Refused):
            return outcome
        return SeatClaimed(
            booking=await seen(info, Booking, Kind.BOOKING, ref.studio_id, outcome.booking),
            entry=await seen(info, WaitlistEntry, Kind.ENTRY, ref.studio_id, outcome.entry),
            credit=await credit_with_id(info, ref.studio_id, outcome.credit),
        )
