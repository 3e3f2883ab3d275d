"""Clients, and the accounts that manage them."""

from dataclasses import dataclass
from uuid import UUID

from domain.authority import require_client, require_manager
from domain.client import Client
from domain.events import ClientCreated, ClientLinked
from domain.faults import NotFound
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused


@dataclass(frozen=True)
class CreateClient:
    name: str


async def create_client(work: Work, command: CreateClient) -> Done | Refused:
    """A guest, until an account is linked."""
    require_manager(await work.authority())
    client = Client(
        studio_id=work.studio_id,
        id=work.new_id(),
        name=command.name,
        account_id=None,
        archived_at=None,
        created_at=work.now,
        changed_at=work.now,
    )
    await work.record(ClientCreated(client))
    return Done(studio_id=work.studio_id, client=client.id)


@dataclass(frozen=True)
class LinkClient:
    client_id: UUID
    email: str


async def link_client(work: Work, command: LinkClient) -> Done | Refused:
    """The account with this e-mail manages the client from now on, in place of any other (R2)."""
    authority = await work.authority()
    require_client(authority, (await work.client(command.client_id)).id, "clientId")
    require_manager(authority)
    account = await work.account_with_email(command.email)
    if account is None:
        raise NotFound("No account has this e-mail.", "email")
    client = await work.locked_client(command.client_id)
    if client.account_id != account.id:
        await work.record(ClientLinked(client, account.id))
    return Done(studio_id=work.studio_id, client=client.id)
