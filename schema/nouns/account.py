"""Account, and the viewer."""

from datetime import datetime

import strawberry

from domain.nouns import account as domain
from persistence.reads import holdings, listings
from schema.connections import Listed, paged
from schema.context import Info
from schema.export import export
from schema.ids import account_gid
from schema.node import Node
from schema.nouns.client import Client
from schema.nouns.deletion import AccountDeletionPreview, deletion_preview
from schema.scalars import Json


@strawberry.type(description="A log-in, across studios. Only its holder sees it.")
class Account(Node):
    email: str = strawberry.field(description="The e-mail that signs in.")
    name: str = strawberry.field(description="The holder's name.")
    created_at: datetime = strawberry.field(description="Since when it exists.")

    @classmethod
    def of(cls, row: domain.Account) -> "Account":
        return cls(id=strawberry.ID(account_gid(row.id)), email=row.email, name=row.name, created_at=row.created_at)


@strawberry.type(description="Whoever sent the request.")
class Viewer:
    account: Account = strawberry.field(description="Their account.")
    row: strawberry.Private[domain.Account]

    @classmethod
    def of(cls, row: domain.Account) -> "Viewer":
        return cls(account=Account.of(row), row=row)

    @paged(
        "The clients that they manage, at every studio: themselves, their children. By studio, then by name.", Client
    )
    async def clients(self, info: Info) -> Listed[Client]:
        return Listed(listings.clients_of_account(self.row.id), Client.of, f"clients of account {self.row.id}")

    @strawberry.field(description="What deleting the account would take, decided by the same rules as `deleteAccount`.")
    async def account_deletion_preview(self, info: Info) -> AccountDeletionPreview:
        return await deletion_preview(info, self.row)

    @strawberry.field(
        description="What Encore holds about the viewer and the clients whom they manage, for keeping or for taking"
        " elsewhere. `account`, and"
        " `studios`: at each `staff`, what the viewer is or was on it, and `clients`, whom they manage, each with"
        " `enrolments`, `bookings`, `makeUpCredits`, `waitlistEntries`, and `history`: what was done about them,"
        " the oldest first, with what staff wrote in its `data`, and `by` whom: `YOU` or `ANOTHER`. Fields are"
        " named as in the schema. Ids are those of the schema, instants are in UTC, dates the studio's, and money has"
        " an `amount` in minor units and a `currency`."
    )
    async def data_export(self, info: Info) -> Json:
        async with info.context.database.at_one_instant() as connection:
            account = await holdings.account_row(connection, self.row.id)
            held = await holdings.held_by(connection, self.row.id, info.context.now)
        return Json({} if account is None else export(account, held, info.context.now))
