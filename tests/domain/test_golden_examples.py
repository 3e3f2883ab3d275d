"""Section 11 of the rule book, on the domain alone: the same examples run over HTTP elsewhere."""

from datetime import date, datetime, time
from uuid import UUID

import pytest

from domain.cancellation.cancelling import expires_before_missed_session, judge
from domain.credits.ledger import LedgerKind
from domain.nouns.booking import BookingStatus, CancellationOutcome, EarnedNothing
from domain.nouns.credit import CreditState
from domain.nouns.policy import CancellationDeadline, HoursBefore, LocalTime
from domain.nouns.session import ScheduledSession
from domain.refusals import RefusalCode
from domain.services.bookings import BookWithMakeUp, book_with_make_up
from tests.domain.builders import a_cancellation, a_session, a_target, local, utc
from tests.domain.studio import StudioInMemory, known

PRAGUE = "Europe/Prague"
SUNDAY_AT_SIX = local(PRAGUE, "2026-12-13 18:00")
THREE_WEEKS_BEFORE = local(PRAGUE, "2026-11-22 18:00")
IN_ADVENT = local(PRAGUE, "2026-12-20 18:00")


class Earner:
    """A client who holds the credit of golden example 1."""

    def __init__(self) -> None:
        self.studio = StudioInMemory()
        self.client = self.studio.a_client()
        self.missed = self.studio.a_booking(self.studio.a_session(SUNDAY_AT_SIX), self.client)
        self.studio.cancel(self.missed, THREE_WEEKS_BEFORE)
        self.credit = self.studio.earned(self.missed).id

    def spend(self, session: UUID, now: datetime) -> UUID:
        command = BookWithMakeUp(session, self.client, self.credit)
        return known(self.studio.done(book_with_make_up, command, "parent", now).booking)

    def cannot_spend(self, session: UUID, now: datetime) -> list[RefusalCode]:
        return self.studio.codes(book_with_make_up, BookWithMakeUp(session, self.client, self.credit), now=now)


def test_1_a_cancellation_three_weeks_ahead_earns_a_credit_that_dies_before_its_session():
    earner = Earner()

    booking = earner.studio.rows.bookings[earner.missed]
    credit = earner.studio.earned(earner.missed)
    assert (booking.status, booking.outcome) == (BookingStatus.CANCELLED, CancellationOutcome.CREDIT)
    assert credit.expires_on == date(2026, 12, 6)
    assert credit.expires_at == utc("2026-12-06T23:00:00Z")
    previewed = a_cancellation(a_target(a_session(starts_at=SUNDAY_AT_SIX), studio=earner.studio.rows.studio))
    assert expires_before_missed_session(previewed, judge(previewed, THREE_WEEKS_BEFORE))


def test_2_the_credit_books_in_its_last_second_and_is_expired_in_the_next():
    earner = Earner()
    target = earner.studio.a_session(IN_ADVENT)

    assert earner.cannot_spend(target, utc("2026-12-06T23:00:00Z")) == [RefusalCode.CREDIT_EXPIRED]
    earner.spend(target, utc("2026-12-06T22:59:59Z"))
    assert earner.studio.rows.credits[earner.credit].state is CreditState.USED


@pytest.mark.parametrize(
    ("at", "status", "outcome", "why"),
    [
        ("2026-11-23T17:00:00.000Z", BookingStatus.CANCELLED, CancellationOutcome.CREDIT, ()),
        (
            "2026-11-23T17:00:00.001Z",
            BookingStatus.CANCELLED_LATE,
            CancellationOutcome.NOTHING,
            (EarnedNothing.AFTER_DEADLINE,),
        ),
    ],
)
def test_3_the_deadline_is_in_time_and_a_millisecond_later_is_not(
    at: str, status: BookingStatus, outcome: CancellationOutcome, why: tuple[EarnedNothing, ...]
):
    studio = StudioInMemory()
    session = studio.a_session(local(PRAGUE, "2026-11-24 18:00"))

    booking = studio.cancel(studio.a_booking(session, studio.a_client()), utc(at))

    assert (booking.status, booking.outcome, booking.why_not_earned) == (status, outcome, why)
    assert len(studio.rows.credits) == (outcome is CancellationOutcome.CREDIT)


