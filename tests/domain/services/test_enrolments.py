from datetime import timedelta
from uuid import UUID

import pytest

from domain.credits.ledger import LedgerKind
from domain.nouns.booking import BookingStatus, CancellationOutcome, EarnedNothing, PaymentState
from domain.nouns.credit import CreditState
from domain.nouns.policy import OnEnrolmentEnd
from domain.outcome import Done
from domain.refusals import RefusalCode
from domain.services.bookings import (
    BookWithMakeUp,
    CancelBooking,
    EnrolClient,
    MarkPaid,
    book_with_make_up,
    cancel_booking,
    enrol_client,
    mark_paid,
)
from domain.services.enrolments import EndEnrolment, end_enrolment
from tests.domain.builders import NOW, START
from tests.domain.studio import StudioInMemory, known

DAY = timedelta(days=1)
FIRST, SECOND, THIRD = START, START + DAY, START + 2 * DAY


class Enrolled:
    """The parent's client, enrolled in three sessions of three days; the studio may revoke what is not spent."""

    def __init__(self, on_end: OnEnrolmentEnd | None = None) -> None:
        self.studio = StudioInMemory()
        self.studio.change_policy(on_enrolment_end=on_end)
        self.course, self.client = self.studio.a_course(), self.studio.a_client()
        for start in (FIRST, SECOND, THIRD):
            self.studio.a_session(start, self.course)
        self.enrolment, self.bookings = self.enrol()

    def enrol(self, now=NOW) -> tuple[UUID, tuple[UUID, ...]]:
        command = EnrolClient(self.course, self.client, PaymentState.PAID, frozenset())
        done = self.studio.done(enrol_client, command, now=now)
        rows = self.studio.rows
        in_order = sorted(done.bookings, key=lambda key: rows.sessions[rows.bookings[key].session_id].starts_at)
        return known(done.enrolment), tuple(in_order)

    def end(self, now=NOW, by: str = "owner") -> Done:
        return self.studio.done(end_enrolment, EndEnrolment(self.enrolment), by, now)


def test_c12_what_is_to_come_ends_and_what_has_started_stands():
    enrolled = Enrolled()
    first, second, third = enrolled.bookings
    enrolled.studio.cancel(third, NOW)

    done = enrolled.end(SECOND - timedelta(microseconds=1), "manager")

    rows = enrolled.studio.rows
    assert done.bookings == (second,)
    assert [rows.bookings[key].status for key in (first, second, third)] == [
        BookingStatus.BOOKED,
        BookingStatus.CANCELLED,
        BookingStatus.CANCELLED,
    ]
    ended = rows.bookings[second]
    assert (ended.outcome, ended.why_not_earned) == (
        CancellationOutcome.NOTHING,
        (EarnedNothing.ENROLMENT_ENDED,),
    )
    assert rows.bookings[third].outcome is CancellationOutcome.CREDIT
    assert rows.enrolments[enrolled.enrolment].ended_at == ended.cancelled_at
    assert sorted(session.taken for session in rows.sessions.values()) == [0, 0, 1]


def test_e1_ending_an_enrolment_earns_nothing_and_c12_leaves_what_it_has_earned():
    enrolled = Enrolled()
    earned = enrolled.studio.cancel(enrolled.bookings[0], NOW)
    before = enrolled.studio.earned(earned.id)

    done = enrolled.end()

    assert done.credits == ()
    assert enrolled.studio.rows.credits == {before.id: before}


def test_c12_a_studio_may_revoke_what_is_not_spent():
    enrolled = Enrolled(OnEnrolmentEnd.REVOKE_UNUSED)
    studio = enrolled.studio
    unused, spent, _ = enrolled.bookings
    granted = studio.a_credit(enrolled.client)
    studio.cancel(spent, NOW)
    booked = BookWithMakeUp(studio.a_session(START), enrolled.client, studio.earned(spent).id)
    seat = known(studio.done(book_with_make_up, booked).booking)
    studio.cancel(unused, NOW)
    revoked = studio.earned(unused).id

    done = enrolled.end()

    assert done.credits == (revoked,)
    states = {key: credit.state for key, credit in studio.rows.credits.items()}
    assert states == {
        granted: CreditState.ACTIVE,
        revoked: CreditState.REVOKED,
        studio.earned(spent).id: CreditState.USED,
    }
    assert [line.kind for line in studio.rows.ledgers[revoked]] == [LedgerKind.ISSUED, LedgerKind.REVOKED]
    assert studio.rows.bookings[seat].live
    spend = BookWithMakeUp(studio.a_session(START), enrolled.client, revoked)
    assert studio.codes(book_with_make_up, spend) == [RefusalCode.CREDIT_REVOKED]
    # Spent when the enrolment ended, it comes back as it always would.
    assert studio.cancel(seat, NOW).outcome is CancellationOutcome.CREDIT_RETURNED
    assert studio.earned(spent).state is CreditState.ACTIVE


def test_c12_only_what_this_enrolment_earned_is_revoked():
    enrolled = Enrolled(OnEnrolmentEnd.REVOKE_UNUSED)
    studio = enrolled.studio
    single = studio.a_booking(studio.a_session(START), enrolled.client)
    studio.cancel(single, NOW)

    assert enrolled.end().credits == ()
    assert studio.earned(single).state is CreditState.ACTIVE


def test_c4_ending_twice_changes_nothing_and_answers_the_same():
    enrolled = Enrolled(OnEnrolmentEnd.REVOKE_UNUSED)
    enrolled.studio.cancel(enrolled.bookings[0], NOW)
    first = enrolled.end()
    rows = enrolled.studio.rows.copy()

    assert enrolled.end(START + 30 * DAY) == first
    assert enrolled.studio.rows == rows


def test_c4_a_seat_that_ended_with_its_enrolment_answers_with_its_stored_outcome():
    enrolled = Enrolled()
    enrolled.end()
    before = enrolled.studio.rows.copy()

    enrolled.studio.done(cancel_booking, CancelBooking(enrolled.bookings[0], None), "parent", START)

    assert enrolled.studio.rows == before


def test_b2_who_has_left_can_be_enrolled_again_in_what_remains():
    enrolled = Enrolled()
    enrolled.end()

    again, bookings = enrolled.enrol(now=FIRST)

    assert again != enrolled.enrolment
    assert len(bookings) == 2
    running = [each.id for each in enrolled.studio.rows.enrolments.values() if each.ended_at is None]
    assert running == [again]
    command = EnrolClient(enrolled.course, enrolled.client, PaymentState.PAID, frozenset())
    assert RefusalCode.ALREADY_ENROLLED in enrolled.studio.codes(enrol_client, command, "owner", FIRST)


@pytest.mark.parametrize("payment", PaymentState)
def test_the_payment_of_an_enrolment_that_ended_can_still_be_put_right(payment: PaymentState):
    enrolled = Enrolled()
    enrolled.end()

    enrolled.studio.done(mark_paid, MarkPaid(None, enrolled.enrolment, payment))

    assert enrolled.studio.rows.enrolments[enrolled.enrolment].payment is payment


def test_an_enrolment_with_nothing_to_come_ends_all_the_same():
    enrolled = Enrolled()

    done = enrolled.end(THIRD)

    assert done.bookings == ()
    assert enrolled.studio.rows.enrolments[enrolled.enrolment].ended_at == THIRD
