"""Clients, and the accounts that manage them."""

from typing import Annotated
from uuid import UUID

import strawberry

from domain.managing import erasing
from domain.services import clients
from schema.acting import INPUT, KEY, line, mutation, perform
from schema.acts.accounts import normalised_email
from schema.changes import ARCHIVED, LEFT_OUT, archived, changes, field, never_null
from schema.context import Info
from schema.ids import Kind, expect
from schema.nouns.client import Client
from schema.refusals import Refused
from schema.sight import seen


@strawberry.input(description="A new client.")
class CreateClientInput:
    studio_id: strawberry.ID = strawberry.field(description="The studio where they attend.")
    name: str = strawberry.field(description="Their name, 1 to 200 characters.")
    idempotency_key: str = KEY


@strawberry.input(description="What changes of a client." + LEFT_OUT)
class UpdateClientInput:
    client_id: strawberry.ID = strawberry.field(description="The client.")
    name: str | None = field("Their name, 1 to 200 characters.")
    archived: bool | None = ARCHIVED
    idempotency_key: str = KEY

    def command(self, key: UUID) -> clients.UpdateClient:
        named = changes(self, name=lambda name: line(never_null(name, "name"), "name"))
        return clients.UpdateClient(key, named, archived(self))


@strawberry.input(description="Which account manages which client.")
class LinkClientInput:
    client_id: strawberry.ID = strawberry.field(description="The client.")
    email: str = strawberry.field(description="The e-mail of an account that exists.")
    idempotency_key: str = KEY


@strawberry.type(description="The client exists: a guest, until an account is linked.")
class ClientCreated:
    client: Client = strawberry.field(description="The new client.")


@strawberry.type(
    description="The client is as asked for. Their bookings have not changed, nor have their credits,"
    " but for a hold that ended because they were archived."
)
class ClientUpdated:
    client: Client = strawberry.field(description="The client.")


@strawberry.type(description="The account manages the client from now on, in place of any other.")
class ClientLinked:
    client: Client = strawberry.field(description="The client.")


CreateClientResult = Annotated[
    ClientCreated | Refused, strawberry.union("CreateClientResult", description="A client, or why there is none.")
]
UpdateClientResult = Annotated[
    ClientUpdated | Refused, strawberry.union("UpdateClientResult", description="The client, or why nothing changed.")
]
LinkClientResult = Annotated[
    ClientLinked | Refused, strawberry.union("LinkClientResult", description="The client, or why nothing changed.")
]


@strawberry.type
class ClientMutations:
    @mutation("Enters a client. By the studio's owner and managers.", clients.CREATE_CODES)
    async def create_client(self, info: Info, input: Annotated[CreateClientInput, INPUT]) -> CreateClientResult | None:
        studio_id = expect(Kind.STUDIO, input.studio_id, "studioId").studio_id
        command = clients.CreateClient(line(input.name, "name"))
        outcome = await perform(info, studio_id, input, lambda work: clients.create_client(work, command))
        if isinstance(outcome, Refused):
            return outcome
        return ClientCreated(client=await seen(info, Client, Kind.CLIENT, studio_id, outcome.client))

    @mutation(
        "Changes a client, archives them or brings them back. Whoever is archived waits on no list any more, and"
        " the credits that were held for that are released; whoever is back joins again. By the studio's owner and"
        " managers.",
        erasing.CHANGE_CODES,
    )
    async def update_client(self, info: Info, input: Annotated[UpdateClientInput, INPUT]) -> UpdateClientResult | None:
        client = expect(Kind.CLIENT, input.client_id, "clientId")
        command = input.command(client.key)
        outcome = await perform(info, client.studio_id, input, lambda work: clients.update_client(work, command))
        if isinstance(outcome, Refused):
            return outcome
        return ClientUpdated(client=await seen(info, Client, Kind.CLIENT, client.studio_id, outcome.client))

    @mutation(
        "Lets an account manage a client, so that credits can be spent for them. Where the client waits with a credit"
        " of a client of the account before, or one of those with the client's credit, the place is given up, and the"
        " credit is released. By the studio's owner and managers.",
        erasing.CHANGE_CODES,
    )
    async def link_client(self, info: Info, input: Annotated[LinkClientInput, INPUT]) -> LinkClientResult | None:
        client = expect(Kind.CLIENT, input.client_id, "clientId")
        command = clients.LinkClient(client.key, normalised_email(input.email))
        outcome = await perform(info, client.studio_id, input, lambda work: clients.link_client(work, command))
        if isinstance(outcome, Refused):
            return outcome
        return ClientLinked(client=await seen(info, Client, Kind.CLIENT, client.studio_id, outcome.client))
