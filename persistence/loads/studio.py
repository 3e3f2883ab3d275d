"""The studio itself, its staff, and what an account may do at it."""

from uuid import UUID

import sqlalchemy as sa

from domain.account import Account
from domain.authority import NOBODY, Authority
from domain.invitation import Invitation
from domain.studio import Role, Staff, Studio
from persistence import queries
from persistence import shapes as s
from persistence import tables as t
from persistence.authorities import authority_since
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

    async def staff_member(self, staff_id: UUID) -> Staff:
        return await self._of_studio(s.STAFF, staff_id, "There is no such staff member.", "instructorId")

    async def staff_of_account(self, account_id: UUID) -> Staff | None:
        found = await self._rows(
            s.STAFF.select().where(
                t.staff.c.studio_id == self.studio_id,
                t.staff.c.account_id == account_id,
                t.staff.c.removed_at.is_(None),
            )
        )
        return s.STAFF.make_or_none(next(iter(found), None))

    async def owners(self) -> tuple[UUID, ...]:
        c = t.staff.c
        owning = (c.studio_id == self.studio_id, c.role == Role.OWNER, c.removed_at.is_(None))
        return tuple(row.id for row in await self._rows(sa.select(c.id).where(*owning).order_by(c.id)))

    async def locked_invitation(self, invitation_id: UUID) -> Invitation:
        return await self._of_studio(
            s.INVITATION, invitation_id, "There is no such invitation.", "invitationId", lock=True
        )
