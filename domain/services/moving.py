"""Sessions that move (C8)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.authority import require_manager
from domain.cancellation import moving
from domain.cancellation.moving import Move
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused
from domain.services.waitlists import record_and_seat


@dataclass(frozen=True)
class MoveSession:
    session_id: UUID
    starts_at: datetime
    ends_at: datetime


async def move_session(work: Work, command: MoveSession) -> Done | Refused:
    """C8: by staff who manage. To the times that it has already, it moves no more, and nobody moves along."""
    require_manager(await work.authority(), "sessionId")
    session = (await work.locked_target(command.session_id)).session
    decision = moving.decide(Move(session, command.starts_at, command.ends_at), work.now)
    if isinstance(decision, Refused):
        return decision
    if decision:
        await record_and_seat(work, decision, {session.id: 0})
    return Done(studio_id=work.studio_id, session=session.id, moved=session.taken if decision else 0)
