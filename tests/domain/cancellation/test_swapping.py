from dataclasses import replace
from datetime import datetime

import pytest

from domain.cancellation.cancelling import Cancellation
from domain.cancellation.swapping import CODES, Swap, eligibility
from domain.credits.validity import Expiry
from domain.events import BookingCancelled, CreditIssued, CreditRedeemed, CreditRestored, SeatBooked
from domain.nouns.booking import BookingStatus, CancellationOutcome, EarnedNothing, PaidWith, PaymentState
from domain.nouns.credit import CreditState
from domain.nouns.policy import Days, LateCancellation, OnMakeUpCancellation, Policy
from domain.refusals import FixableBy, RefusalCode
from tests.domain.builders import (
    A_MICROSECOND,
    BOOKING_ID,
    CREDIT_ID,
    DEADLINE,
    NOW,
    ONE_TIME,
    SESSION_ID,
    START,
    a_booking,
    a_credit,
    a_session,
    a_studio,
    a_target,
)
from tests.domain.swaps import (
    EARNS_NOTHING,
    ELSEWHERE,
    EXPIRES_AT,
    LATE,
    NEW_BOOKING_ID,
    NEW_CREDIT_ID,
    ON,
    TARGET_ID,
    a_swap,
    a_swap_of_a_make_up,
    of,
    swapped,
    why_not,
)


def test_c6_the_seat_is_given_up_and_the_credit_that_it_earns_is_spent_at_once():
    fortnight = replace(ON, validity=Days(14))

    decision = swapped(a_swap(policy=fortnight), NOW)

    cancelled, issued, booked, redeemed = decision.events
    assert cancelled == BookingCancelled(a_booking(), BookingStatus.CANCELLED, CancellationOutcome.CREDIT, ())
    assert isinstance(issued, CreditIssued)
    credit, booking = issued.credit, decision.booking
    assert (credit.id, credit.missed_booking_id, credit.expires_at) == (NEW_CREDIT_ID, BOOKING_ID, EXPIRES_AT)
    assert (booked, redeemed) == (SeatBooked(booking), CreditRedeemed(credit, booking))
    assert (booking.id, booking.session_id, booking.credit_id) == (NEW_BOOKING_ID, TARGET_ID, NEW_CREDIT_ID)
    assert (booking.paid_with, booking.payment, booking.price) == (PaidWith.MAKE_UP, PaymentState.PAID, None)


def test_c6_e3_a_make_up_is_swapped_for_the_same_credit_and_none_is_issued():
    swap = a_swap_of_a_make_up()

    decision = swapped(swap, NOW)

    cancelled, restored, booked, redeemed = decision.events
    assert isinstance(cancelled, BookingCancelled)
    assert cancelled.outcome is CancellationOutcome.CREDIT_RETURNED
    assert swap.cancellation.credit is not None
    own_end = Expiry(swap.cancellation.credit.expires_at, swap.cancellation.credit.expires_on)
    assert restored == CreditRestored(swap.cancellation.credit, swap.booking, own_end)
    assert (booked, redeemed) == (SeatBooked(decision.booking), CreditRedeemed(a_credit(), decision.booking))
    assert decision.booking.credit_id == CREDIT_ID


STARTED, BLOCKED = RefusalCode.SESSION_STARTED, RefusalCode.LATE_CANCELLATION_BLOCKED
AT_DEADLINE: dict[str, tuple[datetime, bool, list[RefusalCode]]] = {
    "one microsecond before the deadline": (DEADLINE - A_MICROSECOND, False, []),
    "at the deadline": (DEADLINE, False, []),
    "one microsecond after it": (LATE, False, [BLOCKED, EARNS_NOTHING]),
    "one microsecond after it, by staff": (LATE, True, [EARNS_NOTHING]),
    "just before the start": (START - A_MICROSECOND, False, [BLOCKED, EARNS_NOTHING]),
    "at the start": (START, False, [STARTED, EARNS_NOTHING]),
    "at the start, by staff": (START, True, [EARNS_NOTHING]),
}


@pytest.mark.parametrize(("now", "by_staff", "codes"), AT_DEADLINE.values(), ids=AT_DEADLINE)
def test_c6_a_swap_is_a_cancellation_with_its_deadline_and_its_start(
    now: datetime, by_staff: bool, codes: list[RefusalCode]
):
    blocking = replace(ON, late_cancellation=LateCancellation.BLOCK)

    assert why_not(a_swap(policy=blocking, by_staff=by_staff), now) == [(code, SESSION_ID) for code in codes]


