"""Account, and the viewer."""

from datetime import datetime

import strawberry

from domain import account as domain
from persistence import listings
from schema.connections import Listed, paged
from schema.context import Info
from schema.ids import account_gid
from schema.node import Node
from schema.nouns.client import Client


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
