"""What the start of a session ends (W2): its queue, the holds of credits that wait for nothing later, and the offers.

All of it holds from that start on, by comparison with time (V5); here it is only written down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.credits.holding import settled
from domain.events import CreditExpired, CreditReleased, Event, SeatsOffered, WaitlistEntryEnded
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.session import Session
from domain.nouns.waitlist import WaitlistEntry, WaitlistState


@dataclass(frozen=True)
class Over:
    """`sessions` have started. `entries`: those whose rows still say that they wait, in these sessions. `credits`: the
    ones held for these, as their rows stand; some may wait for another session yet.
    """

    sessions: Mapping[UUID, Session]
    entries: tuple[WaitlistEntry, ...]
    credits: tuple[MakeUpCredit, ...]


def decide(over: Over, now: datetime) -> tuple[Event, ...]:
    """W2: each line as of the instant at which it came true."""
    sessions = over.sessions
    ended = (
        WaitlistEntryEnded(entry, WaitlistState.ENDED, None, at=sessions[entry.session_id].starts_at)
        for entry in over.entries
    )
    released = (
        event
        for credit in over.credits
        if credit.held_until is not None and credit.held_until <= now
        for event in _released(settled(credit, now), credit.held_until)
    )
    offers = (SeatsOffered(session, 0, at=session.starts_at) for session in sessions.values() if session.freed_late)
    return *ended, *released, *offers


def _released(credit: MakeUpCredit, at: datetime) -> tuple[Event, ...]:
    """What has waited past its end and gets no grace has run out with the release."""
    released = CreditReleased(credit, at)
    if credit.state_at(at) is not CreditState.EXPIRED:
        return (released,)
    return released, CreditExpired(credit, at)
