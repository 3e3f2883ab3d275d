"""The waiting list of a session: one queue for every kind of payment (W1)."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.nouns.words import Word


class WaitlistState(Word):
    WAITING = "WAITING", "The client waits for a seat."
    SEATED = "SEATED", "The client has a seat in the session."
    LEFT = "LEFT", "The client has left the list, or staff have taken them off it."
    GIVEN_UP = (
        "GIVEN_UP",
        "The credit has paid another seat that it waited for, was taken back by the studio, or was of a client whom"
        " another account manages now.",
    )
    ENDED = (
        "ENDED",
        "The waiting ended before a seat came: the session started, or the studio cancelled it, or archived it, its"
        " course or the client.",
    )


@dataclass(frozen=True)
class WaitlistEntry:
    """A client who waits for a seat in a session, or waited for one.

    `credit_id`: the credit that is held for it and would pay; None for who pays money. `state` is what was last
    written and does not know of time: ask `state_at`. `booking_id`: the seat of who is SEATED.
    """

    studio_id: int
    id: UUID
    session_id: UUID
    client_id: UUID
    credit_id: UUID | None
    joined_at: datetime
    state: WaitlistState
    ended_at: datetime | None
    booking_id: UUID | None
    changed_at: datetime

    def state_at(self, now: datetime, starts_at: datetime) -> WaitlistState:
        """W2: at the start of its session the queue ends, by comparison with time and never by a job (V5)."""
        if self.state is WaitlistState.WAITING and now >= starts_at:
            return WaitlistState.ENDED
        return self.state

    def waits(self, now: datetime, starts_at: datetime) -> bool:
        return self.state_at(now, starts_at) is WaitlistState.WAITING


@dataclass(frozen=True)
class Ahead:
    """The queue as somebody meets it who wants a seat (W2).

    `waiting`: how many wait. `able`: how many of those that come before could take a seat now. `waits`: they wait, too.
    `holds`: the credits that wait for this client, here or elsewhere; asked only of who wants to pay with one.
    """

    waiting: int = 0
    able: int = 0
    waits: bool = False
    holds: Set[UUID] = frozenset()


NOBODY = Ahead()
