"""C8: sessions that move."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain.faults import BadUserInput, Forbidden, NotFound
from domain.nouns.booking import BookingStatus, CancellationOutcome, EarnedNothing, PaymentState
from domain.nouns.policy import CapPeriod, EarnCap, LateCancellation, RedeemableFrom
from domain.outcome import Done
from domain.refusals import RefusalCode
from domain.services.bookings import BookSession, BookWithMakeUp, CancelBooking, book_session, book_with_make_up
from domain.services.bookings import cancel_booking as cancel
from domain.services.moving import MoveSession, move_session
from domain.services.schedule_changes import UpdateSession, update_session
from tests.domain.builders import A_MICROSECOND, NOW, START, uuid
from tests.domain.studio import HOUR, StudioInMemory, known

DAY = timedelta(days=1)
DEADLINE = START - DAY
LATER = START + 2 * DAY
STARTED = RefusalCode.SESSION_STARTED


def move(studio: StudioInMemory, session: UUID, starts_at=LATER, now=NOW, by: str = "manager") -> Done:
    return studio.done(move_session, MoveSession(session, starts_at, starts_at + HOUR), by, now)


def a_seat(studio: StudioInMemory) -> tuple[UUID, UUID]:
    session = studio.a_session(START)
    return session, studio.a_booking(session, studio.a_client())


def test_c8_bookings_move_along_and_are_counted(studio: StudioInMemory):
    session, booking = a_seat(studio)
    other = studio.a_booking(session, studio.a_client())
    studio.cancel(studio.a_booking(session, studio.a_client()), NOW)
    before = studio.rows.bookings.copy()

    done = move(studio, session, now=NOW + HOUR)

    row = studio.rows.sessions[session]
    assert (row.starts_at, row.ends_at, row.moved_at) == (LATER, LATER + HOUR, NOW + HOUR)
    assert (done.session, done.moved) == (session, 2)
    assert studio.rows.bookings == before
    assert studio.rows.bookings[booking].live
    assert studio.rows.bookings[other].live


@pytest.mark.parametrize("moved_before", [False, True])
def test_c8_to_the_times_that_it_has_it_does_not_move_and_nobody_is_to_be_told_or_gets_a_day(
    studio: StudioInMemory, moved_before: bool
):
    session, _ = a_seat(studio)
    if moved_before:
        assert move(studio, session, now=NOW).moved == 1
    row = studio.rows.sessions[session]

    done = move(studio, session, row.starts_at, NOW + HOUR)

    assert (done.session, done.moved) == (session, 0)
    assert studio.rows.sessions[session] == row


def test_c8_an_end_a_microsecond_later_is_a_move(studio: StudioInMemory):
    session, _ = a_seat(studio)
    longer = MoveSession(session, START, START + HOUR + A_MICROSECOND)

    assert studio.done(move_session, longer, "manager", NOW).moved == 1
    assert studio.rows.sessions[session].moved_at == NOW


@pytest.mark.parametrize("late", LateCancellation)
def test_c8_after_the_old_deadline_the_day_of_the_move_is_in_time_and_then_no_more(
    studio: StudioInMemory, late: LateCancellation
):
    studio.change_policy(late_cancellation=late)
    session, booking = a_seat(studio)
    other = studio.a_booking(session, studio.a_client("parent"))
    moved_at = START - HOUR
    move(studio, session, START + 12 * HOUR, moved_at)
    end = START + 12 * HOUR

    earned = studio.cancel(booking, end - A_MICROSECOND)

    assert (earned.status, earned.outcome) == (BookingStatus.CANCELLED, CancellationOutcome.CREDIT)
    assert studio.codes(cancel, CancelBooking(other, None), now=end) == [STARTED]


def test_c8_the_last_instant_of_the_day_is_in_time_and_the_next_is_late(studio: StudioInMemory):
    session, booking = a_seat(studio)
    other = studio.a_booking(session, studio.a_client())
    moved_at = START - HOUR
    move(studio, session, START + 30 * HOUR, moved_at)

    in_time = studio.cancel(booking, moved_at + DAY)
    too_late = studio.cancel(other, moved_at + DAY + A_MICROSECOND)

    assert in_time.outcome is CancellationOutcome.CREDIT
    assert (too_late.status, too_late.why_not_earned) == (
        BookingStatus.CANCELLED_LATE,
        (EarnedNothing.AFTER_DEADLINE,),
    )


def test_c8_who_books_after_the_move_knew_of_it(studio: StudioInMemory):
    session, client = studio.a_session(START), studio.a_client()
    moved_at = START - HOUR
    move(studio, session, START + 12 * HOUR, moved_at)
    command = BookSession(session, client, PaymentState.PAID)
    booking = known(studio.done(book_session, command, now=moved_at + A_MICROSECOND).booking)

    assert studio.cancel(booking, moved_at + HOUR).status is BookingStatus.CANCELLED_LATE


def test_c8_moved_twice_the_day_counts_from_the_last_move_for_all_who_were_booked_then(studio: StudioInMemory):
    session, first = a_seat(studio)
    move(studio, session, START + 40 * HOUR, START - 3 * HOUR)
    command = BookSession(session, studio.a_client(), PaymentState.PAID)
    second = known(studio.done(book_session, command, now=START - 2 * HOUR).booking)
    move(studio, session, START + 30 * HOUR, START - HOUR)

    for booking in (first, second):
        assert studio.cancel(booking, START + 23 * HOUR).outcome is CancellationOutcome.CREDIT


def test_c8_a_session_that_comes_sooner_than_a_day_can_be_given_up_until_it_starts(studio: StudioInMemory):
    session, booking = a_seat(studio)
    move(studio, session, NOW + 2 * HOUR, NOW)

    assert studio.cancel(booking, NOW + 2 * HOUR - A_MICROSECOND).outcome is CancellationOutcome.CREDIT


def test_c8_v8_credits_do_not_follow_the_session_that_earned_them(studio: StudioInMemory):
    studio.change_policy(redeemable_from=RedeemableFrom.AFTER_MISSED_SESSION, never_before_missed_session=3)
    session, booking = a_seat(studio)
    studio.cancel(booking, NOW)
    credit = studio.earned(booking)

    move(studio, session)

    assert studio.earned(booking) == credit
    assert credit.redeemable_from == START + HOUR


def test_c8_a_make_up_seat_moves_along_past_the_end_of_its_credit(studio: StudioInMemory):
    session, client = studio.a_session(START), studio.a_client()
    credit = studio.a_credit(client)
    booking = known(studio.done(book_with_make_up, BookWithMakeUp(session, client, credit)).booking)

    move(studio, session, START + 60 * DAY, START - HOUR)

    assert studio.rows.bookings[booking].live
    assert studio.cancel(booking, START).outcome is CancellationOutcome.CREDIT_RETURNED


def test_e9_a_cap_counts_by_the_date_to_which_the_missed_session_has_moved(studio: StudioInMemory):
    studio.change_policy(earn_cap=EarnCap(1, CapPeriod.CALENDAR_MONTH))
    client = studio.a_client()
    sessions = [studio.a_session(START), studio.a_session(START + DAY), studio.a_session(START + 2 * DAY)]
    first, second, third = (studio.a_booking(session, client) for session in sessions)

    assert studio.cancel(first, NOW).outcome is CancellationOutcome.CREDIT
    assert studio.cancel(second, NOW).why_not_earned == (EarnedNothing.EARN_CAP_REACHED,)
    move(studio, sessions[0], START + 30 * DAY)
    assert studio.cancel(third, NOW).outcome is CancellationOutcome.CREDIT


def test_c8_what_has_started_does_not_move(studio: StudioInMemory):
    session, _ = a_seat(studio)
    command = MoveSession(session, LATER, LATER + HOUR)

    assert studio.codes(move_session, command, "owner", START) == [STARTED]
    move(studio, session, LATER, START - A_MICROSECOND)


@pytest.mark.parametrize(("starts_at", "length"), [(NOW, HOUR), (LATER, timedelta())])
def test_c8_into_the_past_or_to_no_length_is_bad_input(studio: StudioInMemory, starts_at, length: timedelta):
    session, _ = a_seat(studio)

    with pytest.raises(BadUserInput):
        studio.act(move_session, MoveSession(session, starts_at, starts_at + length))


def test_b4_what_is_archived_moves_too(studio: StudioInMemory):
    session = studio.a_session(START)
    studio.done(update_session, UpdateSession(session, {}, archived=True))

    assert move(studio, session).moved == 0
    assert studio.rows.sessions[session].starts_at == LATER


@pytest.mark.parametrize("by", ["instructor", "parent", "stranger"])
def test_a1_only_who_manages_moves_a_session(studio: StudioInMemory, by: str):
    session, _ = a_seat(studio)

    with pytest.raises(Forbidden):
        move(studio, session, by=by)


def test_a0_a_session_that_is_not_there_does_not_move(studio: StudioInMemory):
    with pytest.raises(NotFound):
        move(studio, uuid(404))
