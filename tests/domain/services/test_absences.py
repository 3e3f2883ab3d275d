"""C7: a parent goes on holiday, and all seats of a child in two courses, a make-up among them, are given up at once."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from domain.cancellation.absence import MOST_AT_ONCE, Shown
from domain.cancellation.cancelling import Expected
from domain.credits.ledger import LedgerKind
from domain.dates import Dates
from domain.faults import BadUserInput, NotFound
from domain.nouns.booking import BookingStatus, CancellationOutcome, PaidWith, PaymentState
from domain.nouns.credit import CreditState
from domain.nouns.policy import LateCancellation
from domain.outcome import Done
from domain.refusals import RefusalCode, Refused
from domain.services.absences import CancelBookings, cancel_bookings
from domain.services.bookings import (
    BookSession,
    BookWithMakeUp,
    EnrolClient,
    book_session,
    book_with_make_up,
    enrol_client,
)
from tests.domain.builders import A_MICROSECOND, NOW, START, uuid
from tests.domain.studio import StudioInMemory, known

DAY = timedelta(days=1)
CREDIT, RETURNED, NOTHING = CancellationOutcome
MONDAY, SUNDAY = date(2026, 12, 7), date(2026, 12, 13)
WEEK = Dates(MONDAY, SUNDAY)


class Family:
    """Two courses with a session on Wednesday, or Thursday, of that week and the next, and a class on Friday."""

    def __init__(self) -> None:
        self.studio = studio = StudioInMemory()
        self.child = studio.a_client()
        self.courses = [studio.a_course(), studio.a_course(single=None)]
        for course, day in zip(self.courses, (4, 3), strict=True):
            for week in (0, 7):
                studio.a_session(START - day * DAY + week * DAY, course)
            studio.done(enrol_client, EnrolClient(course, self.child, PaymentState.PAID, frozenset()))
        self.credit = studio.a_credit(self.child)
        self.friday = studio.a_session(START - 2 * DAY)
        spend = BookWithMakeUp(self.friday, self.child, self.credit)
        self.make_up = known(studio.done(book_with_make_up, spend, "parent").booking)

    def away(self, shown: Shown | None = None, by: str = "parent", now: datetime = NOW, dates: Dates = WEEK) -> Done:
        return self.studio.done(cancel_bookings, CancelBookings(self.child, dates, shown), by, now)

    def refused(self, shown: Shown | None = None, now: datetime = NOW) -> Refused:
        outcome = self.studio.act(cancel_bookings, CancelBookings(self.child, WEEK, shown), "parent", now)
        assert isinstance(outcome, Refused)
        return outcome

    def outcomes(self, ids: Sequence[UUID]) -> list[tuple[PaidWith, CancellationOutcome | None]]:
        found = [self.studio.rows.bookings[key] for key in ids]
        return [(each.paid_with, each.outcome) for each in found]

    @property
    def live(self) -> set[UUID]:
        return {key for key, each in self.studio.rows.bookings.items() if each.live}


@pytest.mark.parametrize("by", ["parent", "owner", "manager"])
def test_c7_a_week_away_gives_up_each_seat_of_it_for_what_it_brings(by: str):
    family = Family()

    done = family.away(by=by)

    assert done.bookings == done.changed
    assert family.outcomes(done.bookings) == [
        (PaidWith.ENROLMENT, CREDIT),
        (PaidWith.ENROLMENT, CREDIT),
        (PaidWith.MAKE_UP, RETURNED),
    ]
    assert len(family.live) == 2
    worths = {family.studio.earned(key).worth for key in done.bookings[:2]}
    assert worths == {3_000, 5_000}
    assert family.studio.ledger(family.credit) == [LedgerKind.ISSUED, LedgerKind.REDEEMED, LedgerKind.RESTORED]
    assert family.studio.rows.sessions[family.friday].taken == 0


def test_c7_c4_a_second_click_changes_nothing_and_what_was_shown_is_answered_alike():
    family = Family()
    first = family.away()
    after = family.studio.rows.copy()
    expected = Expected(CREDIT, date(2026, 12, 6))
    shown = dict(zip(first.bookings, (expected, expected, Expected(RETURNED, None)), strict=True))

    again = family.away(shown)
    blind = family.away()

    assert (again.bookings, again.changed, again.against) == (first.bookings, (), ())
    assert (blind.bookings, blind.changed) == ((), ())
    assert family.studio.rows == after


def test_c7_p1_a_seat_taken_since_the_preview_burns_nothing():
    family = Family()
    wednesday, thursday = [key for key in family.live if family.studio.rows.bookings[key].session_id != family.friday][
        :2
    ]
    before = family.studio.rows.copy()

    outcome = family.refused({wednesday: None, thursday: None})

    assert {reason.code for reason in outcome.reasons} == {RefusalCode.OUTCOME_CHANGED}
    assert family.friday in {reason.session_id for reason in outcome.reasons}
    assert family.studio.rows == before


def test_c7_e4_where_clients_cannot_cancel_late_the_late_one_stays_and_the_rest_is_given_up():
    family = Family()
    family.studio.change_policy(late_cancellation=LateCancellation.BLOCK)
    now = START - 5 * DAY + A_MICROSECOND

    done = family.away(now=now)

    assert len(done.bookings) == 3
    assert done.changed == done.bookings[1:]
    (reason,) = done.against
    first = family.studio.rows.bookings[done.bookings[0]]
    assert (reason.code, reason.session_id) == (RefusalCode.LATE_CANCELLATION_BLOCKED, first.session_id)
    assert first.live


def test_c7_c10_staff_give_up_late_what_its_client_cannot():
    family = Family()
    family.studio.change_policy(late_cancellation=LateCancellation.BLOCK)

    done = family.away(by="manager", now=START - 5 * DAY + A_MICROSECOND)

    statuses = [family.studio.rows.bookings[key].status for key in done.changed]
    assert statuses == [BookingStatus.CANCELLED_LATE, BookingStatus.CANCELLED, BookingStatus.CANCELLED]


def test_c7_e9_the_caps_count_what_the_same_act_earns():
    family = Family()
    family.studio.change_policy(max_outstanding=1)
    everything = Dates(MONDAY, SUNDAY + 30 * DAY)

    done = family.away(dates=everything)

    assert [outcome for _, outcome in family.outcomes(done.bookings)] == [CREDIT, NOTHING, RETURNED, NOTHING, NOTHING]
    states = [credit.state for credit in family.studio.rows.credits.values()]
    assert states == [CreditState.ACTIVE, CreditState.ACTIVE]


def test_c7_e9_a_credit_that_was_earned_and_comes_back_is_outstanding_for_the_seats_after_it():
    family = Family()
    family.studio.change_policy(max_outstanding=1)
    later = Dates(SUNDAY + DAY, SUNDAY + 3 * DAY)
    (earned,) = family.away(dates=later).bookings
    tuesday = family.studio.a_session(START - 5 * DAY)
    spend = BookWithMakeUp(tuesday, family.child, family.studio.earned(earned).id)
    make_up = known(family.studio.done(book_with_make_up, spend, "parent").booking)

    done = family.away()

    assert done.bookings[0] == make_up
    assert [outcome for _, outcome in family.outcomes(done.bookings)] == [RETURNED, NOTHING, NOTHING, RETURNED]


@pytest.mark.parametrize("whose", ["another's", "nobody's"])
def test_c7_a_booking_that_is_none_of_the_clients_is_not_found(whose: str):
    family = Family()
    other = family.studio.a_booking(family.friday, family.studio.a_client(None))
    named = other if whose == "another's" else uuid(0xDEAD)
    before = family.studio.rows.copy()

    with pytest.raises(NotFound) as fault:
        family.away({named: None})

    assert fault.value.path == ("expect", "bookingId")
    assert family.studio.rows == before


def test_c7_so_many_seats_are_given_up_at_once_and_no_more():
    studio = StudioInMemory()
    child, course = studio.a_client(), studio.a_course()
    for number in range(MOST_AT_ONCE):
        studio.a_session(START + timedelta(minutes=number), course)
    studio.done(enrol_client, EnrolClient(course, child, PaymentState.PAID, frozenset()))
    last = studio.a_session(START + DAY, course)
    command = CancelBookings(child, Dates(SUNDAY, SUNDAY + DAY), None)
    booked = studio.done(book_session, BookSession(last, child, None), "parent")

    with pytest.raises(BadUserInput):
        studio.act(cancel_bookings, command, "parent")
    studio.cancel(known(booked.booking), NOW)

    assert len(studio.done(cancel_bookings, command, "parent").changed) == MOST_AT_ONCE
