from collections.abc import Sequence
from dataclasses import replace

import pytest

from domain.events import CreditRedeemed, SeatBooked
from domain.nouns.booking import BookingStatus, PaidWith, PaymentState
from domain.nouns.client import Client
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.policy import CategoryGuard, CreditScope, ExpiryMeans, Policy, PriceGuard
from domain.nouns.session import SessionStatus
from domain.refusals import RefusalCode, Refused
from domain.spending.make_ups import (
    CODES,
    NO_ELIGIBLE_CREDIT,
    MakeUpBooked,
    best_credit,
    decide,
    spendable_for,
    why_not,
)
from tests.domain.builders import (
    A_MICROSECOND,
    CREDIT_ID,
    NEW_ID,
    NOW,
    OTHER_ID,
    SESSION_ID,
    START,
    a_client,
    a_course,
    a_credit,
    a_make_up,
    a_make_up_request,
    a_seat_request,
    a_session,
    a_studio,
    a_target,
    utc,
    uuid,
)

EXPIRES_AT = utc("2026-12-06T23:00:00Z")
HERE = a_credit(missed_session_id=SESSION_ID)


def test_r1_nothing_stands_against_an_ordinary_make_up():
    assert why_not(a_make_up(), NOW) == ()


def test_r1_every_rule_that_fails_is_reported():
    strict = Policy(
        max_days_ahead=0,
        make_ups_open_days_before=1,
        make_ups_close_minutes_before=30 * 24 * 60,
        price_guard=PriceGuard.SAME_OR_LOWER,
        category_guard=CategoryGuard.SAME_CATEGORY,
    )
    session = a_session(
        status=SessionStatus.CANCELLED, capacity=1, taken=1, accepts_make_ups=False, choices={"max_make_ups": 0}
    )
    session = replace(session, archived_at=NOW)
    target = a_target(
        session, a_course(single_session_price=None, archived_at=NOW), replace(a_studio(strict), archived_at=NOW)
    )
    request = a_seat_request(target, a_client(account_id=None, archived_at=NOW), already_booked=True)
    credit = a_credit(
        client_id=OTHER_ID,
        missed_session_id=SESSION_ID,
        expiry_means=ExpiryMeans.ATTEND_BY,
        redeemable_from=START + A_MICROSECOND,
        worth=0,
        category="Yoga",
    )

    before = {refusal.code for refusal in why_not(a_make_up(request, credit), EXPIRES_AT)}
    started = {refusal.code for refusal in why_not(a_make_up(request, credit), START)}
    dear = {
        refusal.code for refusal in why_not(a_make_up(a_seat_request(a_target(studio=a_studio(strict))), credit), NOW)
    }

    assert before == {
        RefusalCode.STUDIO_ARCHIVED,
        RefusalCode.COURSE_ARCHIVED,
        RefusalCode.SESSION_ARCHIVED,
        RefusalCode.CLIENT_ARCHIVED,
        RefusalCode.ACCOUNT_REQUIRED,
        RefusalCode.SESSION_NOT_ACCEPTING_MAKE_UPS,
        RefusalCode.COURSE_NOT_SOLD_PER_SESSION,
        RefusalCode.SESSION_CANCELLED,
        RefusalCode.BOOKING_NOT_OPEN_YET,
        RefusalCode.BOOKING_CLOSED,
        RefusalCode.TOO_FAR_AHEAD,
        RefusalCode.SESSION_FULL,
        RefusalCode.MAKE_UP_SEATS_FULL,
        RefusalCode.ALREADY_BOOKED,
        RefusalCode.CREDIT_OF_OTHER_CLIENT,
        RefusalCode.CREDIT_EXPIRED,
        RefusalCode.CREDIT_NOT_YET_VALID,
        RefusalCode.SAME_SESSION,
        RefusalCode.STARTS_AFTER_EXPIRY,
        RefusalCode.CATEGORY_MISMATCH,
    }
    healed = {RefusalCode.TOO_FAR_AHEAD, RefusalCode.BOOKING_NOT_OPEN_YET}
    assert started == before - healed | {RefusalCode.SESSION_STARTED}
    states = {code for code in CODES if code in {f"CREDIT_{state}" for state in CreditState}}
    assert before | started | dear | states | {RefusalCode.NO_ELIGIBLE_CREDIT} == set(CODES)


