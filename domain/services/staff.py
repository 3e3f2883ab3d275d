"""The staff: inviting, accepting, changing, removing (A1).

Each of these locks the studio first, and asks only then who may do it and who owns the studio: of two owners who
remove each other at once, one does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from domain.authority import require_invitation, require_owner, require_owner_or_oneself
from domain.events import InvitationWithdrawn, StaffAdded, StaffChanged, StaffInvited, StaffRemoved
from domain.managing.staffing import (
    ACCEPTING_RULES,
    CHANGING_RULES,
    LEAVING_RULES,
    WITHDRAWING_RULES,
    Joining,
    StaffChange,
    already_staff,
)
from domain.nouns.invitation import LIVES, Invitation, InvitationState
from domain.nouns.studio import Role, Staff
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused
from domain.rules import broken


@dataclass(frozen=True)
class InviteStaff:
    """`email` normalised."""

    email: str
    role: Role
    display_name: str


async def invite_staff(work: Work, command: InviteStaff) -> Done | Refused:
    """By an owner. An open invitation to the same e-mail is withdrawn; ALREADY_STAFF for who is on this staff."""
    require_owner(await work.authority())
    await work.locked_studio()
    require_owner(await work.authority())
    if await work.staff_with_email(command.email) is not None:
        return Refused((already_staff("email"),))
    before = await work.open_invitation_to(command.email)
    invitation = Invitation(
        studio_id=work.studio_id,
        id=work.new_id(),
        email=command.email,
        role=command.role,
        display_name=command.display_name,
        state=InvitationState.OPEN,
        staff_id=None,
        created_at=work.now,
        expires_at=work.now + LIVES,
        changed_at=work.now,
    )
    withdrawn = () if before is None else (InvitationWithdrawn(before),)
    await work.record(*withdrawn, StaffInvited(invitation))
    return Done(studio_id=work.studio_id, invitation=invitation.id)


@dataclass(frozen=True)
class WithdrawInvitation:
    invitation_id: UUID


async def withdraw_invitation(work: Work, command: WithdrawInvitation) -> Done | Refused:
    """By an owner; twice answers the same. INVITATION_OVER where somebody has joined with it."""
    authority = await work.authority()
    await work.invitation(command.invitation_id, "invitationId", timed=False)
    require_invitation(authority)
    await work.locked_studio()
    require_invitation(await work.authority())
    invitation = await work.invitation(command.invitation_id, "invitationId")
    if reasons := broken(WITHDRAWING_RULES, invitation, work.now):
        return Refused(reasons)
    if invitation.state is InvitationState.OPEN:
        await work.record(InvitationWithdrawn(invitation))
    return Done(studio_id=work.studio_id, invitation=invitation.id)


@dataclass(frozen=True)
class AcceptInvitation:
    """`display_name` None: as the studio has written it."""

    invitation_id: UUID
    display_name: str | None = None


async def accept_invitation(work: Work, command: AcceptInvitation) -> Done | Refused:
    """By the account that it is for, which agrees to its name being public. Who comes back is new on the staff."""
    await work.locked_studio()
    account = await work.locked_account()
    invitation = await work.invitation(command.invitation_id, "code")
    on_staff = await work.staff_of_account(account.id) is not None
    if reasons := broken(ACCEPTING_RULES, Joining(invitation, account.email, on_staff), work.now):
        return Refused(reasons)
    staff = Staff(
        studio_id=work.studio_id,
        id=work.new_id(),
        account_id=account.id,
        role=invitation.role,
        display_name=command.display_name or invitation.display_name,
        created_at=work.now,
        changed_at=work.now,
    )
    await work.record(StaffAdded(staff, invitation))
    return Done(studio_id=work.studio_id, staff=staff.id)


@dataclass(frozen=True)
class UpdateStaff:
    """`changes` by the names of `role` and `display_name`."""

    staff_id: UUID
    changes: Mapping[str, Any]


async def update_staff(work: Work, command: UpdateStaff) -> Done | Refused:
    """By an owner. A role acts at once."""
    require_owner(await work.authority(), "staffId")
    await work.locked_studio()
    require_owner(await work.authority(), "staffId")
    before = await work.staff_member(command.staff_id)
    after = replace(before, **command.changes)
    if reasons := broken(CHANGING_RULES, StaffChange(before, after, await work.owners()), work.now):
        return Refused(reasons)
    if after != before:
        await work.record(StaffChanged(before, after))
    return Done(studio_id=work.studio_id, staff=before.id)


@dataclass(frozen=True)
class RemoveStaff:
    staff_id: UUID


async def remove_staff(work: Work, command: RemoveStaff) -> Done | Refused:
    """By an owner, or by themselves; twice answers the same. What they taught, and are to teach, still names them."""
    oneself = await work.is_oneself(command.staff_id)
    require_owner_or_oneself(await work.authority(), oneself)
    await work.locked_studio()
    require_owner_or_oneself(await work.authority(), oneself)
    member = await work.staff_member(command.staff_id)
    if member.removed_at is not None:
        return Done(studio_id=work.studio_id, staff=member.id)
    if reasons := broken(LEAVING_RULES, StaffChange(member, None, await work.owners()), work.now):
        return Refused(reasons)
    await work.record(StaffRemoved(member))
    return Done(studio_id=work.studio_id, staff=member.id)
