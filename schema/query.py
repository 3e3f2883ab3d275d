"""What can be asked."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.faults import NotFound
from persistence import queries
from schema.connections import Connection, connection
from schema.context import Info
from schema.ids import decode
from schema.node import Node
from schema.nouns.account import Viewer
from schema.nouns.booking import Booking
from schema.nouns.course import Course, page_of_courses
from schema.nouns.credit import MakeUpCredit
from schema.nouns.eligibility import page_of_options
from schema.nouns.session import ForClient, Session, SessionFilter, WithCredit, page_of_sessions
from schema.nouns.studio import Studio
from schema.paging import After, Before, First, Last
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
        async with info.context.database.reading() as reading:
            found = await queries.studio_with_slug(reading, slug)
        return None if found is None else Studio.of(found)

    @strawberry.field(description="A studio's schedule, by start.")
    async def sessions(
        self,
        info: Info,
        studio_slug: Slug,
        filter: Annotated[SessionFilter | None, strawberry.argument(description="Which sessions; all.")] = None,
        first: First = None,
        last: Last = None,
        after: After = None,
        before: Before = None,
    ) -> Connection[Session] | None:
        studio_id = await _studio_id(info, studio_slug)
        return await page_of_sessions(info, studio_id, filter, first, last, after, before)

    @strawberry.field(description="A studio's courses, by name.")
    async def courses(
        self,
        info: Info,
        studio_slug: Slug,
        first: First = None,
        last: Last = None,
        after: After = None,
        before: Before = None,
    ) -> Connection[Course] | None:
        return await page_of_courses(info, await _studio_id(info, studio_slug), first, last, after, before)

    @strawberry.field(
        description="The bookings of the viewer's own clients, at every studio, by the start of their sessions."
    )
    async def bookings(
        self, info: Info, first: First = None, last: Last = None, after: After = None, before: Before = None
    ) -> Connection[Booking] | None:
        listing = queries.bookings_of_clients(await _own_clients(info))
        name = f"bookings of account {info.context.account_id}"
        return await connection(info, listing, name, Booking.of, first, last, after, before)

    @strawberry.field(
        description="The make-up credits of the viewer's own clients, at every studio, the first to expire first."
    )
    async def make_up_credits(
        self, info: Info, first: First = None, last: Last = None, after: After = None, before: Before = None
    ) -> Connection[MakeUpCredit] | None:
        listing = queries.credits_of_clients(await _own_clients(info))
        name = f"credits of account {info.context.account_id}"
        return await connection(info, listing, name, MakeUpCredit.of, first, last, after, before)

    @strawberry.field(
        description="The sessions that a make-up credit can book now, soonest first: for one credit, or for the best"
        " credit of a client. Where asked for, the other sessions too: `Session.makeUpEligibility` tells the reasons."
    )
    async def make_up_options(
        self,
        info: Info,
        credit_id: WithCredit = None,
        client_id: ForClient = None,
        filter: Annotated[SessionFilter | None, strawberry.argument(description="Which sessions; all.")] = None,
        include_ineligible: Annotated[
            bool, strawberry.argument(description="Whether to show also those that it cannot book.")
        ] = False,
        first: First = None,
        last: Last = None,
        after: After = None,
        before: Before = None,
    ) -> Connection[Session] | None:
        return await page_of_options(info, client_id, credit_id, filter, include_ineligible, first, last, after, before)


async def _studio_id(info: Info, slug: str) -> int:
    async with info.context.database.reading() as reading:
        found = await queries.studio_with_slug(reading, slug)
    if found is None:
        raise NotFound("There is no such studio.", "studioSlug")
    return found.id


async def _own_clients(info: Info) -> list[queries.Key]:
    account_id = info.context.signed_in()
    async with info.context.database.reading() as reading:
        return [(row.studio_id, row.id) for row in await queries.clients_of_account(reading, account_id)]
