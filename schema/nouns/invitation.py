"""An invitation to the staff, as the studio's owners see it."""

from datetime import datetime

import strawberry

from domain.nouns import invitation as domain
from domain.nouns.invitation import InvitationState
from domain.nouns.studio import Role
from schema.context import Info
from schema.ids import Kind, encode
from schema.node import Node
from schema.nouns.staff import StaffMember


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
