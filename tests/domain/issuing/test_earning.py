from datetime import date, datetime, time, timedelta

import pytest

from domain.issuing.earning import (
    EARNING_RULES,
    RETURNING_RULES,
    Missed,
    booking_is_paid,
    booking_was_not_paid_with_a_credit,
    cancellation_deadline,
    cancellation_is_in_time,
    earned_credit,
    make_ups_are_enabled,
    no_credit_stands_for_it,
    session_belongs_to_a_course,
    studio_gives_the_credit_back,
    this_kind_of_booking_earns,
    validity_has_not_ended,
    worth,
)
from domain.nouns.booking import EarnedNothing, PaidWith, PaymentState
from domain.nouns.course import Course
from domain.nouns.credit import CreditOrigin, CreditState
from domain.nouns.policy import Choices, Days, HoursBefore, LocalTime, OnMakeUpCancellation, Policy, Until
from domain.rules import Rule, broken
from tests.domain.builders import (
    A_MICROSECOND,
    BOOKING_ID,
    CLIENT_ID,
    DEADLINE,
    NEW_ID,
    NOW,
    ONE_TIME,
    SESSION_ID,
    START,
    a_booking,
    a_course,
    a_credit,
    a_make_up_booking,
    a_seat,
    a_session,
    a_studio,
    a_target,
    utc,
)


def missed(
    policy: Policy | None = None,
    paid_with: PaidWith = PaidWith.SINGLE,
    payment: PaymentState = PaymentState.PAID,
    course: Course | None = None,
    one_time: bool = False,
) -> Missed:
    session = a_session(**ONE_TIME) if one_time else a_session()
    return Missed(
        target=a_target(session, course, a_studio(policy)),
        booking=a_booking(paid_with=paid_with, payment=payment),
        course_size=3,
        earned_before=(),
        standing=None,
    )


Answer = EarnedNothing | None
TODAY = date(2026, 11, 22)
ON, OFF = Policy(make_ups_enabled=True), Policy(make_ups_enabled=False)
FORFEIT = Policy(on_make_up_cancellation=OnMakeUpCancellation.FORFEIT)

