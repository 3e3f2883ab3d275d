from dataclasses import replace
from datetime import datetime

import pytest

from domain.nouns.booking import BookingStatus, PaidWith, PaymentState
from domain.nouns.session import SessionStatus
from domain.refusals import Refusal, RefusalCode, Refused
from domain.rules import Rule
from domain.spending.seats import (
    CODES,
    SeatRequest,
    client_is_not_booked,
    course_is_sold_per_session,
    decide,
    seat_is_free,
    session_has_not_started,
    session_is_scheduled,
)
from tests.domain.builders import (
    A_MICROSECOND,
    CLIENT_ID,
    NEW_ID,
    NOW,
    ONE_TIME,
    SESSION_ID,
    START,
    a_client,
    a_course,
    a_seat_request,
    a_session,
    a_studio,
    a_target,
)

SeatRule = Rule[SeatRequest, Refusal]
WHOLE_ONLY = a_course(single_session_price=None)
FREE_OF_CHARGE = a_course(single_session_price=0)

RULES: dict[str, tuple[SeatRule, SeatRequest, datetime, RefusalCode | None]] = {
    "R4 a course sold per session": (course_is_sold_per_session, a_seat_request(), NOW, None),
    "R4 a course sold only as a whole": (
        course_is_sold_per_session,
        a_seat_request(a_target(course=WHOLE_ONLY)),
        NOW,
        RefusalCode.COURSE_NOT_SOLD_PER_SESSION,
    ),
    "R4 a price of nothing is a price": (
        *(course_is_sold_per_session, a_seat_request(a_target(course=FREE_OF_CHARGE)), NOW, None),
    ),
    "R4 a one-time class is always sold by itself": (
        course_is_sold_per_session,
        a_seat_request(a_target(a_session(course_id=None, price=None, accepts_make_ups=True))),
        NOW,
        None,
    ),
    "R5 scheduled": (session_is_scheduled, a_seat_request(), NOW, None),
    "R5 cancelled": (
        session_is_scheduled,
        a_seat_request(a_target(a_session(status=SessionStatus.CANCELLED))),
        NOW,
        RefusalCode.SESSION_CANCELLED,
    ),
    "R5 one microsecond before the start": (session_has_not_started, a_seat_request(), START - A_MICROSECOND, None),
    "R5 at the start": (session_has_not_started, a_seat_request(), START, RefusalCode.SESSION_STARTED),
    "R6 all seats free": (seat_is_free, a_seat_request(), NOW, None),
    "R6 the last seat": (seat_is_free, a_seat_request(a_target(a_session(capacity=10, taken=9))), NOW, None),
    "R6 no seat": (
        seat_is_free,
        a_seat_request(a_target(a_session(capacity=10, taken=10))),
        NOW,
        RefusalCode.SESSION_FULL,
    ),
    "R6 the only seat of one": (seat_is_free, a_seat_request(a_target(a_session(capacity=1, taken=0))), NOW, None),
    "R7 not booked there": (client_is_not_booked, a_seat_request(), NOW, None),
    "R7 booked there": (*(client_is_not_booked, a_seat_request(already_booked=True), NOW, RefusalCode.ALREADY_BOOKED),),
}


@pytest.mark.parametrize(("rule", "asked", "now", "expected"), RULES.values(), ids=RULES)
def test_a_rule_for_any_seat(rule: SeatRule, asked: SeatRequest, now: datetime, expected: RefusalCode | None):
    refusal = rule(asked, now)

    assert (refusal and refusal.code) is expected


def test_r6_a_full_session_says_how_full():
    refusal = seat_is_free(a_seat_request(a_target(a_session(capacity=10, taken=10))), NOW)

    assert refusal is not None
    assert (refusal.actual, refusal.required, refusal.session_id) == (10, 9, SESSION_ID)


@pytest.mark.parametrize("payment", PaymentState)
def test_b1_a_booking_is_live_at_the_price_of_the_moment(payment: PaymentState):
    booking = decide(a_seat_request(), payment, NEW_ID, NOW)

    assert not isinstance(booking, Refused)
    assert booking.id == NEW_ID
    assert (booking.session_id, booking.client_id) == (SESSION_ID, CLIENT_ID)
    assert (booking.paid_with, booking.payment, booking.price) == (PaidWith.SINGLE, payment, 3_000)
    assert (booking.status, booking.booked_at, booking.outcome) == (BookingStatus.BOOKED, NOW, None)
    assert booking.credit_id is None


def test_b1_a_one_time_class_has_its_own_price():
    booking = decide(a_seat_request(a_target(a_session(**ONE_TIME))), PaymentState.DUE, NEW_ID, NOW)

    assert not isinstance(booking, Refused)
    assert booking.price == 5_000


def test_b1_an_ordinary_booking_does_not_ask_whether_make_ups_are_accepted():
    course = a_course(accepts_make_ups=False)

    assert not isinstance(decide(a_seat_request(a_target(course=course)), PaymentState.DUE, NEW_ID, NOW), Refused)


def test_b1_every_rule_that_fails_is_reported():
    session = a_session(status=SessionStatus.CANCELLED, capacity=1, taken=1, archived_at=NOW)
    target = a_target(session, replace(WHOLE_ONLY, archived_at=NOW), a_studio(archived_at=NOW))
    request = a_seat_request(target, a_client(archived_at=NOW), already_booked=True)

    refused = decide(request, PaymentState.DUE, NEW_ID, START)

    assert isinstance(refused, Refused)
    assert tuple(reason.code for reason in refused.reasons) == CODES
