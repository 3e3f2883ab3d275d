"""Rows of one studio, written as they are: what no act would make can be asked about, too."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.client import Client
from domain.studio import Studio
from persistence import tables as t
from persistence.shapes import row_of


async def write_studio(connection: AsyncConnection, studio: Studio) -> Studio:
    """With a slug of its own, and the id that the database gave it."""
    values = row_of(replace(studio, slug=str(uuid4())), t.studios)
    del values["id"]
    result = await connection.execute(t.studios.insert().values(**values))
    (studio_id,) = result.inserted_primary_key or (0,)
    return replace(studio, id=studio_id)


async def write(connection: AsyncConnection, studio_id: int, table: sa.Table, nouns: Iterable[object]) -> None:
    if rows := [row_of(noun, table) | {"studio_id": studio_id} for noun in nouns]:
        await connection.execute(table.insert(), rows)


async def write_clients(connection: AsyncConnection, studio_id: int, clients: Iterable[Client]) -> None:
    """With the accounts that manage them."""
    clients = tuple(clients)
    await write(connection, studio_id, t.clients, clients)
    managed = {each.id: each.account_id for each in clients if each.account_id is not None}
    for account_id in set(managed.values()):
        await _account(connection, account_id, clients[0])
    links = [{"studio_id": studio_id, "client_id": key, "account_id": account} for key, account in managed.items()]
    if links:
        await connection.execute(t.client_accounts.insert(), links)


async def _account(connection: AsyncConnection, account_id: UUID, like: Client) -> None:
    there = await connection.execute(sa.select(t.accounts.c.id).where(t.accounts.c.id == account_id))
    if there.first() is None:
        fields = {"name": "", "password_hash": "", "created_at": like.created_at}
        await connection.execute(t.accounts.insert().values(id=account_id, email=str(account_id), **fields))