def test_4_a_credit_whose_expiry_has_passed_comes_back_expired():
    earner = Earner()
    booking = earner.spend(earner.studio.a_session(IN_ADVENT), local(PRAGUE, "2026-12-05 12:00"))
    tenth = local(PRAGUE, "2026-12-10 12:00")

    cancelled = earner.studio.cancel(booking, tenth)

    credit = earner.studio.rows.credits[earner.credit]
    assert cancelled.outcome is CancellationOutcome.CREDIT_RETURNED
    assert (credit.state_at(tenth), credit.expires_on) == (CreditState.EXPIRED, date(2026, 12, 6))


def test_5_a_make_up_cancelled_in_time_restores_its_credit_and_issues_none():
    earner = Earner()
    now = local(PRAGUE, "2026-12-05 12:00")

    earner.studio.cancel(earner.spend(earner.studio.a_session(IN_ADVENT), now), now)

    assert earner.studio.ledger(earner.credit) == [LedgerKind.ISSUED, LedgerKind.REDEEMED, LedgerKind.RESTORED]
    assert list(earner.studio.rows.credits) == [earner.credit]


def test_6_a_course_sold_only_as_a_whole_cannot_be_booked_with_a_credit():
    earner = Earner()
    now = local(PRAGUE, "2026-12-05 12:00")
    whole_only = earner.studio.a_session(IN_ADVENT, earner.studio.a_course(single=None))
    sold_singly = earner.studio.a_session(IN_ADVENT, earner.studio.a_course(single=3_000))

    assert earner.cannot_spend(whole_only, now) == [RefusalCode.COURSE_NOT_SOLD_PER_SESSION]
    earner.spend(sold_singly, now)


def test_7_one_credit_pays_once_and_the_loser_of_the_last_seat_keeps_the_credit():
    earner = Earner()
    studio, now = earner.studio, local(PRAGUE, "2026-12-05 12:00")
    one_seat, another = studio.a_session(IN_ADVENT, capacity=1), studio.a_session(IN_ADVENT)
    sibling = studio.a_client()
    siblings_credit = studio.a_credit(sibling)
    before = studio.rows.credits[siblings_credit]

    earner.spend(one_seat, now)

    assert earner.cannot_spend(another, now) == [RefusalCode.CREDIT_USED]
    lost = BookWithMakeUp(one_seat, sibling, siblings_credit)
    assert studio.codes(book_with_make_up, lost, now=now) == [RefusalCode.SESSION_FULL]
    assert studio.rows.credits[siblings_credit] == before


@pytest.mark.parametrize(
    ("zone", "cancelled", "expires_at"),
    [
        ("America/New_York", "2026-11-22 00:30", "2026-12-07T05:00:00Z"),
        (PRAGUE, "2027-03-20 10:00", "2027-04-03T22:00:00Z"),
    ],
    ids=["9, half past midnight in New York", "10, across the beginning of summer time"],
)
def test_9_10_the_last_day_ends_at_the_midnight_of_the_studio(zone: str, cancelled: str, expires_at: str):
    now = local(zone, cancelled)
    studio = StudioInMemory(zone, since=now)
    session = studio.a_session(local(zone, "2027-05-01 18:00"))
    booking = studio.a_booking(session, studio.a_client())

    studio.cancel(booking, now)

    assert studio.earned(booking).expires_at == utc(expires_at)


@pytest.mark.parametrize(
    ("deadline", "expected"), [(HoursBefore(24), "2027-03-27 17:00"), (LocalTime(1, time(18)), "2027-03-27 18:00")]
)
def test_10_hours_elapse_and_clocks_do_not(deadline: CancellationDeadline, expected: str):
    studio = StudioInMemory()
    studio.change_policy(cancellation_deadline=deadline)
    session_id = studio.a_session(local(PRAGUE, "2027-03-28 18:00"))
    session = studio.rows.sessions[session_id]

    assert ScheduledSession(studio.rows.studio, session, None).deadline == local(PRAGUE, expected)
