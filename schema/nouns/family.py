"""A family at one session: for each of the viewer's clients what the single fields tell."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry
from strawberry import lazy

from domain.nouns import client as domain_client
from domain.nouns import session as domain_session
from schema.arguments import WhetherWithCredit
from schema.context import Info
from schema.families import clashing
from schema.nouns.booking import Booking
from schema.nouns.client import Client, clients_by_name
from schema.nouns.eligibility import (
    BookingEligibility,
    MakeUpEligibility,
    WaitlistEligibility,
    booking_eligibility,
    make_up_eligibility,
    payer,
    waitlist_eligibility,
)

if TYPE_CHECKING:
    from schema.nouns.waitlist import WaitlistEntry


@strawberry.type(description="One of the viewer's own clients at one session: what they have there, and can have.")
class ClientAtSession:
    client: Client = strawberry.field(description="Who.")
    session: strawberry.Private[domain_session.Session]

    @classmethod
    def of(cls, client: domain_client.Client, session: domain_session.Session) -> "ClientAtSession":
        return cls(client=Client.of(client), session=session)

    @strawberry.field(description="The seat that they have in it; null for none.")
    async def booking(self, info: Info) -> Booking | None:
        found = await info.context.load.live_booking.load(self._key)
        return None if found is None else Booking.of(found)

    @strawberry.field(description="The place that they have on its waiting list now; null for none.")
    async def waitlist_entry(self, info: Info) -> Annotated["WaitlistEntry", lazy("schema.nouns.waitlist")] | None:
        from schema.nouns.waitlist import WaitlistEntry

        found = await info.context.load.live_entry.load(self._key)
        return None if found is None else WaitlistEntry.of(found)

    @strawberry.field(description="Whether they can book it now for money, as `Session.bookingEligibility` tells.")
    async def booking_eligibility(self, info: Info) -> BookingEligibility | None:
        return await booking_eligibility(info, self.session, self.client.row)

    @strawberry.field(
        description="Whether the best credit that they may spend can book it now, as `Session.makeUpEligibility` tells:"
        " their own, or where the studio lets siblings pay for each other, a sibling's."
    )
    async def make_up_eligibility(self, info: Info) -> MakeUpEligibility | None:
        paying = await payer(info, self.session.studio_id, self.client.id, None)
        return await make_up_eligibility(info, self.session, paying)

    @strawberry.field(
        description="Whether they can join its waiting list now, as `Session.waitlistEligibility` tells; and with the"
        " best credit that they may spend, if a credit is to pay."
    )
    async def waitlist_eligibility(self, info: Info, with_credit: WhetherWithCredit) -> WaitlistEligibility | None:
        return await waitlist_eligibility(info, self.session, self.client.id, with_credit, None)

    @strawberry.field(
        description="What clashes with it if they attend, as `Session.clashes` tells: a warning, which forbids nothing."
    )
    async def clashes(self, info: Info) -> list[Booking] | None:
        return [Booking.of(row) for row in await clashing(info, self.session, self.client.row)]

    @property
    def _key(self) -> tuple[int, UUID, UUID]:
        return self.session.studio_id, self.client.row.id, self.session.id


async def for_my_clients(info: Info, session: domain_session.Session) -> list[ClientAtSession]:
    """For those whom the viewer's account manages at its studio, by name; without the archived."""
    authority = await info.context.authority(session.studio_id)
    clients = await clients_by_name(info, session.studio_id, authority.client_ids - authority.archived_ids)
    return [ClientAtSession.of(client, session) for client in clients]
