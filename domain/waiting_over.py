"""What the start of a session ends (W2): its queue, the holds of credits that wait for nothing later, and the offers.

All of it holds from that start on, by comparison with time (V5); here it is only written down.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.credit import MakeUpCredit
from domain.events import CreditExpired, CreditReleased, Event, SeatsOffered, WaitlistEntryEnded
from domain.holding import settled
from domain.session import Session
from domain.waitlist import WaitlistEntry, WaitlistState


@dataclass(frozen=True)
class Over:
    """`sessions` have started. `entries`: those whose rows still say that they wait, in these sessions. `credits`: the
    ones held for these, as their rows stand; some may wait for another session yet.
    """

    sessions: Mapping[UUID, Session]
    entries: tuple[WaitlistEntry, ...]
    credits: tuple[MakeUpCredit, ...]


def decide(over: Over, now: datetime) -> tuple[Event, ...]:
    """Each line as of the instant at which it came true."""
    sessions = over.sessions
    ended = (
        WaitlistEntryEnded(entry, WaitlistState.ENDED, None, at=sessions[entry.session_id].starts_at)
        for entry in over.entries
    )
    released = (event for credit in over.credits for event in _released(credit, now))
    offers = (SeatsOffered(session, 0, at=session.starts_at) for session in sessions.values() if session.freed_late)
    return *ended, *released, *offers


def _released(credit: MakeUpCredit, now: datetime) -> Iterator[CreditReleased | CreditExpired]:
    """V5: one whose time had run out by then, and that gets no grace, expires as it is released, not before."""
    until, free = credit.held_until, settled(credit, now)
    if until is None or until > now:
        return
    yield CreditReleased(free, at=until)
    if free.expires_at is not None and free.expires_at <= until:
        yield CreditExpired(free, at=until)
