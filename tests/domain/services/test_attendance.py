"""E5, C9: who was there, and what an excused absence earns."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domain.cancellation.marking import MOST_AT_ONCE
from domain.credits.choosing import ById
from domain.credits.ledger import LedgerKind
from domain.faults import BadUserInput, Forbidden, NotFound
from domain.nouns.booking import Attendance, EarnedNothing, PaymentState
from domain.nouns.credit import CreditOrigin, CreditState, RevocationReason
from domain.nouns.policy import CapPeriod, Days, EarnCap, OnEnrolmentEnd
from domain.outcome import Done
from domain.refusals import RefusalCode, Refused
from domain.services import bookings, credits, enrolments
from domain.services.attendance import MarkAttendance, mark_attendance
from domain.services.bookings import BookSession, BookWithMakeUp
from domain.services.schedule_changes import UpdateSession, update_session
from tests.domain.builders import A_MICROSECOND, NOW, START, a_booking, uuid
from tests.domain.studio import HOUR, StudioInMemory, known

ATTENDED, ABSENT, EXCUSED, NO_SHOW = Attendance
DAY = timedelta(days=1)
AFTER = START + DAY
ISSUED, UNDONE, REDEEMED = LedgerKind.ISSUED, LedgerKind.UNDONE, LedgerKind.REDEEMED


class Roster:
    """Three seats in a session, by three clients, in a studio where an excused absence earns."""

    def __init__(self) -> None:
        self.studio = StudioInMemory()
        self.studio.change_policy(excused_absence_earns=True)
        self.course = self.studio.a_course()
        self.session = self.studio.a_session(START, self.course)
        self.clients = [self.studio.a_client() for _ in range(3)]
        self.bookings = [self.studio.a_booking(self.session, client) for client in self.clients]
        self.later = self.studio.a_session(START + 7 * DAY, self.course)

    def mark(
        self,
        marks: Mapping[UUID, Attendance] | None = None,
        unmarked: Attendance | None = None,
        by: str = "manager",
        now: datetime = AFTER,
    ) -> Done:
        command = MarkAttendance(self.session, marks or {}, unmarked)
        return self.studio.done(mark_attendance, command, by, now)

    def marked(self) -> list[Attendance | None]:
        return [self.studio.rows.bookings[key].attendance for key in self.bookings]

    def spend(self, now: datetime = AFTER) -> UUID:
        command = BookWithMakeUp(self.later, self.clients[0], None)
        return known(self.studio.done(bookings.book_with_make_up, command, "parent", now).booking)

    def ledgers(self) -> list[list[LedgerKind]]:
        return [self.studio.ledger(key) for key in self.studio.rows.credits]


@pytest.fixture
def roster() -> Roster:
    return Roster()


def test_e5_one_by_one_and_then_all_who_are_left(roster: Roster):
    first, second, third = roster.bookings

    roster.mark({second: ABSENT})
    done = roster.mark({third: NO_SHOW}, ATTENDED, now=AFTER + HOUR)

    assert roster.marked() == [ATTENDED, ABSENT, NO_SHOW]
    assert done.bookings == done.changed == (third, first)
    assert done.why_not_earned == ((), ())
    rows = roster.studio.rows.bookings
    assert [rows[key].marked_at for key in roster.bookings] == [AFTER + HOUR, AFTER, AFTER + HOUR]
    assert rows[first].marked_by == roster.studio.accounts["manager"]
    assert roster.studio.rows.credits == {}


def test_e5_what_is_marked_so_already_is_not_written_again(roster: Roster):
    roster.mark(unmarked=EXCUSED)
    before = roster.studio.rows.copy()

    done = roster.mark({roster.bookings[0]: EXCUSED}, ATTENDED, now=AFTER + HOUR)

    assert (done.bookings, done.changed) == ((roster.bookings[0],), ())
    assert roster.studio.rows == before


def test_e5_the_credit_lives_from_the_day_it_was_marked_and_is_spent_like_any_other(roster: Roster):
    roster.mark({roster.bookings[0]: EXCUSED})

    credit = roster.studio.earned(roster.bookings[0])

    assert (credit.origin, credit.client_id) == (CreditOrigin.EXCUSED_ABSENCE, roster.clients[0])
    assert (credit.issued_at, credit.expires_on) == (AFTER, (AFTER + 14 * DAY).date())
    roster.spend()
    assert roster.ledgers() == [[ISSUED, REDEEMED]]


def test_e5_off_by_default_it_earns_nothing_and_says_so(roster: Roster):
    roster.studio.change_policy(excused_absence_earns=None)

    done = roster.mark({roster.bookings[0]: EXCUSED})

    assert done.why_not_earned == ((EarnedNothing.EXCUSED_ABSENCES_DO_NOT_EARN,),)
    assert roster.studio.rows.credits == {}


def test_e9_excused_absences_are_neither_limited_by_caps_nor_counted_in_them(roster: Roster):
    roster.studio.change_policy(earn_cap=EarnCap(1, CapPeriod.COURSE), max_outstanding=1)
    other = roster.studio.a_session(START + 8 * DAY, roster.course)
    given_up = roster.studio.a_booking(roster.later, roster.clients[0])
    not_earning = roster.studio.a_booking(other, roster.clients[0])

    roster.mark({roster.bookings[0]: EXCUSED})
    roster.studio.cancel(given_up, AFTER)
    capped = roster.studio.cancel(not_earning, AFTER)

    assert roster.studio.earned(given_up).origin is CreditOrigin.CANCELLATION
    assert set(capped.why_not_earned) == {EarnedNothing.EARN_CAP_REACHED, EarnedNothing.OUTSTANDING_CAP_REACHED}
    assert roster.studio.earned(roster.bookings[0]).state is CreditState.ACTIVE


@pytest.mark.parametrize("now", [START - A_MICROSECOND, NOW])
def test_e5_before_the_start_nobody_is_marked(roster: Roster, now: datetime):
    command = MarkAttendance(roster.session, {}, ATTENDED)

    assert roster.studio.codes(mark_attendance, command, "owner", now) == [RefusalCode.SESSION_NOT_STARTED]
    assert roster.mark(unmarked=ATTENDED, now=START).changed == tuple(sorted(roster.bookings))


def test_e5_all_or_nothing_where_a_booking_named_is_not_live(roster: Roster):
    first, second, _ = roster.bookings
    roster.studio.cancel(second, NOW)

    outcome = roster.studio.act(
        mark_attendance, MarkAttendance(roster.session, {first: EXCUSED, second: EXCUSED}), now=AFTER
    )

    assert isinstance(outcome, Refused)
    assert [(each.code, each.booking_id) for each in outcome.reasons] == [(RefusalCode.NOT_BOOKED, second)]
    assert roster.marked() == [None, None, None]
    assert roster.mark(unmarked=ABSENT).bookings == tuple(sorted((first, roster.bookings[2])))


def test_a0_a_booking_of_another_session_is_not_found(roster: Roster):
    elsewhere = roster.studio.a_booking(roster.later, roster.clients[0])

    for key in (elsewhere, uuid(404)):
        with pytest.raises(NotFound) as caught:
            roster.mark({roster.bookings[0]: ABSENT, key: ABSENT})
        assert caught.value.path == ("marks", "bookingId")
    assert roster.marked() == [None, None, None]


def test_too_many_seats_at_once_are_bad_input():
    studio = StudioInMemory()
    session = studio.a_session(START, capacity=MOST_AT_ONCE + 1)
    row, client = studio.rows.sessions[session], studio.a_client(None)
    seats = {uuid(n): a_booking(id=uuid(n), session_id=session, client_id=client) for n in range(MOST_AT_ONCE + 1)}
    studio.rows.bookings |= seats
    studio.rows.sessions[session] = replace(row, taken=len(seats))
    command = MarkAttendance(session, {}, ATTENDED)

    with pytest.raises(BadUserInput):
        studio.harness.perform(studio.id, studio.accounts["owner"], AFTER, lambda work: mark_attendance(work, command))
    del studio.rows.bookings[uuid(0)]
    done = studio.harness.perform(
        studio.id, studio.accounts["owner"], AFTER, lambda work: mark_attendance(work, command)
    )
    assert isinstance(done, Done)
    assert len(done.changed) == MOST_AT_ONCE


def test_c9_an_unused_credit_goes_with_the_excuse_and_another_comes_with_the_next(roster: Roster):
    first = roster.bookings[0]
    roster.mark({first: EXCUSED})
    taken = roster.studio.earned(first)

    corrected = roster.mark({first: NO_SHOW})
    roster.mark({first: EXCUSED}, now=AFTER + HOUR)

    assert corrected.credits == (taken.id,)
    assert roster.ledgers() == [[ISSUED, UNDONE], [ISSUED]]


def test_c9_one_that_time_has_expired_goes_too(roster: Roster):
    roster.studio.change_policy(validity=Days(1))
    roster.mark({roster.bookings[0]: EXCUSED})

    roster.mark({roster.bookings[0]: ATTENDED}, now=AFTER + 30 * DAY)

    assert roster.ledgers() == [[ISSUED, UNDONE]]


def test_c9_a_used_credit_stays_and_earns_no_second_when_the_excuse_is_back(roster: Roster):
    first = roster.bookings[0]
    roster.mark({first: EXCUSED})
    seat = roster.spend()

    corrected = roster.mark({first: ABSENT})
    back = roster.mark({first: EXCUSED})

    assert corrected.credits == ()
    assert back.why_not_earned == ((EarnedNothing.ALREADY_CREDITED,),)
    assert roster.ledgers() == [[ISSUED, REDEEMED]]
    assert roster.studio.rows.bookings[seat].live


def test_c9_a_credit_that_comes_back_after_the_correction_is_taken_with_the_next_or_revoked(roster: Roster):
    first = roster.bookings[0]
    roster.mark({first: EXCUSED})
    seat = roster.spend()
    roster.mark({first: ABSENT})

    roster.studio.cancel(seat, AFTER + HOUR)
    done = roster.mark({first: NO_SHOW}, now=AFTER + HOUR)

    assert done.credits == (roster.studio.earned(first).id,)
    assert roster.ledgers() == [[ISSUED, REDEEMED, LedgerKind.RESTORED, UNDONE]]


def test_e10_a_booking_that_staff_give_up_after_an_excuse_earns_nothing_more(roster: Roster):
    first = roster.bookings[0]
    roster.mark({first: EXCUSED})

    given_up = roster.studio.cancel(first, AFTER, "manager")

    assert given_up.why_not_earned == (EarnedNothing.SESSION_STARTED, EarnedNothing.ALREADY_CREDITED)
    assert given_up.attendance is EXCUSED
    command = MarkAttendance(roster.session, {first: ABSENT})
    assert roster.studio.codes(mark_attendance, command, "owner", AFTER) == [RefusalCode.NOT_BOOKED]


def test_e13_paying_later_earns_nothing_by_itself_but_with_the_next_excuse(roster: Roster):
    client = roster.studio.a_client()
    command = BookSession(roster.session, client, PaymentState.DUE)
    due = known(roster.studio.done(bookings.book_session, command).booking)

    assert roster.mark({due: EXCUSED}).why_not_earned == ((EarnedNothing.NOT_PAID,),)
    roster.studio.done(bookings.mark_paid, bookings.MarkPaid(due, None, PaymentState.PAID), now=AFTER)
    assert roster.mark({due: EXCUSED}).why_not_earned == ((),)
    assert roster.studio.rows.credits == {}
    roster.mark({due: ABSENT})
    roster.mark({due: EXCUSED})
    assert roster.studio.earned(due).origin is CreditOrigin.EXCUSED_ABSENCE


def test_e3_a_make_up_seat_is_missed_without_a_new_credit(roster: Roster):
    client = roster.studio.a_client()
    credit = roster.studio.a_credit(client)
    spent = roster.studio.done(bookings.book_with_make_up, BookWithMakeUp(roster.session, client, credit))

    done = roster.mark({known(spent.booking): EXCUSED})

    assert done.why_not_earned == ((EarnedNothing.PAID_WITH_CREDIT,),)
    assert roster.ledgers() == [[ISSUED, REDEEMED]]


def test_c12_an_enrolment_that_ends_revokes_what_its_absences_earned(roster: Roster):
    studio, client = roster.studio, roster.studio.a_client()
    studio.change_policy(on_enrolment_end=OnEnrolmentEnd.REVOKE_UNUSED)
    enrol = bookings.EnrolClient(roster.course, client, PaymentState.PAID, frozenset())
    place = studio.done(bookings.enrol_client, enrol)
    (missed,) = (key for key in place.bookings if studio.rows.bookings[key].session_id == roster.session)
    roster.mark({missed: EXCUSED})

    ended = studio.done(enrolments.end_enrolment, enrolments.EndEnrolment(known(place.enrolment)), now=AFTER)

    assert ended.credits == (studio.earned(missed).id,)
    assert studio.earned(missed).state is CreditState.REVOKED


def test_a1_the_sessions_instructor_marks_and_no_longer_once_another_teaches(roster: Roster):
    studio = roster.studio
    with pytest.raises(Forbidden):
        roster.mark(unmarked=ATTENDED, by="instructor")
    teaches = UpdateSession(roster.session, {"instructor_id": studio.instructor_id})
    studio.done(update_session, teaches)

    assert len(roster.mark(unmarked=EXCUSED, by="instructor").changed) == 3
    assert len(studio.rows.credits) == 3
    studio.done(update_session, UpdateSession(roster.session, {"instructor_id": None}), now=AFTER)
    for by in ("instructor", "parent", "stranger"):
        with pytest.raises(Forbidden):
            roster.mark(unmarked=ATTENDED, by=by)


def test_a0_a_session_that_is_not_there_has_no_roster(roster: Roster):
    for by in ("owner", "instructor"):
        with pytest.raises(NotFound):
            roster.studio.act(mark_attendance, MarkAttendance(uuid(404), {}, ATTENDED), by)


def test_a1_who_is_not_on_the_staff_does_not_learn_whether_there_is_such_a_session(roster: Roster):
    for session in (roster.session, uuid(404)):
        with pytest.raises(Forbidden):
            roster.studio.act(mark_attendance, MarkAttendance(session, {}, ATTENDED), "parent")


def test_c9_what_was_earned_can_still_be_revoked_and_is_then_gone(roster: Roster):
    first = roster.bookings[0]
    roster.mark({first: EXCUSED})
    chosen = ById((roster.studio.earned(first).id,))
    revoke = credits.RevokeMakeUps(chosen, RevocationReason.CORRECTION, "")
    roster.studio.done(credits.revoke_make_ups, revoke, now=AFTER)

    assert roster.mark({first: ABSENT}).credits == ()
    roster.mark({first: EXCUSED})
    assert roster.ledgers() == [[ISSUED, LedgerKind.REVOKED], [ISSUED]]
