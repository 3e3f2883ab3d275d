"""Joining a waiting list (W1): for money, or with a credit that is held meanwhile."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.credits.holding import held, in_grace, own_expiry
from domain.events import CreditHeld, Event, SeatsOffered, WaitlistJoined
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.session import ScheduledSession
from domain.nouns.waitlist import WaitlistEntry, WaitlistState
from domain.refusals import FixableBy, Refusal, RefusalCode, Refused
from domain.rules import broken, codes_of, rule
from domain.spending import make_ups, seats
from domain.spending.make_ups import NO_ELIGIBLE_CREDIT, MakeUpRequest
from domain.spending.seats import SeatRequest
from domain.spending.session_rules import SESSION_RULES

ABOUT_SEATS = frozenset({RefusalCode.SESSION_FULL, RefusalCode.MAKE_UP_SEATS_FULL})
"""The reasons for which waiting helps."""


@rule("W1", RefusalCode.ALREADY_WAITING)
def client_does_not_wait_yet(seat: SeatRequest, now: datetime) -> Refusal | None:
    """The client is not on the list yet."""
    if not seat.ahead.waits:
        return None
    return Refusal(
        RefusalCode.ALREADY_WAITING,
        "The client is on this session's waiting list already.",
        FixableBy.CLIENT,
        session_id=seat.session.id,
    )


@rule("W1", RefusalCode.CREDIT_IN_GRACE)
def credit_is_not_in_grace(credit: MakeUpCredit, now: datetime) -> Refusal | None:
    """A credit gets its grace once in its life, and is not held again while it lives by it."""
    if not in_grace(credit) or credit.state_at(now) is not CreditState.ACTIVE:
        return None
    return Refusal(
        RefusalCode.CREDIT_IN_GRACE,
        "The credit has waited past its end already, and can only be spent at once now.",
        FixableBy.CLIENT,
        actual=credit.expires_at,
        credit_id=credit.id,
    )


SEAT_AVAILABLE = Refusal(
    RefusalCode.SEAT_AVAILABLE, "A seat can be booked at once; there is nothing to wait for.", FixableBy.CLIENT
)
CODES = (
    *codes_of(client_does_not_wait_yet, credit_is_not_in_grace),
    SEAT_AVAILABLE.code,
    *(code for code in dict.fromkeys((*seats.CODES, *make_ups.CODES)) if code is not RefusalCode.SESSION_FULL),
)


@dataclass(frozen=True)
class Outlook:
    """Whether they could wait now. `credit`: the one that would be held; None for money, or where none fits."""

    credit: MakeUpCredit | None
    reasons: tuple[Refusal, ...]


def outlook(seat: SeatRequest, now: datetime) -> Outlook:
    """W1: SESSION_FULL stands against booking, and nothing else that waiting would not help.

    For money, or for a credit where it is a `MakeUpRequest`; its credits are the active ones and those that are held.
    """
    credit, against = _against_booking(seat, now)
    reasons = (
        *broken((client_does_not_wait_yet,), seat, now),
        *(() if credit is None else broken((credit_is_not_in_grace,), credit, now)),
        *(reason for reason in against if reason.code not in ABOUT_SEATS),
    )
    if reasons:
        return Outlook(credit, reasons)
    if all(reason.code is not RefusalCode.SESSION_FULL for reason in against):
        return Outlook(credit, against or (replace(SEAT_AVAILABLE, session_id=seat.session.id),))
    return Outlook(credit, ())


def told(reasons: tuple[Refusal, ...], seat: SeatRequest, now: datetime) -> tuple[Refusal, ...]:
    """P2: why they cannot book, with whether they could wait instead."""
    if all(reason.code is not RefusalCode.SESSION_FULL for reason in reasons):
        return reasons
    can_join = not outlook(seat, now).reasons
    return tuple(
        replace(reason, can_join=can_join) if reason.code is RefusalCode.SESSION_FULL else reason for reason in reasons
    )


def _against_booking(seat: SeatRequest, now: datetime) -> tuple[MakeUpCredit | None, tuple[Refusal, ...]]:
    if not isinstance(seat, MakeUpRequest):
        return None, seats.why_not(seat, now)
    credit = seat.named or _best(seat, now)
    if credit is None:
        return None, (*broken(SESSION_RULES, seat, now), NO_ELIGIBLE_CREDIT)
    return credit, make_ups.why_not(seat.paid_with(_as_if_free(credit, seat)), now)


def _best(seat: MakeUpRequest, now: datetime) -> MakeUpCredit | None:
    """R10: of those that could be held here, first those that wait nowhere."""
    could = [each for each in seat.credits if not in_grace(each)]
    free = replace(seat, credits=tuple(each for each in could if each.state is CreditState.ACTIVE))
    if (found := make_ups.best_credit(free, now)) is not None:
        return found
    waiting = {each.id: each for each in could if each.id in seat.ahead.holds}
    as_if = replace(seat, credits=tuple(_as_if_free(each, seat) for each in waiting.values()))
    best = make_ups.best_credit(as_if, now)
    return best and waiting[best.id]


def _as_if_free(credit: MakeUpCredit, seat: SeatRequest) -> MakeUpCredit:
    """W1, W3: a credit that waits for them elsewhere is asked what any is, its own expiry as of this joining too."""
    if credit.id not in seat.ahead.holds:
        return credit
    own = own_expiry(credit)
    return replace(credit, state=CreditState.ACTIVE, held_until=None, expires_at=own.at, expires_on=own.on)


@dataclass(frozen=True)
class Joined:
    entry: WaitlistEntry
    events: tuple[Event, ...]


def decide(seat: SeatRequest, entry_id: UUID, now: datetime) -> Joined | Refused:
    """W1: puts them on the list, and holds the credit until the last start that it waits for."""
    found = outlook(seat, now)
    if found.reasons:
        return Refused(found.reasons)
    session, credit = seat.session, found.credit
    entry = WaitlistEntry(
        studio_id=session.studio_id,
        id=entry_id,
        session_id=session.id,
        client_id=seat.client.id,
        credit_id=credit and credit.id,
        joined_at=now,
        state=WaitlistState.WAITING,
        ended_at=None,
        booking_id=None,
        changed_at=now,
    )
    joined = (WaitlistJoined(entry), *_no_longer_kept(seat.target, now))
    if credit is None:
        return Joined(entry, joined)
    until = max(session.starts_at, credit.held_until or session.starts_at)
    waits = held(credit, until, seat.target.policy.hold_release_grace_hours, seat.studio.zone)
    return Joined(entry, (*joined, CreditHeld(waits, session.id)))


def _no_longer_kept(target: ScheduledSession, now: datetime) -> tuple[SeatsOffered, ...]:
    """W2: seats for which nobody was left to wait are anyone's since then, also where somebody comes to wait again."""
    offers = target.on_offer(now)
    return (SeatsOffered(target.session, offers),) if offers < target.session.freed_late else ()