def test_r4_golden_example_6_a_course_sold_only_as_a_whole_until_it_has_a_single_price():
    whole_only = a_seat_request(a_target(course=a_course(single_session_price=None)))

    assert [refusal.code for refusal in why_not(a_make_up(whole_only), NOW)] == [
        RefusalCode.COURSE_NOT_SOLD_PER_SESSION
    ]
    assert why_not(a_make_up(), NOW) == ()


def test_r6_a_make_up_takes_a_seat_like_any_booking():
    last = a_seat_request(a_target(a_session(capacity=10, taken=9)))
    none = a_seat_request(a_target(a_session(capacity=10, taken=10)))

    assert why_not(a_make_up(last), NOW) == ()
    assert [refusal.code for refusal in why_not(a_make_up(none), NOW)] == [RefusalCode.SESSION_FULL]


SOON, LATER = a_credit(id=uuid(13)), a_credit(id=uuid(12), expires_at=EXPIRES_AT + A_MICROSECOND)
NEVER = a_credit(id=uuid(11), expires_at=None, expires_on=None)
OLDER = a_credit(id=uuid(14), issued_at=NOW - A_MICROSECOND)
OLD_NEVER = a_credit(id=uuid(15), issued_at=NOW - A_MICROSECOND, expires_at=None, expires_on=None)
TWIN = a_credit(id=uuid(16))

BEST: dict[str, tuple[Sequence[MakeUpCredit], MakeUpCredit | None]] = {
    "the one that expires first": ((LATER, NEVER, SOON), SOON),
    "never-expiring last": ((NEVER, LATER), LATER),
    "of those that expire together the oldest": ((SOON, OLDER, TWIN), OLDER),
    "of the never-expiring the oldest": ((NEVER, OLD_NEVER), OLD_NEVER),
    "of twins the first by id": ((TWIN, SOON), SOON),
    "not an expired one": ((a_credit(expires_at=NOW), LATER), LATER),
    "not a used one": ((a_credit(state=CreditState.USED), LATER), LATER),
    "not one that was earned here": ((HERE, LATER), LATER),
    "not another client's": ((a_credit(client_id=OTHER_ID), LATER), LATER),
    "none": ((), None),
    "none that can": ((HERE, a_credit(state=CreditState.REVOKED)), None),
}


@pytest.mark.parametrize(("credits", "expected"), BEST.values(), ids=BEST)
def test_r10_the_best_credit(credits: Sequence[MakeUpCredit], expected: MakeUpCredit | None):
    assert best_credit(a_make_up_request(credits=credits), NOW) == expected
    assert best_credit(a_make_up_request(credits=credits[::-1]), NOW) == expected


FAMILY = Policy(
    credit_scope=CreditScope.SAME_ACCOUNT,
    price_guard=PriceGuard.SAME_OR_LOWER,
    category_guard=CategoryGuard.SAME_CATEGORY,
)
SIBLING = uuid(51)
SIBLINGS = a_credit(id=uuid(21), client_id=SIBLING)
SIBLINGS_LATER = replace(SIBLINGS, id=uuid(20), expires_at=EXPIRES_AT + A_MICROSECOND)
SIBLINGS_NEVER = replace(NEVER, id=uuid(22), client_id=SIBLING)
OF_A_FAMILY: dict[str, tuple[Sequence[MakeUpCredit], MakeUpCredit | None]] = {
    "their own that never expires before a sibling's that does": ((SIBLINGS, NEVER), NEVER),
    "of their own the one that expires first": ((NEVER, SIBLINGS, SOON), SOON),
    "of a sibling's the one that expires first": ((SIBLINGS_LATER, SIBLINGS, SIBLINGS_NEVER), SIBLINGS),
    "of a sibling's the never-expiring last": ((SIBLINGS_NEVER, SIBLINGS_LATER), SIBLINGS_LATER),
    "a sibling's where their own is not valid yet": (
        (replace(SOON, redeemable_from=NOW + A_MICROSECOND), SIBLINGS_NEVER),
        SIBLINGS_NEVER,
    ),
    "a sibling's where their own is worth too little": ((replace(SOON, worth=2_999), SIBLINGS), SIBLINGS),
    "their own that is worth enough": ((replace(SOON, worth=3_000), SIBLINGS), replace(SOON, worth=3_000)),
    "a sibling's where their own is of another category": ((replace(SOON, category="Dance"), SIBLINGS), SIBLINGS),
    "their own that must be attended, where the session is too late": (
        (replace(SOON, expiry_means=ExpiryMeans.ATTEND_BY), LATER),
        LATER,
    ),
    "none of a stranger's": ((a_credit(client_id=OTHER_ID),), None),
}


