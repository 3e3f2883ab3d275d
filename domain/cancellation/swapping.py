"""Swapping a seat for another in one step: cancel, earn or get back, and spend that very credit (C6)."""

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.cancellation import cancelling
from domain.cancellation.cancelling import CANCELLING_RULES, Cancellation, Cancelled, credit_brought, judge
from domain.credits.credit_codes import codes_but_of
from domain.events import CreditRedeemed, Event, SeatBooked
from domain.nouns.booking import Booking, BookingStatus, CancellationOutcome, PaidWith, PaymentState
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.refusals import FixableBy, Refusal, RefusalCode, Refused
from domain.rules import broken, codes_of, rule
from domain.spending.credit_rules import MakeUp, against_what_was_theirs
from domain.spending.make_ups import MAKE_UP_RULES, Eligibility
from domain.spending.seats import SeatRequest, new_booking, without_seat_of
from domain.spending.session_rules import SESSION_RULES


@dataclass(frozen=True)
class Swap:
    """A booking to be given up, and the seat that its client wants for the credit that this brings.

    `siblings`: other clients whom the same account manages; one of them may hold the credit that paid the booking.
    """

    cancellation: Cancellation
    wanted: SeatRequest
    siblings: Set[UUID]

    @property
    def booking(self) -> Booking:
        return self.cancellation.booking

    @property
    def in_place(self) -> bool:
        """Whether the seat wanted is in the very session that is given up."""
        return self.wanted.session.id == self.booking.session_id

    @property
    def seat(self) -> SeatRequest:
        """The seat wanted, as it stands once the booking is given up."""
        if not self.in_place:
            return self.wanted
        return replace(self.wanted, target=without_seat_of(self.booking, self.wanted.target), already_booked=False)

    def paid_with(self, credit: MakeUpCredit) -> MakeUp:
        seat = self.seat
        return MakeUp(seat.target, seat.client, seat.already_booked, credit, self.siblings, ahead=seat.ahead)


@rule("C6", RefusalCode.ALREADY_CANCELLED)
def booking_is_live(swap: Swap, now: datetime) -> Refusal | None:
    """What is cancelled already has no seat to give."""
    booking = swap.booking
    if booking.live:
        return None
    return Refusal(
        RefusalCode.ALREADY_CANCELLED,
        "The booking is cancelled already: there is no seat to swap.",
        actual=booking.status.value,
        required=BookingStatus.BOOKED.value,
        session_id=booking.session_id,
    )


@rule("C6", RefusalCode.CANCELLATION_EARNS_NOTHING)
def giving_up_brings_a_credit(swap: Swap, now: datetime) -> Refusal | None:
    """Giving the booking up earns a credit or, where a credit paid it, gives that one back."""
    verdict = judge(swap.cancellation, now)
    if verdict.outcome is not CancellationOutcome.NOTHING:
        return None
    by_credit = swap.booking.paid_with is PaidWith.MAKE_UP
    brings = CancellationOutcome.CREDIT_RETURNED if by_credit else CancellationOutcome.CREDIT
    return Refusal(
        RefusalCode.CANCELLATION_EARNS_NOTHING,
        "Giving the booking up would bring no credit to spend on the other session.",
        FixableBy.STAFF,
        actual=verdict.outcome.value,
        required=brings.value,
        session_id=swap.booking.session_id,
        why_not_earned=verdict.why_not_earned,
    )


@rule("R7", RefusalCode.SAME_SESSION)
def seat_is_in_another_session(swap: Swap, now: datetime) -> Refusal | None:
    """A seat is not swapped for one in the same session, whatever pays it."""
    if not swap.in_place:
        return None
    return Refusal(RefusalCode.SAME_SESSION, "The seat to give up is in this very session.", FixableBy.CLIENT)


# Of the states of a credit: what is earned or comes back is active, or its time has run out meanwhile.
_NEVER_BROUGHT = codes_but_of({CreditState.ACTIVE, CreditState.EXPIRED})
_RULES = (booking_is_live, *CANCELLING_RULES, giving_up_brings_a_credit, seat_is_in_another_session, *MAKE_UP_RULES)
CODES = tuple(code for code in codes_of(*_RULES) if code not in _NEVER_BROUGHT)


def eligibility(swap: Swap, now: datetime) -> Eligibility:
    """Every reason of both halves, each with the session that it is about; of what is cancelled already, only that."""
    if gone := booking_is_live(swap, now):
        return Eligibility(None, (gone,))
    credit = credit_brought(swap.cancellation, now)
    against_giving_up = (
        *cancelling.why_not(swap.cancellation, now),
        *broken((giving_up_brings_a_credit,), swap, now),
    )
    against_the_seat = (
        *broken((seat_is_in_another_session,), swap, now),
        *(broken(SESSION_RULES, swap.seat, now) if credit is None else _against(swap.paid_with(credit), now)),
    )
    reasons = (
        *(replace(reason, session_id=swap.booking.session_id) for reason in against_giving_up),
        *(replace(reason, session_id=swap.wanted.session.id) for reason in against_the_seat),
    )
    told: dict[tuple[RefusalCode, UUID | None], Refusal] = {}
    for reason in reasons:  # in one session alone both halves may say the same
        told.setdefault((reason.code, reason.session_id), reason)
    return Eligibility(credit, tuple(told.values()))


def _against(make_up: MakeUp, now: datetime) -> Iterator[Refusal]:
    """R1, R12: a swap cannot wait for the end of the missed session, as by then that can no longer be cancelled."""
    for reason in (*broken(SESSION_RULES, make_up, now), *against_what_was_theirs(make_up, now)):
        at_once = reason.code is RefusalCode.CREDIT_NOT_YET_VALID
        yield replace(reason, fixable_by=FixableBy.STAFF, available_from=None) if at_once else reason


@dataclass(frozen=True)
class Swapped:
    """`credit` as it was when it was spent."""

    cancelled: Cancelled
    booking: Booking
    credit: MakeUpCredit

    @property
    def events(self) -> tuple[Event, ...]:
        """R11: both bookings and the credit change together, and the ledger gets both lines."""
        return *self.cancelled.events, SeatBooked(self.booking), CreditRedeemed(self.credit, self.booking)


def decide(swap: Swap, credit_id: UUID, booking_id: UUID, now: datetime) -> Swapped | Refused:
    """Gives one seat up and takes the other. `credit_id` names the credit, should one be earned."""
    found = eligibility(swap, now)
    cancelled = cancelling.decide(swap.cancellation, None, credit_id, now)
    if isinstance(cancelled, Refused) or found.credit is None or not found.eligible:
        return Refused(found.reasons)
    spent = cancelled.issued or found.credit
    booking = new_booking(swap.seat, booking_id, PaidWith.MAKE_UP, PaymentState.PAID, now)
    return Swapped(cancelled, replace(booking, credit_id=spent.id), spent)
