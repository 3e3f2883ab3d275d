from datetime import datetime, timedelta

import pytest

from domain.cancellation.cancelling import Expected
from domain.faults import BadUserInput, NotFound, TimeWentBackwards
from domain.nouns.booking import BookingStatus, CancellationOutcome, PaidWith, PaymentState
from domain.refusals import RefusalCode
from domain.services import clients
from domain.services.bookings import (
    BookSession,
    BookWithMakeUp,
    CancelBooking,
    EnrolClient,
    MarkPaid,
    book_session,
    book_with_make_up,
    cancel_booking,
    enrol_client,
    mark_paid,
)
from domain.services.schedule import create_session
from tests.domain.builders import A_MICROSECOND, DEADLINE, NOW, START, uuid
from tests.domain.studio import StudioInMemory, email_of, known, new_session

PAID, WAIVED, DUE = PaymentState.PAID, PaymentState.WAIVED, PaymentState.DUE
LATER = NOW + timedelta(hours=1)


def test_b1_a_client_s_own_booking_is_due_and_earns_nothing_until_it_is_paid(studio: StudioInMemory):
    client, session = studio.a_client(), studio.a_session(START)
    booking = known(studio.done(book_session, BookSession(session, client, None), "parent").booking)

    assert studio.rows.bookings[booking].payment is DUE
    studio.done(mark_paid, MarkPaid(booking, None, PAID))
    assert studio.cancel(booking, LATER).outcome is CancellationOutcome.CREDIT


def test_the_one_client_of_an_account_need_not_be_named(studio: StudioInMemory):
    client, session = studio.a_client(), studio.a_session(START)
    credit = studio.a_credit(client)

    booking = known(studio.done(book_with_make_up, BookWithMakeUp(session, None, None), "parent").booking)

    assert (studio.rows.bookings[booking].client_id, studio.rows.bookings[booking].credit_id) == (client, credit)


@pytest.mark.parametrize("number", [0, 2])
def test_an_account_of_none_or_of_several_clients_must_say_which(studio: StudioInMemory, number: int):
    session = studio.a_session(START)
    for _ in range(number):
        studio.a_client()

    with pytest.raises(BadUserInput) as raised:
        studio.act(book_session, BookSession(session, None, None), "parent")

    assert raised.value.path == ("clientId",)


def test_c4_cancelling_twice_gives_the_same_answer_and_one_credit(studio: StudioInMemory):
    booking = studio.a_booking(studio.a_session(START), studio.a_client())

    first = studio.act(cancel_booking, CancelBooking(booking, None), "parent", DEADLINE)
    rows = studio.rows.copy()
    second = studio.act(cancel_booking, CancelBooking(booking, None), "parent", DEADLINE + A_MICROSECOND)

    assert first == second
    assert studio.rows == rows
    assert len(rows.credits) == 1


def test_c4_the_second_time_no_other_rule_is_asked(studio: StudioInMemory):
    booking = studio.a_booking(studio.a_session(START), studio.a_client())
    studio.cancel(booking, NOW)

    expected = Expected(CancellationOutcome.NOTHING, None)
    studio.done(cancel_booking, CancelBooking(booking, expected), "parent", START + A_MICROSECOND)

    assert studio.rows.bookings[booking].outcome is CancellationOutcome.CREDIT


def test_e4_staff_cancel_after_the_start_and_the_seat_is_free(studio: StudioInMemory):
    session = studio.a_session(START, capacity=1)
    booking = studio.a_booking(session, studio.a_client())

    cancelled = studio.cancel(booking, START, by="manager")

    assert (cancelled.status, cancelled.outcome) == (BookingStatus.CANCELLED_LATE, CancellationOutcome.NOTHING)
    assert studio.rows.sessions[session].taken == 0


GIVEN_UP = {
    "at the deadline": (DEADLINE, BookingStatus.CANCELLED),
    "an instant after it": (DEADLINE + A_MICROSECOND, BookingStatus.CANCELLED_LATE),
    "an instant before the start": (START - A_MICROSECOND, BookingStatus.CANCELLED_LATE),
}


