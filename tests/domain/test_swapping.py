from collections.abc import Set
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domain.booking import Booking, BookingStatus, CancellationOutcome, EarnedNothing, PaidWith, PaymentState
from domain.cancelling import Cancellation
from domain.credit import CreditState, MakeUpCredit
from domain.events import BookingCancelled, CreditIssued, CreditRedeemed, CreditRestored, SeatBooked
from domain.policy import (
    CategoryGuard,
    CreditScope,
    Days,
    ExpiryMeans,
    LateCancellation,
    OnMakeUpCancellation,
    Policy,
    PriceGuard,
    RedeemableFrom,
)
from domain.refusals import FixableBy, Refusal, RefusalCode, Refused
from domain.seats import SeatRequest
from domain.session import Session, SessionStatus
from domain.swapping import CODES, Swap, Swapped, decide, eligibility
from domain.validity import Expiry
from tests.domain.builders import (
    A_MICROSECOND,
    BOOKING_ID,
    CREDIT_ID,
    DEADLINE,
    NOW,
    ONE_TIME,
    OTHER_ID,
    SESSION_ID,
    START,
    a_booking,
    a_cancellation,
    a_client,
    a_course,
    a_credit,
    a_make_up_booking,
    a_session,
    a_studio,
    a_target,
    utc,
    uuid,
)

TARGET_ID, NEW_CREDIT_ID, NEW_BOOKING_ID = map(uuid, (21, 22, 23))
LATE = DEADLINE + A_MICROSECOND
EXPIRES_AT = utc("2026-12-06T23:00:00Z")
ON = Policy(make_ups_enabled=True)
ELSEWHERE = a_session(id=TARGET_ID, starts_at=START + timedelta(days=1))


def a_swap(
    booking: Booking | None = None,
    wanted: Session | None = None,
    credit: MakeUpCredit | None = None,
    policy: Policy = ON,
    by_staff: bool = False,
    siblings: Set[UUID] = frozenset(),
) -> Swap:
    """Of a paid seat in one session of a course for a seat in the next."""
    studio = a_studio(policy)
    given_up = a_target(a_session(taken=1, most_ordinary=1), studio=studio)
    cancellation = a_cancellation(given_up, booking or a_booking(), credit, by_staff)
    return Swap(cancellation, SeatRequest(a_target(wanted or ELSEWHERE, studio=studio), a_client(), False), siblings)


def a_swap_of_a_make_up(
    wanted: Session | None = None,
    policy: Policy = ON,
    credit: MakeUpCredit | None = None,
    siblings: Set[UUID] = frozenset(),
) -> Swap:
    used = replace(credit or a_credit(), state=CreditState.USED, booking_id=BOOKING_ID)
    return a_swap(a_make_up_booking(), wanted, used, policy, siblings=siblings)


def why_not(swap: Swap, now: datetime) -> list[tuple[RefusalCode, UUID | None]]:
    """Each reason, and the session that it is about. The act answers the same as the question."""
    decision = decide(swap, NEW_CREDIT_ID, NEW_BOOKING_ID, now)
    reasons = decision.reasons if isinstance(decision, Refused) else ()
    assert eligibility(swap, now).reasons == reasons
    return [(reason.code, reason.session_id) for reason in reasons]


def of(swap: Swap, code: RefusalCode, now: datetime = NOW) -> Refusal:
    (refusal,) = (reason for reason in eligibility(swap, now).reasons if reason.code is code)
    return refusal


def swapped(swap: Swap, now: datetime) -> Swapped:
    decision = decide(swap, NEW_CREDIT_ID, NEW_BOOKING_ID, now)
    assert isinstance(decision, Swapped)
    return decision


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
EARNS_NOTHING = RefusalCode.CANCELLATION_EARNS_NOTHING
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