@pytest.mark.parametrize(("credits", "expected"), OF_A_FAMILY.values(), ids=OF_A_FAMILY)
def test_r10_the_clients_own_go_first_and_what_cannot_pay_is_passed_over(
    credits: Sequence[MakeUpCredit], expected: MakeUpCredit | None
):
    seat = a_seat_request(a_target(course=a_course(category="Yoga"), studio=a_studio(FAMILY)))

    for given in (credits, credits[::-1]):
        assert best_credit(a_make_up_request(seat, credits=given, siblings={SIBLING}), NOW) == expected


def test_r8_a_siblings_credit_is_no_ones_choice_where_each_pays_for_themselves():
    assert best_credit(a_make_up_request(credits=(SIBLINGS,), siblings={SIBLING}), NOW) is None


SPENDABLE: dict[str, tuple[Policy, Client, MakeUpCredit, bool]] = {
    "their own": (Policy(), a_client(), a_credit(), True),
    "a sibling's": (FAMILY, a_client(), SIBLINGS, True),
    "a sibling's, where each pays for themselves": (Policy(), a_client(), SIBLINGS, False),
    "not yet valid": (Policy(), a_client(), a_credit(redeemable_from=NOW + A_MICROSECOND), False),
    "expired": (Policy(), a_client(), a_credit(expires_at=NOW), False),
    "a guest's": (Policy(), a_client(account_id=None), a_credit(), False),
}


@pytest.mark.parametrize(("policy", "client", "credit", "could_pay"), SPENDABLE.values(), ids=SPENDABLE)
def test_r2_r8_r12_which_credits_could_pay_some_seat(
    policy: Policy, client: Client, credit: MakeUpCredit, could_pay: bool
):
    assert spendable_for(client, {SIBLING}, (credit,), policy, NOW) == ((credit,) if could_pay else ())


def test_r10_the_best_credit_is_spent_where_none_is_named():
    decision = decide(a_make_up_request(credits=(LATER, SOON)), NEW_ID, NOW)

    assert isinstance(decision, MakeUpBooked)
    assert decision.credit == SOON


def test_r10_a_named_credit_is_spent_though_another_expires_first():
    decision = decide(a_make_up_request(named=LATER), NEW_ID, NOW)

    assert isinstance(decision, MakeUpBooked)
    assert decision.credit == LATER


def test_r10_a_named_credit_that_cannot_pay_is_not_replaced_by_another():
    refused = decide(replace(a_make_up_request(named=HERE), credits=(HERE, SOON)), NEW_ID, NOW)

    assert isinstance(refused, Refused)
    assert [reason.code for reason in refused.reasons] == [RefusalCode.SAME_SESSION]


def test_r10_none_eligible_is_told_with_the_reasons_of_the_session_and_the_client():
    full = a_seat_request(a_target(a_session(capacity=1, taken=1)), a_client(account_id=None))

    refused = decide(a_make_up_request(full, credits=(HERE,)), NEW_ID, NOW)

    assert isinstance(refused, Refused)
    assert [reason.code for reason in refused.reasons] == [
        RefusalCode.ACCOUNT_REQUIRED,
        RefusalCode.SESSION_FULL,
        RefusalCode.NO_ELIGIBLE_CREDIT,
    ]
    assert refused.reasons[-1] == NO_ELIGIBLE_CREDIT


def test_r10_a_good_credit_does_not_open_a_full_session():
    full = a_seat_request(a_target(a_session(capacity=1, taken=1)))

    refused = decide(a_make_up_request(full, credits=(SOON,)), NEW_ID, NOW)

    assert isinstance(refused, Refused)
    assert [reason.code for reason in refused.reasons] == [RefusalCode.SESSION_FULL]


def test_r11_one_credit_one_seat_and_both_change_together():
    decision = decide(a_make_up_request(named=a_credit()), NEW_ID, NOW)

    assert isinstance(decision, MakeUpBooked)
    booking = decision.booking
    assert (booking.id, booking.credit_id, booking.session_id) == (NEW_ID, CREDIT_ID, SESSION_ID)
    assert (booking.paid_with, booking.payment, booking.price) == (PaidWith.MAKE_UP, PaymentState.PAID, None)
    assert booking.status is BookingStatus.BOOKED
    assert decision.events == (SeatBooked(booking), CreditRedeemed(a_credit(), booking))


def test_v3_the_target_may_lie_beyond_the_expiry_of_the_credit():
    assert START > EXPIRES_AT
    assert why_not(a_make_up(), EXPIRES_AT - A_MICROSECOND) == ()
