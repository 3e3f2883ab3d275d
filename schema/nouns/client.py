"""Client."""

from collections.abc import Set
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry
from strawberry import lazy

from domain.authority import require_client
from domain.cancellation.absence import MOST_AT_ONCE
from domain.dates import MOST_DAYS, Dates
from domain.nouns import client as domain
from domain.nouns.policy import CreditScope
from domain.reports import NOTHING_OUTSTANDING
from persistence.reads import listings, waitlists
from persistence.reads.keys import Key
from schema.connections import Listed, paged
from schema.context import Info
from schema.filters import (
    BookingFilter,
    CreditFilter,
    WaitlistFilter,
    WhichBookings,
    WhichCredits,
    WhichEntries,
)
from schema.ids import Kind, encode
from schema.node import Node
from schema.nouns.outstanding import OutstandingCredits
from schema.nouns.studio import Studio, studio_of

if TYPE_CHECKING:
    from schema.nouns.absence import AbsencePreview
    from schema.nouns.booking import Booking, Enrolment
    from schema.nouns.credit import MakeUpCredit
    from schema.nouns.waitlist import WaitlistEntry


@strawberry.type(description="A person who attends at one studio, managed by an account or, a guest, by none.")
class Client(Node):
    name: str = strawberry.field(description="Their name.")
    has_account: bool = strawberry.field(
        description="Whether an account manages them. Without one they can hold credits, but not spend them."
    )
    archived_at: datetime | None = strawberry.field(
        description="When they were archived; null for whoever attends. They take no new bookings and credits then,"
        " keep those that they have, and wait on no list any more."
    )
    erased_at: datetime | None = strawberry.field(
        description="When the account that managed them was deleted; null for everybody else. Nothing tells any more"
        " who they were: their `name` is the same for all such clients. What happened stays, with nobody's name to it."
    )
    row: strawberry.Private[domain.Client]

    @classmethod
    def of(cls, row: domain.Client) -> "Client":
        return cls(
            id=strawberry.ID(encode(Kind.CLIENT, row.studio_id, row.id)),
            name=row.name,
            has_account=row.account_id is not None,
            archived_at=row.archived_at,
            erased_at=row.erased_at,
            row=row,
        )

    @strawberry.field(description="The studio where they attend.")
    async def studio(self, info: Info) -> Studio:
        return Studio.of(await studio_of(info, self.row.studio_id))

    @paged(
        "Their bookings, by the start of the sessions. For their account and the studio's owner and managers.",
        Annotated["Booking", lazy("schema.nouns.booking")],
    )
    async def bookings(self, info: Info, filter: WhichBookings = None) -> Listed["Booking"]:
        from schema.nouns.booking import Booking

        await self._require_sight(info)
        given = filter or BookingFilter()
        listing = listings.bookings_of_clients([self._key], given.wanted(info.context.now, self.row.studio_id))
        return Listed(listing, Booking.of, f"bookings of client {self._key} {given}")

    @paged(
        "Their make-up credits, the first to expire first. For their account and the studio's owner and managers.",
        Annotated["MakeUpCredit", lazy("schema.nouns.credit")],
    )
    async def make_up_credits(self, info: Info, filter: WhichCredits = None) -> Listed["MakeUpCredit"]:
        from schema.nouns.credit import MakeUpCredit

        await self._require_sight(info)
        given = filter or CreditFilter()
        listing = listings.credits_of_clients([self._key], given.wanted(self.row.studio_id), info.context.now)
        return Listed(listing, MakeUpCredit.of, f"credits of client {self._key} {given}")

    @paged(
        "Their places on waiting lists, by the start of the sessions. For their account and the studio's owner and"
        " managers.",
        Annotated["WaitlistEntry", lazy("schema.nouns.waitlist")],
    )
    async def waitlist_entries(self, info: Info, filter: WhichEntries = None) -> Listed["WaitlistEntry"]:
        from schema.nouns.waitlist import WaitlistEntry

        await self._require_sight(info)
        given = filter or WaitlistFilter()
        listing = waitlists.entries_of_clients([self._key], given.wanted(self.row.studio_id), info.context.now)
        return Listed(listing, WaitlistEntry.of, f"waitlist entries of client {self._key} {given}")

    @paged(
        "Their places in whole courses, the oldest first. For their account and the studio's owner and managers.",
        Annotated["Enrolment", lazy("schema.nouns.booking")],
    )
    async def enrolments(self, info: Info) -> Listed["Enrolment"]:
        from schema.nouns.booking import Enrolment

        await self._require_sight(info)
        return Listed(listings.enrolments_of_client(self._key), Enrolment.of, f"enrolments of client {self._key}")

    @strawberry.field(
        description="Their credits that are active, or held for a place on a waiting list, and what these are worth."
        " For their account and the studio's owner and managers."
    )
    async def outstanding(self, info: Info) -> OutstandingCredits | None:
        await self._require_sight(info)
        found = await info.context.load.outstanding.load(self._key)
        studio = await studio_of(info, self.row.studio_id)
        return OutstandingCredits.of(studio, found or NOTHING_OUTSTANDING)

    @strawberry.field(
        description="What giving up all their seats on these dates would bring: an absence. Of each session that has"
        " not started and starts on one of them, by start, decided by the same rules as `cancelBookings`. For their"
        " account and the studio's owner and managers."
    )
    async def absence_preview(
        self,
        info: Info,
        from_: Annotated[
            date, strawberry.argument(name="from", description="The first local date that they are away.")
        ],
        through: Annotated[
            date,
            strawberry.argument(
                description=f"The last local date that they are away; at most {MOST_DAYS} days are asked for, and at"
                f" most {MOST_AT_ONCE} seats given up, at once."
            ),
        ],
    ) -> Annotated["AbsencePreview", lazy("schema.nouns.absence")] | None:
        from schema.nouns.absence import absence_preview

        await self._require_sight(info)
        return await absence_preview(info, self.row, Dates(from_, through))

    @property
    def _key(self) -> Key:
        return self.row.studio_id, self.row.id

    async def _require_sight(self, info: Info) -> None:
        # An instructor reaches the clients of their rosters, and may see no more of them than their names.
        require_client(await info.context.authority(self.row.studio_id), self.row.id)


async def client_of(info: Info, studio_id: int, client_id: UUID) -> Client:
    """The client of something that is there."""
    found = await info.context.load.client.load((studio_id, client_id))
    assert found is not None, "a foreign key holds this"
    return Client.of(found)


async def clients_by_name(info: Info, studio_id: int, keys: Set[UUID]) -> list[domain.Client]:
    """Several at one studio."""
    found = await info.context.load.client.load_many([(studio_id, key) for key in sorted(keys)])
    return sorted((each for each in found if each is not None), key=lambda each: (each.name, each.id))


async def siblings_of(info: Info, client: domain.Client) -> frozenset[UUID]:
    """R8: those of the same account, where they may pay for each other."""
    studio = await studio_of(info, client.studio_id)
    if client.account_id is None or studio.policy.credit_scope is CreditScope.SAME_CLIENT:
        return frozenset()
    family = await info.context.load.family.load((client.studio_id, client.account_id))
    return (family or frozenset()) - {client.id}
