"""Ending an enrolment (C12): its seats to come are given up. What it has earned stays, or is revoked where unspent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.events import BookingCancelled, CreditRevoked, EnrolmentEnded, Event
from domain.nouns.booking import Booking, BookingStatus, CancellationOutcome, EarnedNothing, Enrolment
from domain.nouns.credit import OUTSTANDING, CreditState, MakeUpCredit, RevocationReason
from domain.nouns.policy import OnEnrolmentEnd, Policy
from domain.nouns.session import Session
from domain.waiting.giving_up import given_up as places_given_up
from domain.waiting.queueing import Place

_REASON = EarnedNothing.ENROLMENT_ENDED


@dataclass(frozen=True)
class Ending:
    """`bookings`: all of the enrolment's; `credits`: all that their cancellations earned, whatever became of them.

    `sessions`: those of the bookings that had not started when they were locked. `places`: by credit those on waiting
    lists that it holds.
    """

    policy: Policy
    enrolment: Enrolment
    bookings: tuple[Booking, ...]
    sessions: Mapping[UUID, Session]
    credits: tuple[MakeUpCredit, ...]
    places: Mapping[UUID, tuple[Place, ...]] = field(default_factory=dict[UUID, tuple[Place, ...]])


def seats_to_come(ending: Ending, now: datetime) -> tuple[Booking, ...]:
    """E1, C12: what ends with the enrolment and earns nothing. A seat in a session that has started stands."""
    coming = {key for key, session in ending.sessions.items() if not session.started(now)}
    return tuple(booking for booking in ending.bookings if booking.live and booking.session_id in coming)


def credits_to_revoke(ending: Ending, now: datetime) -> tuple[MakeUpCredit, ...]:
    """C12: with REVOKE_UNUSED, what the enrolment earned and nobody has spent; one that has expired stays expired."""
    if ending.policy.on_enrolment_end is OnEnrolmentEnd.KEEP:
        return ()
    return tuple(credit for credit in ending.credits if credit.state_at(now) in OUTSTANDING)


@dataclass(frozen=True)
class Ended:
    """`bookings` ended with the enrolment and `credits` are revoked: now, or when it ended before."""

    events: tuple[Event, ...]
    bookings: tuple[UUID, ...]
    credits: tuple[UUID, ...]


def decide(ending: Ending, now: datetime) -> Ended:
    """Ends it. What has ended before is answered alike, and nothing happens, as in C4."""
    first_time = ending.enrolment.ended_at is None
    given_up = seats_to_come(ending, now) if first_time else ()
    revoked = credits_to_revoke(ending, now) if first_time else ()
    taken_back = (CreditRevoked(credit, RevocationReason.ENROLMENT_ENDED, "") for credit in revoked)
    no_longer_waiting = (event for credit in revoked for event in places_given_up(ending.places.get(credit.id, ())))
    events = (EnrolmentEnded(ending.enrolment), *map(_cancelled, given_up), *taken_back, *no_longer_waiting)
    return Ended(
        events=events if first_time else (),
        bookings=tuple(each.id for each in ending.bookings if each in given_up or _REASON in each.why_not_earned),
        credits=tuple(each.id for each in ending.credits if each in revoked or _ended_with(ending.enrolment, each)),
    )


def _ended_with(enrolment: Enrolment, credit: MakeUpCredit) -> bool:
    """Nothing changes a revoked credit any more; staff may have revoked one at another time (V7)."""
    return credit.state is CreditState.REVOKED and credit.changed_at == enrolment.ended_at


def _cancelled(booking: Booking) -> Event:
    return BookingCancelled(booking, BookingStatus.CANCELLED, CancellationOutcome.NOTHING, (_REASON,))
