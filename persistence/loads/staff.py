"""Who is on the staff, who was, and who is invited."""

from collections.abc import Set
from uuid import UUID

import sqlalchemy as sa

from domain.faults import NotFound, Unauthenticated
from domain.nouns.account import Account
from domain.nouns.invitation import Invitation, InvitationState
from domain.nouns.studio import Role, Staff
from persistence import shapes as s
from persistence import tables as t
from persistence.rows import Rows
from persistence.shapes import AnySelect

_ABSENT = "There is no such staff member."


class StaffLoads(Rows):
    async def locked_account(self) -> Account:
        mine = s.ACCOUNT.select().where(t.accounts.c.id == self.account_id, t.accounts.c.deleted_at.is_(None))
        rows = await self._rows(_shared(mine))
        if not rows:
            raise Unauthenticated("The account of this token no longer exists; sign in again.")
        return s.ACCOUNT.make(rows[0])

    async def staff_member(self, staff_id: UUID) -> Staff:
        return await self._of_studio(s.STAFF, staff_id, _ABSENT, "staffId")

    async def locked_instructor(self, staff_id: UUID) -> Staff:
        it = (t.staff.c.studio_id == self.studio_id, t.staff.c.id == staff_id)
        rows = await self._rows(_shared(s.STAFF.select().where(*it)))
        if not rows:
            raise NotFound(_ABSENT, "instructorId")
        return self._of_now(s.STAFF.make(rows[0]))

    async def staff_of_account(self, account_id: UUID) -> Staff | None:
        theirs = await self._read(s.STAFF, t.staff.c.account_id == account_id)
        return next((each for each in theirs if each.removed_at is None), None)

    async def staff_with_email(self, email: str) -> Staff | None:
        accounts = sa.select(t.accounts.c.id).where(t.accounts.c.email == email)
        found = await self._read(s.STAFF, t.staff.c.account_id.in_(accounts), t.staff.c.removed_at.is_(None))
        return next(iter(found), None)

    async def owners(self) -> Set[UUID]:
        found = await self._read(s.STAFF, t.staff.c.role == Role.OWNER, t.staff.c.removed_at.is_(None))
        return frozenset(each.id for each in found)

    async def is_oneself(self, staff_id: UUID) -> bool:
        it = (t.staff.c.studio_id == self.studio_id, t.staff.c.id == staff_id)
        mine = sa.select(t.staff.c.id).where(*it, t.staff.c.account_id == self.account_id)
        return bool(await self._rows(mine))

    async def invitation(self, invitation_id: UUID, named_by: str, *, timed: bool = True) -> Invitation:
        absent = "There is no such invitation."
        return await self._of_studio(s.INVITATION, invitation_id, absent, named_by, timed=timed)

    async def open_invitation_to(self, email: str) -> Invitation | None:
        c = t.staff_invitations.c
        found = await self._read(s.INVITATION, c.email == email, c.state == InvitationState.OPEN)
        return next(iter(found), None)


def _shared(select: AnySelect) -> AnySelect:
    """Locked against changes, but not against others who only want them to stay as they are."""
    return select.with_for_update(read=True)