AGAINST_THE_SEAT: dict[str, tuple[Session, Policy, list[RefusalCode]]] = {
    "R6 one seat left": (replace(ELSEWHERE, taken=9), ON, []),
    "R6 none left": (replace(ELSEWHERE, taken=10), ON, [RefusalCode.SESSION_FULL]),
    "R3 closed to credits": (
        *(replace(ELSEWHERE, accepts_make_ups=False), ON, [RefusalCode.SESSION_NOT_ACCEPTING_MAKE_UPS]),
    ),
    "R5 cancelled": (replace(ELSEWHERE, status=SessionStatus.CANCELLED), ON, [RefusalCode.SESSION_CANCELLED]),
    "R5 started": (replace(ELSEWHERE, starts_at=NOW), ON, [RefusalCode.SESSION_STARTED]),
    "R5 starting in a microsecond": (replace(ELSEWHERE, starts_at=NOW + A_MICROSECOND), ON, []),
    "R12 to be spent after the missed session": (
        *(ELSEWHERE, replace(ON, redeemable_from=RedeemableFrom.AFTER_MISSED_SESSION)),
        [RefusalCode.CREDIT_NOT_YET_VALID],
    ),
    "V3 to be attended before it expires": (
        *(ELSEWHERE, replace(ON, expiry_means=ExpiryMeans.ATTEND_BY, validity=Days(14))),
        [RefusalCode.STARTS_AFTER_EXPIRY],
    ),
    "V3 attended the instant before it expires": (
        replace(ELSEWHERE, starts_at=EXPIRES_AT - A_MICROSECOND),
        replace(ON, expiry_means=ExpiryMeans.ATTEND_BY, validity=Days(14)),
        [],
    ),
    "B4 archived": (replace(ELSEWHERE, archived_at=NOW), ON, [RefusalCode.SESSION_ARCHIVED]),
}


@pytest.mark.parametrize(("wanted", "policy", "codes"), AGAINST_THE_SEAT.values(), ids=AGAINST_THE_SEAT)
def test_c6_the_other_seat_is_booked_as_with_any_credit(wanted: Session, policy: Policy, codes: list[RefusalCode]):
    assert why_not(a_swap(wanted=wanted, policy=policy), NOW) == [(code, TARGET_ID) for code in codes]


def test_r9_the_credit_is_worth_what_the_seat_given_up_costs_and_of_its_category():
    guarded = replace(ON, price_guard=PriceGuard.SAME_OR_LOWER, category_guard=CategoryGuard.SAME_CATEGORY)
    swap = a_swap(policy=guarded)
    course = a_course(id=OTHER_ID, single_session_price=3_001, category="Dance")

    def given_up(price: int) -> Swap:
        target = replace(swap.cancellation.target, course=a_course(single_session_price=price, category="Yoga"))
        wanted = replace(swap.wanted, target=replace(swap.wanted.target, course=course))
        return replace(swap, cancellation=replace(swap.cancellation, target=target), wanted=wanted)

    dear, category = RefusalCode.PRICE_ABOVE_CREDIT, RefusalCode.CATEGORY_MISMATCH
    assert why_not(given_up(3_000), NOW) == [(dear, TARGET_ID), (category, TARGET_ID)]
    assert why_not(given_up(3_001), NOW) == [(category, TARGET_ID)]


def test_r12_no_waiting_helps_a_swap_so_that_it_names_no_instant_and_those_who_can():
    swap = a_swap(policy=replace(ON, redeemable_from=RedeemableFrom.AFTER_MISSED_SESSION))

    refusal = of(swap, RefusalCode.CREDIT_NOT_YET_VALID)

    assert (refusal.fixable_by, refusal.available_from) == (FixableBy.STAFF, None)
    assert refusal.required == START + timedelta(hours=1)


def test_c6_the_reasons_of_both_halves_are_told_together_each_with_its_session():
    blocking = replace(ON, late_cancellation=LateCancellation.BLOCK)
    wanted = replace(ELSEWHERE, starts_at=START, taken=10)

    assert why_not(a_swap(wanted=wanted, policy=blocking), START) == [
        (RefusalCode.SESSION_STARTED, SESSION_ID),
        (EARNS_NOTHING, SESSION_ID),
        (RefusalCode.SESSION_STARTED, TARGET_ID),
        (RefusalCode.SESSION_FULL, TARGET_ID),
    ]


def test_r7_a_client_who_has_a_seat_there_already_keeps_both():
    swap = a_swap()

    assert why_not(replace(swap, wanted=replace(swap.wanted, already_booked=True)), NOW) == [
        (RefusalCode.ALREADY_BOOKED, TARGET_ID)
    ]


