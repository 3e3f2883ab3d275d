"""C6: what stands against the other seat of a swap, and against the credit that is to pay for it."""

from collections.abc import Set
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domain.cancellation.swapping import Swap
from domain.nouns.policy import CategoryGuard, CreditScope, Days, ExpiryMeans, Policy, PriceGuard, RedeemableFrom
from domain.nouns.session import Session, SessionStatus
from domain.refusals import FixableBy, RefusalCode
from tests.domain.builders import (
    A_MICROSECOND,
    NOW,
    OTHER_ID,
    SESSION_ID,
    START,
    a_client,
    a_course,
    a_credit,
    a_session,
    uuid,
)
from tests.domain.swaps import (
    EARNS_NOTHING,
    ELSEWHERE,
    EXPIRES_AT,
    ON,
    TARGET_ID,
    a_swap,
    a_swap_of_a_make_up,
    of,
    why_not,
)

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