UNPAID = a_booking(payment=PaymentState.DUE)
FRUITLESS: dict[str, tuple[Swap, datetime, tuple[EarnedNothing, ...], str]] = {
    "E13 not paid": (a_swap(UNPAID), NOW, (EarnedNothing.NOT_PAID,), "CREDIT"),
    "E1 make-ups disabled, E13 not paid": (
        *(a_swap(UNPAID, policy=Policy()), NOW),
        *((EarnedNothing.MAKE_UPS_DISABLED, EarnedNothing.NOT_PAID), "CREDIT"),
    ),
    "E4 after the deadline": (a_swap(), LATE, (EarnedNothing.AFTER_DEADLINE,), "CREDIT"),
    "E9 over the cap of what is outstanding": (
        *(a_swap(policy=replace(ON, max_outstanding=0)), NOW),
        *((EarnedNothing.OUTSTANDING_CAP_REACHED,), "CREDIT"),
    ),
    "C1 a make-up, where its credit would be lost": (
        *(a_swap_of_a_make_up(policy=replace(ON, on_make_up_cancellation=OnMakeUpCancellation.FORFEIT)), NOW),
        *((EarnedNothing.PAID_WITH_CREDIT, EarnedNothing.MAKE_UP_FORFEITED), "CREDIT_RETURNED"),
    ),
    "C2 a make-up after the deadline": (
        *(a_swap_of_a_make_up(), LATE),
        *((EarnedNothing.PAID_WITH_CREDIT, EarnedNothing.AFTER_DEADLINE), "CREDIT_RETURNED"),
    ),
}


@pytest.mark.parametrize(("swap", "now", "why", "required"), FRUITLESS.values(), ids=FRUITLESS)
def test_c6_what_would_bring_no_credit_is_not_given_up_and_says_why(
    swap: Swap, now: datetime, why: tuple[EarnedNothing, ...], required: str
):
    assert why_not(swap, now) == [(EARNS_NOTHING, SESSION_ID)]
    refusal = of(swap, EARNS_NOTHING, now)
    assert refusal.why_not_earned == why
    assert (refusal.actual, refusal.required, refusal.fixable_by) == ("NOTHING", required, FixableBy.STAFF)


def test_e1_a_seat_in_a_one_time_class_has_nothing_to_swap():
    swap = a_swap()
    one_time = replace(swap.cancellation, target=a_target(a_session(**ONE_TIME), studio=a_studio(ON)))

    assert of(replace(swap, cancellation=one_time), EARNS_NOTHING).why_not_earned == (EarnedNothing.ONE_TIME_CLASS,)


def test_c6_every_other_refusal_tells_nothing_of_earning():
    full = a_swap(UNPAID, replace(ELSEWHERE, taken=10))

    assert [(reason.code, bool(reason.why_not_earned)) for reason in eligibility(full, NOW).reasons] == [
        (EARNS_NOTHING, True),
        (RefusalCode.SESSION_FULL, False),
    ]


@pytest.mark.parametrize("status", [BookingStatus.CANCELLED, BookingStatus.CANCELLED_LATE])
def test_c6_what_is_cancelled_already_is_told_before_any_other_rule_is_asked(status: BookingStatus):
    swap = a_swap(a_booking(status=status, cancelled_at=NOW), replace(ELSEWHERE, taken=10))

    assert why_not(swap, START) == [(RefusalCode.ALREADY_CANCELLED, SESSION_ID)]
    assert of(swap, RefusalCode.ALREADY_CANCELLED).actual == status.value


def test_c6_the_reasons_of_both_halves_are_told_together_each_with_its_session():
    blocking = replace(ON, late_cancellation=LateCancellation.BLOCK)
    wanted = replace(ELSEWHERE, starts_at=START, taken=10)

    assert why_not(a_swap(wanted=wanted, policy=blocking), START) == [
        (RefusalCode.SESSION_STARTED, SESSION_ID),
        (EARNS_NOTHING, SESSION_ID),
        (RefusalCode.SESSION_STARTED, TARGET_ID),
        (RefusalCode.SESSION_FULL, TARGET_ID),
    ]


def test_c6_the_codes_are_those_of_both_halves_but_for_the_states_that_no_credit_comes_back_in():
    assert set(CODES) >= {RefusalCode.ALREADY_CANCELLED, EARNS_NOTHING, STARTED, BLOCKED, RefusalCode.SAME_SESSION}
    assert {code for code in CODES if code.name in {f"CREDIT_{state}" for state in CreditState}} == {
        RefusalCode.CREDIT_EXPIRED
    }
    assert RefusalCode.OUTCOME_CHANGED not in CODES
    assert RefusalCode.NO_ELIGIBLE_CREDIT not in CODES


def test_the_question_names_the_credit_that_the_act_would_spend():
    cancellation: Cancellation = a_swap_of_a_make_up().cancellation

    assert eligibility(a_swap_of_a_make_up(), NOW).credit == a_credit()
    assert cancellation.credit is not None
    assert eligibility(a_swap(UNPAID), NOW).credit is None
