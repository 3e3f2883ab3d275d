"""Transactions outside of any studio: accounts, and the founding of studios."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from domain.events import StaffAdded, StudioCreated
from domain.faults import ACCOUNT_GONE, Unauthenticated
from domain.managing.erasing import Belongings
from domain.nouns.account import Account
from domain.nouns.studio import Staff, Studio
from persistence import shapes as s
from persistence import tables as t
from persistence.idempotency import forget_keys
from persistence.reads import queries, remains
from persistence.shapes import row_of
from persistence.work import SqlWork


class SqlRegistry:
    """`domain.ports.Registry` on SQL; its docstrings hold here too."""

    def __init__(self, connection: AsyncConnection, now: datetime, new_id: Callable[[], UUID]) -> None:
        self.connection = connection
        self.now = now
        self.new_id = new_id

    async def account(self, account_id: UUID) -> Account:
        return await self._account(account_id, shared=True)

    async def locked_account(self, account_id: UUID) -> Account:
        return await self._account(account_id, shared=False)

    async def _account(self, account_id: UUID, *, shared: bool) -> Account:
        c = t.accounts.c
        select = s.ACCOUNT.select().where(c.id == account_id, c.deleted_at.is_(None))
        rows = await self.connection.execute(select.with_for_update(read=shared, key_share=not shared))
        if (row := rows.first()) is None:
            raise Unauthenticated(ACCOUNT_GONE)
        return s.ACCOUNT.make(row)

    async def owned_alone(self, account_id: UUID) -> tuple[Studio, ...]:
        return await remains.owned_alone(self.connection, account_id)

    async def belongings_of(self, account: Account) -> Belongings:
        return await remains.belongings_of(self.connection, account.id, account.email)

    async def erase_account(self, account: Account) -> None:
        nothing = {"email": None, "name": "", "password_hash": "", "deleted_at": self.now}
        await self.connection.execute(t.accounts.update().where(t.accounts.c.id == account.id).values(nothing))
        await forget_keys(self.connection, account)

    async def account_with_email(self, email: str) -> Account | None:
        return await queries.account_with_email(self.connection, email)

    async def add_account(self, account: Account) -> None:
        await self.connection.execute(t.accounts.insert().values(vars(account)))

    async def slug_taken(self, slug: str) -> bool:
        return await queries.studio_with_slug(self.connection, slug) is not None

    async def found_studio(self, studio: Studio, owner: Staff) -> Studio:
        values = row_of(studio, t.studios)
        del values["id"]
        inserted = await self.connection.execute(t.studios.insert().values(values).returning(t.studios.c.id))
        founded = replace(studio, id=inserted.scalar_one())
        work = SqlWork(self.connection, founded.id, owner.account_id, self.now, self.new_id)
        await work.record(StudioCreated(founded), StaffAdded(replace(owner, studio_id=founded.id)))
        return founded
