"""The studio cancels sessions (E6, E7, C3, C4)."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from domain.cancellation.session_cancelling import CANCELLED_UNTIL, Expected
from domain.credits.choosing import ById
from domain.credits.ledger import LedgerKind
from domain.issuing.granting import ThroughDate
from domain.nouns.booking import BookingStatus, CancellationOutcome, EarnedNothing, PaymentState
from domain.nouns.credit import CreditOrigin, CreditState, RevocationReason
from domain.nouns.policy import OnMakeUpCancellation, Until
from domain.nouns.session import Compensation, SessionStatus
from domain.outcome import Done
from domain.refusals import RefusalCode
from domain.services.bookings import (
    BookSession,
    BookWithMakeUp,
    EnrolClient,
    book_session,
    book_with_make_up,
    enrol_client,
)
from domain.services.credits import RevokeMakeUps, revoke_make_ups
from domain.services.session_cancellations import (
    CancelCourseSessions,
    CancelSession,
    cancel_course_sessions,
    cancel_session,
)
from tests.domain.builders import A_MICROSECOND, NOW, START, utc
from tests.domain.studio import HOUR, StudioInMemory, known

CREDITS, NONE = Compensation
CREDIT, RETURNED, NOTHING = CancellationOutcome
DAY = timedelta(days=1)
SIXTH = ThroughDate(date(2026, 12, 6))


def cancel(studio: StudioInMemory, session: UUID, compensation: Compensation = CREDITS, now=NOW, by="manager") -> Done:
    return studio.done(cancel_session, CancelSession(session, compensation, "ill"), by, now)


def cancel_course(
    studio: StudioInMemory, course: UUID, compensation=CREDITS, now=NOW, since: date | None = None
) -> Done:
    command = CancelCourseSessions(course, since, compensation, "a flood")
    return studio.done(cancel_course_sessions, command, "manager", now)


def spent_on(studio: StudioInMemory, session: UUID, validity: ThroughDate | None = SIXTH) -> tuple[UUID, UUID]:
    """A booking of another client, and the credit that paid it."""
    client = studio.a_client("stranger")
    credit = studio.a_credit(client, validity)
    return known(studio.done(book_with_make_up, BookWithMakeUp(session, client, credit)).booking), credit


def brought(studio: StudioInMemory, booking: UUID) -> tuple[BookingStatus, CancellationOutcome | None, list[str]]:
    row = studio.rows.bookings[booking]
    return row.status, row.outcome, [reason.value for reason in row.why_not_earned]


def test_e6_every_live_booking_ends_with_its_session_and_brings_what_it_brings(studio: StudioInMemory):
    course = studio.a_course()
    session = studio.a_session(START, course)
    enrol = EnrolClient(course, studio.a_client(), PaymentState.PAID, frozenset())
    (enrolled,) = studio.done(enrol_client, enrol).bookings
    due = known(studio.done(book_session, BookSession(session, studio.a_client(None), PaymentState.DUE)).booking)
    single, (by_credit, credit) = studio.a_booking(session, studio.a_client(None)), spent_on(studio, session)
    given_up = studio.a_booking(session, studio.a_client())
    studio.cancel(given_up, NOW)

    done = cancel(studio, session)

    assert set(done.bookings) == {enrolled, due, single, by_credit}
    assert brought(studio, enrolled) == brought(studio, single) == (BookingStatus.CANCELLED, CREDIT, [])
    assert brought(studio, due) == (BookingStatus.CANCELLED, NOTHING, ["NOT_PAID"])
    assert brought(studio, by_credit) == (BookingStatus.CANCELLED, RETURNED, ["PAID_WITH_CREDIT"])
    issued = studio.earned(single)
    assert (issued.origin, issued.note) == (CreditOrigin.STUDIO_CANCELLATION, "ill")
    assert (issued.worth, issued.expires_on) == (3_000, date(2026, 12, 6))
    assert studio.ledger(credit) == [LedgerKind.ISSUED, LedgerKind.REDEEMED, LedgerKind.RESTORED]
    after = studio.rows.sessions[session]
    assert (after.status, after.taken, after.make_ups) == (SessionStatus.CANCELLED, 0, 0)


def test_e6_without_compensation_only_spent_credits_come_back(studio: StudioInMemory):
    session = studio.a_session(START)
    single, (by_credit, _) = studio.a_booking(session, studio.a_client()), spent_on(studio, session)

    cancel(studio, session, NONE)

    assert brought(studio, single) == (BookingStatus.CANCELLED, NOTHING, ["NO_COMPENSATION"])
    assert brought(studio, by_credit) == (BookingStatus.CANCELLED, RETURNED, ["PAID_WITH_CREDIT"])


def test_c4_cancelling_a_session_twice_changes_nothing_and_answers_the_same(studio: StudioInMemory):
    """Also what a client had given up at the same instant is told apart."""
    session = studio.a_session(START)
    studio.cancel(studio.a_booking(session, studio.a_client()), NOW)
    stays, _ = studio.a_booking(session, studio.a_client(None)), spent_on(studio, session)
    first = cancel(studio, session)
    before = studio.rows.copy()

    again = studio.done(cancel_session, CancelSession(session, NONE, "again", Expected(9, 9, 9)), now=START + 90 * DAY)

    assert again == first
    assert stays in first.bookings
    assert len(first.bookings) == 2
    assert studio.rows == before


def test_c4_a_booking_that_the_studio_cancelled_answers_with_its_stored_outcome(studio: StudioInMemory):
    session = studio.a_session(START)
    booking = studio.a_booking(session, studio.a_client())
    cancel(studio, session)

    assert studio.cancel(booking, START + HOUR).outcome is CREDIT
    assert studio.ledger(studio.earned(booking).id) == [LedgerKind.ISSUED]


@pytest.mark.parametrize("revoked", [False, True])
def test_e7_who_has_a_credit_for_the_session_gets_no_second_unless_it_was_taken_back(
    studio: StudioInMemory, revoked: bool
):
    session, client = studio.a_session(START), studio.a_client()
    first = studio.a_booking(session, client)
    studio.cancel(first, NOW)
    if revoked:
        taken = RevokeMakeUps(ById((studio.earned(first).id,)), RevocationReason.CORRECTION, "")
        studio.done(revoke_make_ups, taken)
    second = studio.a_booking(session, client)

    cancel(studio, session)

    assert brought(studio, second)[1:] == ((CREDIT, []) if revoked else (NOTHING, ["ALREADY_CREDITED"]))


def test_e6_credits_of_the_studio_are_not_counted_in_caps(studio: StudioInMemory):
    studio.change_policy(max_outstanding=1)
    client, session = studio.a_client(), studio.a_session(START)
    studio.a_booking(session, client)
    cancel(studio, session)

    assert studio.cancel(studio.a_booking(studio.a_session(START), client), NOW).outcome is CREDIT


def test_c3_golden_example_4_the_studio_cancels_and_the_credit_lives_for_a_fortnight(studio: StudioInMemory):
    """Whatever a cancellation by the client would do."""
    studio.change_policy(on_make_up_cancellation=OnMakeUpCancellation.FORFEIT)
    session = studio.a_session(utc("2026-12-20T17:00:00Z"))
    _, credit = spent_on(studio, session)

    cancel(studio, session, NONE, utc("2026-12-10T11:00:00Z"))

    row, lines = studio.rows.credits[credit], studio.rows.ledgers[credit]
    assert (row.state, row.expires_on) == (CreditState.ACTIVE, date(2026, 12, 24))
    assert (lines[-1].kind, lines[-1].expires_on) == (LedgerKind.RESTORED, date(2026, 12, 24))
    assert len(lines) == 3


def test_c3_a_credit_that_never_expires_comes_back_so(studio: StudioInMemory):
    session = studio.a_session(START)
    _, credit = spent_on(studio, session, None)

    cancel(studio, session)

    assert studio.rows.credits[credit].expires_at is None


def test_r5_nothing_books_a_cancelled_session_and_enrolling_leaves_it_out(studio: StudioInMemory):
    course, client = studio.a_course(), studio.a_client()
    session, other = studio.a_session(START, course), studio.a_session(START + DAY, course)
    cancel(studio, session)
    studio.a_credit(client)

    assert studio.codes(book_session, BookSession(session, client, None)) == [RefusalCode.SESSION_CANCELLED]
    assert studio.codes(book_with_make_up, BookWithMakeUp(session, client, None)) == [RefusalCode.SESSION_CANCELLED]
    done = studio.done(enrol_client, EnrolClient(course, client, PaymentState.PAID, frozenset()))
    assert [studio.rows.bookings[key].session_id for key in done.bookings] == [other]


def test_e6_a_session_that_has_started_can_be_cancelled_for_a_week_after_its_end(studio: StudioInMemory):
    latest = START + HOUR + CANCELLED_UNTIL
    in_time, too_late = studio.a_session(START), studio.a_session(START)
    booking = studio.a_booking(in_time, studio.a_client())

    refused = studio.codes(cancel_session, CancelSession(too_late, CREDITS, ""), "owner", latest + A_MICROSECOND)
    cancel(studio, in_time, now=latest)

    assert refused == [RefusalCode.SESSION_OVER]
    assert brought(studio, booking)[1] is CREDIT


def test_p1_what_is_no_longer_as_shown_is_refused(studio: StudioInMemory):
    session = studio.a_session(START)
    studio.a_booking(session, studio.a_client())
    shown = Expected(1, 0, 0)
    studio.a_booking(session, studio.a_client(None))

    assert studio.codes(cancel_session, CancelSession(session, CREDITS, "", shown), "owner") == [
        RefusalCode.OUTCOME_CHANGED
    ]
    assert studio.rows.sessions[session].taken == 2


def test_e6_all_sessions_of_a_course_that_are_to_come_are_cancelled_in_one_act(studio: StudioInMemory):
    """One that has started stands; one that was cancelled before is answered as it was then."""
    course, client = studio.a_course(whole=9_000, single=None), studio.a_client()
    started, before, *coming = [studio.a_session(START + number * DAY, course) for number in range(4)]
    booked = studio.done(enrol_client, EnrolClient(course, client, PaymentState.PAID, frozenset())).bookings
    by_session = {studio.rows.bookings[key].session_id: key for key in booked}
    cancel(studio, before, NONE)

    done = cancel_course(studio, course, now=START)

    assert (done.course, done.sessions, done.changed) == (course, (before, *coming), tuple(coming))
    assert list(done.bookings) == [by_session[key] for key in (before, *coming)]
    assert brought(studio, by_session[before])[2] == ["NO_COMPENSATION"]
    assert studio.rows.bookings[by_session[started]].live
    worths = {studio.earned(by_session[key]).worth for key in coming}
    assert worths == {3_000}, "the whole price by three: of four sessions one was cancelled before"


def test_c4_cancelling_a_course_twice_changes_nothing_and_answers_the_same(studio: StudioInMemory):
    course = studio.a_course()
    for number in range(2):
        studio.a_booking(studio.a_session(START + number * DAY, course), studio.a_client())
    first = cancel_course(studio, course)
    before = studio.rows.copy()

    again = cancel_course(studio, course, NONE)

    assert (again.sessions, again.bookings, again.changed) == (first.sessions, first.bookings, ())
    assert studio.rows == before


def test_p1_a_course_whose_seats_bring_something_else_than_was_shown_keeps_its_sessions(studio: StudioInMemory):
    course = studio.a_course()
    for number in range(2):
        studio.a_booking(studio.a_session(START + number * DAY, course), studio.a_client())
    before = studio.rows.copy()

    def cancelling(credits: int, since: date | None = None) -> CancelCourseSessions:
        return CancelCourseSessions(course, since, CREDITS, "", Expected(credits, 0, 0))

    assert studio.codes(cancel_course_sessions, cancelling(1), "manager") == [RefusalCode.OUTCOME_CHANGED]
    assert studio.rows == before
    assert len(studio.done(cancel_course_sessions, cancelling(1, date(2026, 12, 14)), "manager").changed) == 1
    first = studio.done(cancel_course_sessions, cancelling(1), "manager")
    again = studio.done(cancel_course_sessions, cancelling(1), "manager")
    assert (len(first.changed), again.changed, again.bookings) == (1, (), first.bookings)


def test_e6_the_sessions_of_a_course_are_cancelled_from_a_local_date_on(studio: StudioInMemory):
    """In Prague the fourteenth begins at 23:00 of the day before."""
    course, midnight = studio.a_course(), utc("2026-12-13T23:00:00Z")
    day_before, *from_then = [
        studio.a_session(start, course) for start in (midnight - A_MICROSECOND, midnight, midnight + DAY)
    ]

    done = cancel_course(studio, course, since=date(2026, 12, 14))

    assert list(done.sessions) == from_then
    assert studio.rows.sessions[day_before].status is SessionStatus.SCHEDULED


def test_r9_a_cancelled_session_is_none_of_those_that_the_whole_price_is_divided_by(studio: StudioInMemory):
    course = studio.a_course(whole=9_000, single=None)
    first, *others = [studio.a_session(START + number * DAY, course) for number in range(3)]
    enrol = EnrolClient(course, studio.a_client(), PaymentState.PAID, frozenset())
    booked = {studio.rows.bookings[key].session_id: key for key in studio.done(enrol_client, enrol).bookings}

    cancel(studio, first)
    studio.cancel(booked[others[0]], NOW)

    assert studio.earned(booked[first]).worth == 3_000
    assert studio.earned(booked[others[0]]).worth == 4_500


def test_e6_the_reasons_tell_why_a_seat_brings_nothing_after_a_term(studio: StudioInMemory):
    session = studio.a_session(START)
    booking = studio.a_booking(session, studio.a_client())
    studio.change_policy(validity=Until(date(2026, 12, 1)))

    cancel(studio, session, now=START)

    assert studio.rows.bookings[booking].why_not_earned == (EarnedNothing.VALIDITY_ENDED,)
