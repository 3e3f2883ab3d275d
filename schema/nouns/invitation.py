"""An invitation to the staff, as the studio's owners see it, and as whoever was given its code does."""

from datetime import datetime

import strawberry

from domain.faults import ACCOUNT_GONE, Unauthenticated
from domain.managing.staffing import ACCEPTING_RULES, Joining
from domain.nouns import invitation as domain
from domain.nouns.invitation import InvitationState
from domain.nouns.studio import Role
from domain.rules import broken
from persistence.reads import queries
from schema.context import Info
from schema.ids import Kind, Ref, decode, encode
from schema.node import Node
from schema.nouns.staff import StaffMember
from schema.nouns.studio import Studio, studio_of
from schema.refusals import Refusal


@strawberry.type(description="An invitation to join a studio's staff. Only the studio's owners see it.")
class StaffInvitation(Node):
    email: str | None = strawberry.field(
        description="Whom it is for; null once it was accepted or withdrawn, since it is then no longer kept."
    )
    role: Role = strawberry.field(description="What they would be.")
    display_name: str = strawberry.field(description="Under which name they would be on the schedule.")
    state: InvitationState = strawberry.field(description="What has become of it.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime = strawberry.field(description="From when on nobody can accept it: 14 days after it was made.")
    row: strawberry.Private[domain.Invitation]

    @classmethod
    def of(cls, row: domain.Invitation, now: datetime) -> "StaffInvitation":
        return cls(
            id=strawberry.ID(encode(Kind.INVITATION, row.studio_id, row.id)),
            email=row.email,
            role=row.role,
            display_name=row.display_name,
            state=row.state_at(now),
            created_at=row.created_at,
            expires_at=row.expires_at,
            row=row,
        )

    @strawberry.field(
        description="What the invited give to `acceptInvitation`. Encore sends no e-mail: pass it on to them, and to"
        " nobody else. Always the same while the invitation is open, and null for every other."
    )
    async def code(self, info: Info) -> str | None:
        return info.context.invitations.code(self.id) if self.state is InvitationState.OPEN else None

    @strawberry.field(description="Who has joined the staff with it; null for nobody.")
    async def staff_member(self, info: Info) -> StaffMember | None:
        if self.row.staff_id is None:
            return None
        found = await info.context.load.staff.load((self.row.studio_id, self.row.staff_id))
        return None if found is None else StaffMember.of(found)


@strawberry.type(
    description="What accepting an invitation would bring at this moment, for somebody to look at before they accept."
)
class InvitationPreview:
    studio: Studio = strawberry.field(description="Whose staff they would join.")
    role: Role = strawberry.field(description="What they would be there.")
    display_name: str | None = strawberry.field(
        description="The name that everybody would see on the schedule, where they choose no other; null where the"
        " viewer cannot accept."
    )
    state: InvitationState = strawberry.field(description="What has become of the invitation.")
    expires_at: datetime = strawberry.field(description="From when on nobody can accept it.")
    refusals: list[Refusal] = strawberry.field(
        description="Why `acceptInvitation` would be refused now; empty where it would not."
    )


def invitation_with(info: Info, code: str) -> Ref | None:
    """Which invitation a code is of; None for what is no code."""
    ref = decode(info.context.invitations.read(code) or "")
    return ref if ref is not None and ref.kind is Kind.INVITATION else None


async def invitation_preview(info: Info, code: str) -> InvitationPreview | None:
    """A1: for whoever is signed in and has the code, which is all that proves anything of them."""
    account_id = info.context.signed_in()
    ref = invitation_with(info, code)
    row = None if ref is None else await info.context.load.invitation.load((ref.studio_id, ref.key))
    if row is None:
        return None
    async with info.context.database.reading() as reading:
        account = await queries.account(reading, account_id)
    if account is None:
        raise Unauthenticated(ACCOUNT_GONE)
    now = info.context.now
    on_staff = (await info.context.authority(row.studio_id)).role is not None
    reasons = broken(ACCEPTING_RULES, Joining(row, account.email, on_staff), now)
    return InvitationPreview(
        studio=Studio.of(await studio_of(info, row.studio_id)),
        role=row.role,
        display_name=None if reasons else row.display_name,
        state=row.state_at(now),
        expires_at=row.expires_at,
        refusals=[Refusal.of(reason, row.studio_id) for reason in reasons],
    )
