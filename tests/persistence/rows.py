"""Rows of one studio, written as they are: what no act would make can be asked about, too."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.nouns.client import Client
from domain.nouns.studio import Studio
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


async def have_counted(connection: AsyncConnection) -> None:
    """PostgreSQL plans by how many rows there are, which it finds out by itself, but not before they are committed."""
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.text("ANALYZE"))


async def write_clients(connection: AsyncConnection, studio_id: int, clients: Iterable[Client]) -> None:
    """With the accounts that manage them."""
    clients = tuple(clients)
    await write(connection, studio_id, t.clients, clients)
    managed = {each.id: each.account_id for each in clients if each.account_id is not None}
    there = set((await connection.execute(sa.select(t.accounts.c.id))).scalars())
    blank = {"name": "", "password_hash": "", "created_at": clients[0].created_at}
    if accounts := [{"id": key, "email": str(key), **blank} for key in set(managed.values()) - there]:
        await connection.execute(t.accounts.insert(), accounts)
    if links := [{"studio_id": studio_id, "client_id": key, "account_id": each} for key, each in managed.items()]:
        await connection.execute(t.client_accounts.insert(), links)
