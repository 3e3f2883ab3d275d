"""Undoing a cancellation (C5): the seat is taken once more, and the credit goes back to where it was before.

What is asked is whether the seat can be had and what has become of the credit, not whether one could book now.
"""

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain import archive
from domain.authority import Authority
from domain.credits.credit_codes import CODE_OF_STATE, codes_but_of
from domain.credits.validity import Expiry
from domain.events import (
    BookingCancelled,
    CancellationUndone,
    CreditRedeemed,
    CreditRestored,
    CreditUndone,
    Event,
)
from domain.issuing.earning import Missed, cancellation_is_in_time
from domain.nouns.booking import Booking, BookingStatus, CancellationOutcome, EarnedNothing, Enrolment, PaidWith
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.refusals import FixableBy, Refusal, RefusalCode, Refused
from domain.rules import broken, codes_of, rule
from domain.spending import credit_rules, seats, session_rules
from domain.spending.credit_rules import MakeUp
from domain.spending.seats import SeatRequest

_UNSPENT = frozenset({CreditState.ACTIVE, CreditState.EXPIRED})


@dataclass(frozen=True)
class Undoing(SeatRequest):
    """A client who wants a seat back that was given up.

    `enrolment`: which the booking is part of. `credit`: of a make-up booking the one that paid it, of any other the
    one that its cancellation earned, unless that is undone. `spent`: the other booking that this credit pays, where
    whoever undoes may give that up. `siblings`: other clients whom the same account manages.
    """

    booking: Booking
    enrolment: Enrolment | None
    credit: MakeUpCredit | None
    siblings: Set[UUID]
    spent: Missed | None
    swap_back: bool

    @property
    def is_make_up(self) -> bool:
        return self.booking.paid_with is PaidWith.MAKE_UP

    @property
    def kept_credit(self) -> bool:
        """C1, C2: the credit stayed used by this booking, or was forfeited with it."""
        lost = (CreditState.USED, CreditState.FORFEITED)
        return self.credit is not None and self.credit.state in lost and self.credit.booking_id == self.booking.id


def within_reach(undoing: Undoing, authority: Authority) -> Undoing:
    """A1: with SAME_ACCOUNT the credit may have paid for a sibling, whose seat only who manages them gives up."""
    if undoing.spent is None or authority.sees_client(undoing.spent.booking.client_id):
        return undoing
    return replace(undoing, spent=None)


def can_be_given_up(undoing: Undoing, now: datetime) -> Missed | None:
    """The booking that `swapBack` gives up: to come, and in time by its own deadline."""
    spent = undoing.spent
    if spent is None or not spent.booking.live or cancellation_is_in_time(spent, now) is not None:
        return None
    return spent


def _given_up(undoing: Undoing, now: datetime) -> Missed | None:
    return can_be_given_up(undoing, now) if undoing.swap_back else None


def _credit_then(undoing: Undoing, now: datetime) -> MakeUpCredit | None:
    """As it is once the booking that it pays is given up, where that is wanted."""
    credit = undoing.credit
    if credit is None or _given_up(undoing, now) is None:
        return credit
    return replace(credit, state=CreditState.ACTIVE, booking_id=None)


def _spent_again(undoing: Undoing, now: datetime) -> MakeUp | None:
    """The seat of a make-up booking with the credit that came back and is to pay it again."""
    credit = _credit_then(undoing, now)
    if credit is None or not undoing.is_make_up or undoing.kept_credit:
        return None
    return MakeUp(undoing.target, undoing.client, undoing.already_booked, credit, undoing.siblings, ahead=undoing.ahead)


def _seat_then(undoing: Undoing, now: datetime) -> SeatRequest:
    """The seat wanted back, as it stands once `swapBack` has given up what lies in the very same session."""
    given_up = _given_up(undoing, now)
    if given_up is None or given_up.booking.session_id != undoing.booking.session_id:
        return undoing
    return replace(undoing, target=seats.without_seat_of(given_up.booking, undoing.target))


def _for_good(refusal: Refusal | None) -> Refusal | None:
    """Of a new booking the client could choose another session; of this one nothing can change the answer."""
    return refusal and replace(refusal, fixable_by=None)


