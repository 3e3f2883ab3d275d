"""Who waits for a session, in their order, and which of them could take a seat now (W2)."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.nouns.client import Client
from domain.nouns.credit import MakeUpCredit
from domain.nouns.session import ScheduledSession, Session
from domain.nouns.waitlist import NOBODY, Ahead, WaitlistEntry
from domain.refusals import Refusal
from domain.rules import broken
from domain.spending import seats
from domain.spending.credit_rules import MakeUp, against_what_was_theirs
from domain.spending.seats import SeatRequest
from domain.spending.session_rules import SESSION_RULES


@dataclass(frozen=True)
class Place:
    """A live entry, and when its session starts."""

    entry: WaitlistEntry
    starts_at: datetime


@dataclass(frozen=True)
class Waiting:
    """A live entry and whom it is of. `credit`: the one that is held for it, and could be of one of the `siblings`.

    `elsewhere`: the other places on which this credit waits (W3). `booking_id`: a seat that they have got in the
    session since they joined.
    """

    entry: WaitlistEntry
    client: Client
    credit: MakeUpCredit | None
    siblings: Set[UUID]
    elsewhere: tuple[Place, ...] = ()
    booking_id: UUID | None = None


@dataclass(frozen=True)
class Queue:
    """Who waits for a session, by when they joined."""

    target: ScheduledSession
    waiting: tuple[Waiting, ...]


def in_order(waiting: Iterable[Waiting]) -> tuple[Waiting, ...]:
    return tuple(sorted(waiting, key=lambda each: (each.entry.joined_at, each.entry.id)))


def why_not(waiting: Waiting, target: ScheduledSession, ahead: Ahead, now: datetime) -> tuple[Refusal, ...]:
    """The ordinary decision, for whoever waits: every reason against their seat."""
    booked = waiting.booking_id is not None
    if waiting.credit is None:
        return seats.why_not(SeatRequest(target, waiting.client, booked, ahead=ahead), now)
    seat = MakeUp(target, waiting.client, booked, waiting.credit, waiting.siblings, ahead=ahead, held=True)
    return *broken(SESSION_RULES, seat, now), *against_what_was_theirs(seat, now)


def offered(target: ScheduledSession) -> ScheduledSession:
    """The session as those meet it who wait for it: what is on offer is free."""
    return replace(target, waiting=0)


def every_seat_is_taken(session: Session) -> bool:
    """Extra ones too: nobody who waits could take one, and nobody has to be asked."""
    return session.taken >= session.capacity + session.extra_make_up_seats


def ahead_of(client_id: UUID, queue: Queue, now: datetime) -> Ahead:
    """W2: the queue as a client meets it. Before who waits come those who joined earlier, and all before any other."""
    target, names = queue.target, [each.client.id for each in queue.waiting]
    waits = client_id in names
    if not names or every_seat_is_taken(target.session):
        return Ahead(len(names), 0, waits)
    before = queue.waiting[: names.index(client_id)] if waits else queue.waiting
    able = sum(not why_not(each, offered(target), NOBODY, now) for each in before)
    return Ahead(len(names), able, waits)
