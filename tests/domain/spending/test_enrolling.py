import pytest

from domain.events import ClientEnrolled, SeatBooked
from domain.nouns.booking import PaidWith, PaymentState
from domain.nouns.course import Course
from domain.refusals import RefusalCode, Refused
from domain.spending.enrolling import CODES, Enrolled, Enrolling, decide
from domain.spending.seats import SeatRequest
from tests.domain.builders import (
    CLIENT_ID,
    COURSE_ID,
    ENROLMENT_ID,
    NOW,
    a_client,
    a_course,
    a_seat_request,
    a_session,
    a_studio,
    a_target,
    uuid,
)

FIRST, SECOND = uuid(51), uuid(52)
BOOKING_IDS = (uuid(61), uuid(62))


def seat(session: int, taken: int = 0, already_booked: bool = False) -> SeatRequest:
    return a_seat_request(
        a_target(a_session(id=uuid(session), capacity=10, taken=taken)), already_booked=already_booked
    )


def enrolling(*seats: SeatRequest, course: Course | None = None, already_enrolled: bool = False) -> Enrolling:
    return Enrolling(a_studio(), course or a_course(), a_client(), already_enrolled, seats)


def codes(of: Enrolling) -> list[tuple[RefusalCode, object]]:
    refused = decide(of, PaymentState.PAID, ENROLMENT_ID, BOOKING_IDS, NOW)
    assert isinstance(refused, Refused)
    return [(reason.code, reason.session_id) for reason in refused.reasons]


@pytest.mark.parametrize("payment", PaymentState)
def test_b2_an_enrolment_is_a_booking_in_every_remaining_session(payment: PaymentState):
    decision = decide(enrolling(seat(51), seat(52, taken=9)), payment, ENROLMENT_ID, BOOKING_IDS, NOW)

    assert isinstance(decision, Enrolled)
    assert (decision.enrolment.id, decision.enrolment.course_id) == (ENROLMENT_ID, COURSE_ID)
    assert (decision.enrolment.payment, decision.enrolment.price) == (payment, 10_000)
    assert [booking.id for booking in decision.bookings] == list(BOOKING_IDS)
    assert [booking.session_id for booking in decision.bookings] == [FIRST, SECOND]
    for booking in decision.bookings:
        assert (booking.client_id, booking.enrolment_id) == (CLIENT_ID, ENROLMENT_ID)
        assert (booking.paid_with, booking.payment, booking.price) == (PaidWith.ENROLMENT, payment, None)


def test_b2_the_enrolment_is_recorded_before_its_bookings():
    decision = decide(enrolling(seat(51)), PaymentState.PAID, ENROLMENT_ID, BOOKING_IDS[:1], NOW)

    assert isinstance(decision, Enrolled)
    assert [type(event) for event in decision.events] == [ClientEnrolled, SeatBooked]


def test_b2_the_last_seat_is_a_seat_and_a_full_session_is_named():
    assert isinstance(
        decide(enrolling(seat(51, taken=9)), PaymentState.PAID, ENROLMENT_ID, BOOKING_IDS[:1], NOW), Enrolled
    )
    assert codes(enrolling(seat(51, taken=9), seat(52, taken=10))) == [(RefusalCode.SESSION_FULL, SECOND)]


def test_b2_every_full_session_is_named():
    assert codes(enrolling(seat(51, taken=10), seat(52, taken=10))) == [
        (RefusalCode.SESSION_FULL, FIRST),
        (RefusalCode.SESSION_FULL, SECOND),
    ]


def test_b2_a_session_where_the_client_has_a_seat_is_named():
    assert codes(enrolling(seat(51), seat(52, already_booked=True))) == [(RefusalCode.ALREADY_BOOKED, SECOND)]


def test_b2_a_course_without_a_price_for_the_whole():
    course = a_course(whole_course_price=None)

    assert codes(enrolling(seat(51), course=course)) == [(RefusalCode.COURSE_NOT_SOLD_AS_WHOLE, None)]


def test_b2_a_price_of_nothing_is_a_price():
    free = enrolling(seat(51), course=a_course(whole_course_price=0))

    decision = decide(free, PaymentState.WAIVED, ENROLMENT_ID, BOOKING_IDS[:1], NOW)

    assert isinstance(decision, Enrolled)
    assert decision.enrolment.price == 0


def test_b2_nobody_is_enrolled_twice():
    assert codes(enrolling(seat(51), already_enrolled=True)) == [(RefusalCode.ALREADY_ENROLLED, None)]


def test_b2_nothing_is_left():
    assert codes(enrolling()) == [(RefusalCode.NO_SESSIONS_LEFT, None)]


def test_b2_every_rule_that_fails_is_reported():
    course = a_course(whole_course_price=None, archived_at=NOW)
    nothing_left = Enrolling(a_studio(archived_at=NOW), course, a_client(archived_at=NOW), True, ())
    nothing_free = enrolling(seat(51, taken=10, already_booked=True), course=course, already_enrolled=True)

    told = {code for code, _ in codes(nothing_left) + codes(nothing_free)}

    assert told == set(CODES)
