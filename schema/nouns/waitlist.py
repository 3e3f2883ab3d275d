"""A place on a waiting list."""

from datetime import datetime

import strawberry

from domain.nouns import session as domain_session
from domain.nouns import waitlist as domain
from domain.nouns.waitlist import WaitlistState
from domain.waiting import leaving
from domain.waiting.leaving import Waiter
from domain.waiting.queueing import Waiting
from schema.context import Info
from schema.ids import Kind, encode
from schema.node import Node
from schema.nouns.booking import Booking
from schema.nouns.client import Client, client_of
from schema.nouns.credit import MakeUpCredit, booking_with_id, credit_with_id
from schema.nouns.session import Session, scheduled
from schema.queues import ahead_of, waiting_for
from schema.refusals import Refusal


@strawberry.type(description="Whether a seat can be claimed by somebody on a waiting list at this moment.")
class ClaimEligibility:
    eligible: bool = strawberry.field(description="Whether `claimSeat` would seat them now.")
    reasons: list[Refusal] = strawberry.field(
        description="Every rule that says no; empty where it is eligible. `OFFER_GONE` where no seat can be had now."
    )


@strawberry.type(
    description="A client's place on the waiting list of a session. As soon as a seat becomes free, the first who can"
    " take it gets it without being asked, until `Session.seatsGivenUntil`; after that it is on offer, and whoever of"
    " those who wait claims it first has it."
)
class WaitlistEntry(Node):
    joined_at: datetime = strawberry.field(description="When they joined the list.")
    with_credit: bool = strawberry.field(
        description="Whether a make-up credit is to pay the seat; if not, it is booked for money, at the price of the"
        " moment in which they get it."
    )
    row: strawberry.Private[domain.WaitlistEntry]

    @classmethod
    def of(cls, row: domain.WaitlistEntry) -> "WaitlistEntry":
        return cls(
            id=strawberry.ID(encode(Kind.ENTRY, row.studio_id, row.id)),
            joined_at=row.joined_at,
            with_credit=row.credit_id is not None,
            row=row,
        )

    @strawberry.field(description="The session that they wait for, or waited for.")
    async def session(self, info: Info) -> Session:
        return Session.of(await self._session(info))

    @strawberry.field(description="Who waits.")
    async def client(self, info: Info) -> Client:
        return await client_of(info, self.row.studio_id, self.row.client_id)

    @strawberry.field(
        description="The make-up credit that is to pay the seat, and is held while they wait; null for money, and where"
        " the viewer may not see it."
    )
    async def credit(self, info: Info) -> MakeUpCredit | None:
        return await credit_with_id(info, self.row.studio_id, self.row.credit_id)

    @strawberry.field(description="What has become of it. Whoever waits when the session starts waits in vain.")
    async def state(self, info: Info) -> WaitlistState:
        return self.row.state_at(info.context.now, (await self._session(info)).starts_at)

    @strawberry.field(
        description="How many clients the queue has up to them, they included: 1 for whoever is to be seated first."
        " Null where they wait no longer."
    )
    async def position(self, info: Info) -> int | None:
        ids = [each.entry.id for each in await self._queue(info)]
        return ids.index(self.row.id) + 1 if self.row.id in ids else None

    @strawberry.field(
        description="When the waiting ended: with a seat, by leaving, or at the start of the session. Null while they"
        " wait."
    )
    async def ended_at(self, info: Info) -> datetime | None:
        starts_at = (await self._session(info)).starts_at
        ended_by_itself = self.row.state_at(info.context.now, starts_at) is not self.row.state
        return starts_at if ended_by_itself else self.row.ended_at

    @strawberry.field(description="The seat that they have got; null while they wait, and where they got none.")
    async def booking(self, info: Info) -> Booking | None:
        return await booking_with_id(info, self.row.studio_id, self.row.booking_id)

    @strawberry.field(
        description="Whether they can claim a seat now, and if not, every reason why: `OFFER_GONE` as long as there is"
        " none for them, also before any has become free. Decided by the same rules as `claimSeat`."
    )
    async def claim_eligibility(self, info: Info) -> ClaimEligibility:
        reasons = leaving.why_not_claim(await self._waiter(info), info.context.now)
        return ClaimEligibility(
            eligible=not reasons, reasons=[Refusal.of(reason, self.row.studio_id) for reason in reasons]
        )

    async def _session(self, info: Info) -> domain_session.Session:
        found = await info.context.load.session.load((self.row.studio_id, self.row.session_id))
        assert found is not None, "a foreign key holds this"
        return found

    async def _queue(self, info: Info) -> tuple[Waiting, ...]:
        session = await self._session(info)
        return await waiting_for(info, session) if self.row.waits(info.context.now, session.starts_at) else ()

    async def _waiter(self, info: Info) -> Waiter:
        target = await scheduled(info, await self._session(info))
        by_id = {each.entry.id: each for each in await self._queue(info)}
        client = (await self.client(info)).row
        # Of who waits no longer nothing is asked but that.
        waiting = by_id.get(self.row.id) or Waiting(self.row, client, None, frozenset())
        return Waiter(target, waiting, await ahead_of(info, target, client.id))
