from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest

from domain.booking import BookingStatus, PaidWith, PaymentState
from domain.credit import CreditState, MakeUpCredit
from domain.events import CreditRedeemed, SeatBooked
from domain.make_ups import (
    CODES,
    CREDIT_RULES,
    MAKE_UP_RULES,
    NO_ELIGIBLE_CREDIT,
    SESSION_RULES,
    MakeUp,
    MakeUpBooked,
    best_credit,
    client_has_an_account,
    credit_is_spendable,
    credit_is_the_clients_own,
    credit_was_not_earned_here,
    decide,
    session_accepts_make_ups,
    session_is_not_too_far_ahead,
    why_not,
    with_credit,
)
from domain.policy import Policy
from domain.refusals import FixableBy, Refusal, RefusalCode, Refused
from domain.rules import Rule
from domain.seats import ORDINARY_RULES, SeatRequest
from domain.session import SessionStatus
from tests.domain.builders import (
    A_MICROSECOND,
    CREDIT_ID,
    NEW_ID,
    NOW,
    ONE_TIME,
    OTHER_ID,
    SESSION_ID,
    START,
    a_client,
    a_course,
    a_credit,
    a_seat_request,
    a_session,
    a_studio,
    a_target,
    local,
    utc,
    uuid,
)

EXPIRES_AT = utc("2026-12-06T23:00:00Z")


def make_up(request: SeatRequest | None = None, credit: MakeUpCredit | None = None) -> MakeUp:
    return with_credit(request or a_seat_request(), credit or a_credit())


def accepting(course: bool, session: bool | None) -> SeatRequest:
    return a_seat_request(a_target(a_session(accepts_make_ups=session), a_course(accepts_make_ups=course)))


GUEST = a_seat_request(client=a_client(account_id=None))
CLOSED_CLASS = a_seat_request(a_target(a_session(course_id=None, price=5_000, accepts_make_ups=False)))
HERE = a_credit(missed_session_id=SESSION_ID)
ELSEWHERE = a_credit(missed_session_id=OTHER_ID)
REFUSED = RefusalCode.SESSION_NOT_ACCEPTING_MAKE_UPS

OF_SESSIONS: dict[str, tuple[Rule[SeatRequest, Refusal], SeatRequest, RefusalCode | None]] = {
    "R2 an account": (client_has_an_account, a_seat_request(), None),
    "R2 a guest": (client_has_an_account, GUEST, RefusalCode.ACCOUNT_REQUIRED),
    "R3 by the course": (session_accepts_make_ups, accepting(course=True, session=None), None),
    "R3 not by the course": (session_accepts_make_ups, accepting(course=False, session=None), REFUSED),
    "R3 by the session over the course": (session_accepts_make_ups, accepting(course=False, session=True), None),
    "R3 not by the session over the course": (
        *(session_accepts_make_ups, accepting(course=True, session=False), REFUSED),
    ),
    "R3 by a one-time class": (session_accepts_make_ups, a_seat_request(a_target(a_session(**ONE_TIME))), None),
    "R3 not by a one-time class": (session_accepts_make_ups, CLOSED_CLASS, REFUSED),
}


@pytest.mark.parametrize(("rule", "asked", "expected"), OF_SESSIONS.values(), ids=OF_SESSIONS)
def test_a_rule_of_the_session_or_the_client(
    rule: Rule[SeatRequest, Refusal], asked: SeatRequest, expected: RefusalCode | None
):
    refusal = rule(asked, NOW)

    assert (refusal and refusal.code) is expected