RULES: dict[str, tuple[Rule[Missed, EarnedNothing], Missed, Answer]] = {
    "E1 a course session earns": (session_belongs_to_a_course, missed(), None),
    "E1 a one-time class does not": (session_belongs_to_a_course, missed(one_time=True), EarnedNothing.ONE_TIME_CLASS),
    "E1 the studio has switched make-ups on": (make_ups_are_enabled, missed(ON), None),
    "E1 the studio has not": (make_ups_are_enabled, missed(OFF), EarnedNothing.MAKE_UPS_DISABLED),
    "E1 nobody ever has": (make_ups_are_enabled, missed(Policy()), EarnedNothing.MAKE_UPS_DISABLED),
    "E1 the course switches them on all the same": (
        *(make_ups_are_enabled, missed(OFF, course=a_course(choices={"make_ups_enabled": True})), None),
    ),
    "E1 the course switches them off all the same": (
        make_ups_are_enabled,
        missed(ON, course=a_course(choices={"make_ups_enabled": False})),
        EarnedNothing.MAKE_UPS_DISABLED,
    ),
    "E3 paid with money": (booking_was_not_paid_with_a_credit, missed(), None),
    "E3 paid with a credit": (
        booking_was_not_paid_with_a_credit,
        missed(paid_with=PaidWith.MAKE_UP),
        EarnedNothing.PAID_WITH_CREDIT,
    ),
    "C1 a credit that comes back": (studio_gives_the_credit_back, missed(paid_with=PaidWith.MAKE_UP), None),
    "C1 a credit that does not": (
        studio_gives_the_credit_back,
        missed(FORFEIT, PaidWith.MAKE_UP),
        EarnedNothing.MAKE_UP_FORFEITED,
    ),
    "C1 which is not said of what money paid": (studio_gives_the_credit_back, missed(FORFEIT), None),
    "E11 a single booking earns": (this_kind_of_booking_earns, missed(), None),
    "E11 unless the studio says otherwise": (
        this_kind_of_booking_earns,
        missed(Policy(single_bookings_earn=False)),
        EarnedNothing.SINGLE_BOOKINGS_DO_NOT_EARN,
    ),
    "E11 which is not said of enrolments": (
        this_kind_of_booking_earns,
        missed(Policy(single_bookings_earn=False), PaidWith.ENROLMENT),
        None,
    ),
    "E13 paid": (booking_is_paid, missed(payment=PaymentState.PAID), None),
    "E13 waived": (booking_is_paid, missed(payment=PaymentState.WAIVED), None),
    "E13 due": (booking_is_paid, missed(payment=PaymentState.DUE), EarnedNothing.NOT_PAID),
    "E13 due, where the studio asks for no payment": (
        booking_is_paid,
        missed(Policy(earning_needs_payment=False), payment=PaymentState.DUE),
        None,
    ),
    "E10 no credit stands for it": (no_credit_stands_for_it, missed(), None),
    "E10 one does": (no_credit_stands_for_it, a_seat(standing=a_credit()), EarnedNothing.ALREADY_CREDITED),
    "V1 days do not end": (validity_has_not_ended, missed(Policy(validity=Days(1))), None),
    "V1 the last day of a term": (validity_has_not_ended, missed(Policy(validity=Until(TODAY))), None),
    "V1 the day after it": (
        validity_has_not_ended,
        missed(Policy(validity=Until(TODAY - timedelta(days=1)))),
        EarnedNothing.VALIDITY_ENDED,
    ),
    "V1 V4 whatever is promised after the session": (
        validity_has_not_ended,
        missed(Policy(validity=Until(TODAY - timedelta(days=1)), never_before_missed_session=30)),
        EarnedNothing.VALIDITY_ENDED,
    ),
    "V1 the course's term, not the studio's": (
        validity_has_not_ended,
        missed(Policy(validity=Until(TODAY - timedelta(days=1))), course=a_course(choices={"validity": Until(TODAY)})),
        None,
    ),
}


@pytest.mark.parametrize(("rule", "given", "expected"), RULES.values(), ids=RULES)
def test_a_rule_of_earning(rule: Rule[Missed, EarnedNothing], given: Missed, expected: Answer):
    assert rule(given, NOW) is expected


LOCAL = Policy(cancellation_deadline=LocalTime(0, time(23, 59)))
AT_THE_START = Policy(cancellation_deadline=HoursBefore(0))

IN_TIME: dict[str, tuple[Policy, datetime, Answer]] = {
    "long before": (ON, NOW, None),
    "one microsecond before the deadline": (ON, DEADLINE - A_MICROSECOND, None),
    "at the deadline itself": (ON, DEADLINE, None),
    "one microsecond after it": (ON, DEADLINE + A_MICROSECOND, EarnedNothing.AFTER_DEADLINE),
    "one microsecond before the start": (ON, START - A_MICROSECOND, EarnedNothing.AFTER_DEADLINE),
    "at the start": (ON, START, EarnedNothing.SESSION_STARTED),
    "after the start": (ON, START + A_MICROSECOND, EarnedNothing.SESSION_STARTED),
    "a deadline at the start, just before": (AT_THE_START, START - A_MICROSECOND, None),
    "a deadline at the start, at it": (AT_THE_START, START, EarnedNothing.SESSION_STARTED),
    "a deadline after the start, just before the start": (LOCAL, START - A_MICROSECOND, None),
    "a deadline after the start, at the start": (LOCAL, START, EarnedNothing.SESSION_STARTED),
}


@pytest.mark.parametrize(("policy", "now", "expected"), IN_TIME.values(), ids=IN_TIME)
def test_e2_in_time_is_until_the_deadline_and_before_the_start(policy: Policy, now: datetime, expected: Answer):
    assert cancellation_is_in_time(missed(policy), now) is expected


