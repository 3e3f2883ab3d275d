"""Reports: what a studio's owner and managers watch."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import strawberry
from strawberry import lazy

from domain import reports as domain
from domain.dates import MOST_DAYS, Dates
from domain.nouns import studio as domain_studio
from persistence.reports import activity, nothing_to_book, outstanding, seats
from schema.connections import Listed, paged
from schema.context import Info
from schema.nouns.outstanding import OutstandingCredits

if TYPE_CHECKING:
    from schema.nouns.client import Client
    from schema.nouns.session import Session

T = TypeVar("T")

From = Annotated[date, strawberry.argument(name="from", description="The first local date that is meant.")]
Through = Annotated[
    date, strawberry.argument(description=f"The last local date that is meant; at most {MOST_DAYS} days are.")
]


@strawberry.type(
    description="What happened to make-up credits on some local dates, until now: as their ledgers tell it, whether or"
    " not a job has written it."
)
class CreditReport:
    earned: int = strawberry.field(description="How many credits clients earned by cancelling a booking in time.")
    excused: int = strawberry.field(description="How many credits were given for absences that the studio excused.")
    compensated: int = strawberry.field(
        description="How many credits were given for sessions that the studio cancelled."
    )
    granted: int = strawberry.field(description="How many credits staff granted by hand.")
    used: int = strawberry.field(
        description="How many credits were spent on a seat; one that came back and was spent again counts twice."
    )
    restored: int = strawberry.field(
        description="How many credits came back because the booking that they had paid was cancelled."
    )
    forfeited: int = strawberry.field(
        description="How many credits were lost because their client cancelled the booking that they had paid."
    )
    expired: int = strawberry.field(
        description="How many credits ran out unspent: at their `expiresAt`, which is mostly the midnight that ends"
        " their last day and begins the next, or, where that was past already, by coming back or being released from a"
        " waiting list; one that was revived and ran out again counts twice."
    )
    extended: int = strawberry.field(description="How many credits staff gave another end; each time counts.")
    revoked: int = strawberry.field(
        description="How many credits were revoked: by the studio, or with the account that managed their client, when"
        " it was deleted."
    )
    undone: int = strawberry.field(
        description="How many credits were taken back because what had earned them was undone or corrected."
    )
    standing: int = strawberry.field(
        description="How many credits were issued on these dates, in whichever way, and have been neither revoked nor"
        " undone since: what the two rates are shares of."
    )
    redemption_rate: float | None = strawberry.field(
        description="The share of the standing credits that is used now, from 0 to 1; null where none stands."
    )
    breakage_rate: float | None = strawberry.field(
        description="The share of the standing credits that is expired or forfeited now, from 0 to 1; null where none"
        " stands."
    )

    @classmethod
    def of(cls, issued: domain.Issued, told: domain.Told) -> "CreditReport":
        return cls(
            earned=issued.earned,
            excused=issued.excused,
            compensated=issued.compensated,
            granted=issued.granted,
            used=told.redeemed,
            restored=told.restored,
            forfeited=told.forfeited,
            expired=told.expired,
            extended=told.extended,
            revoked=told.revoked,
            undone=told.undone,
            standing=issued.standing,
            redemption_rate=issued.redemption_rate,
            breakage_rate=issued.breakage_rate,
        )


@strawberry.type(
    description="How the seats are filled, as booked now, in the sessions that start on some local dates, past or to"
    " come. Without those that are cancelled, and those that were archived before their start, by themselves or with"
    " their course, while nobody had a seat: what has taken place counts, also where it is archived since."
)
class SeatReport:
    sessions: int = strawberry.field(description="How many sessions there are.")
    with_make_ups: int = strawberry.field(
        description="How many sessions of these have a live booking that a make-up credit paid."
    )
    seats: int = strawberry.field(
        description="How many seats they have by their capacity; seats beyond it that only credits book do not count."
    )
    bookings: int = strawberry.field(description="How many bookings in them are live.")
    make_ups: int = strawberry.field(description="How many bookings of these a make-up credit paid.")

    @classmethod
    def of(cls, row: domain.Seats) -> "SeatReport":
        return cls(**vars(row))


@strawberry.type(
    description="What a studio's owner and managers watch. Whatever is told of now is of the server's clock; dates are"
    " the studio's."
)
class StudioReports:
    studio: strawberry.Private[domain_studio.Studio]

    @strawberry.field(description="The credits that it still owes a seat for, and what they are worth.")
    async def outstanding(self, info: Info) -> OutstandingCredits:
        found = await self._read(info, outstanding.of_studio, info.context.now)
        return OutstandingCredits.of(self.studio, found)

    @paged(
        "Its clients who hold outstanding credits, by name; `Client.outstanding` tells how many.",
        Annotated["Client", lazy("schema.nouns.client")],
    )
    async def clients_with_outstanding(self, info: Info) -> Listed["Client"]:
        from schema.nouns.client import Client

        listing = outstanding.clients_with_some(self.studio.id, info.context.now)
        return Listed(listing, Client.of, f"clients with outstanding credits of {self.studio.id}")

    @strawberry.field(description="What happened to its credits on some dates, and what became of those issued then.")
    async def credits(self, info: Info, from_: From, through: Through) -> CreditReport | None:
        period, now = Dates(from_, through).instants(self.studio.zone), info.context.now
        issued = await self._read(info, activity.issued, period, now)
        return CreditReport.of(issued, await self._read(info, activity.told, period, now))

    @strawberry.field(description="How the seats of its sessions on some dates are filled, and by how many make-ups.")
    async def seats(self, info: Info, from_: From, through: Through) -> SeatReport | None:
        return SeatReport.of(await self._read(info, seats.seats, *Dates(from_, through).instants(self.studio.zone)))

    @paged(
        "Its sessions on some dates in which make-up credits have paid a seat, by start, also those that are archived;"
        " `Session.makeUpBookings` tells how many. Without those that are cancelled.",
        Annotated["Session", lazy("schema.nouns.session")],
    )
    async def sessions_filled_by_make_ups(self, info: Info, from_: From, through: Through) -> Listed["Session"]:
        from schema.nouns.session import Session

        dates = Dates(from_, through)
        listing = seats.filled_by_make_ups(self.studio.id, *dates.instants(self.studio.zone))
        return Listed(listing, Session.of, f"sessions filled by make-ups of {self.studio.id} {dates}")

    @paged(
        "Its clients who hold active credits none of which can book them any session now, by name: `makeUpOptions` of"
        " each of these credits is empty. Also where siblings may pay for each other, only their own credits are asked,"
        " and only for themselves: a sibling's credit may still book for them, and theirs for a sibling.",
        Annotated["Client", lazy("schema.nouns.client")],
    )
    async def clients_who_can_book_nothing(self, info: Info) -> Listed["Client"]:
        from schema.nouns.client import Client

        listing = nothing_to_book.clients(self.studio, info.context.now)
        return Listed(listing, Client.of, f"clients who can book nothing of {self.studio.id}")

    async def _read(self, info: Info, read: Callable[..., Awaitable[T]], *given: Any) -> T:
        async with info.context.database.reading() as reading:
            return await read(reading, self.studio.id, *given)
