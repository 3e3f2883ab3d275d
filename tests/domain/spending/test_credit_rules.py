"""What a credit says to the seat that it is to pay."""

from datetime import datetime, timedelta

import pytest

from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.money import Money
from domain.nouns.policy import CategoryGuard, CreditScope, ExpiryMeans, Policy, PriceGuard
from domain.nouns.session import ScheduledSession
from domain.nouns.studio import Studio
from domain.refusals import FixableBy, Refusal, RefusalCode
from domain.rules import Rule
from domain.spending.credit_rules import (
    MakeUp,
    credit_is_active,
    credit_is_redeemable_already,
    credit_is_theirs_to_spend,
    credit_was_not_earned_here,
    session_is_not_dearer_than_the_credit,
    session_is_of_the_credits_category,
    session_starts_while_the_credit_lives,
)
from tests.domain.builders import (
    A_MICROSECOND,
    NOW,
    ONE_TIME,
    OTHER_ID,
    SESSION_ID,
    START,
    SessionFields,
    a_course,
    a_credit,
    a_make_up,
    a_seat_request,
    a_session,
    a_studio,
    a_target,
    utc,
    uuid,
)

EXPIRES_AT = utc("2026-12-06T23:00:00Z")
HERE = a_credit(missed_session_id=SESSION_ID)
ELSEWHERE = a_credit(missed_session_id=OTHER_ID)

OF_CREDITS: dict[str, tuple[Rule[MakeUp, Refusal], MakeUpCredit, datetime, RefusalCode | None]] = {
    "R7 earned elsewhere": (credit_was_not_earned_here, ELSEWHERE, NOW, None),
    "R7 granted": (credit_was_not_earned_here, a_credit(), NOW, None),
    "R7 earned here": (credit_was_not_earned_here, HERE, NOW, RefusalCode.SAME_SESSION),
    "R8 active": (credit_is_active, a_credit(), NOW, None),
    "R8 in its last microsecond": (credit_is_active, a_credit(), EXPIRES_AT - A_MICROSECOND, None),
    "R8 at its expiry": (credit_is_active, a_credit(), EXPIRES_AT, RefusalCode.CREDIT_EXPIRED),
    "R8 never-expiring": (
        *(credit_is_active, a_credit(expires_at=None, expires_on=None), EXPIRES_AT + timedelta(days=9999), None),
    ),
    **{
        f"R8 {state}": (credit_is_active, a_credit(state=state), NOW, RefusalCode(f"CREDIT_{state}"))
        for state in CreditState
        if state is not CreditState.ACTIVE
    },
    "R8 used is used, also past its expiry": (
        *(credit_is_active, a_credit(state=CreditState.USED), EXPIRES_AT, RefusalCode.CREDIT_USED),
    ),
    "R8 active, though not yet redeemable": (credit_is_active, a_credit(redeemable_from=START), NOW, None),
    "R12 at once": (credit_is_redeemable_already, a_credit(), NOW, None),
    "R12 one microsecond too early": (
        credit_is_redeemable_already,
        a_credit(redeemable_from=NOW + A_MICROSECOND),
        NOW,
        RefusalCode.CREDIT_NOT_YET_VALID,
    ),
    "R12 at the instant itself": (credit_is_redeemable_already, a_credit(redeemable_from=NOW), NOW, None),
}


@pytest.mark.parametrize(("rule", "credit", "now", "expected"), OF_CREDITS.values(), ids=OF_CREDITS)
def test_a_rule_of_the_credit(
    rule: Rule[MakeUp, Refusal], credit: MakeUpCredit, now: datetime, expected: RefusalCode | None
):
    refusal = rule(a_make_up(credit=credit), now)

    assert (refusal and refusal.code) is expected


SAME_CLIENT, SAME_ACCOUNT = Policy(), Policy(credit_scope=CreditScope.SAME_ACCOUNT)
SIBLING, STRANGER = uuid(51), uuid(52)
HOLDERS = {
    "their own": (SAME_CLIENT, a_credit(), True),
    "a sibling's": (SAME_CLIENT, a_credit(client_id=SIBLING), False),
    "a sibling's, where one pays for the other": (SAME_ACCOUNT, a_credit(client_id=SIBLING), True),
    "a stranger's, where siblings pay for each other": (SAME_ACCOUNT, a_credit(client_id=STRANGER), False),
    "their own, where siblings pay for each other": (SAME_ACCOUNT, a_credit(), True),
}


@pytest.mark.parametrize(("policy", "credit", "theirs"), HOLDERS.values(), ids=HOLDERS)
def test_r8_whose_credits_pay(policy: Policy, credit: MakeUpCredit, theirs: bool):
    seat = a_seat_request(a_target(studio=a_studio(policy)))

    refusal = credit_is_theirs_to_spend(a_make_up(seat, credit, siblings={SIBLING}), NOW)

    assert (refusal and refusal.code) is (None if theirs else RefusalCode.CREDIT_OF_OTHER_CLIENT)


def test_r12_a_credit_that_is_too_early_says_from_when_it_can_be_spent_and_is_active_all_the_same():
    credit = a_credit(redeemable_from=START + timedelta(hours=1), expires_at=None, expires_on=None)

    refusal = credit_is_redeemable_already(a_make_up(credit=credit), NOW)

    assert refusal is not None
    assert (refusal.actual, refusal.required) == (NOW, START + timedelta(hours=1))
    assert (refusal.fixable_by, refusal.available_from) == (FixableBy.TIME, START + timedelta(hours=1))
    assert credit.state_at(NOW) is CreditState.ACTIVE
    assert not credit.spendable(NOW)
    assert credit.spendable(START + timedelta(hours=1))


