"""Client."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry
from strawberry import lazy

from domain import client as domain
from domain.authority import require_client
from persistence import queries
from schema.connections import Connection, connection
from schema.context import Info
from schema.ids import Kind, encode
from schema.node import Node
from schema.nouns.studio import Studio, studio_of
from schema.paging import After, Before, First, Last

if TYPE_CHECKING:
    from schema.nouns.booking import Booking
    from schema.nouns.credit import MakeUpCredit


@strawberry.type(description="A person who attends at one studio, managed by an account or, a guest, by none.")
class Client(Node):
    name: str = strawberry.field(description="Their name.")
    has_account: bool = strawberry.field(
        description="Whether an account manages them. Without one they can hold credits, but not spend them."
    )
    row: strawberry.Private[domain.Client]

    @classmethod
    def of(cls, row: domain.Client) -> "Client":
        return cls(
            id=strawberry.ID(encode(Kind.CLIENT, row.studio_id, row.id)),
            name=row.name,
            has_account=row.account_id is not None,
            row=row,
        )

    @strawberry.field(description="The studio where they attend.")
    async def studio(self, info: Info) -> Studio:
        return Studio.of(await studio_of(info, self.row.studio_id))

    @strawberry.field(description="Their bookings, by the start of the sessions.")
    async def bookings(
        self,
        info: Info,
        first: First = None,
        last: Last = None,
        after: After = None,
        before: Before = None,
    ) -> Connection[Annotated["Booking", lazy("schema.nouns.booking")]] | None:
        from schema.nouns.booking import Booking

        await self._require_sight(info)
        listing, name = queries.bookings_of_clients([self._key]), f"bookings of client {self._key}"
        return await connection(info, listing, name, Booking.of, first, last, after, before)

    @strawberry.field(description="Their make-up credits, the first to expire first.")
    async def make_up_credits(
        self,
        info: Info,
        first: First = None,
        last: Last = None,
        after: After = None,
        before: Before = None,
    ) -> Connection[Annotated["MakeUpCredit", lazy("schema.nouns.credit")]] | None:
        from schema.nouns.credit import MakeUpCredit

        await self._require_sight(info)
        listing, name = queries.credits_of_clients([self._key]), f"credits of client {self._key}"
        return await connection(info, listing, name, MakeUpCredit.of, first, last, after, before)

    @property
    def _key(self) -> queries.Key:
        return self.row.studio_id, self.row.id

    async def _require_sight(self, info: Info) -> None:
        # An instructor reaches the clients of their rosters, and may see no more of them than their names.
        require_client(await info.context.authority(self.row.studio_id), self.row.id)


async def client_of(info: Info, studio_id: int, client_id: UUID) -> Client:
    """The client of something that is there."""
    found = await info.context.load.client.load((studio_id, client_id))
    assert found is not None, "a foreign key holds this"
    return Client.of(found)
