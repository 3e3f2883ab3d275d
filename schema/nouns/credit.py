"""Make-up credit, and its ledger."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry
from strawberry import lazy

from domain.credits.holding import in_grace
from domain.credits.ledger import LedgerEntry as DomainLedgerEntry
from domain.credits.ledger import LedgerKind, told
from domain.credits.validity import NEVER
from domain.nouns import credit as domain
from domain.nouns.booking import CancellationOutcome
from domain.nouns.credit import CreditOrigin, CreditState, GrantReason, RevocationReason
from domain.nouns.policy import ExpiryMeans
from domain.spending import make_ups
from schema.context import Info
from schema.ids import Kind, encode
from schema.money import Money, money
from schema.node import Node
from schema.nouns.booking import Booking
from schema.nouns.client import Client, client_of, clients_by_name, siblings_of
from schema.nouns.session import Session
from schema.nouns.studio import studio_of

if TYPE_CHECKING:
    from schema.nouns.waitlist import WaitlistEntry


@strawberry.type(description="One thing that happened to a credit. Lines are only ever added.")
class LedgerEntry:
    kind: LedgerKind = strawberry.field(description="What happened.")
    at: datetime = strawberry.field(description="When it happened.")
    expires_at: datetime | None = strawberry.field(
        description="From then on, the first instant at which the credit cannot be spent any more; null for never. Of"
        " `HELD`, as it will be if no seat comes; of `EXTENDED`, its own end as staff gave it, whatever waiting adds."
    )
    expires_on: date | None = strawberry.field(
        description="From then on, the last local date on which the credit can be spent; null for never. Of `HELD`, as"
        " it will be if no seat comes; of `EXTENDED`, its own end as staff gave it, whatever waiting adds."
    )
    expires_at_before: datetime | None = strawberry.field(
        description="Of `EXTENDED`: until then, the first instant at which the credit could not be spent any more,"
        " whatever waiting added; null for never, and for all other kinds."
    )
    expires_on_before: date | None = strawberry.field(
        description="Of `EXTENDED`: until then, the last local date on which the credit could be spent, whatever"
        " waiting added; null for never, and for all other kinds."
    )
    revocation_reason: RevocationReason | None = strawberry.field(
        description="Why staff took the credit back; null for all other kinds."
    )
    held_until: datetime | None = strawberry.field(
        description="Of `HELD`: the first instant at which it waits no longer if no seat comes, the start of the last"
        " session that it waits for; null for all other kinds."
    )
    row: strawberry.Private[DomainLedgerEntry]
    studio_id: strawberry.Private[int]

    @classmethod
    def of(cls, row: DomainLedgerEntry, studio_id: int) -> "LedgerEntry":
        before = row.before or NEVER
        return cls(
            kind=row.kind,
            at=row.at,
            expires_at=row.expires_at,
            expires_on=row.expires_on,
            expires_at_before=before.at,
            expires_on_before=before.on,
            revocation_reason=row.reason,
            held_until=row.held_until,
            row=row,
            studio_id=studio_id,
        )

    @strawberry.field(description="What staff noted with it. Null for everybody else.")
    async def note(self, info: Info) -> str | None:
        seen = (await info.context.authority(self.studio_id)).manages_studio
        return self.row.note if seen else None

    @strawberry.field(
        description="Why staff set the deadline aside when the credit was earned, came back or was lost; empty where"
        " they did not. Null for everybody else."
    )
    async def override(self, info: Info) -> str | None:
        seen = (await info.context.authority(self.studio_id)).manages_studio
        return self.row.override if seen else None

    @strawberry.field(description="The booking that was missed, paid, or given up.")
    async def booking(self, info: Info) -> Booking | None:
        return await booking_with_id(info, self.studio_id, self.row.booking_id)

    @strawberry.field(
        description="Of `HELD`: the session for which the credit has come to wait; null where only the end of its"
        " waiting changed, and for all other kinds."
    )
    async def session(self, info: Info) -> Session | None:
        if self.row.session_id is None:
            return None
        found = await info.context.load.session.load((self.studio_id, self.row.session_id))
        return None if found is None else Session.of(found)


@strawberry.type(
    description="The right to one seat in another session. Its terms are fixed when it is issued; only its end can be"
    " moved, by the studio's staff."
)
class MakeUpCredit(Node):
    origin: CreditOrigin = strawberry.field(description="Where it comes from.")
    reason: GrantReason | None = strawberry.field(description="Why staff granted it; null where it was earned.")
    issued_at: datetime = strawberry.field(description="When it was earned or granted.")
    expires_at: datetime | None = strawberry.field(
        description="The first instant at which it cannot be spent any more; null for never. Of one that is held, as it"
        " will be if no seat comes: a hold outlasts `ownExpiresAt`, and the studio gives a released one a grace, once."
    )
    expires_on: date | None = strawberry.field(
        description="The last local date on which it can be spent; null for never. Of one that is held, as it will be"
        " if no seat comes."
    )
    own_expires_at: datetime | None = strawberry.field(
        description="Of one that is held, its own end, which staff can move: the first instant at which it cannot be"
        " spent any more if it stops waiting before that. Null for never, and where it is not held."
    )
    own_expires_on: date | None = strawberry.field(
        description="Of one that is held, the last local date on which it can be spent if it stops waiting before its"
        " own end. Null for never, and where it is not held."
    )
    held_until: datetime | None = strawberry.field(
        description="When it is released if no seat comes before: the start of the last session that it waits for. Null"
        " where it is not held."
    )
    expiry_means: ExpiryMeans = strawberry.field(
        description="What must happen before it expires, fixed when it was issued."
    )
    redeemable_from: datetime | None = strawberry.field(
        description="The first instant at which it can be spent, fixed when it was issued; null for at once."
    )
    category: str | None = strawberry.field(
        description="The category of the session that was given up, fixed when it was issued: where the studio compares"
        " categories, it books that category alone. Null for any."
    )
    # As of now: a hold that has ended by itself is over in it, whether or not a job has written that.
    row: strawberry.Private[domain.MakeUpCredit]

    @classmethod
    def of(cls, row: domain.MakeUpCredit) -> "MakeUpCredit":
        return cls(
            id=strawberry.ID(encode(Kind.CREDIT, row.studio_id, row.id)),
            origin=row.origin,
            reason=row.reason,
            issued_at=row.issued_at,
            expires_at=row.expires_at,
            expires_on=row.expires_on,
            own_expires_at=row.own_expires_at,
            own_expires_on=row.own_expires_on,
            held_until=row.held_until,
            expiry_means=row.expiry_means,
            redeemable_from=row.redeemable_from,
            category=row.category,
            row=row,
        )

    @strawberry.field(description="What can be done with it now.")
    async def state(self, info: Info) -> CreditState:
        return self.row.state_at(info.context.now)

    @strawberry.field(description="Whose it is.")
    async def client(self, info: Info) -> Client:
        return await client_of(info, self.row.studio_id, self.row.client_id)

    @strawberry.field(description="What it is worth, fixed when it was issued; null where that is not known.")
    async def worth(self, info: Info) -> Money | None:
        return money(await studio_of(info, self.row.studio_id), self.row.worth)

    @strawberry.field(
        description="What staff noted when granting it, or when cancelling the session. Null for everybody else."
    )
    async def note(self, info: Info) -> str | None:
        seen = (await info.context.authority(self.row.studio_id)).manages_studio
        return self.row.note if seen else None

    @strawberry.field(description="The booking that it stands for; null where it was granted.")
    async def missed_booking(self, info: Info) -> Booking | None:
        return await booking_with_id(info, self.row.studio_id, self.row.missed_booking_id)

    @strawberry.field(
        description="The booking that it pays, or that it was forfeited with; null while it is not spent."
    )
    async def booking(self, info: Info) -> Booking | None:
        return await booking_with_id(info, self.row.studio_id, self.row.booking_id)

    @strawberry.field(
        description="The places on waiting lists that it is held for, by the start of the sessions; the first seat gets"
        " it, and the other places are given up. Empty where it is not held. Without those of clients whom the viewer"
        " may not see."
    )
    async def waitlist_entries(self, info: Info) -> list[Annotated["WaitlistEntry", lazy("schema.nouns.waitlist")]]:
        from schema.nouns.waitlist import WaitlistEntry

        if self.row.state is not CreditState.HELD:
            return []
        authority = await info.context.authority(self.row.studio_id)
        places = await info.context.load.places_of_credit.load((self.row.studio_id, self.row.id)) or ()
        return [WaitlistEntry.of(each.entry) for each in places if authority.sees_client(each.entry.client_id)]

    @strawberry.field(
        description="Whether it lives by its one grace: it was held past its end, and released. It can be spent, but"
        " not be held on a waiting list again."
    )
    async def in_grace(self, info: Info) -> bool:
        return self.row.state_at(info.context.now) is CreditState.ACTIVE and in_grace(self.row)

    @strawberry.field(
        description="Whose seats it can pay now, by name: its own client's and, where the studio lets siblings pay for"
        " each other, those of the other clients of their account there. Without those who are archived; empty for a"
        " guest, and while it cannot be spent. Whether it can book a session tells `Session.makeUpEligibility`."
    )
    async def can_pay_for(self, info: Info) -> list[Client]:
        studio_id, now = self.row.studio_id, info.context.now
        own = (await self.client(info)).row
        family, policy = {own.id, *await siblings_of(info, own)}, (await studio_of(info, studio_id)).policy
        clients = await clients_by_name(info, studio_id, family)
        return [Client.of(each) for each in clients if make_ups.spendable_for(each, family, [self.row], policy, now)]

    @strawberry.field(description="Everything that happened to it, oldest first.")
    async def ledger(self, info: Info) -> list[LedgerEntry]:
        lines = await info.context.load.ledger.load((self.row.studio_id, self.row.id))
        return [LedgerEntry.of(line, self.row.studio_id) for line in told(lines or (), info.context.now)]


async def booking_with_id(info: Info, studio_id: int, booking_id: UUID | None) -> Booking | None:
    """None also where it is of a client whom the viewer may not see: of one who was a sibling once (R8)."""
    if booking_id is None:
        return None
    found = await info.context.load.booking.load((studio_id, booking_id))
    return None if found is None or not await _seen(info, studio_id, found.client_id) else Booking.of(found)


async def credit_with_id(info: Info, studio_id: int, credit_id: UUID | None) -> MakeUpCredit | None:
    """Likewise."""
    if credit_id is None:
        return None
    found = await info.context.load.credit.load((studio_id, credit_id))
    return None if found is None or not await _seen(info, studio_id, found.client_id) else MakeUpCredit.of(found)


async def credit_brought_by(info: Info, cancelled: Booking) -> MakeUpCredit | None:
    """What its cancellation earned or brought back."""
    if cancelled.row.outcome is CancellationOutcome.CREDIT_RETURNED:
        return await credit_with_id(info, cancelled.row.studio_id, cancelled.row.credit_id)
    # Of a booking that was excused before, what stands is no credit of the cancellation.
    return await cancelled.earned_credit(info) if cancelled.row.outcome is CancellationOutcome.CREDIT else None


async def _seen(info: Info, studio_id: int, client_id: UUID) -> bool:
    return (await info.context.authority(studio_id)).sees_client(client_id)
