"""An invitation to join the staff of a studio."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.nouns.studio import Role
from domain.nouns.words import Word

LIVES = timedelta(days=14)


class InvitationState(Word):
    OPEN = "OPEN", "It can be accepted."
    ACCEPTED = "ACCEPTED", "Somebody has joined the staff with it."
    WITHDRAWN = "WITHDRAWN", "It was taken back, or another one took its place."
    EXPIRED = "EXPIRED", "Nobody accepted it in time."


@dataclass(frozen=True)
class Invitation:
    """`email`: whom it is for, normalised; None once it is no longer needed. `staff_id`: who joined with it.

    `expires_at`: from when on nobody can accept it, 14 days after it was made.
    """

    studio_id: int
    id: UUID
    email: str | None
    role: Role
    display_name: str
    state: InvitationState
    staff_id: UUID | None
    created_at: datetime
    expires_at: datetime
    changed_at: datetime

    def state_at(self, now: datetime) -> InvitationState:
        run_out = self.state is InvitationState.OPEN and now >= self.expires_at
        return InvitationState.EXPIRED if run_out else self.state
