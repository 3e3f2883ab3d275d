from dataclasses import replace
from datetime import datetime

import pytest

from domain.credits.choosing import ById
from domain.faults import NotFound
from domain.nouns.booking import BookingStatus, CancellationOutcome, PaymentState
from domain.nouns.credit import CreditState, RevocationReason
from domain.nouns.policy import CapPeriod, EarnCap
from domain.refusals import RefusalCode
from domain.services.bookings import (
    EnrolClient,
    MarkPaid,
    enrol_client,
    mark_paid,
)
from domain.services.clients import UpdateClient, update_client
from domain.services.credits import RevokeMakeUps, revoke_make_ups
from domain.services.enrolments import EndEnrolment, end_enrolment
from domain.services.schedule import create_session
from domain.services.swaps import SwapSession, swap_session
from domain.services.undoing import UndoCancellation, undo_cancellation
from tests.domain.builders import A_MICROSECOND, DEADLINE, NOW, START, uuid
from tests.domain.studio import StudioInMemory, known, new_session
from tests.domain.undone import (
    A_DAY,
    ISSUED,
    LATER,
    PAID,
    REDEEMED,
    RESTORED,
    TARGET,
    TARGETS_DEADLINE,
    UNDONE,
    booking_of,
    given_up,
    spent,
    undo,
    why_not,
)


def test_c5_the_seat_is_theirs_again_and_the_unused_credit_is_taken_back(studio: StudioInMemory):
    client = studio.a_client()
    booking = studio.a_booking(studio.a_session(START), client)
    before = booking_of(studio, booking)
    studio.cancel(booking, NOW)
    credit = studio.earned(booking)

    done = undo(studio, booking, LATER)

    after = booking_of(studio, booking)
    assert after == replace(before, changed_at=LATER)
    assert studio.rows.sessions[after.session_id].taken == 1
    assert studio.rows.credits[credit.id].state is CreditState.UNDONE
    assert studio.ledger(credit.id) == [ISSUED, UNDONE]
    assert (done.booking, done.credit, done.bookings) == (booking, credit.id, ())


def test_c5_a_credit_that_has_expired_unspent_is_taken_back_too(studio: StudioInMemory):
    """V1: it may die long before the session that it stands for."""
    booking = studio.a_booking(studio.a_session(NOW + 40 * A_DAY), studio.a_client())
    studio.cancel(booking, NOW)
    expires_at = studio.earned(booking).expires_at
    assert expires_at is not None

    undo(studio, booking, expires_at + A_DAY)

    assert studio.earned(booking).state is CreditState.UNDONE


WHEN = {"just before the start": START - A_MICROSECOND, "at the start": START, "after it": START + A_MICROSECOND}


@pytest.mark.parametrize("now", WHEN.values(), ids=WHEN)
@pytest.mark.parametrize("by", ["parent", "manager"])
def test_c5_until_the_session_starts_whoever_undoes(studio: StudioInMemory, now: datetime, by: str):
    booking, _ = given_up(studio)

    if now < START:
        undo(studio, booking, now, by)
    else:
        assert why_not(studio, booking, now, by) == [RefusalCode.SESSION_STARTED]


@pytest.mark.parametrize("by", ["parent", "manager"])
def test_c5_a_late_cancellation_is_undone_after_the_deadline_and_gives_the_seat_back(studio: StudioInMemory, by: str):
    booking = studio.a_booking(studio.a_session(START, capacity=1), studio.a_client())
    studio.cancel(booking, DEADLINE + A_MICROSECOND)

    done = undo(studio, booking, START - A_MICROSECOND, by)

    assert booking_of(studio, booking).live
    assert (done.credit, studio.rows.credits) == (None, {})


def test_c5_what_is_live_has_nothing_to_undo_also_the_second_time(studio: StudioInMemory):
    booking, _ = given_up(studio)
    undo(studio, booking, LATER)

    assert why_not(studio, booking, LATER + A_MICROSECOND) == [RefusalCode.NOT_CANCELLED]
    assert why_not(studio, booking, START) == [RefusalCode.NOT_CANCELLED]


def test_c5_the_last_seat_is_gone_once_another_has_it(studio: StudioInMemory):
    booking, _ = given_up(studio)
    session = booking_of(studio, booking).session_id
    other = studio.a_booking(session, studio.a_client("stranger"))

    assert why_not(studio, booking, LATER) == [RefusalCode.SESSION_FULL]
    studio.cancel(other, LATER, by="stranger")
    undo(studio, booking, LATER)