def test_e2_golden_example_3_a_millisecond_after_the_deadline_is_late():
    target = a_target(a_session(starts_at=utc("2026-11-24T17:00:00Z")))
    given = a_seat(target)

    assert cancellation_is_in_time(given, utc("2026-11-23T17:00:00.000Z")) is None
    assert cancellation_is_in_time(given, utc("2026-11-23T17:00:00.001Z")) is EarnedNothing.AFTER_DEADLINE


A_DAY = timedelta(hours=24)
MOVED = DEADLINE + timedelta(hours=10)  # 14 hours before the start
LAST_MOVED = START - timedelta(days=20)
DEADLINES: dict[str, tuple[datetime | None, datetime, datetime]] = {
    "never moved": (None, NOW, DEADLINE),
    "moved long ago": (LAST_MOVED, LAST_MOVED, DEADLINE),
    "moved so that the day ends with the deadline": (DEADLINE - A_DAY, NOW, DEADLINE),
    "moved one microsecond later": (DEADLINE - A_DAY + A_MICROSECOND, NOW, DEADLINE + A_MICROSECOND),
    "moved so that the day ends with the start": (START - A_DAY, NOW, START),
    "moved less than a day before the start": (MOVED, NOW, START),
    "booked one microsecond before the move": (MOVED, MOVED - A_MICROSECOND, START),
    "booked in the instant of the move": (MOVED, MOVED, START),
    "booked one microsecond after it": (MOVED, MOVED + A_MICROSECOND, DEADLINE),
}


@pytest.mark.parametrize(("moved_at", "booked_at", "deadline"), DEADLINES.values(), ids=DEADLINES)
def test_c8_who_was_booked_at_the_move_has_a_day_from_then_and_never_less_than_the_deadline(
    moved_at: datetime | None, booked_at: datetime, deadline: datetime
):
    target, booking = a_target(a_session(moved_at=moved_at)), a_booking(booked_at=booked_at)

    assert cancellation_deadline(target, booking) == a_seat(target, booking).deadline == deadline
    assert target.deadline == DEADLINE


def test_c8_a_deadline_after_the_start_stays_as_computed():
    target = a_target(a_session(moved_at=START - A_MICROSECOND), studio=a_studio(LOCAL))

    assert cancellation_deadline(target, a_booking()) == target.deadline > START


@pytest.mark.parametrize(
    ("before_the_start", "by", "expected"),
    [
        (timedelta(hours=30), -A_MICROSECOND, None),
        (timedelta(hours=30), timedelta(), None),
        (timedelta(hours=30), A_MICROSECOND, EarnedNothing.AFTER_DEADLINE),
        (timedelta(hours=2), -A_MICROSECOND, None),
        (timedelta(hours=2), timedelta(), EarnedNothing.SESSION_STARTED),
    ],
)
def test_c8_in_time_is_through_the_day_after_the_move_and_before_the_start(
    before_the_start: timedelta, by: timedelta, expected: Answer
):
    """The last instant of the day itself is in time, that of the start is not."""
    moved_at = START - before_the_start
    given = a_seat(a_target(a_session(moved_at=moved_at)))

    assert cancellation_is_in_time(given, min(moved_at + A_DAY, START) + by) is expected


def test_every_reason_is_reported_late_and_unpaid_together():
    reasons = broken(EARNING_RULES, missed(payment=PaymentState.DUE), DEADLINE + A_MICROSECOND)

    assert reasons == (EarnedNothing.AFTER_DEADLINE, EarnedNothing.NOT_PAID)


def test_all_reasons_at_once():
    policy = Policy(single_bookings_earn=False, validity=Until(TODAY))

    reasons = broken(EARNING_RULES, missed(policy, payment=PaymentState.DUE, one_time=True), START)

    assert set(reasons) == {
        EarnedNothing.ONE_TIME_CLASS,
        EarnedNothing.MAKE_UPS_DISABLED,
        EarnedNothing.SESSION_STARTED,
        EarnedNothing.SINGLE_BOOKINGS_DO_NOT_EARN,
        EarnedNothing.NOT_PAID,
        EarnedNothing.VALIDITY_ENDED,
    }


