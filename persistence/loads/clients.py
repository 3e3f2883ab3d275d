"""Clients, alone and as those of one account."""

from collections.abc import Mapping, Set
from uuid import UUID

import sqlalchemy as sa

from domain.faults import NotFound
from domain.managing.erasing import Remains
from domain.nouns.client import Client
from persistence import shapes as s
from persistence import tables as t
from persistence.reads import remains
from persistence.rows import Rows


class ClientLoads(Rows):
    async def client(self, client_id: UUID) -> Client:
        return await self._of_studio(s.CLIENT, client_id, "There is no such client.", "clientId", timed=False)

    async def locked_client(self, client_id: UUID) -> Client:
        return (await self._locked_clients({client_id}))[client_id]

    async def _locked_clients(self, ids: Set[UUID]) -> Mapping[UUID, Client]:
        """With those who are foreseen (W2): all of them in one statement, by id."""
        # First the lock, then the look: PostgreSQL reads a joined row, here the link to the account, as it was
        # when the statement began, and so before whatever the lock had to wait for.
        clients = t.clients.c
        foreseen = self._foreseen
        theirs = (clients.studio_id == self.studio_id, clients.id.in_(ids | foreseen.clients))
        select = sa.select(clients.id).where(*theirs).order_by(clients.id)
        await self._rows(select.with_for_update(of=t.clients, key_share=True))
        found = {row.id: s.CLIENT.make(row) for row in await self._rows(s.CLIENT.select().where(*theirs))}
        if ids - found.keys():
            raise NotFound("There is no such client.", "clientId")
        foreseen.clients.clear()
        foreseen.locked |= found.keys()
        of_now = {key: self._of_now(client) for key, client in found.items()}
        return {key: of_now[key] for key in ids}

    async def remains_of(self, client_id: UUID) -> Remains:
        key = (self.studio_id, client_id)
        return (await remains.of_clients(self.connection, [key], self.now))[key]

    async def _clients_of(self, account_id: UUID | None) -> Set[UUID]:
        c = t.client_accounts.c
        rows = await self._rows(sa.select(c.client_id).where(c.studio_id == self.studio_id, c.account_id == account_id))
        return {row.client_id for row in rows}