def test_c5_whoever_has_booked_there_again_keeps_that_seat(studio: StudioInMemory):
    client = studio.a_client()
    session = studio.a_session(START)
    booking = studio.a_booking(session, client)
    studio.cancel(booking, NOW)
    again = studio.a_booking(session, client)

    assert why_not(studio, booking, LATER) == [RefusalCode.ALREADY_BOOKED]
    studio.cancel(again, LATER)
    undo(studio, booking, LATER)


def test_c5_a_later_cancellation_is_judged_anew_and_earns_a_new_credit(studio: StudioInMemory):
    booking, _ = given_up(studio)
    first = studio.earned(booking).id
    undo(studio, booking, LATER)

    cancelled = studio.cancel(booking, DEADLINE)

    credits = {credit.id: credit for credit in studio.rows.credits.values()}
    second = next(credit for key, credit in credits.items() if key != first)
    assert cancelled.outcome is CancellationOutcome.CREDIT
    assert (credits[first].state, second.state, second.issued_at) == (CreditState.UNDONE, CreditState.ACTIVE, DEADLINE)
    undo(studio, booking, DEADLINE)
    assert {credit.state for credit in studio.rows.credits.values()} == {CreditState.UNDONE}


def test_c5_a_later_cancellation_may_be_late(studio: StudioInMemory):
    booking, _ = given_up(studio)
    undo(studio, booking, DEADLINE + A_MICROSECOND)

    assert studio.cancel(booking, DEADLINE + 2 * A_MICROSECOND).status is BookingStatus.CANCELLED_LATE


@pytest.mark.parametrize(
    "cap",
    [
        {"earn_cap": EarnCap(1, CapPeriod.COURSE)},
        {"earn_cap": EarnCap(1, CapPeriod.CALENDAR_MONTH)},
        {"max_outstanding": 1},
    ],
)
def test_c5_e9_what_was_undone_does_not_count_towards_a_cap(studio: StudioInMemory, cap: dict[str, object]):
    booking, _ = given_up(studio, **cap)
    undo(studio, booking, LATER)

    assert studio.cancel(booking, LATER).outcome is CancellationOutcome.CREDIT


# Spent, held, revoked


def test_c5_a_spent_credit_stands_against_it_and_swap_back_gives_up_what_it_bought(studio: StudioInMemory):
    booking, client = given_up(studio)
    credit, make_up = studio.earned(booking).id, spent(studio, client)

    assert why_not(studio, booking, LATER) == [RefusalCode.CREDIT_USED]
    done = undo(studio, booking, LATER, swap_back=True)

    other = booking_of(studio, make_up)
    assert booking_of(studio, booking).live
    assert (other.status, other.outcome) == (BookingStatus.CANCELLED, CancellationOutcome.CREDIT_RETURNED)
    assert studio.rows.sessions[other.session_id].taken == 0
    assert studio.ledger(credit) == [ISSUED, REDEEMED, RESTORED, UNDONE]
    assert studio.rows.credits[credit].state is CreditState.UNDONE
    assert (done.credit, done.bookings) == (credit, (make_up,))


def test_c5_swap_back_takes_a_credit_back_also_where_it_has_expired_since(studio: StudioInMemory):
    client = studio.a_client()
    booking = studio.a_booking(studio.a_session(NOW + 40 * A_DAY), client)
    studio.cancel(booking, NOW)
    spent(studio, client, starts_at=NOW + 41 * A_DAY)
    expires_at = studio.earned(booking).expires_at
    assert expires_at is not None

    undo(studio, booking, expires_at, swap_back=True)

    assert studio.earned(booking).state is CreditState.UNDONE


def test_c5_swap_back_changes_nothing_where_there_is_nothing_to_give_up(studio: StudioInMemory):
    booking, _ = given_up(studio)

    assert undo(studio, booking, LATER, swap_back=True).bookings == ()


def test_c5_p1_what_was_swapped_on_since_it_was_shown_is_not_given_up_unasked(studio: StudioInMemory):
    """On another phone."""
    booking, client = given_up(studio)
    shown = spent(studio, client)
    swapped = studio.done(swap_session, SwapSession(shown, studio.a_session(TARGET)), "parent", LATER)
    now_paid = swapped.bookings[1]
    rows = studio.rows.copy()

    as_shown = UndoCancellation(booking, swap_back=True, gives_up=shown)
    assert studio.codes(undo_cancellation, as_shown, "parent", LATER) == [RefusalCode.OUTCOME_CHANGED]
    assert studio.rows == rows
    done = studio.done(undo_cancellation, replace(as_shown, gives_up=now_paid), "parent", LATER)
    assert done.bookings == (now_paid,)