OF_CREDITS: dict[str, tuple[Rule[MakeUp, Refusal], MakeUpCredit, datetime, RefusalCode | None]] = {
    "R8 the client's own": (credit_is_the_clients_own, a_credit(), NOW, None),
    "R8 a sibling's": (
        *(credit_is_the_clients_own, a_credit(client_id=OTHER_ID), NOW, RefusalCode.CREDIT_OF_OTHER_CLIENT),
    ),
    "R7 earned elsewhere": (credit_was_not_earned_here, ELSEWHERE, NOW, None),
    "R7 granted": (credit_was_not_earned_here, a_credit(), NOW, None),
    "R7 earned here": (credit_was_not_earned_here, HERE, NOW, RefusalCode.SAME_SESSION),
    "R8 active": (credit_is_spendable, a_credit(), NOW, None),
    "R8 in its last microsecond": (credit_is_spendable, a_credit(), EXPIRES_AT - A_MICROSECOND, None),
    "R8 at its expiry": (credit_is_spendable, a_credit(), EXPIRES_AT, RefusalCode.CREDIT_EXPIRED),
    "R8 never-expiring": (
        *(credit_is_spendable, a_credit(expires_at=None, expires_on=None), EXPIRES_AT + timedelta(days=9999), None),
    ),
    **{
        f"R8 {state}": (credit_is_spendable, a_credit(state=state), NOW, RefusalCode(f"CREDIT_{state}"))
        for state in CreditState
        if state is not CreditState.ACTIVE
    },
    "R8 used is used, also past its expiry": (
        *(credit_is_spendable, a_credit(state=CreditState.USED), EXPIRES_AT, RefusalCode.CREDIT_USED),
    ),
}


@pytest.mark.parametrize(("rule", "credit", "now", "expected"), OF_CREDITS.values(), ids=OF_CREDITS)
def test_a_rule_of_the_credit(
    rule: Rule[MakeUp, Refusal], credit: MakeUpCredit, now: datetime, expected: RefusalCode | None
):
    refusal = rule(make_up(credit=credit), now)

    assert (refusal and refusal.code) is expected


AHEAD = {
    "on the last day, at its last microsecond": (90, "2027-02-20 23:59:59.999999", True),
    "on the day after, at its first instant": (90, "2027-02-21 00:00", False),
    "today": (0, "2026-11-22 23:59", True),
    "tomorrow, when only today can be booked": (0, "2026-11-23 00:00", False),
    "over a change of the clocks": (127, "2027-03-29 00:30", True),
    "one day too far over a change of the clocks": (126, "2027-03-29 00:30", False),
}


@pytest.mark.parametrize(("most", "start", "near_enough"), AHEAD.values(), ids=AHEAD)
def test_v3_too_far_ahead_compares_local_dates(most: int, start: str, near_enough: bool):
    policy = Policy(max_days_ahead=most)
    session = a_session(starts_at=local("Europe/Prague", start))

    refusal = session_is_not_too_far_ahead(a_seat_request(a_target(session, studio=a_studio(policy))), NOW)

    assert (refusal is None) is near_enough


def test_p2_a_session_too_far_ahead_says_from_when_it_can_be_booked():
    request = a_seat_request(a_target(a_session(starts_at=local("Europe/Prague", "2027-06-27 10:00"))))

    refusal = session_is_not_too_far_ahead(request, NOW)

    assert refusal is not None
    assert (refusal.code, refusal.fixable_by) == (RefusalCode.TOO_FAR_AHEAD, FixableBy.TIME)
    assert (refusal.actual, refusal.required) == (date(2027, 6, 27), date(2027, 2, 20))
    opens = local("Europe/Prague", "2027-03-29 00:00")
    assert refusal.available_from == opens
    assert session_is_not_too_far_ahead(request, opens) is None
    assert session_is_not_too_far_ahead(request, opens - A_MICROSECOND) is not None


def test_r1_nothing_stands_against_an_ordinary_make_up():
    assert why_not(make_up(), NOW) == ()


def test_r1_every_rule_that_fails_is_reported():
    session = a_session(status=SessionStatus.CANCELLED, capacity=1, taken=1, accepts_make_ups=False)
    target = a_target(session, a_course(single_session_price=None), a_studio(Policy(max_days_ahead=0)))
    request = a_seat_request(target, a_client(account_id=None), already_booked=True)
    credit = a_credit(client_id=OTHER_ID, missed_session_id=SESSION_ID)

    before = {refusal.code for refusal in why_not(make_up(request, credit), EXPIRES_AT)}
    started = {refusal.code for refusal in why_not(make_up(request, credit), START)}

    assert before == {
        RefusalCode.ACCOUNT_REQUIRED,
        RefusalCode.SESSION_NOT_ACCEPTING_MAKE_UPS,
        RefusalCode.COURSE_NOT_SOLD_PER_SESSION,
        RefusalCode.SESSION_CANCELLED,
        RefusalCode.TOO_FAR_AHEAD,
        RefusalCode.SESSION_FULL,
        RefusalCode.ALREADY_BOOKED,
        RefusalCode.CREDIT_OF_OTHER_CLIENT,
        RefusalCode.CREDIT_EXPIRED,
        RefusalCode.SAME_SESSION,
    }
    assert started == before - {RefusalCode.TOO_FAR_AHEAD} | {RefusalCode.SESSION_STARTED}
    assert before | started < set(CODES)


