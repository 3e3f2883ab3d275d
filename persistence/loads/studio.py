"""The studio itself, and what an account may do at it."""

import sqlalchemy as sa

from domain.authority import NOBODY, Authority
from domain.nouns.account import Account
from domain.nouns.studio import Studio
from persistence import shapes as s
from persistence import tables as t
from persistence.reads import queries
from persistence.reads.authorities import authority_since
from persistence.rows import Rows


class StudioLoads(Rows):
    async def authority(self) -> Authority:
        if self.account_id is None:
            return NOBODY
        authority, since = await authority_since(self.connection, self.studio_id, self.account_id)
        if since is not None:
            self._not_after_now(since)
        return authority

    async def locked_account_with_email(self, email: str) -> Account | None:
        # Shared: whoever links or takes on the same account need not wait, only who deletes it.
        select = s.ACCOUNT.select().where(t.accounts.c.email == email).with_for_update(read=True)
        return s.ACCOUNT.make_or_none(next(iter(await self._rows(select)), None))

    async def studio(self) -> Studio:
        return await self._one(s.STUDIO, t.studios.c.id == self.studio_id)

    async def locked_studio(self) -> Studio:
        return await self._one(s.STUDIO, t.studios.c.id == self.studio_id, lock=True)

    async def studio_is_empty(self) -> bool:
        # The whole row: whoever is adding to the studio holds its key, and is waited for.
        await self._rows(sa.select(t.studios.c.id).where(t.studios.c.id == self.studio_id).with_for_update())
        first = [sa.select(each.c.id).where(each.c.studio_id == self.studio_id) for each in (t.sessions, t.clients)]
        return not [row for each in first for row in await self._rows(each.limit(1))]

    async def slug_taken(self, slug: str) -> bool:
        return await queries.studio_with_slug(self.connection, slug) is not None
