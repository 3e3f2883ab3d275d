"""Deleting an account: what it has at each studio is given up, each by an act of its own, and then it is nobody's.

Which acts follow which is told in `persistence.erasing`. Each of them can be done again: it finds nothing left to do.
"""

from collections.abc import Set
from uuid import UUID

from domain.cancellation import ending
from domain.credits.choosing import MOST_AT_ONCE, ById
from domain.events import ClientErased, CreditRevoked, InvitationWithdrawn, StaffErased, StaffRemoved
from domain.faults import NotFound
from domain.managing import revoking
from domain.managing.erasing import LEAVING_RULES, STAFF_NAME, Leaving, StillThere, last_owner_of
from domain.managing.revoking import Revocation
from domain.nouns.client import Client
from domain.nouns.credit import CreditState, RevocationReason
from domain.nouns.invitation import InvitationState
from domain.nouns.studio import Role
from domain.outcome import Done
from domain.ports import Registry, Work
from domain.refusals import Refused
from domain.rules import broken
from domain.services.waitlists import record_and_seat


async def leave_staff(work: Work, staff_id: UUID) -> Done | Refused:
    """A4: nobody on the staff has the account any more, nor does anything tell who had it."""
    account_id = (await work.authority()).account_id
    studio, staff = await work.locked_studio(), await work.staff_member(staff_id)
    if staff.account_id != account_id:
        raise NotFound("There is no such staff member.")
    left, done = staff.removed_at is not None, Done(studio_id=work.studio_id, staff=staff_id)
    if left and staff.display_name == STAFF_NAME:
        return done
    owners: Set[UUID] = await work.owners() if staff.role is Role.OWNER else frozenset()
    if not left and (reasons := broken(LEAVING_RULES, Leaving(studio, staff, owners), work.now)):
        return Refused(reasons)
    removed = () if left else (StaffRemoved(staff),)
    await work.record(*removed, StaffErased(staff))
    return done


async def decline_invitation(work: Work, invitation_id: UUID, email: str) -> Done:
    """A4: an invitation to this e-mail ends with the account, and says no more for whom it was."""
    await work.authority()
    await work.locked_studio()
    invitation = await work.invitation(invitation_id, "invitationId")
    if invitation.state is InvitationState.OPEN and invitation.email == email:
        await work.record(InvitationWithdrawn(invitation))
    return Done(studio_id=work.studio_id)


async def end_enrolment(work: Work, enrolment_id: UUID) -> Done:
    """A4, C12: ends with the account that manages its client."""
    authority = await work.authority()
    loaded = await work.locked_ending(enrolment_id)
    _require_own(authority.account_id, await work.locked_client(loaded.enrolment.client_id))
    decision = ending.decide(loaded, work.now)
    if decision.events:
        await record_and_seat(work, decision.events)
    return Done(studio_id=work.studio_id, enrolment=enrolment_id)


async def erase_client(work: Work, client_id: UUID, staying: Set[UUID]) -> Done:
    """A4: revokes what nobody can spend any more, and forgets whose all this was.

    `staying`: bookings that a rule does not let the client give up. Done without a client where something else has
    come meanwhile, which has to be given up first.
    """
    authority = await work.authority()
    client = await work.locked_client(client_id)
    _require_own(authority.account_id, client)
    remains = await work.remains_of(client_id)
    not_yet = Done(studio_id=work.studio_id)
    if remains.entries or remains.enrolments or set(remains.bookings) - staying:
        return not_yet
    revoked: list[CreditRevoked] = []
    for first in range(0, len(remains.credits), MOST_AT_ONCE):
        credits = await work.locked_chosen_credits(ById(remains.credits[first : first + MOST_AT_ONCE]))
        for credit in credits:
            if credit.state is CreditState.HELD:
                return not_yet
            decision = revoking.decide(Revocation(credit, RevocationReason.ACCOUNT_DELETED, ""), work.now)
            revoked += [decision] if isinstance(decision, CreditRevoked) else []
    await work.record(*revoked, ClientErased(client))
    return Done(studio_id=work.studio_id, client=client_id, credits=tuple(each.credit.id for each in revoked))


def _require_own(account_id: UUID | None, client: Client) -> None:
    """A1: asked once the client is locked, so that nobody else comes to manage them before the act is done."""
    if account_id is None or client.account_id != account_id:
        raise NotFound("There is no such client.")


async def delete_account(registry: Registry, account_id: UUID) -> Done | Refused:
    """A4: `StillThere` while anything hangs on it at any studio; `Unauthenticated` where it is deleted already."""
    account = await registry.locked_account(account_id)
    if alone := await registry.owned_alone(account_id):
        return Refused(tuple(map(last_owner_of, alone)))
    if belongings := await registry.belongings_of(account):
        raise StillThere(account, belongings)
    await registry.erase_account(account)
    return Done(account=account_id)
