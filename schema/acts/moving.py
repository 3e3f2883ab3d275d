"""Moving a session to another time."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.cancellation import moving as rules
from domain.services import moving
from schema.acting import INPUT, KEY, mutation, perform
from schema.context import Info
from schema.ids import Kind, expect
from schema.nouns.session import Session
from schema.refusals import Refused
from schema.sight import seen


@strawberry.input(description="When a session is to take place.")
class MoveSessionInput:
    session_id: strawberry.ID = strawberry.field(description="The session: not cancelled, and yet to start.")
    starts_at: datetime = strawberry.field(description="When it is to start: later than now.")
    ends_at: datetime = strawberry.field(description="When it is to end: later than it starts.")
    idempotency_key: str = KEY


@strawberry.type(
    description="The session takes place then, with everybody who is booked. They may cancel as if in time until its"
    " new deadline or, where that is later, until 24 hours after the move, but not after its start. No credit that was"
    " issued has changed. Moving it to the times that it has already changes nothing."
)
class SessionMoved:
    session: Session = strawberry.field(description="The session with its new times.")
    bookings_moved: int = strawberry.field(
        description="How many bookings moved along with it: so many clients are to be told. 0 where it had these times"
        " already."
    )


MoveSessionResult = Annotated[
    SessionMoved | Refused,
    strawberry.union("MoveSessionResult", description="The session, or every reason why it does not move."),
]


@strawberry.type
class MovingMutations:
    @mutation(
        "Moves a session to another time. Credits that wait for it are held until its new start, or a later one that"
        " they wait for; where seats can be given in time again, those who wait are seated. By the studio's owner and"
        " managers.",
        rules.CODES,
    )
    async def move_session(self, info: Info, input: Annotated[MoveSessionInput, INPUT]) -> MoveSessionResult | None:
        session = expect(Kind.SESSION, input.session_id, "sessionId")
        command = moving.MoveSession(session.key, input.starts_at, input.ends_at)
        outcome = await perform(info, session.studio_id, input, lambda work: moving.move_session(work, command))
        if isinstance(outcome, Refused):
            return outcome
        moved = await seen(info, Session, Kind.SESSION, session.studio_id, outcome.session)
        return SessionMoved(session=moved, bookings_moved=outcome.moved or 0)
