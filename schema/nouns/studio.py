"""Studio."""

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import lazy

from domain import studio as domain
from domain.authority import require_manager
from domain.studio import Role
from persistence import queries
from schema.connections import Connection, connection
from schema.context import Info
from schema.ids import studio_gid
from schema.node import Node
from schema.nouns.policy import StudioPolicy
from schema.paging import After, Before, First, Last

if TYPE_CHECKING:
    from schema.nouns.booking import Booking
    from schema.nouns.client import Client
    from schema.nouns.course import Course
    from schema.nouns.credit import MakeUpCredit
    from schema.nouns.session import Session, SessionFilter


@strawberry.type(description="A studio: its own schedule, clients, money and rules. Nothing crosses studios.")
class Studio(Node):
    slug: str = strawberry.field(description="Its short name in addresses.")
    name: str = strawberry.field(description="Its name.")
    time_zone: str = strawberry.field(description="IANA name. Local dates and deadlines are reckoned in it.")
    currency: str = strawberry.field(description="ISO 4217 code of all its prices.")
    policy: StudioPolicy = strawberry.field(description="What it has decided about cancelling and make-ups.")
    row: strawberry.Private[domain.Studio]

    @classmethod
    def of(cls, row: domain.Studio) -> "Studio":
        return cls(
            id=strawberry.ID(studio_gid(row.id)),
            slug=row.slug,
            name=row.name,
            time_zone=row.time_zone,
            currency=row.currency,
            policy=StudioPolicy.of(row.policy),
            row=row,
        )

    @strawberry.field(description="The viewer's role on the staff; null for everybody else.")
    async def my_role(self, info: Info) -> Role | None:
        return (await info.context.authority(self.row.id)).role

    @strawberry.field(description="Its schedule, by start.")
    async def sessions(
        self,
        info: Info,
        filter: Annotated[
            Annotated["SessionFilter", lazy("schema.nouns.session")] | None,
            strawberry.argument(description="Which sessions; all."),
        ] = None,
        first: First = None,
        last: Last = None,
        after: After = None,
        before: Before = None,
    ) -> Connection[Annotated["Session", lazy("schema.nouns.session")]] | None:
        from schema.nouns.session import page_of_sessions

        return await page_of_sessions(info, self.row.id, filter, first, last, after, before)

    @strawberry.field(description="Its courses, by name.")
    async def courses(
        self,
        info: Info,
        first: First = None,
        last: Last = None,
        after: After = None,
        before: Before = None,
    ) -> Connection[Annotated["Course", lazy("schema.nouns.course")]] | None:
        from schema.nouns.course import page_of_courses

        return await page_of_courses(info, self.row.id, first, last, after, before)

    @strawberry.field(description="Its clients, by name. For its owner and managers.")
    async def clients(
        self,
        info: Info,
        first: First = None,
        last: Last = None,
        after: After = None,
        before: Before = None,
    ) -> Connection[Annotated["Client", lazy("schema.nouns.client")]] | None:
        from schema.nouns.client import Client

        await self._require_manager(info)
        listing, name = queries.clients(self.row.id), f"clients of {self.row.id}"
        return await connection(info, listing, name, Client.of, first, last, after, before)

    @strawberry.field(description="All bookings at the studio, by the start of their sessions. For owner and managers.")
    async def bookings(
        self,
        info: Info,
        first: First = None,
        last: Last = None,
        after: After = None,
        before: Before = None,
    ) -> Connection[Annotated["Booking", lazy("schema.nouns.booking")]] | None:
        from schema.nouns.booking import Booking

        await self._require_manager(info)
        listing, name = queries.bookings_of_studio(self.row.id), f"bookings of {self.row.id}"
        return await connection(info, listing, name, Booking.of, first, last, after, before)

    @strawberry.field(
        description="All make-up credits at the studio, the first to expire first. For owner and managers."
    )
    async def make_up_credits(
        self,
        info: Info,
        first: First = None,
        last: Last = None,
        after: After = None,
        before: Before = None,
    ) -> Connection[Annotated["MakeUpCredit", lazy("schema.nouns.credit")]] | None:
        from schema.nouns.credit import MakeUpCredit

        await self._require_manager(info)
        listing, name = queries.credits_of_studio(self.row.id), f"credits of {self.row.id}"
        return await connection(info, listing, name, MakeUpCredit.of, first, last, after, before)

    async def _require_manager(self, info: Info) -> None:
        info.context.signed_in()
        require_manager(await info.context.authority(self.row.id))


async def studio_of(info: Info, studio_id: int) -> domain.Studio:
    """The studio of something that is there."""
    found = await info.context.load.studio.load(studio_id)
    assert found is not None, "a foreign key holds this"
    return found
