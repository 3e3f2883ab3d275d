"""W1, W2: credits that wait are taken back, or spent past their end."""

from uuid import UUID

import pytest

from domain.credits.ledger import LedgerKind
from domain.nouns.booking import Attendance, BookingStatus, PaymentState
from domain.nouns.credit import CreditState
from domain.nouns.policy import OnEnrolmentEnd
from domain.refusals import RefusalCode
from domain.services.attendance import MarkAttendance, mark_attendance
from domain.services.bookings import (
    EnrolClient,
    enrol_client,
)
from domain.services.enrolments import EndEnrolment, end_enrolment
from domain.services.undoing import UndoCancellation, undo_cancellation
from domain.services.waitlists import JoinWaitlist, join_waitlist
from tests.domain.builders import A_MICROSECOND, NOW, START
from tests.domain.queues import (
    DEADLINE,
    GIVEN_UP,
    SEATS_GIVEN_UNTIL,
    WAITING,
    Full,
    credit_of,
    credit_state,
    join,
    leave,
    state_of,
    story,
)
from tests.domain.studio import HOUR, StudioInMemory, known
from tests.domain.waiting_credits import DAY, GRACE, OWN_END, SOON, Waits

Code = RefusalCode
ISSUED, HELD, RELEASED, REDEEMED = LedgerKind.ISSUED, LedgerKind.HELD, LedgerKind.RELEASED, LedgerKind.REDEEMED
RESTORED, EXPIRED, REVOKED, UNDONE = LedgerKind.RESTORED, LedgerKind.EXPIRED, LedgerKind.REVOKED, LedgerKind.UNDONE


@pytest.fixture
def waits(studio: StudioInMemory) -> Waits:
    return Waits(studio)


# What earned it is taken back


def earned_and_waiting(studio: StudioInMemory) -> tuple[UUID, UUID, UUID]:
    """The booking given up, the credit that this earned, and the place on a list that holds it."""
    client = studio.a_client()
    booking = studio.a_booking(studio.a_session(START + DAY), client)
    studio.cancel(booking, NOW)
    credit = studio.earned(booking).id
    return booking, credit, join(Full(studio), client, credit)


def test_c5_a_cancellation_whose_credit_waits_is_not_undone_before_that_has_left(studio: StudioInMemory):
    booking, credit, entry = earned_and_waiting(studio)
    command = UndoCancellation(booking, swap_back=True)

    assert studio.codes(undo_cancellation, command, now=SOON) == [Code.CREDIT_HELD]
    leave(studio, entry, now=SOON)
    studio.done(undo_cancellation, command, "parent", SOON)
    assert studio.ledger(credit) == [ISSUED, HELD, RELEASED, UNDONE]


def test_c5_from_the_start_of_what_it_waited_for_on_it_can_be_undone(studio: StudioInMemory):
    booking, credit, _ = earned_and_waiting(studio)
    command = UndoCancellation(booking, swap_back=False)

    assert studio.codes(undo_cancellation, command, now=START - A_MICROSECOND) == [Code.CREDIT_HELD]
    studio.done(undo_cancellation, command, "parent", START)
    assert story(studio, credit, START) == [ISSUED, HELD, RELEASED, UNDONE]


def test_e5_an_absence_that_is_no_longer_excused_takes_the_waiting_credit_back(studio: StudioInMemory):
    studio.change_policy(excused_absence_earns=True)
    client = studio.a_client()
    session = studio.a_session(NOW + HOUR)
    booking = studio.a_booking(session, client)
    marked_at = NOW + 2 * HOUR
    mark = MarkAttendance(session, {booking: Attendance.EXCUSED})
    studio.done(mark_attendance, mark, "owner", marked_at)
    credit = studio.earned(booking).id
    entry = join(Full(studio), client, credit, now=marked_at)

    studio.done(mark_attendance, MarkAttendance(session, {booking: Attendance.ABSENT}), "owner", marked_at)

    assert credit_state(studio, credit, marked_at) is CreditState.UNDONE
    assert state_of(studio, entry, marked_at) is GIVEN_UP
    assert studio.ledger(credit) == [ISSUED, HELD, UNDONE]


@pytest.mark.parametrize("what", list(OnEnrolmentEnd))
def test_c12_an_enrolment_that_ends_takes_back_what_waits_only_where_the_studio_wants_it(
    studio: StudioInMemory, what: OnEnrolmentEnd
):
    studio.change_policy(on_enrolment_end=what)
    client, course = studio.a_client(), studio.a_course()
    for days in (1, 2):
        studio.a_session(START + days * DAY, course)
    done = studio.done(enrol_client, EnrolClient(course, client, PaymentState.PAID, frozenset()))
    booking = done.bookings[0]
    studio.cancel(booking, NOW)
    credit = studio.earned(booking).id
    entry = join(Full(studio), client, credit)

    studio.done(end_enrolment, EndEnrolment(known(done.enrolment)), "owner", SOON)

    revoked = what is OnEnrolmentEnd.REVOKE_UNUSED
    assert credit_state(studio, credit, SOON) is (CreditState.REVOKED if revoked else CreditState.HELD)
    assert state_of(studio, entry, SOON) is (GIVEN_UP if revoked else WAITING)


# Seated past its own end


def test_w2_who_is_seated_past_the_end_can_cancel_without_loss(waits: Waits):
    studio = waits.studio
    seated_at = SEATS_GIVEN_UNTIL
    assert seated_at > OWN_END
    waits.full.free_one(seated_at)
    (booking,) = waits.full.live
    assert (booking.credit_id, credit_of(studio, waits.credit).expires_at) == (waits.credit, seated_at + GRACE)

    cancelled = studio.cancel(booking.id, DEADLINE)

    assert cancelled.status is BookingStatus.CANCELLED
    assert credit_state(studio, waits.credit, DEADLINE) is CreditState.ACTIVE
    assert credit_of(studio, waits.credit).expires_at == seated_at + GRACE
    assert waits.story(DEADLINE) == [ISSUED, HELD, REDEEMED, RESTORED]
    command = JoinWaitlist(Full(studio, starts_at=START + DAY).id, waits.client, True, waits.credit)
    assert studio.codes(join_waitlist, command, now=DEADLINE) == [Code.CREDIT_IN_GRACE]


def test_c1_who_is_seated_before_its_end_gets_that_very_end_back(waits: Waits):
    waits.full.free_one(SOON)
    (booking,) = waits.full.live
    waits.studio.cancel(booking.id, SOON)

    credit = credit_of(waits.studio, waits.credit)
    assert (credit.state, credit.expires_at, credit.grace_until) == (CreditState.ACTIVE, OWN_END, None)
