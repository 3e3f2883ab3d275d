"""Moving a session to another time (C8): its bookings move along, and whoever has one gets a day to think.

That day is part of the booking's own deadline: `earning.cancellation_deadline`. Credits that were issued do not follow
the session (V8). What is archived can be moved: nobody gets a new seat by that.
"""

from dataclasses import dataclass
from datetime import datetime

from domain.archive import InSession
from domain.events import SessionMoved
from domain.faults import BadUserInput
from domain.nouns.session import Session, SessionStatus
from domain.refusals import Refusal, RefusalCode, Refused
from domain.rules import broken, codes_of, rule


@dataclass(frozen=True)
class Move:
    """A session, and when it is to start and end from now on."""

    session: Session
    starts_at: datetime
    ends_at: datetime


@rule("C8", RefusalCode.SESSION_CANCELLED)
def studio_has_not_cancelled_it(wanted: InSession, now: datetime) -> Refusal | None:
    """The studio has not cancelled the session. Nor is attendance marked where it has (E5)."""
    if wanted.session.status is SessionStatus.SCHEDULED:
        return None
    return Refusal(RefusalCode.SESSION_CANCELLED, "The studio has cancelled the session.")


@rule("C8", RefusalCode.SESSION_STARTED)
def it_has_not_started(move: Move, now: datetime) -> Refusal | None:
    """What has started, at now >= start, does not move."""
    if not move.session.started(now):
        return None
    return Refusal(
        RefusalCode.SESSION_STARTED,
        "The session has already started.",
        actual=now,
        required=move.session.starts_at,
    )


MOVING_RULES = (studio_has_not_cancelled_it, it_has_not_started)
CODES = codes_of(*MOVING_RULES)


def require_times(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """C8: it moves to the future, and ends after it starts."""
    if starts_at <= now:
        raise BadUserInput("A session is moved to a start that lies ahead.", "startsAt")
    if ends_at <= starts_at:
        raise BadUserInput("A session ends after it starts.", "endsAt")


def decide(move: Move, now: datetime) -> tuple[SessionMoved, ...] | Refused:
    """C8: what happens; nothing, where its times are these already, and so nobody gets another day."""
    if reasons := broken(MOVING_RULES, move, now):
        return Refused(reasons)
    require_times(move.starts_at, move.ends_at, now)
    if (move.starts_at, move.ends_at) == (move.session.starts_at, move.session.ends_at):
        return ()
    return (SessionMoved(move.session, move.starts_at, move.ends_at),)
