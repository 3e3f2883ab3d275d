"""What can be asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import strawberry

from domain.faults import ACCOUNT_GONE, NotFound, Unauthenticated
from domain.nouns import studio as domain
from persistence.reads import listings, queries, waitlists
from persistence.reads.keys import Key
from schema.arguments import ForClientOfCredit, WithCredit
from schema.connections import Listed, paged
from schema.context import Info
from schema.filters import (
    BookingFilter,
    CreditFilter,
    WaitlistFilter,
    WhichBookings,
    WhichCourses,
    WhichCredits,
    WhichEntries,
    WhichSessions,
)
from schema.ids import decode
from schema.node import Node
from schema.nouns.account import Viewer
from schema.nouns.booking import Booking
from schema.nouns.course import Course, courses_of
from schema.nouns.credit import MakeUpCredit
from schema.nouns.invitation import InvitationPreview, invitation_preview
from schema.nouns.schedule import options, schedule
from schema.nouns.session import Session
from schema.nouns.studio import Studio
from schema.nouns.waitlist import WaitlistEntry
from schema.sight import visible

Slug = Annotated[str, strawberry.argument(description="The studio's short name in addresses.")]


@strawberry.type(description="What can be asked. Nothing here changes anything.")
class Query:
    @strawberry.field(
        description="The instant that the server takes for now, and holds deadlines and expiries against."
    )
    async def server_time(self, info: Info) -> datetime:
        return info.context.now

    @strawberry.field(description="Whoever sent the request; null where nobody is signed in.")
    async def viewer(self, info: Info) -> Viewer | None:
        if info.context.account_id is None:
            return None
        async with info.context.database.reading() as reading:
            found = await queries.account(reading, info.context.account_id)
        return None if found is None else Viewer.of(found)

    @strawberry.field(
        description="Anything by its id. Null alike for an id that is malformed, missing, or not the viewer's to see."
    )
    async def node(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its id.")]
    ) -> Node | None:
        ref = decode(id)
        return None if ref is None else await visible(info, ref)

    @strawberry.field(description="A studio by its slug; null where there is none.")
    async def studio(self, info: Info, slug: Slug) -> Studio | None:
        found = await _studio_with_slug(info, slug)
        return None if found is None else Studio.of(found)

    @strawberry.field(
        description="What an invitation to a studio's staff offers, for whoever was given its code; null for what is no"
        " code. `acceptInvitation` accepts it."
    )
    async def invitation(
        self, info: Info, code: Annotated[str, strawberry.argument(description="The code of the invitation.")]
    ) -> InvitationPreview | None:
        return await invitation_preview(info, code)

    @paged("A studio's schedule, by start.", Session)
    async def sessions(self, info: Info, studio_slug: Slug, filter: WhichSessions = None) -> Listed[Session]:
        return await schedule(info, await _studio_named(info, studio_slug), filter)

    @paged("A studio's courses, by name.", Course)
    async def courses(self, info: Info, studio_slug: Slug, filter: WhichCourses = None) -> Listed[Course]:
        return await courses_of(info, (await _studio_named(info, studio_slug)).id, filter)

    @paged("The bookings of the viewer's own clients, at every studio, by the start of their sessions.", Booking)
    async def bookings(self, info: Info, filter: WhichBookings = None) -> Listed[Booking]:
        given = filter or BookingFilter()
        listing = listings.bookings_of_clients(await _own_clients(info), given.wanted(info.context.now, None))
        return Listed(listing, Booking.of, f"bookings of account {info.context.account_id} {given}")

    @paged("The make-up credits of the viewer's own clients, at every studio, the first to expire first.", MakeUpCredit)
    async def make_up_credits(self, info: Info, filter: WhichCredits = None) -> Listed[MakeUpCredit]:
        given = filter or CreditFilter()
        listing = listings.credits_of_clients(await _own_clients(info), given.wanted(None), info.context.now)
        return Listed(listing, MakeUpCredit.of, f"credits of account {info.context.account_id} {given}")

    @paged(
        "The places of the viewer's own clients on waiting lists, at every studio, by the start of the sessions.",
        WaitlistEntry,
    )
    async def waitlist_entries(self, info: Info, filter: WhichEntries = None) -> Listed[WaitlistEntry]:
        given = filter or WaitlistFilter()
        listing = waitlists.entries_of_clients(await _own_clients(info), given.wanted(None), info.context.now)
        return Listed(listing, WaitlistEntry.of, f"waitlist entries of account {info.context.account_id} {given}")

    @paged(
        "The sessions that a make-up credit can book now, soonest first: for one credit, or for the best"
        " credit of a client. Where asked for, the other sessions too: `Session.makeUpEligibility` tells the reasons.",
        Session,
    )
    async def make_up_options(
        self,
        info: Info,
        credit_id: WithCredit = None,
        client_id: ForClientOfCredit = None,
        filter: WhichSessions = None,
        include_ineligible: Annotated[
            bool, strawberry.argument(description="Whether to show also those that it cannot book.")
        ] = False,
    ) -> Listed[Session]:
        return await options(info, client_id, credit_id, filter, include_ineligible)


async def _studio_with_slug(info: Info, slug: str) -> domain.Studio | None:
    async with info.context.database.reading() as reading:
        found = await queries.studio_with_slug(reading, slug)
    if found is not None:
        info.context.load.studio.prime(found.id, found)
    return found


async def _studio_named(info: Info, slug: str) -> domain.Studio:
    found = await _studio_with_slug(info, slug)
    if found is None:
        raise NotFound("There is no such studio.", "studioSlug")
    return found


async def _own_clients(info: Info) -> Sequence[Key]:
    clients = await info.context.load.managed.load(info.context.signed_in())
    if clients is None:
        raise Unauthenticated(ACCOUNT_GONE)
    return clients
