"""The studio cancels what was marked or had again, and enrolments end after other acts: one credit and no second."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domain.cancellation.session_cancelling import CANCELLED_UNTIL
from domain.credits.choosing import ById
from domain.credits.ledger import LedgerKind
from domain.nouns.booking import Attendance, BookingStatus, EarnedNothing, PaymentState
from domain.nouns.credit import CreditOrigin, CreditState, RevocationReason
from domain.nouns.policy import OnEnrolmentEnd
from domain.nouns.session import Compensation
from domain.refusals import RefusalCode
from domain.services.attendance import MarkAttendance, mark_attendance
from domain.services.bookings import EnrolClient, enrol_client
from domain.services.credits import RevokeMakeUps, revoke_make_ups
from domain.services.enrolments import EndEnrolment, end_enrolment
from domain.services.session_cancellations import CancelSession, cancel_session
from tests.domain.acting import (
    BEFORE,
    CREDIT,
    DAY,
    NOTHING,
    RETURNED,
    brought,
    earned_by,
    session_of,
    spend,
    studio_cancels,
    swap,
)
from tests.domain.builders import A_MICROSECOND, START, utc
from tests.domain.studio import HOUR, StudioInMemory, known
from tests.domain.undone import ISSUED, REDEEMED, RESTORED, UNDONE, booking_of, undo, why_not

_, ABSENT, EXCUSED, NO_SHOW = Attendance
CANCELLED = BookingStatus.CANCELLED
AFTER = START + DAY
LATEST = START + HOUR + CANCELLED_UNTIL
A_CREDIT = (CANCELLED, CREDIT, ())
NO_SECOND = (CANCELLED, NOTHING, (EarnedNothing.ALREADY_CREDITED,))
ENDED = (CANCELLED, NOTHING, (EarnedNothing.ENROLMENT_ENDED,))
JUST_BEFORE, AT, JUST_AFTER = -A_MICROSECOND, timedelta(), A_MICROSECOND
UNEXCUSED = (ABSENT, NO_SHOW)


# The studio cancels what was marked


def mark(studio: StudioInMemory, marks: Mapping[UUID, Attendance], now: datetime = START) -> None:
    (session,) = {session_of(studio, booking) for booking in marks}
    studio.done(mark_attendance, MarkAttendance(session, marks, None), "manager", now)


def roster(studio: StudioInMemory, seats: int = 1) -> tuple[UUID, ...]:
    """Seats in one session, of a client each, where an excused absence earns."""
    studio.change_policy(excused_absence_earns=True)
    session = studio.a_session(START)
    return tuple(studio.a_booking(session, studio.a_client()) for _ in range(seats))


def states(studio: StudioInMemory, booking: UUID) -> list[tuple[CreditOrigin, CreditState]]:
    """Of all credits that have ever stood for it, by when they were issued."""
    theirs = [credit for credit in studio.rows.credits.values() if credit.missed_booking_id == booking]
    return [(each.origin, each.state) for each in sorted(theirs, key=lambda each: each.issued_at)]


EXCUSES, COMPENSATES = CreditOrigin.EXCUSED_ABSENCE, CreditOrigin.STUDIO_CANCELLATION
ACTIVE, USED = CreditState.ACTIVE, CreditState.USED


@pytest.mark.parametrize("after", [JUST_BEFORE, AT, JUST_AFTER])
def test_e6_e7_of_those_who_were_marked_who_has_a_credit_gets_no_second_and_the_others_get_one(
    studio: StudioInMemory, after: timedelta
):
    excused, absent, no_show, not_marked = roster(studio, 4)
    session = session_of(studio, excused)
    mark(studio, {excused: EXCUSED, absent: ABSENT, no_show: NO_SHOW})

    if after > AT:
        late = CancelSession(session, Compensation.CREDITS, "")
        assert studio.codes(cancel_session, late, "manager", LATEST + after) == [RefusalCode.SESSION_OVER]
        return
    studio_cancels(studio, session, LATEST + after)

    assert brought(studio, excused) == NO_SECOND
    assert states(studio, excused) == [(EXCUSES, ACTIVE)]
    for booking in (absent, no_show, not_marked):
        assert brought(studio, booking) == A_CREDIT
        assert states(studio, booking) == [(COMPENSATES, ACTIVE)]
    attendances = [booking_of(studio, key).attendance for key in (excused, absent, no_show, not_marked)]
    assert attendances == [EXCUSED, ABSENT, NO_SHOW, None]


@pytest.mark.parametrize("corrected", [None, ABSENT, NO_SHOW])
def test_e7_c9_an_excuse_whose_credit_is_spent_has_its_credit_also_where_it_was_corrected(
    studio: StudioInMemory, corrected: Attendance | None
):
    (excused,) = roster(studio)
    mark(studio, {excused: EXCUSED})
    credit = studio.earned(excused).id
    seat = spend(studio, credit, booking_of(studio, excused).client_id, AFTER + DAY, AFTER)
    if corrected is not None:
        mark(studio, {excused: corrected}, AFTER)

    studio_cancels(studio, session_of(studio, excused), AFTER)

    assert brought(studio, excused) == NO_SECOND
    assert states(studio, excused) == [(EXCUSES, USED)]
    assert booking_of(studio, seat).live


@pytest.mark.parametrize("corrected", UNEXCUSED)
def test_e7_c9_an_excuse_that_was_corrected_and_its_unused_credit_taken_back_brings_one_credit(
    studio: StudioInMemory, corrected: Attendance
):
    (excused,) = roster(studio)
    mark(studio, {excused: EXCUSED})
    mark(studio, {excused: corrected}, AFTER)

    studio_cancels(studio, session_of(studio, excused), AFTER + HOUR)

    assert brought(studio, excused) == A_CREDIT
    assert states(studio, excused) == [(EXCUSES, CreditState.UNDONE), (COMPENSATES, ACTIVE)]


def test_e7_e5_an_excuse_that_earned_nothing_or_whose_credit_was_revoked_brings_one_credit(studio: StudioInMemory):
    revoked, nothing = roster(studio, 2)
    mark(studio, {revoked: EXCUSED})
    chosen = ById((studio.earned(revoked).id,))
    studio.done(revoke_make_ups, RevokeMakeUps(chosen, RevocationReason.CORRECTION, ""), now=START)
    studio.change_policy(excused_absence_earns=None)
    mark(studio, {nothing: EXCUSED}, AFTER)

    studio_cancels(studio, session_of(studio, nothing), AFTER)

    assert brought(studio, revoked) == brought(studio, nothing) == A_CREDIT
    assert states(studio, revoked) == [(EXCUSES, CreditState.REVOKED), (COMPENSATES, ACTIVE)]
    assert states(studio, nothing) == [(COMPENSATES, ACTIVE)]


@pytest.mark.parametrize("attendance", [EXCUSED, *UNEXCUSED])
@pytest.mark.parametrize("compensation", Compensation)
def test_c3_e3_a_marked_seat_that_a_credit_paid_gives_that_one_back(
    studio: StudioInMemory, attendance: Attendance, compensation: Compensation
):
    studio.change_policy(excused_absence_earns=True)
    client = studio.a_client()
    credit = studio.a_credit(client)
    make_up = spend(studio, credit, client)
    mark(studio, {make_up: attendance})

    studio_cancels(studio, session_of(studio, make_up), AFTER, compensation)

    assert brought(studio, make_up)[:2] == (CANCELLED, RETURNED)
    assert studio.ledger(credit) == [ISSUED, REDEEMED, RESTORED]
    assert len(studio.rows.credits) == 1


def test_e5_e6_what_the_studio_cancelled_is_marked_no_more_and_an_excuse_earns_nothing_there(studio: StudioInMemory):
    (booking,) = roster(studio)
    mark(studio, {booking: ABSENT})
    session = session_of(studio, booking)
    studio_cancels(studio, session, AFTER)

    command = MarkAttendance(session, {booking: EXCUSED}, None)
    assert RefusalCode.SESSION_CANCELLED in studio.codes(mark_attendance, command, "manager", AFTER)
    assert states(studio, booking) == [(COMPENSATES, ACTIVE)]


# The studio cancels what was given up and had again


@pytest.mark.parametrize("compensation", Compensation)
@pytest.mark.parametrize("after", [JUST_BEFORE, AT, JUST_AFTER])
def test_c5_e7_a_seat_that_was_had_again_brings_what_any_other_brings(
    studio: StudioInMemory, compensation: Compensation, after: timedelta
):
    """Undone at the last instant, and cancelled by the studio before the start, at it and after."""
    booking, first = earned_by(studio, studio.a_client(), START)
    undo(studio, booking, START - A_MICROSECOND)

    done = studio_cancels(studio, session_of(studio, booking), START + after, compensation)

    assert done.bookings == (booking,)
    assert studio.ledger(first) == [ISSUED, UNDONE]
    taken_back = (CreditOrigin.CANCELLATION, CreditState.UNDONE)
    if compensation is Compensation.CREDITS:
        assert brought(studio, booking) == A_CREDIT
        assert states(studio, booking) == [taken_back, (COMPENSATES, ACTIVE)]
    else:
        assert brought(studio, booking) == (CANCELLED, NOTHING, (EarnedNothing.NO_COMPENSATION,))
        assert states(studio, booking) == [taken_back]


@pytest.mark.parametrize("swap_back", [False, True])
def test_c5_e7_what_was_given_up_before_the_studio_cancelled_keeps_its_one_credit_and_is_not_had_again(
    studio: StudioInMemory, swap_back: bool
):
    session = studio.a_session(START)
    booking, ended = (studio.a_booking(session, studio.a_client()) for _ in range(2))
    studio.cancel(booking, BEFORE)
    credit = studio.earned(booking).id

    assert studio_cancels(studio, session, BEFORE).bookings == (ended,)

    assert states(studio, booking) == [(CreditOrigin.CANCELLATION, ACTIVE)]
    for key in (booking, ended):
        assert RefusalCode.SESSION_CANCELLED in why_not(studio, key, BEFORE, swap_back=swap_back)
    assert studio.ledger(credit) == [ISSUED]


def test_c5_e7_what_was_had_again_for_the_seat_that_its_credit_had_bought_brings_one_credit(studio: StudioInMemory):
    client = studio.a_client()
    booking, credit = earned_by(studio, client, START + DAY)
    make_up = spend(studio, credit, client)
    undo(studio, booking, BEFORE, swap_back=True)

    studio_cancels(studio, session_of(studio, booking), BEFORE)
    studio_cancels(studio, session_of(studio, make_up), BEFORE)

    assert brought(studio, booking) == A_CREDIT
    assert studio.ledger(credit) == [ISSUED, REDEEMED, RESTORED, UNDONE]
    compensation = next(each for each in studio.rows.credits.values() if each.id != credit)
    assert (compensation.origin, compensation.state) == (COMPENSATES, ACTIVE)
    assert len(studio.rows.credits) == 2


def test_c5_c3_a_credit_that_the_studio_gave_back_is_taken_back_without_swapping(studio: StudioInMemory):
    """Its seat is gone already, and its end a later one by the grace."""
    client = studio.a_client()
    booking, credit = earned_by(studio, client)
    make_up = spend(studio, credit, client)
    studio_cancels(studio, session_of(studio, make_up), START + HOUR)
    assert studio.rows.credits[credit].expires_at == utc("2026-12-27T23:00:00Z")

    assert undo(studio, booking, START + HOUR).bookings == ()
    assert studio.ledger(credit) == [ISSUED, REDEEMED, RESTORED, UNDONE]


def test_c5_c3_a_make_up_that_was_had_again_gives_its_credit_back_once_more(studio: StudioInMemory):
    client = studio.a_client()
    _, credit = earned_by(studio, client)
    make_up = spend(studio, credit, client)
    studio.cancel(make_up, BEFORE)
    undo(studio, make_up, BEFORE)

    studio_cancels(studio, session_of(studio, make_up), BEFORE)

    assert brought(studio, make_up)[:2] == (CANCELLED, RETURNED)
    assert studio.ledger(credit) == [ISSUED, REDEEMED, RESTORED, REDEEMED, RESTORED]


# Enrolments that end


def enrolled(studio: StudioInMemory, on_end: OnEnrolmentEnd) -> tuple[UUID, UUID, UUID]:
    """An enrolment and its seats: at START, and a day later."""
    studio.change_policy(on_enrolment_end=on_end)
    course = studio.a_course()
    for start in (START, START + DAY):
        studio.a_session(start, course)
    command = EnrolClient(course, studio.a_client(), PaymentState.PAID, frozenset())
    done = studio.done(enrol_client, command)
    first, second = sorted(done.bookings, key=lambda key: studio.rows.sessions[session_of(studio, key)].starts_at)
    return known(done.enrolment), first, second


def end(studio: StudioInMemory, enrolment: UUID, now: datetime) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
    """The bookings that ended with it, and the credits that were revoked; the second time the same (C12, C4)."""
    done = studio.done(end_enrolment, EndEnrolment(enrolment), now=now)
    assert studio.done(end_enrolment, EndEnrolment(enrolment), now=now + DAY) == done
    return done.bookings, done.credits


@pytest.mark.parametrize("on_end", OnEnrolmentEnd)
@pytest.mark.parametrize("swap_back", [False, True])
def test_c12_c6_what_a_seat_was_swapped_for_stands_when_its_enrolment_ends(
    studio: StudioInMemory, on_end: OnEnrolmentEnd, swap_back: bool
):
    enrolment, first, second = enrolled(studio, on_end)
    new = swap(studio, first, studio.a_session(START + 2 * DAY), BEFORE)
    credit = studio.earned(first)

    assert end(studio, enrolment, BEFORE) == ((second,), ())

    assert brought(studio, first) == A_CREDIT
    assert brought(studio, second) == ENDED
    assert booking_of(studio, new).live
    assert studio.rows.credits[credit.id] == credit
    gone = why_not(studio, first, BEFORE, swap_back=swap_back)
    assert gone == [RefusalCode.ENROLMENT_ENDED, *([] if swap_back else [RefusalCode.CREDIT_USED])]
    assert studio.cancel(new, BEFORE).outcome is RETURNED
    assert studio.earned(first).state is ACTIVE


@pytest.mark.parametrize("on_end", OnEnrolmentEnd)
@pytest.mark.parametrize("after", [JUST_BEFORE, AT, JUST_AFTER])
def test_c12_c5_a_seat_that_was_had_again_ends_with_its_enrolment_unless_it_has_started(
    studio: StudioInMemory, on_end: OnEnrolmentEnd, after: timedelta
):
    enrolment, first, second = enrolled(studio, on_end)
    studio.cancel(first, BEFORE)
    undo(studio, first, START - A_MICROSECOND)

    bookings, credits = end(studio, enrolment, START + after)

    assert (set(bookings), credits) == ({first, second} if after < AT else {second}, ())
    assert booking_of(studio, first).live is (after >= AT)
    assert brought(studio, second) == ENDED
    assert studio.ledger(studio.earned(first).id) == [ISSUED, UNDONE]
    if after < AT:
        assert why_not(studio, first, START - A_MICROSECOND) == [RefusalCode.ENROLMENT_ENDED]


@pytest.mark.parametrize("on_end", OnEnrolmentEnd)
@pytest.mark.parametrize("spent", [False, True])
def test_c12_e6_after_the_studio_cancelled_one_of_its_sessions_that_seat_stays_as_it_was_answered(
    studio: StudioInMemory, on_end: OnEnrolmentEnd, spent: bool
):
    """C12: with REVOKE_UNUSED the compensation goes like all that stands for a seat of it and is not spent."""
    enrolment, first, second = enrolled(studio, on_end)
    studio_cancels(studio, session_of(studio, first), BEFORE)
    credit = studio.earned(first).id
    if spent:
        spend(studio, credit, booking_of(studio, first).client_id, START + 2 * DAY)
    revoked = on_end is OnEnrolmentEnd.REVOKE_UNUSED and not spent

    assert end(studio, enrolment, BEFORE) == ((second,), (credit,) if revoked else ())

    assert (brought(studio, first), brought(studio, second)) == (A_CREDIT, ENDED)
    last = LedgerKind.REVOKED if revoked else REDEEMED if spent else ISSUED
    assert studio.ledger(credit)[-1] is last
    assert RefusalCode.SESSION_CANCELLED in why_not(studio, first, BEFORE)
