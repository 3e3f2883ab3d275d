from datetime import timedelta

import pytest

from domain.credits.ledger import LedgerKind
from domain.faults import NotFound, TimeWentBackwards
from domain.nouns.booking import BookingStatus, CancellationOutcome, PaidWith, PaymentState
from domain.nouns.credit import CreditState
from domain.nouns.policy import CreditScope, ExpiryMeans, OnMakeUpCancellation, RedeemableFrom
from domain.refusals import RefusalCode
from domain.services.bookings import (
    BookSession,
    BookWithMakeUp,
    CancelBooking,
    EnrolClient,
    book_session,
    book_with_make_up,
    cancel_booking,
    enrol_client,
)
from domain.services.clients import LinkClient, link_client
from domain.services.schedule import CreateSession, create_session
from domain.services.schedule_changes import UpdateCourse, update_course
from domain.services.swaps import SwapSession, swap_session
from tests.domain.builders import A_MICROSECOND, DEADLINE, NOW, START, uuid
from tests.domain.studio import HOUR, StudioInMemory, email_of, known

A_DAY = timedelta(days=1)
NEXT_DAY = START + A_DAY


def test_c6_both_seats_the_credit_and_both_of_its_lines_change_in_one_act(studio: StudioInMemory):
    client, course = studio.a_client(), studio.a_course()
    missed, target = studio.a_session(START, course), studio.a_session(NEXT_DAY, course)
    booking = studio.a_booking(missed, client)

    done = studio.done(swap_session, SwapSession(booking, target), "parent", DEADLINE)

    given_up, new = done.bookings
    rows, credit = studio.rows, studio.earned(booking)
    assert (given_up, done.credit) == (booking, credit.id)
    assert (rows.bookings[booking].status, rows.bookings[booking].outcome) == (
        BookingStatus.CANCELLED,
        CancellationOutcome.CREDIT,
    )
    assert (rows.bookings[new].session_id, rows.bookings[new].paid_with) == (target, PaidWith.MAKE_UP)
    assert (rows.bookings[new].credit_id, credit.state, credit.booking_id) == (credit.id, CreditState.USED, new)
    assert (rows.sessions[missed].taken, rows.sessions[target].taken, rows.sessions[target].make_ups) == (0, 1, 1)
    assert studio.ledger(credit.id) == [LedgerKind.ISSUED, LedgerKind.REDEEMED]


def test_c6_a_make_up_is_swapped_again_and_again_with_one_credit(studio: StudioInMemory):
    client, course = studio.a_client(), studio.a_course()
    sessions = [studio.a_session(START + day * A_DAY, course) for day in range(3)]
    booking = studio.a_booking(sessions[0], client)
    for target in (*sessions[1:], sessions[1]):
        booking = studio.done(swap_session, SwapSession(booking, target), "parent").bookings[1]

    (credit,) = studio.rows.credits.values()
    assert studio.ledger(credit.id) == [
        LedgerKind.ISSUED,
        LedgerKind.REDEEMED,
        *(LedgerKind.RESTORED, LedgerKind.REDEEMED) * 2,
    ]
    assert [studio.rows.sessions[key].taken for key in sessions] == [0, 1, 0]


def test_c6_a_swap_that_is_refused_leaves_the_seat_and_burns_no_credit(studio: StudioInMemory):
    client, course = studio.a_client(), studio.a_course()
    full = studio.a_session(NEXT_DAY, course, capacity=1)
    studio.a_booking(full, studio.a_client(None))
    booking = studio.a_booking(studio.a_session(START, course), client)
    rows = studio.rows.copy()

    assert studio.codes(swap_session, SwapSession(booking, full)) == [RefusalCode.SESSION_FULL]
    assert studio.rows == rows


def test_c6_a_seat_of_an_enrolment_is_swapped_and_the_others_stand(studio: StudioInMemory):
    client, course = studio.a_client(), studio.a_course()
    for day in range(2):
        studio.a_session(START + day * A_DAY, course)
    enrol = EnrolClient(course, client, PaymentState.WAIVED, frozenset())
    first, second = studio.done(enrol_client, enrol).bookings

    studio.done(swap_session, SwapSession(first, studio.a_session(NEXT_DAY)), "parent")

    assert not studio.rows.bookings[first].live
    assert studio.rows.bookings[second].live


