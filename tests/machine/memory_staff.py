"""The staff and who is invited to it, in plain dictionaries."""

from collections.abc import Mapping, Set
from typing import Protocol
from uuid import UUID

from domain.faults import NotFound, Unauthenticated
from domain.nouns.account import Account
from domain.nouns.invitation import Invitation, InvitationState
from domain.nouns.studio import Role, Staff
from tests.machine.memory_rows import MemoryStudio


class InMemory(Protocol):
    rows: MemoryStudio

    @property
    def account_id(self) -> UUID | None: ...

    @property
    def accounts(self) -> Mapping[UUID, Account]: ...

    def staff_of_now(self) -> list[Staff]: ...

    async def staff_member(self, staff_id: UUID) -> Staff: ...


class StaffInMemory:
    rows: MemoryStudio

    async def locked_account(self: InMemory) -> Account:
        if self.account_id is None or self.account_id not in self.accounts:
            raise Unauthenticated("There is no such account.")
        return self.accounts[self.account_id]

    async def staff_member(self, staff_id: UUID) -> Staff:
        if staff_id not in self.rows.staff:
            raise NotFound("There is no such staff member.", "staffId")
        return self.rows.staff[staff_id]

    async def locked_instructor(self: InMemory, staff_id: UUID) -> Staff:
        return await self.staff_member(staff_id)

    def staff_of_now(self) -> list[Staff]:
        return [each for each in self.rows.staff.values() if each.removed_at is None]

    async def staff_of_account(self: InMemory, account_id: UUID) -> Staff | None:
        return next((each for each in self.staff_of_now() if each.account_id == account_id), None)

    async def staff_with_email(self: InMemory, email: str) -> Staff | None:
        return next((each for each in self.staff_of_now() if self.accounts[each.account_id].email == email), None)

    async def owners(self: InMemory) -> Set[UUID]:
        return {each.id for each in self.staff_of_now() if each.role is Role.OWNER}

    async def is_oneself(self: InMemory, staff_id: UUID) -> bool:
        return staff_id in self.rows.staff and self.rows.staff[staff_id].account_id == self.account_id

    async def invitation(self: InMemory, invitation_id: UUID, named_by: str, *, timed: bool = True) -> Invitation:
        if invitation_id not in self.rows.invitations:
            raise NotFound("There is no such invitation.", named_by)
        return self.rows.invitations[invitation_id]

    async def open_invitation_to(self: InMemory, email: str) -> Invitation | None:
        there = self.rows.invitations.values()
        return next((each for each in there if each.email == email and each.state is InvitationState.OPEN), None)