@rule("C5", RefusalCode.NOT_CANCELLED)
def booking_was_cancelled(undoing: Undoing, now: datetime) -> Refusal | None:
    """There is a cancellation to undo."""
    if not undoing.booking.live:
        return None
    return Refusal(RefusalCode.NOT_CANCELLED, "The booking is not cancelled; there is nothing to undo.")


@rule("C5", RefusalCode.ENROLMENT_ENDED)
def enrolment_goes_on(undoing: Undoing, now: datetime) -> Refusal | None:
    """The enrolment that the booking is part of, where there is one, has not ended."""
    if undoing.enrolment is None or undoing.enrolment.ended_at is None:
        return None
    return Refusal(
        RefusalCode.ENROLMENT_ENDED,
        "The enrolment that the booking was part of has ended.",
        actual=undoing.enrolment.ended_at,
    )


@rule("C5", RefusalCode.SESSION_CANCELLED)
def session_takes_place(undoing: Undoing, now: datetime) -> Refusal | None:
    """The studio has not cancelled the session."""
    return _for_good(seats.session_is_scheduled(undoing, now))


@rule("C5", RefusalCode.SESSION_STARTED)
def session_is_yet_to_start(undoing: Undoing, now: datetime) -> Refusal | None:
    """Until the session starts; it has iff now >= start."""
    return _for_good(seats.session_has_not_started(undoing, now))


@rule("C5", RefusalCode.SESSION_FULL)
def seat_can_be_had(undoing: Undoing, now: datetime) -> Refusal | None:
    """A seat of the booking's kind is free: the extra ones are there for credits only (R6)."""
    free = session_rules.seat_is_free_for_a_credit if undoing.is_make_up else seats.seat_is_free
    return free(_seat_then(undoing, now), now)


@rule("C5", RefusalCode.MAKE_UP_SEATS_FULL)
def credits_may_have_the_seat(undoing: Undoing, now: datetime) -> Refusal | None:
    """A booking paid with a credit is one of those that credits may have (R6)."""
    return session_rules.credits_may_take_another_seat(_seat_then(undoing, now), now) if undoing.is_make_up else None


@rule("C5", *codes_but_of(_UNSPENT))
def credit_is_unspent(undoing: Undoing, now: datetime) -> Refusal | None:
    """What the cancellation earned or gave back is unspent, or `swapBack` gives up what was bought with it in time."""
    credit = _credit_then(undoing, now)
    if credit is None or undoing.kept_credit or (state := credit.state_at(now)) in _UNSPENT:
        return None
    said, fixable_by = "", FixableBy.CLIENT if state is CreditState.HELD else None
    if state is CreditState.USED:
        fixable_by = FixableBy.STAFF
        if can_be_given_up(undoing, now) is not None:
            said, fixable_by = "; with `swapBack` the booking that it paid is given up", FixableBy.CLIENT
    return Refusal(
        CODE_OF_STATE[state],
        f"The credit cannot be taken back: it is {state.value.lower()}{said}.",
        fixable_by,
        actual=state.value,
        required=CreditState.ACTIVE.value,
    )


@rule("C5", RefusalCode.CREDIT_EXPIRED)
def credit_that_came_back_has_not_expired(undoing: Undoing, now: datetime) -> Refusal | None:
    """What is to pay the booking again has not expired; what the cancellation earned may have."""
    again = _spent_again(undoing, now)
    if again is None or again.credit.state_at(now) is not CreditState.EXPIRED:
        return None
    return credit_rules.credit_is_active(again, now)


@rule("C5", RefusalCode.CREDIT_OF_OTHER_CLIENT)
def credit_that_came_back_is_theirs_to_spend(undoing: Undoing, now: datetime) -> Refusal | None:
    """The client's own or, with SAME_ACCOUNT, of one whom the same account manages (R8)."""
    again = _spent_again(undoing, now)
    return again and credit_rules.credit_is_theirs_to_spend(again, now)


@rule("C5", RefusalCode.STARTS_AFTER_EXPIRY)
def credit_that_came_back_lives_until_the_start(undoing: Undoing, now: datetime) -> Refusal | None:
    """What says ATTEND_BY pays again only a session that starts before it expires (V3)."""
    again = _spent_again(undoing, now)
    return again and credit_rules.session_starts_while_the_credit_lives(again, now)