def test_r4_golden_example_6_a_course_sold_only_as_a_whole_until_it_has_a_single_price():
    whole_only = a_seat_request(a_target(course=a_course(single_session_price=None)))

    assert [refusal.code for refusal in why_not(make_up(whole_only), NOW)] == [RefusalCode.COURSE_NOT_SOLD_PER_SESSION]
    assert why_not(make_up(), NOW) == ()


def test_r6_a_make_up_takes_a_seat_like_any_booking():
    last = a_seat_request(a_target(a_session(capacity=10, taken=9)))
    none = a_seat_request(a_target(a_session(capacity=10, taken=10)))

    assert why_not(make_up(last), NOW) == ()
    assert [refusal.code for refusal in why_not(make_up(none), NOW)] == [RefusalCode.SESSION_FULL]


def test_the_rules_of_any_seat_are_all_among_the_rules_of_make_ups():
    assert set(ORDINARY_RULES) < set(SESSION_RULES)
    assert MAKE_UP_RULES == SESSION_RULES + CREDIT_RULES


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
    assert best_credit(a_seat_request(), credits, NOW) == expected
    assert best_credit(a_seat_request(), credits[::-1], NOW) == expected


def test_r10_the_best_credit_is_spent_where_none_is_named():
    decision = decide(a_seat_request(), None, (LATER, SOON), NEW_ID, NOW)

    assert isinstance(decision, MakeUpBooked)
    assert decision.credit == SOON


def test_r10_a_named_credit_is_spent_though_another_expires_first():
    decision = decide(a_seat_request(), LATER, (LATER,), NEW_ID, NOW)

    assert isinstance(decision, MakeUpBooked)
    assert decision.credit == LATER


def test_r10_a_named_credit_that_cannot_pay_is_not_replaced_by_another():
    refused = decide(a_seat_request(), HERE, (HERE, SOON), NEW_ID, NOW)

    assert isinstance(refused, Refused)
    assert [reason.code for reason in refused.reasons] == [RefusalCode.SAME_SESSION]


def test_r10_none_eligible_is_told_with_the_reasons_of_the_session_and_the_client():
    full = a_seat_request(a_target(a_session(capacity=1, taken=1)), a_client(account_id=None))

    refused = decide(full, None, (HERE,), NEW_ID, NOW)

    assert isinstance(refused, Refused)
    assert [reason.code for reason in refused.reasons] == [
        RefusalCode.ACCOUNT_REQUIRED,
        RefusalCode.SESSION_FULL,
        RefusalCode.NO_ELIGIBLE_CREDIT,
    ]
    assert refused.reasons[-1] == NO_ELIGIBLE_CREDIT


def test_r10_a_good_credit_does_not_open_a_full_session():
    full = a_seat_request(a_target(a_session(capacity=1, taken=1)))

    refused = decide(full, None, (SOON,), NEW_ID, NOW)

    assert isinstance(refused, Refused)
    assert [reason.code for reason in refused.reasons] == [RefusalCode.SESSION_FULL]


def test_r11_one_credit_one_seat_and_both_change_together():
    decision = decide(a_seat_request(), a_credit(), (a_credit(),), NEW_ID, NOW)

    assert isinstance(decision, MakeUpBooked)
    booking = decision.booking
    assert (booking.id, booking.credit_id, booking.session_id) == (NEW_ID, CREDIT_ID, SESSION_ID)
    assert (booking.paid_with, booking.payment, booking.price) == (PaidWith.MAKE_UP, PaymentState.PAID, None)
    assert booking.status is BookingStatus.BOOKED
    assert decision.events == (SeatBooked(booking), CreditRedeemed(a_credit(), booking))


def test_v3_the_target_may_lie_beyond_the_expiry_of_the_credit():
    assert START > EXPIRES_AT
    assert why_not(make_up(), EXPIRES_AT - A_MICROSECOND) == ()