def test_c6_the_second_click_is_told_that_the_booking_is_cancelled_already(studio: StudioInMemory):
    booking, target = studio.a_booking(studio.a_session(START), studio.a_client()), studio.a_session(NEXT_DAY)
    command = SwapSession(booking, target)
    studio.done(swap_session, command, "parent")
    rows = studio.rows.copy()

    assert studio.codes(swap_session, command) == [RefusalCode.ALREADY_CANCELLED]
    assert studio.rows == rows


def test_c4_cancelling_what_was_swapped_answers_as_it_was_given_up(studio: StudioInMemory):
    booking, target = studio.a_booking(studio.a_session(START), studio.a_client()), studio.a_session(NEXT_DAY)
    new = studio.done(swap_session, SwapSession(booking, target), "parent").bookings[1]

    assert studio.cancel(booking, NOW).outcome is CancellationOutcome.CREDIT
    assert studio.rows.bookings[new].live


def test_e13_a_booking_that_is_due_is_not_swapped_until_it_is_paid(studio: StudioInMemory):
    client, target = studio.a_client(), studio.a_session(NEXT_DAY)
    due = known(studio.done(book_session, BookSession(studio.a_session(START), client, None), "parent").booking)

    assert studio.codes(swap_session, SwapSession(due, target)) == [RefusalCode.CANCELLATION_EARNS_NOTHING]
    studio.change_policy(earning_needs_payment=False)
    studio.done(swap_session, SwapSession(due, target), "parent")


def test_r12_with_credits_for_after_the_missed_session_nothing_is_swapped_and_a_make_up_still_is(
    studio: StudioInMemory,
):
    client, target = studio.a_client(), studio.a_session(NEXT_DAY)
    missed = studio.a_session(START)
    booking = studio.a_booking(missed, client)
    credit = studio.a_credit(client)
    make_up = known(
        studio.done(book_with_make_up, BookWithMakeUp(studio.a_session(START), client, credit), "parent").booking
    )
    studio.change_policy(redeemable_from=RedeemableFrom.AFTER_MISSED_SESSION)

    assert studio.codes(swap_session, SwapSession(booking, target)) == [RefusalCode.CREDIT_NOT_YET_VALID]
    assert studio.done(swap_session, SwapSession(make_up, target), "parent").credit == credit


def test_v8_the_terms_of_the_credit_are_those_of_the_policy_of_the_swap(studio: StudioInMemory):
    client, target = studio.a_client(), studio.a_session(NEXT_DAY)
    booking = studio.a_booking(studio.a_session(START), client)
    studio.change_policy(expiry_means=ExpiryMeans.ATTEND_BY)

    assert studio.codes(swap_session, SwapSession(booking, target)) == [RefusalCode.STARTS_AFTER_EXPIRY]
    studio.change_policy(expiry_means=None)
    studio.done(swap_session, SwapSession(booking, target), "parent")
    assert studio.earned(booking).expiry_means is ExpiryMeans.BOOK_BY


def test_c1_a_make_up_is_swapped_until_the_end_of_its_credit_and_not_after(studio: StudioInMemory):
    client, course, target = studio.a_client(), studio.a_course(), studio.a_session(NEXT_DAY + A_DAY)
    earned = studio.a_booking(studio.a_session(START, course), client)
    studio.cancel(earned, NOW)
    expires_at = studio.earned(earned).expires_at
    assert expires_at is not None
    spend = BookWithMakeUp(studio.a_session(NEXT_DAY, course), client, None)
    make_up = known(studio.done(book_with_make_up, spend, "parent").booking)

    assert studio.codes(swap_session, SwapSession(make_up, target), now=expires_at) == [RefusalCode.CREDIT_EXPIRED]
    assert studio.rows.bookings[make_up].live
    studio.done(swap_session, SwapSession(make_up, target), "parent", expires_at - A_MICROSECOND)


def test_c1_where_credits_are_forfeited_a_make_up_is_not_swapped_and_nothing_is_lost(studio: StudioInMemory):
    client, target = studio.a_client(), studio.a_session(NEXT_DAY)
    credit = studio.a_credit(client)
    spend = BookWithMakeUp(studio.a_session(START), client, credit)
    make_up = known(studio.done(book_with_make_up, spend, "parent").booking)
    studio.change_policy(on_make_up_cancellation=OnMakeUpCancellation.FORFEIT)

    assert studio.codes(swap_session, SwapSession(make_up, target)) == [RefusalCode.CANCELLATION_EARNS_NOTHING]
    assert studio.rows.credits[credit].state is CreditState.USED
    studio.change_policy(on_make_up_cancellation=None)
    assert studio.done(swap_session, SwapSession(make_up, target), "parent").credit == credit