_FIRST_RULES = (booking_was_cancelled,)
_SEAT_RULES = (
    enrolment_goes_on,
    *archive.SEAT_RULES,
    session_takes_place,
    session_is_yet_to_start,
    seat_can_be_had,
    credits_may_have_the_seat,
    seats.client_is_not_booked,
)
_FIRST_CREDIT_RULES = (credit_that_came_back_is_theirs_to_spend,)
_CREDIT_RULES = (
    credit_is_unspent,
    credit_that_came_back_has_not_expired,
    credit_that_came_back_lives_until_the_start,
)
UNDOING_RULES = (*_SEAT_RULES, *_FIRST_CREDIT_RULES, *_CREDIT_RULES)
CODES = (*codes_of(*_FIRST_RULES, *UNDOING_RULES), RefusalCode.OUTCOME_CHANGED)


def why_not(undoing: Undoing, now: datetime) -> tuple[Refusal, ...]:
    """Every reason against undoing; of a booking that is live nothing else is asked.

    A1: of a credit that has come to be a stranger's, nothing is told but that.
    """
    if live := broken(_FIRST_RULES, undoing, now):
        return live
    against_the_credit = broken(_FIRST_CREDIT_RULES, undoing, now) or broken(_CREDIT_RULES, undoing, now)
    return *broken(_SEAT_RULES, undoing, now), *against_the_credit


def taken_back(undoing: Undoing, now: datetime) -> MakeUpCredit | None:
    """What the cancellation earned and undoing takes back: unspent, or so once `swapBack` has given it back."""
    credit = _credit_then(undoing, now)
    if undoing.is_make_up or credit is None or credit.state_at(now) not in _UNSPENT:
        return None
    return credit


@dataclass(frozen=True)
class Undone:
    """`booking` is live again. `credit`: the one taken back. `given_up`: the booking that it had paid."""

    booking: Booking
    credit: MakeUpCredit | None
    given_up: Booking | None
    events: tuple[Event, ...]


def outcome_changed(shown: UUID, given_up: Missed | None) -> Refusal | None:
    """C5, P1: refuses where another booking than the one shown would be given up, or none."""
    if given_up is not None and given_up.booking.id == shown:
        return None
    instead = "no booking" if given_up is None else "another booking than the one expected"
    return Refusal(
        RefusalCode.OUTCOME_CHANGED,
        f"Undoing would now give up {instead}; ask for the preview again.",
        FixableBy.CLIENT,
    )


def decide(undoing: Undoing, shown: UUID | None, now: datetime) -> Undone | Refused:
    """C5: makes the booking live again at its old price; the credit is taken back, or spent on it again.

    `shown`: the booking that the person was told would be given up; None takes whichever it is, or none.
    """
    if reasons := why_not(undoing, now):
        return Refused(reasons)
    given_up, credit = _given_up(undoing, now), taken_back(undoing, now)
    if shown is not None and (changed := outcome_changed(shown, given_up)):
        return Refused((changed,))
    events: list[Event] = []
    if given_up is not None and undoing.credit is not None:
        events += _giving_back(given_up.booking, undoing.credit)
    events.append(CancellationUndone(undoing.booking))
    if credit is not None:
        events.append(CreditUndone(credit, undoing.booking))
    if (paying := _paying_anew(undoing, now)) is not None:
        events.append(CreditRedeemed(paying, undoing.booking))
    return Undone(undoing.booking, credit, given_up and given_up.booking, tuple(events))


def _giving_back(booking: Booking, credit: MakeUpCredit) -> tuple[Event, ...]:
    """C5: whatever the studio does with the credits of make-up bookings that clients cancel."""
    reasons = (EarnedNothing.PAID_WITH_CREDIT,)
    return (
        BookingCancelled(booking, BookingStatus.CANCELLED, CancellationOutcome.CREDIT_RETURNED, reasons),
        CreditRestored(credit, booking, Expiry(credit.expires_at, credit.expires_on)),
    )


def _paying_anew(undoing: Undoing, now: datetime) -> MakeUpCredit | None:
    """The credit that pays the booking from now on; None where it has done so all the time (C2), or none does."""
    if undoing.kept_credit and undoing.credit is not None and undoing.credit.state is CreditState.FORFEITED:
        return undoing.credit
    again = _spent_again(undoing, now)
    return again and again.credit