@pytest.mark.parametrize(
    ("means", "expires_at", "starts_at", "expected"),
    [
        (ExpiryMeans.ATTEND_BY, EXPIRES_AT, EXPIRES_AT - A_MICROSECOND, None),
        (ExpiryMeans.ATTEND_BY, EXPIRES_AT, EXPIRES_AT, RefusalCode.STARTS_AFTER_EXPIRY),
        (ExpiryMeans.ATTEND_BY, None, EXPIRES_AT + timedelta(days=9999), None),
        (ExpiryMeans.BOOK_BY, EXPIRES_AT, EXPIRES_AT, None),
    ],
)
def test_v3_a_credit_that_says_attend_by_pays_only_what_starts_before_its_expiry(
    means: ExpiryMeans, expires_at: datetime | None, starts_at: datetime, expected: RefusalCode | None
):
    credit = a_credit(expiry_means=means, expires_at=expires_at, expires_on=expires_at and expires_at.date())
    seat = a_seat_request(a_target(a_session(starts_at=starts_at)))

    refusal = session_starts_while_the_credit_lives(a_make_up(seat, credit), NOW)

    assert (refusal and refusal.code) is expected
    if refusal is not None:
        assert (refusal.actual, refusal.required, refusal.fixable_by) == (starts_at, expires_at, FixableBy.CLIENT)


def test_v8_attend_by_and_book_by_are_the_credits_own_whatever_the_studio_says_now():
    for_booking, for_attending = a_credit(), a_credit(expiry_means=ExpiryMeans.ATTEND_BY)
    for means in ExpiryMeans:
        seat = a_seat_request(a_target(studio=a_studio(Policy(expiry_means=means))))
        assert session_starts_while_the_credit_lives(a_make_up(seat, for_booking), NOW) is None
        assert session_starts_while_the_credit_lives(a_make_up(seat, for_attending), NOW) is not None


GUARDED = a_studio(Policy(price_guard=PriceGuard.SAME_OR_LOWER, category_guard=CategoryGuard.SAME_CATEGORY))
FREE: SessionFields = {**ONE_TIME, "price": None}

PRICES: dict[str, tuple[ScheduledSession, int | None, bool]] = {
    "as dear as the credit": (a_target(studio=GUARDED), 3_000, True),
    "a unit dearer": (a_target(studio=GUARDED), 2_999, False),
    "cheaper": (a_target(studio=GUARDED), 3_001, True),
    "a class of its own price, too dear": (a_target(a_session(**ONE_TIME), studio=GUARDED), 4_999, False),
    "a class of its own price": (a_target(a_session(**ONE_TIME), studio=GUARDED), 5_000, True),
    "a credit of no known worth": (a_target(studio=GUARDED), None, True),
    "a credit worth nothing": (a_target(studio=GUARDED), 0, False),
    "a class without a price": (a_target(a_session(**FREE), studio=GUARDED), 0, True),
    "a course sold only as a whole": (a_target(course=a_course(single_session_price=None), studio=GUARDED), 0, True),
    "a price of nothing": (a_target(course=a_course(single_session_price=0), studio=GUARDED), 0, True),
    "no guard": (a_target(), 0, True),
}


@pytest.mark.parametrize(("target", "worth", "passes"), PRICES.values(), ids=PRICES)
def test_r9_the_price_guard_compares_the_price_of_one_seat_with_the_credits_worth(
    target: ScheduledSession, worth: int | None, passes: bool
):
    refusal = session_is_not_dearer_than_the_credit(a_make_up(a_seat_request(target), a_credit(worth=worth)), NOW)

    assert (refusal and refusal.code) is (None if passes else RefusalCode.PRICE_ABOVE_CREDIT)


def test_r9_the_price_guard_tells_both_amounts():
    make_up = a_make_up(a_seat_request(a_target(studio=GUARDED)), a_credit(worth=2_999))

    refusal = session_is_not_dearer_than_the_credit(make_up, NOW)

    assert refusal is not None
    assert (refusal.actual, refusal.required) == (Money(3_000, "CZK"), Money(2_999, "CZK"))
    assert refusal.fixable_by is FixableBy.CLIENT


def of_category(course: str | None, studio: Studio = GUARDED) -> ScheduledSession:
    return a_target(course=a_course(category=course), studio=studio)


YOGA: SessionFields = {**ONE_TIME, "category": "Yoga"}
DANCE: SessionFields = {**ONE_TIME, "category": "Dance"}
CATEGORIES: dict[str, tuple[ScheduledSession, str | None, bool]] = {
    "the same": (of_category("Yoga"), "Yoga", True),
    "another": (of_category("Dance"), "Yoga", False),
    "written otherwise": (of_category("yoga"), "Yoga", False),
    "a target without one": (of_category(None), "Yoga", False),
    "a credit without one": (of_category("Yoga"), None, True),
    "neither has one": (of_category(None), None, True),
    "the same of a class": (a_target(a_session(**YOGA), studio=GUARDED), "Yoga", True),
    "another of a class": (a_target(a_session(**DANCE), studio=GUARDED), "Yoga", False),
    "no guard": (of_category("Dance", a_studio()), "Yoga", True),
}


@pytest.mark.parametrize(("target", "category", "passes"), CATEGORIES.values(), ids=CATEGORIES)
def test_r9_the_category_guard_asks_for_the_credits_category(
    target: ScheduledSession, category: str | None, passes: bool
):
    make_up = a_make_up(a_seat_request(target), a_credit(category=category))

    refusal = session_is_of_the_credits_category(make_up, NOW)

    assert (refusal and refusal.code) is (None if passes else RefusalCode.CATEGORY_MISMATCH)
    if refusal is not None:
        assert (refusal.actual, refusal.required) == (target.category, category)
        assert refusal.fixable_by is FixableBy.CLIENT
