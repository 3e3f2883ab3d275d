"""Leaving a waiting list, and claiming a seat that is on offer to it (W1, W2)."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.credits.credit_codes import CODE_OF_STATE
from domain.events import Event, SeatsOffered
from domain.nouns.session import ScheduledSession
from domain.nouns.waitlist import NOBODY, Ahead, WaitlistState
from domain.refusals import FixableBy, Refusal, RefusalCode, Refused
from domain.rules import broken, codes_of, rule
from domain.spending import seats
from domain.spending.make_ups import MAKE_UP_RULES
from domain.waiting import giving_up, queueing, seating
from domain.waiting.queueing import Waiting
from domain.waiting.seating import Seated


@dataclass(frozen=True)
class Waiter:
    """Somebody on the list of a session, or who was. `ahead`: the queue as they meet it."""

    target: ScheduledSession
    waiting: Waiting
    ahead: Ahead

    @property
    def left_before(self) -> bool:
        return self.waiting.entry.state is WaitlistState.LEFT


@rule("W1", RefusalCode.NOT_WAITING)
def client_still_waits(waiter: Waiter, now: datetime) -> Refusal | None:
    """The entry is live: neither ended, nor has its session started."""
    entry, starts_at = waiter.waiting.entry, waiter.target.session.starts_at
    if entry.waits(now, starts_at):
        return None
    return Refusal(
        RefusalCode.NOT_WAITING,
        "The client does not wait for this session any more.",
        actual=entry.state_at(now, starts_at).value,
        required=WaitlistState.WAITING.value,
        session_id=entry.session_id,
    )


LEAVING_RULES = (client_still_waits,)
LEAVING_CODES = codes_of(*LEAVING_RULES)


def leave(waiter: Waiter, now: datetime) -> tuple[Event, ...] | Refused:
    """W1: the place is given up, and the credit waits elsewhere, or is released."""
    if reasons := broken(LEAVING_RULES, waiter, now):
        return Refused(reasons)
    waiting = waiter.waiting
    return giving_up.ended(
        waiting.entry, WaitlistState.LEFT, waiting.credit, waiting.elsewhere, waiter.target.studio.zone, now
    )


OFFER_GONE = Refusal(RefusalCode.OFFER_GONE, "No seat can be claimed now.", FixableBy.STAFF)
# Nobody waits any more by then, or whoever waits has had an answer at the joining that does not change.
_OF_NOBODY_WHO_WAITS = frozenset(
    {
        RefusalCode.COURSE_ARCHIVED,
        RefusalCode.SESSION_ARCHIVED,
        RefusalCode.CLIENT_ARCHIVED,
        RefusalCode.SESSION_CANCELLED,
        RefusalCode.SESSION_STARTED,
        RefusalCode.ALREADY_BOOKED,
        RefusalCode.ACCOUNT_REQUIRED,
        RefusalCode.SAME_SESSION,
        RefusalCode.CREDIT_NOT_YET_VALID,
        *CODE_OF_STATE.values(),
    }
)
CLAIMING_CODES = (
    *codes_of(*LEAVING_RULES),
    OFFER_GONE.code,
    *(code for code in codes_of(*seats.ORDINARY_RULES, *MAKE_UP_RULES) if code not in _OF_NOBODY_WHO_WAITS),
)


def why_not_claim(waiter: Waiter, now: datetime) -> tuple[Refusal, ...]:
    """W2: anyone in the queue may have what is on offer; what is only free, who comes first of those who could.

    Where no seat can be had, that is told as OFFER_GONE, whether or not one was ever on offer.
    """
    if reasons := broken(LEAVING_RULES, waiter, now):
        return reasons
    target, waiting = waiter.target, waiter.waiting
    if target.on_offer(now):
        return queueing.why_not(waiting, queueing.offered(target), NOBODY, now)
    gone = replace(OFFER_GONE, session_id=target.session.id)
    against = queueing.why_not(waiting, target, waiter.ahead, now)
    return tuple(gone if reason.code is RefusalCode.SESSION_FULL else reason for reason in against)


def claim(waiter: Waiter, booking_id: UUID, now: datetime) -> Seated | Refused:
    """W2: the first claim wins; nobody who does not answer loses their place."""
    if reasons := why_not_claim(waiter, now):
        return Refused(reasons)
    target, session = waiter.target, waiter.target.session
    taken = seating.seated(waiter.waiting, target, booking_id, now)
    one_less = (SeatsOffered(session, target.on_offer(now) - 1),) if target.on_offer(now) else ()
    return Seated(taken.booking, (*taken.events, *one_less))
