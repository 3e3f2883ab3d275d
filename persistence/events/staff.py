"""Who is invited to the staff, joins it, changes there and leaves.

Of a name and an e-mail nothing is written into an event, where it could not be changed: only that a name did change.
"""

from domain import events as e
from domain.managing.erasing import STAFF_NAME
from domain.nouns.history import EventKind
from domain.nouns.invitation import Invitation, InvitationState
from domain.replay.plain import plain
from persistence import tables as t
from persistence.differences import Change
from persistence.events.writing import Line, Writer, line, write


@write.register
async def _(event: e.StaffInvited, writer: Writer) -> Line:
    invitation = event.invitation
    await writer.insert(t.staff_invitations, invitation)
    data = {
        "invitationId": invitation.id.hex,
        "role": invitation.role.value,
        "expiresAt": plain(invitation.expires_at),
    }
    return line(EventKind.STAFF_INVITED, data)


@write.register
async def _(event: e.InvitationWithdrawn, writer: Writer) -> Line:
    await _close(event.invitation, writer, state=InvitationState.WITHDRAWN, display_name=STAFF_NAME)
    return line(EventKind.INVITATION_WITHDRAWN, {"invitationId": event.invitation.id.hex})


@write.register
async def _(event: e.StaffAdded, writer: Writer) -> Line:
    staff, invitation = event.staff, event.invitation
    await writer.insert(t.staff, staff)
    data = {"staffId": staff.id.hex, "accountId": staff.account_id.hex, "role": staff.role.value}
    if invitation is not None:
        await _close(invitation, writer, state=InvitationState.ACCEPTED, staff_id=staff.id)
        data["invitationId"] = invitation.id.hex
    return line(EventKind.STAFF_ADDED, data)


@write.register
async def _(event: e.StaffChanged, writer: Writer) -> Line:
    staff, after = event.staff, event.after
    await writer.update(t.staff, staff.id, **Change.of(staff, after).values)
    data: dict[str, object] = {"staffId": staff.id.hex}
    if after.role is not staff.role:
        data |= {"before": {"role": staff.role.value}, "after": {"role": after.role.value}}
    if after.display_name != staff.display_name:
        data["renamed"] = True
    return line(EventKind.STAFF_CHANGED, data)


@write.register
async def _(event: e.StaffRemoved, writer: Writer) -> Line:
    staff = event.staff
    await writer.update(t.staff, staff.id, removed_at=writer.now)
    return line(EventKind.STAFF_REMOVED, {"staffId": staff.id.hex, "role": staff.role.value})


async def _close(invitation: Invitation, writer: Writer, **values: object) -> None:
    """Whom it was for is forgotten."""
    await writer.update(t.staff_invitations, invitation.id, email=None, **values)