@pytest.mark.parametrize(("now", "status"), GIVEN_UP.values(), ids=GIVEN_UP)
@pytest.mark.parametrize("one_time", [True, False], ids=["a class", "a session of a course"])
def test_b3_the_last_seat_is_given_up_by_its_client_and_free_for_the_next(
    studio: StudioInMemory, one_time: bool, now: datetime, status: BookingStatus
):
    course = None if one_time else studio.a_course()
    session = known(studio.done(create_session, new_session(course, START, capacity=1)).session)
    booking = studio.a_booking(session, studio.a_client())
    next_one = BookSession(session, studio.a_client("stranger"), PAID)

    assert studio.codes(book_session, next_one, "owner", now) == [RefusalCode.SESSION_FULL]
    assert studio.cancel(booking, now).status is status
    assert studio.rows.sessions[session].taken == 0
    studio.done(book_session, next_one, "owner", now)


def test_b3_from_the_start_on_a_client_keeps_the_seat_that_was_bought(studio: StudioInMemory):
    session = studio.a_session(START)
    booking = studio.a_booking(session, studio.a_client())

    assert studio.codes(cancel_booking, CancelBooking(booking, None), now=START) == [RefusalCode.SESSION_STARTED]
    assert studio.rows.sessions[session].taken == 1


@pytest.mark.parametrize("who", ["parent", "instructor"])
def test_e4_an_account_cancels_for_its_own_client_as_a_client_also_where_it_teaches(studio: StudioInMemory, who: str):
    booking = studio.a_booking(studio.a_session(START), studio.a_client(who))

    assert studio.codes(cancel_booking, CancelBooking(booking, None), who, START) == [RefusalCode.SESSION_STARTED]


def test_e4_a_manager_cancels_as_staff_also_for_a_child_of_their_own(studio: StudioInMemory):
    booking = studio.a_booking(studio.a_session(START), studio.a_client("manager"))

    assert studio.cancel(booking, START, by="manager").status is BookingStatus.CANCELLED_LATE


def test_b2_every_remaining_session_is_booked_and_the_others_are_not(studio: StudioInMemory):
    course, client = studio.a_course(), studio.a_client()
    started = studio.a_session(LATER, course)
    at_a_microsecond = studio.a_session(LATER + A_MICROSECOND, course)
    excepted, far = studio.a_session(START, course), studio.a_session(START + timedelta(days=300), course)
    elsewhere = studio.a_session(START)

    command = EnrolClient(course, client, PAID, frozenset({excepted}))
    done = studio.done(enrol_client, command, now=LATER)

    booked = {studio.rows.bookings[booking].session_id for booking in done.bookings}
    assert booked == {at_a_microsecond, far}
    assert {studio.rows.sessions[key].taken for key in (started, excepted, elsewhere)} == {0}


def test_b2_staff_may_enrol_all_the_same_except_a_full_session(studio: StudioInMemory):
    course, client = studio.a_course(), studio.a_client()
    full, free = studio.a_session(START, course, capacity=1), studio.a_session(START, course)
    studio.a_booking(full, studio.a_client())

    assert studio.codes(enrol_client, EnrolClient(course, client, PAID, frozenset()), "owner") == [
        RefusalCode.SESSION_FULL
    ]
    done = studio.done(enrol_client, EnrolClient(course, client, PAID, frozenset({full})))
    assert [studio.rows.bookings[booking].session_id for booking in done.bookings] == [free]


def test_b2_a_session_of_another_course_cannot_be_excepted(studio: StudioInMemory):
    course, client = studio.a_course(), studio.a_client()
    studio.a_session(START, course)

    with pytest.raises(NotFound):
        studio.act(enrol_client, EnrolClient(course, client, PAID, frozenset({studio.a_session(START)})))


def test_the_payment_of_an_enrolment_is_that_of_all_its_bookings(studio: StudioInMemory):
    course, client = studio.a_course(), studio.a_client()
    for days in range(2):
        studio.a_session(START + timedelta(days=days), course)
    done = studio.done(enrol_client, EnrolClient(course, client, DUE, frozenset()))
    first, second = done.bookings

    studio.done(mark_paid, MarkPaid(first, None, WAIVED))

    snapshot = studio.harness.snapshot(studio.id)
    assert {booking.payment for booking in snapshot.bookings} == {WAIVED}
    assert {booking.paid_with for booking in snapshot.bookings} == {PaidWith.ENROLMENT}
    assert studio.cancel(second, LATER).outcome is CancellationOutcome.CREDIT


