"""Clients, and the accounts that manage them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from domain.archive import Place, archived_from, studio_is_not_archived
from domain.authority import require_client, require_manager
from domain.events import ClientChanged, ClientCreated, ClientLinked
from domain.faults import NotFound
from domain.managing import erasing
from domain.nouns.client import Client
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused
from domain.rules import broken
from domain.waiting import parting

CREATE_CODES = studio_is_not_archived.codes


@dataclass(frozen=True)
class CreateClient:
    name: str


async def create_client(work: Work, command: CreateClient) -> Done | Refused:
    """A guest, until an account is linked."""
    require_manager(await work.authority())
    if reason := studio_is_not_archived(Place(await work.studio()), work.now):
        return Refused((reason,))
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
class UpdateClient:
    """`changes` by the names of the client's fields. `archived` None: as it is."""

    client_id: UUID
    changes: Mapping[str, Any]
    archived: bool | None = None


async def update_client(work: Work, command: UpdateClient) -> Done | Refused:
    """Whoever is archived keeps their bookings and credits (B4), and waits no more (W1)."""
    authority = await work.authority()
    require_client(authority, (await work.client(command.client_id)).id, "clientId")
    require_manager(authority)
    if command.archived:
        waits = await work.locked_waits_of(command.client_id)
        ended = parting.archived(waits, (await work.studio()).zone, work.now)
        client = waits.client
    else:
        client, ended = await work.locked_client(command.client_id), ()
    if reasons := broken(erasing.CHANGE_RULES, erasing.Change(client), work.now):
        return Refused(reasons)
    archived_at = archived_from(client.archived_at, command.archived, work.now)
    after = replace(client, **command.changes, archived_at=archived_at)
    if after != client:
        await work.record(ClientChanged(client, after), *ended)
    return Done(studio_id=work.studio_id, client=client.id)


@dataclass(frozen=True)
class LinkClient:
    client_id: UUID
    email: str


async def link_client(work: Work, command: LinkClient) -> Done | Refused:
    """The account with this e-mail manages the client from now on, in place of any other (R2).

    Where this parts who waits from whose credit it is, the place is given up (R8).
    """
    authority = await work.authority()
    require_client(authority, (await work.client(command.client_id)).id, "clientId")
    require_manager(authority)
    account = await work.locked_account_with_email(command.email)
    if account is None:
        raise NotFound("No account has this e-mail.", "email")
    waits = await work.locked_waits_of(command.client_id)
    client = waits.client
    if reasons := broken(erasing.CHANGE_RULES, erasing.Change(client), work.now):
        return Refused(reasons)
    if client.account_id != account.id:
        given_up = parting.linked(waits, account.id, (await work.studio()).zone, work.now)
        await work.record(ClientLinked(client, account.id), *given_up)
    return Done(studio_id=work.studio_id, client=client.id)