def in_place(swap: Swap) -> Swap:
    """For a seat in the session that is given up, where the client has that seat."""
    return replace(swap, wanted=replace(swap.wanted, target=swap.cancellation.target, already_booked=True))


@pytest.mark.parametrize("swap", [a_swap(), a_swap_of_a_make_up()], ids=["paid with money", "paid with a credit"])
def test_r7_a_seat_is_not_swapped_for_one_in_the_same_session(swap: Swap):
    assert why_not(in_place(swap), NOW) == [(RefusalCode.SAME_SESSION, SESSION_ID)]


@pytest.mark.parametrize(("taken", "by_credit"), [(10, False), (10, True)])
def test_r6_in_the_same_session_the_seat_given_up_counts_as_free(taken: int, by_credit: bool):
    swap = a_swap_of_a_make_up() if by_credit else a_swap()
    full = a_session(taken=taken, make_ups=int(by_credit), most_ordinary=taken, choices={"max_make_ups": 1})
    target = replace(swap.cancellation.target, session=full)

    swap = in_place(replace(swap, cancellation=replace(swap.cancellation, target=target)))

    assert why_not(swap, NOW) == [(RefusalCode.SAME_SESSION, SESSION_ID)]


def test_c6_what_both_halves_say_of_one_session_is_told_once():
    assert why_not(in_place(a_swap()), START) == [
        (RefusalCode.SESSION_STARTED, SESSION_ID),
        (EARNS_NOTHING, SESSION_ID),
        (RefusalCode.SAME_SESSION, SESSION_ID),
    ]


def test_r7_a_make_up_is_not_swapped_back_into_the_session_that_earned_its_credit():
    swap = a_swap_of_a_make_up(credit=a_credit(missed_session_id=TARGET_ID))

    assert why_not(swap, NOW) == [(RefusalCode.SAME_SESSION, TARGET_ID)]


RETURNED = {
    "one microsecond before it expires": (EXPIRES_AT - A_MICROSECOND, []),
    "when it expires": (EXPIRES_AT, [(RefusalCode.CREDIT_EXPIRED, TARGET_ID)]),
    "one microsecond after": (EXPIRES_AT + A_MICROSECOND, [(RefusalCode.CREDIT_EXPIRED, TARGET_ID)]),
}


@pytest.mark.parametrize(("now", "expected"), RETURNED.values(), ids=RETURNED)
def test_c1_a_make_up_whose_credit_comes_back_expired_is_not_swapped(
    now: datetime, expected: list[tuple[RefusalCode, UUID]]
):
    assert why_not(a_swap_of_a_make_up(), now) == expected


SIBLING = uuid(51)
FAMILY: dict[str, tuple[CreditScope, Set[UUID], bool]] = {
    "a sibling's, who pays for the other": (CreditScope.SAME_ACCOUNT, {SIBLING}, True),
    "a sibling's, where now each pays for themselves": (CreditScope.SAME_CLIENT, {SIBLING}, False),
    "that of somebody who was a sibling": (CreditScope.SAME_ACCOUNT, frozenset(), False),
}


@pytest.mark.parametrize(("scope", "siblings", "theirs"), FAMILY.values(), ids=FAMILY)
def test_r8_a_siblings_credit_is_spent_again_only_where_it_could_be_spent_anew(
    scope: CreditScope, siblings: Set[UUID], theirs: bool
):
    policy = replace(ON, credit_scope=scope)

    swap = a_swap_of_a_make_up(policy=policy, credit=a_credit(client_id=SIBLING), siblings=siblings)

    assert why_not(swap, NOW) == ([] if theirs else [(RefusalCode.CREDIT_OF_OTHER_CLIENT, TARGET_ID)])


def test_r2_staff_cannot_swap_for_a_guest():
    swap = a_swap(by_staff=True)

    assert why_not(replace(swap, wanted=replace(swap.wanted, client=a_client(account_id=None))), NOW) == [
        (RefusalCode.ACCOUNT_REQUIRED, TARGET_ID)
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