def test_r8_what_a_sibling_paid_is_swapped_while_siblings_pay_for_each_other(studio: StudioInMemory):
    child, sibling, target = studio.a_client(), studio.a_client(), studio.a_session(NEXT_DAY)
    studio.change_policy(credit_scope=CreditScope.SAME_ACCOUNT)
    credit = studio.a_credit(sibling)
    make_up = known(
        studio.done(book_with_make_up, BookWithMakeUp(studio.a_session(START), child, credit), "parent").booking
    )
    swap = SwapSession(make_up, target)

    studio.change_policy(credit_scope=None)
    assert studio.codes(swap_session, swap) == [RefusalCode.CREDIT_OF_OTHER_CLIENT]
    studio.change_policy(credit_scope=CreditScope.SAME_ACCOUNT)
    studio.done(link_client, LinkClient(sibling, email_of("stranger")))
    assert studio.codes(swap_session, swap) == [RefusalCode.CREDIT_OF_OTHER_CLIENT]
    studio.done(link_client, LinkClient(sibling, email_of("parent")))
    assert studio.done(swap_session, swap, "parent").credit == credit


def test_e9_over_a_cap_nothing_is_swapped(studio: StudioInMemory):
    client, course = studio.a_client(), studio.a_course()
    first, second = (studio.a_booking(studio.a_session(START + day * A_DAY, course), client) for day in range(2))
    targets = [studio.a_session(START + day * A_DAY) for day in (2, 3)]
    studio.change_policy(max_outstanding=1)

    studio.done(swap_session, SwapSession(first, targets[0]), "parent")
    studio.done(cancel_booking, CancelBooking(studio.a_booking(studio.a_session(START), client), None), "parent")

    assert studio.codes(swap_session, SwapSession(second, targets[1])) == [RefusalCode.CANCELLATION_EARNS_NOTHING]


def test_b4_a_seat_in_an_archived_course_is_swapped_for_one_that_is_offered_and_not_the_other_way(
    studio: StudioInMemory,
):
    client = studio.a_client()
    booking, other = (studio.a_booking(studio.a_session(START + day * A_DAY), client) for day in range(2))
    old, new = studio.a_session(NEXT_DAY + HOUR), studio.a_session(NEXT_DAY + 2 * HOUR)
    for session in (old, studio.rows.bookings[booking].session_id):
        course = known(studio.rows.sessions[session].course_id)
        studio.done(update_course, UpdateCourse(course, {}, archived=True))

    studio.done(swap_session, SwapSession(booking, new), "parent")
    assert studio.codes(swap_session, SwapSession(other, old)) == [RefusalCode.COURSE_ARCHIVED]


def test_a0_a_session_or_a_booking_that_is_not_there_is_not_found(studio: StudioInMemory):
    booking, target = studio.a_booking(studio.a_session(START), studio.a_client()), studio.a_session(NEXT_DAY)

    for command in (SwapSession(booking, uuid(404)), SwapSession(uuid(404), target)):
        with pytest.raises(NotFound):
            studio.act(swap_session, command, "parent")


@pytest.mark.parametrize("which", ["missed", "target"])
def test_time_does_not_go_back_before_what_either_session_has_seen(studio: StudioInMemory, which: str):
    sessions = {"missed": studio.a_session(START), "target": studio.a_session(NEXT_DAY)}
    booking = studio.a_booking(sessions["missed"], studio.a_client())
    book = BookSession(sessions[which], studio.a_client(None), PaymentState.PAID)
    studio.done(book_session, book, now=NOW + HOUR)

    swap = SwapSession(booking, sessions["target"])
    with pytest.raises(TimeWentBackwards):
        studio.act(swap_session, swap, "parent", NOW + HOUR - A_MICROSECOND)
    studio.done(swap_session, swap, "parent", NOW + HOUR)


def test_e1_a_one_time_class_earns_nothing_and_can_be_swapped_into(studio: StudioInMemory):
    client = studio.a_client()
    a_class = CreateSession(None, "Class", NEXT_DAY, NEXT_DAY + HOUR, 2, 3_000, True, None, None)
    one, other = (known(studio.done(create_session, a_class).session) for _ in range(2))

    assert studio.codes(swap_session, SwapSession(studio.a_booking(one, client), other)) == [
        RefusalCode.CANCELLATION_EARNS_NOTHING
    ]
    studio.done(swap_session, SwapSession(studio.a_booking(studio.a_session(START), client), other), "parent")