def test_c5_p1_where_the_shown_booking_was_cancelled_since_nothing_is_undone_before_that_is_shown(
    studio: StudioInMemory,
):
    booking, client = given_up(studio)
    shown = spent(studio, client)
    studio.cancel(shown, LATER)

    as_shown = UndoCancellation(booking, swap_back=True, gives_up=shown)
    assert studio.codes(undo_cancellation, as_shown, "parent", LATER) == [RefusalCode.OUTCOME_CHANGED]
    assert undo(studio, booking, LATER, swap_back=True).bookings == ()


def test_a1_a_booking_to_give_up_that_they_may_not_see_is_like_nothing(studio: StudioInMemory):
    booking, _ = given_up(studio)
    session = known(studio.done(create_session, new_session(None, START, 9, studio.instructor_id)).session)
    strangers = studio.a_booking(session, studio.a_client("stranger"))

    for shown in (strangers, uuid(404)):
        with pytest.raises(NotFound) as raised:
            studio.act(undo_cancellation, UndoCancellation(booking, swap_back=True, gives_up=shown), "parent", LATER)
        assert raised.value.path == ("givesUp",)
    by_staff = UndoCancellation(booking, swap_back=True, gives_up=strangers)
    assert studio.codes(undo_cancellation, by_staff, "manager", LATER) == [RefusalCode.OUTCOME_CHANGED]


@pytest.mark.parametrize(("now", "in_time"), [(DEADLINE - A_DAY, True), (DEADLINE - A_DAY + A_MICROSECOND, False)])
def test_c5_swap_back_asks_for_the_deadline_of_the_booking_that_is_given_up(
    studio: StudioInMemory, now: datetime, in_time: bool
):
    """Not for the one of the session that is wanted back, which is a day later."""
    booking, client = given_up(studio)
    spent(studio, client, starts_at=START - A_DAY)

    if in_time:
        undo(studio, booking, now, swap_back=True)
    else:
        assert why_not(studio, booking, now, swap_back=True) == [RefusalCode.CREDIT_USED]


@pytest.mark.parametrize("by", ["parent", "manager"])
def test_c5_what_was_cancelled_late_has_spent_its_credit_for_good(studio: StudioInMemory, by: str):
    booking, client = given_up(studio)
    make_up = spent(studio, client)
    studio.cancel(make_up, TARGETS_DEADLINE + A_MICROSECOND)
    undone = UndoCancellation(booking, swap_back=True)

    assert studio.codes(undo_cancellation, undone, by, TARGETS_DEADLINE + A_MICROSECOND) == [
        RefusalCode.SESSION_STARTED,
        RefusalCode.CREDIT_USED,
    ]


def test_c5_a_revoked_credit_stands_against_it(studio: StudioInMemory):
    booking, _ = given_up(studio)
    revoke = RevokeMakeUps(ById((studio.earned(booking).id,)), RevocationReason.CORRECTION, "")
    studio.done(revoke_make_ups, revoke, now=NOW)

    assert why_not(studio, booking, LATER) == [RefusalCode.CREDIT_REVOKED]
    assert why_not(studio, booking, LATER, swap_back=True) == [RefusalCode.CREDIT_REVOKED]


def test_c5_every_reason_is_told_at_once(studio: StudioInMemory):
    booking, client = given_up(studio)
    session = booking_of(studio, booking).session_id
    studio.a_booking(session, studio.a_client("stranger"))
    spent(studio, client)
    studio.done(update_client, UpdateClient(client, {}, archived=True), now=LATER)

    assert why_not(studio, booking, START) == [
        RefusalCode.CLIENT_ARCHIVED,
        RefusalCode.SESSION_STARTED,
        RefusalCode.SESSION_FULL,
        RefusalCode.CREDIT_USED,
    ]


# Enrolments


def test_c5_a_seat_of_an_enrolment_is_taken_again_while_that_goes_on(studio: StudioInMemory):
    course, client = studio.a_course(), studio.a_client()
    for days in range(2):
        studio.a_session(START + days * A_DAY, course)
    enrolled = studio.done(enrol_client, EnrolClient(course, client, PAID, frozenset()))
    first, second = enrolled.bookings
    studio.cancel(first, NOW)
    undo(studio, first, LATER)
    studio.cancel(first, LATER)
    studio.done(mark_paid, MarkPaid(None, enrolled.enrolment, PaymentState.WAIVED), now=LATER)
    undo(studio, first, LATER)
    assert booking_of(studio, first).payment is PaymentState.WAIVED
    studio.cancel(first, LATER)

    studio.done(end_enrolment, EndEnrolment(known(enrolled.enrolment)), now=LATER)

    for booking in (first, second):
        assert why_not(studio, booking, LATER) == [RefusalCode.ENROLMENT_ENDED]