def test_e3_a_make_up_booking_is_told_nothing_but_that_and_whether_it_is_late():
    given = a_seat(a_target(studio=a_studio(OFF)), a_make_up_booking())

    assert broken(RETURNING_RULES, given, NOW) == (EarnedNothing.PAID_WITH_CREDIT,)
    assert broken(RETURNING_RULES, given, START) == (EarnedNothing.PAID_WITH_CREDIT, EarnedNothing.SESSION_STARTED)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (DEADLINE - A_MICROSECOND, EarnedNothing.MAKE_UP_FORFEITED),
        (DEADLINE, EarnedNothing.MAKE_UP_FORFEITED),
        (DEADLINE + A_MICROSECOND, EarnedNothing.AFTER_DEADLINE),
    ],
)
def test_c1_in_time_the_credit_is_lost_and_too_late_it_is_used(now: datetime, told: EarnedNothing):
    given = missed(FORFEIT, PaidWith.MAKE_UP)

    assert broken(RETURNING_RULES, given, now) == (EarnedNothing.PAID_WITH_CREDIT, told)


@pytest.mark.parametrize("paid_with", [PaidWith.ENROLMENT, PaidWith.SINGLE])
def test_e11_a_course_sold_only_as_a_whole_still_earns(paid_with: PaidWith):
    whole = a_course(single_session_price=None)

    assert broken(EARNING_RULES, missed(ON, paid_with, course=whole), NOW) == ()


def test_v8_a_credit_carries_its_terms():
    credit = earned_credit(missed(Policy(validity=Days(14))), NEW_ID, NOW)

    assert credit.id == NEW_ID
    assert credit.client_id == CLIENT_ID
    assert credit.origin is CreditOrigin.CANCELLATION
    assert (credit.missed_booking_id, credit.missed_session_id) == (BOOKING_ID, SESSION_ID)
    assert credit.missed_paid_with is PaidWith.SINGLE
    assert credit.state is CreditState.ACTIVE
    assert credit.issued_at == NOW
    assert credit.expires_at == utc("2026-12-06T23:00:00Z")
    assert credit.expires_on == date(2026, 12, 6)
    assert credit.worth == 3_000
    assert credit.booking_id is None


def test_v1_the_clock_starts_at_the_cancellation_so_that_a_credit_may_die_before_its_session():
    given = missed(Policy(validity=Days(14)))

    three_weeks_ahead = earned_credit(given, NEW_ID, START - timedelta(weeks=3))

    assert three_weeks_ahead.expires_at == utc("2026-12-06T23:00:00Z")
    assert utc("2026-12-06T23:00:00Z") < START


WORTH = {
    "the single price": (a_course(), 3, 3_000),
    "a single price of nothing": (a_course(single_session_price=0), 3, 0),
    "the whole price by the sessions, rounded down": (a_course(single_session_price=None), 3, 3_333),
    "the whole price of a course of one": (a_course(single_session_price=None), 1, 10_000),
    "the single price where there are both": (a_course(whole_course_price=None), 3, 3_000),
}


@pytest.mark.parametrize(("course", "size", "expected"), WORTH.values(), ids=WORTH)
def test_r9_what_a_credit_is_worth(course: Course, size: int, expected: int):
    assert worth(a_target(course=course), size) == expected


V4_LEVELS = {
    "the studio's": (Policy(validity=Days(1), never_before_missed_session=2), {}, date(2026, 12, 15)),
    "the course's": (Policy(validity=Days(1)), {"never_before_missed_session": 1}, date(2026, 12, 14)),
    "the course's days": (Policy(never_before_missed_session=1), {"validity": Days(40)}, date(2027, 1, 1)),
}


@pytest.mark.parametrize(("studio", "course", "on"), V4_LEVELS.values(), ids=V4_LEVELS)
def test_v1_v4_a_course_decides_over_its_studio_how_long_a_credit_lives(studio: Policy, course: Choices, on: date):
    credit = earned_credit(missed(studio, course=a_course(choices=course)), NEW_ID, NOW)

    assert credit.expires_on == on
    assert credit.expires_at is not None