def test_paying_after_the_cancellation_earns_nothing_any_more(studio: StudioInMemory):
    client, session = studio.a_client(), studio.a_session(START)
    booking = known(studio.done(book_session, BookSession(session, client, None), "parent").booking)
    studio.cancel(booking, NOW)

    studio.done(mark_paid, MarkPaid(booking, None, PAID), now=LATER)

    assert studio.rows.credits == {}


@pytest.mark.parametrize("payment", [DUE, WAIVED])
def test_a_make_up_is_always_paid(studio: StudioInMemory, payment: PaymentState):
    client, session = studio.a_client(), studio.a_session(START)
    studio.a_credit(client)
    booking = known(studio.done(book_with_make_up, BookWithMakeUp(session, client, None), "parent").booking)

    assert studio.codes(mark_paid, MarkPaid(booking, None, payment), "owner") == [RefusalCode.PAID_WITH_CREDIT]
    studio.done(mark_paid, MarkPaid(booking, None, PAID))
    assert studio.rows.bookings[booking].payment is PAID


def test_r8_a_sibling_s_credit_is_told_apart_from_a_stranger_s(studio: StudioInMemory):
    child, sibling, stranger = studio.a_client(), studio.a_client(), studio.a_client(None)
    session, siblings, strangers = studio.a_session(START), studio.a_credit(sibling), studio.a_credit(stranger)

    assert studio.codes(book_with_make_up, BookWithMakeUp(session, child, siblings)) == [
        RefusalCode.CREDIT_OF_OTHER_CLIENT
    ]
    for credit in (strangers, uuid(404)):
        with pytest.raises(NotFound):
            studio.act(book_with_make_up, BookWithMakeUp(session, child, credit), "parent")


def test_e12_r2_a_guest_earns_and_spends_once_there_is_an_account(studio: StudioInMemory):
    guest, target = studio.a_client(None), studio.a_session(START + timedelta(days=1))
    booking = studio.a_booking(studio.a_session(START), guest)
    studio.cancel(booking, NOW, by="manager")
    spend = BookWithMakeUp(target, guest, None)

    assert studio.codes(book_with_make_up, spend, "manager") == [RefusalCode.ACCOUNT_REQUIRED]
    studio.done(clients.link_client, clients.LinkClient(guest, email_of("parent")))
    assert studio.done(book_with_make_up, spend, "parent").credit == studio.earned(booking).id


def test_e12_the_clock_runs_for_a_guest_all_the_same(studio: StudioInMemory):
    guest, target = studio.a_client(None), studio.a_session(START + timedelta(days=1))
    booking = studio.a_booking(studio.a_session(START), guest)
    studio.cancel(booking, NOW, by="manager")
    expiry = studio.earned(booking).expires_at
    assert expiry is not None
    studio.done(clients.link_client, clients.LinkClient(guest, email_of("parent")), now=expiry - A_MICROSECOND)
    spend = BookWithMakeUp(target, guest, studio.earned(booking).id)

    assert studio.codes(book_with_make_up, spend, now=expiry) == [RefusalCode.CREDIT_EXPIRED]
    studio.done(book_with_make_up, spend, "parent", expiry - A_MICROSECOND)


def test_v8_a_new_policy_changes_no_credit_that_was_issued(studio: StudioInMemory):
    booking = studio.a_booking(studio.a_session(START), studio.a_client())
    studio.cancel(booking, NOW)
    before = studio.earned(booking)

    studio.change_policy(make_ups_enabled=False, validity=None, max_days_ahead=0)

    assert studio.earned(booking) == before


def test_time_does_not_go_back_before_what_an_act_touches(studio: StudioInMemory):
    booking = studio.a_booking(studio.a_session(START), studio.a_client())
    studio.cancel(booking, LATER)

    with pytest.raises(TimeWentBackwards):
        studio.act(cancel_booking, CancelBooking(booking, None), "parent", LATER - A_MICROSECOND)
    studio.done(cancel_booking, CancelBooking(booking, None), "parent", LATER)
