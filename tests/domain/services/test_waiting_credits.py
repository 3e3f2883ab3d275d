"""W1, W3: what becomes of credits that wait."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from domain.booking import Attendance, BookingStatus, EarnedNothing, PaymentState
from domain.choosing import ById
from domain.credit import CreditState, RevocationReason
from domain.extending import MoreDays
from domain.granting import NoExpiry, ThroughDate
from domain.holding import in_grace
from domain.ledger import LedgerKind, told
from domain.policy import OnEnrolmentEnd
from domain.refusals import RefusalCode
from domain.services.attendance import MarkAttendance, mark_attendance
from domain.services.bookings import (
    BookWithMakeUp,
    EnrolClient,
    book_with_make_up,
    enrol_client,
)
from domain.services.credits import ExtendMakeUps, RevokeMakeUps, extend_make_ups, revoke_make_ups
from domain.services.enrolments import EndEnrolment, end_enrolment
from domain.services.undoing import UndoCancellation, undo_cancellation
from domain.services.waitlists import JoinWaitlist, join_waitlist
from domain.validity import Expiry
from tests.domain.builders import A_MICROSECOND, NOW, START, utc
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
    run_jobs,
    state_of,
    story,
)
from tests.domain.studio import HOUR, StudioInMemory, known

Code = RefusalCode
DAY, GRACE = timedelta(days=1), timedelta(hours=72)
SOON = NOW + HOUR
LATE = SEATS_GIVEN_UNTIL + A_MICROSECOND
OWN_END = utc("2026-12-06T23:00:00Z")
UNTIL_THEN = ThroughDate(date(2026, 12, 6))
ISSUED, HELD, RELEASED, REDEEMED = LedgerKind.ISSUED, LedgerKind.HELD, LedgerKind.RELEASED, LedgerKind.REDEEMED
RESTORED, EXPIRED, REVOKED, UNDONE = LedgerKind.RESTORED, LedgerKind.EXPIRED, LedgerKind.REVOKED, LedgerKind.UNDONE


class Waits:
    """A client of the parent who waits for a full session with a credit that ends a week before it starts."""

    def __init__(self, studio: StudioInMemory) -> None:
        self.studio = studio
        self.full = Full(studio)
        self.client = studio.a_client()
        self.credit = studio.a_credit(self.client, UNTIL_THEN)
        self.entry = join(self.full, self.client, self.credit)

    def extend(self, by: ThroughDate | MoreDays | NoExpiry, now: datetime) -> None:
        self.studio.done(extend_make_ups, ExtendMakeUps(ById((self.credit,)), by, ""), "owner", now)

    def revoke(self, now: datetime) -> None:
        command = RevokeMakeUps(ById((self.credit,)), RevocationReason.OTHER, "")
        self.studio.done(revoke_make_ups, command, "owner", now)

    def story(self, now: datetime) -> list[LedgerKind]:
        return story(self.studio, self.credit, now)


@pytest.fixture
def waits(studio: StudioInMemory) -> Waits:
    return Waits(studio)


# It does not run out, and has its grace


@pytest.mark.parametrize("jobs_run", [False, True])
def test_w1_what_waits_does_not_run_out_and_has_72_hours_from_the_start(waits: Waits, jobs_run: bool):
    studio, ends = waits.studio, START + GRACE
    for now in (OWN_END - A_MICROSECOND, OWN_END, START - A_MICROSECOND):
        if jobs_run:
            run_jobs(studio, now)
        assert credit_state(studio, waits.credit, now) is CreditState.HELD
        assert waits.story(now) == [ISSUED, HELD]
    if jobs_run:
        run_jobs(studio, START)
    assert credit_state(studio, waits.credit, START) is CreditState.ACTIVE
    assert waits.story(START) == [ISSUED, HELD, RELEASED]
    assert (credit_of(studio, waits.credit).expires_at, credit_of(studio, waits.credit).expires_on) == (
        *(ends, date(2026, 12, 16)),
    )
    command = BookWithMakeUp(studio.a_session(START + 9 * DAY), waits.client, waits.credit)
    assert studio.codes(book_with_make_up, command, now=ends) == [Code.CREDIT_EXPIRED]
    assert waits.story(ends) == [ISSUED, HELD, RELEASED, EXPIRED]
    studio.done(book_with_make_up, command, "parent", ends - A_MICROSECOND)


@pytest.mark.parametrize("jobs_run", [False, True])
def test_w1_a_credit_in_grace_can_be_spent_and_not_be_held_again(waits: Waits, jobs_run: bool):
    studio = waits.studio
    other = Full(studio, starts_at=START + 5 * DAY)
    if jobs_run:
        run_jobs(studio, START)

    command = JoinWaitlist(other.id, waits.client, True, waits.credit)
    assert studio.codes(join_waitlist, command, now=START) == [Code.CREDIT_IN_GRACE]
    assert studio.codes(join_waitlist, JoinWaitlist(other.id, waits.client, True), now=START) == [
        Code.NO_ELIGIBLE_CREDIT
    ]
    assert studio.codes(join_waitlist, command, now=START + GRACE) == [Code.CREDIT_EXPIRED]


@pytest.mark.parametrize(("left_at", "ends"), [(OWN_END - A_MICROSECOND, OWN_END), (OWN_END, OWN_END + GRACE)])
def test_w1_leaving_at_or_past_the_end_begins_the_grace(waits: Waits, left_at: datetime, ends: datetime):
    leave(waits.studio, waits.entry, now=left_at)

    credit = credit_of(waits.studio, waits.credit)
    assert (credit.expires_at, in_grace(credit)) == (ends, ends != OWN_END)


def test_w1_the_hours_are_what_they_were_at_the_joining(waits: Waits):
    studio = waits.studio
    studio.change_policy(hold_release_grace_hours=1)
    leave(studio, waits.entry, now=OWN_END)
    assert credit_of(studio, waits.credit).expires_at == OWN_END + GRACE


@pytest.mark.parametrize("jobs_run", [False, True])
def test_w1_without_any_grace_it_has_run_out_at_the_start(studio: StudioInMemory, jobs_run: bool):
    studio.change_policy(hold_release_grace_hours=0)
    waits = Waits(studio)
    assert credit_state(studio, waits.credit, START - A_MICROSECOND) is CreditState.HELD
    if jobs_run:
        run_jobs(studio, START + HOUR)
        run_jobs(studio, START + 2 * HOUR)
        assert studio.ledger(waits.credit) == [ISSUED, HELD, RELEASED, EXPIRED]

    assert credit_state(studio, waits.credit, START) is CreditState.EXPIRED
    assert waits.story(START) == [ISSUED, HELD, RELEASED, EXPIRED]
    waits.extend(ThroughDate(date(2026, 12, 31)), START + 3 * HOUR)
    assert waits.story(START + 3 * HOUR) == [ISSUED, HELD, RELEASED, EXPIRED, LedgerKind.EXTENDED]


@pytest.mark.parametrize("jobs_run", [False, True])
def test_w1_after_an_extension_it_can_be_held_again_and_has_no_second_grace(waits: Waits, jobs_run: bool):
    studio = waits.studio
    other = Full(studio, starts_at=START + 9 * DAY)
    waits.extend(ThroughDate(date(2026, 12, 19)), START + HOUR)
    entry = join(other, waits.client, waits.credit, now=START + HOUR)
    if jobs_run:
        run_jobs(studio, START + 2 * HOUR)
    assert studio.rows.entries[entry].credit_id == waits.credit
    assert credit_state(studio, waits.credit, START + 9 * DAY - A_MICROSECOND) is CreditState.HELD
    if jobs_run:
        run_jobs(studio, START + 9 * DAY)

    assert credit_state(studio, waits.credit, START + 9 * DAY) is CreditState.EXPIRED
    assert waits.story(START + 9 * DAY) == [
        *(ISSUED, HELD, RELEASED, LedgerKind.EXTENDED, HELD, RELEASED, EXPIRED),
    ]


# While it waits


def test_v6_an_extension_while_it_waits_moves_its_own_end(waits: Waits):
    studio = waits.studio
    waits.extend(MoreDays(20), SOON)
    credit = credit_of(studio, waits.credit)
    assert (credit.expires_on, credit.own_expires_on) == (date(2026, 12, 26), date(2026, 12, 26))
    assert credit.state is CreditState.HELD

    waits.extend(ThroughDate(date(2026, 12, 1)), SOON)
    credit = credit_of(studio, waits.credit)
    assert (credit.own_expires_on, credit.expires_at) == (date(2026, 12, 1), START + GRACE)
    waits.extend(NoExpiry(), SOON)
    leave(studio, waits.entry, now=START - A_MICROSECOND)
    assert credit_of(studio, waits.credit).expires_at is None


def test_v6_the_ledger_tells_its_own_end_before_and_after_while_it_waits(waits: Waits):
    first, third, graced = date(2026, 12, 1), date(2026, 12, 3), date(2026, 12, 16)
    for day in (first, third):
        waits.extend(ThroughDate(day), SOON)

    lines = told(waits.studio.rows.ledgers[waits.credit], START)
    assert [(line.kind, line.expires_on, line.before and line.before.on) for line in lines] == [
        (ISSUED, date(2026, 12, 6), None),
        (HELD, graced, None),
        (LedgerKind.EXTENDED, first, date(2026, 12, 6)),
        (LedgerKind.EXTENDED, third, first),
        (RELEASED, graced, None),
    ]
    waits.extend(NoExpiry(), START)
    last = waits.studio.rows.ledgers[waits.credit][-1]
    assert (last.expires_on, last.before) == (None, Expiry(START + GRACE, graced))


def test_v7_revoking_what_waits_gives_up_its_places(waits: Waits):
    studio = waits.studio
    other = Full(studio, starts_at=START + DAY)
    second = join(other, waits.client, waits.credit)

    waits.revoke(SOON)

    assert [state_of(studio, each, SOON) for each in (waits.entry, second)] == [GIVEN_UP, GIVEN_UP]
    assert waits.story(START) == [ISSUED, HELD, HELD, REVOKED]
    waits.full.free_one(SOON)
    assert waits.full.seats == []


def test_v7_what_waited_until_the_start_can_be_revoked_after_it(waits: Waits):
    waits.revoke(START)

    assert state_of(waits.studio, waits.entry, START) is not GIVEN_UP
    assert waits.story(START) == [ISSUED, HELD, RELEASED, REVOKED]


def test_e9_a_cap_on_what_is_outstanding_counts_what_waits(studio: StudioInMemory):
    studio.change_policy(max_outstanding=1)
    client, full = studio.a_client(), Full(studio)
    first = studio.a_booking(studio.a_session(START + DAY), client)
    second = studio.a_booking(studio.a_session(START + 2 * DAY), client)
    studio.cancel(first, NOW)
    credit = studio.earned(first).id
    join(full, client, credit)

    assert credit_of(studio, credit).state is CreditState.HELD
    held_past_its_end = known_expiry(studio, credit) + DAY
    assert studio.cancel(second, held_past_its_end).why_not_earned == (EarnedNothing.OUTSTANDING_CAP_REACHED,)


def known_expiry(studio: StudioInMemory, credit: UUID) -> datetime:
    ends = credit_of(studio, credit).own_expires_at
    assert ends is not None
    return ends


@pytest.mark.parametrize(("now", "reached"), [(START - A_MICROSECOND, True), (START, False)])
def test_e9_a_hold_that_has_ended_past_its_end_counts_no_more(studio: StudioInMemory, now: datetime, reached: bool):
    studio.change_policy(max_outstanding=1, hold_release_grace_hours=0)
    client, full = studio.a_client(), Full(studio)
    first = studio.a_booking(studio.a_session(START + DAY), client)
    second = studio.a_booking(studio.a_session(START + 9 * DAY), client)
    studio.cancel(first, NOW)
    join(full, client, studio.earned(first).id)

    why_not = studio.cancel(second, now).why_not_earned
    assert why_not == ((EarnedNothing.OUTSTANDING_CAP_REACHED,) if reached else ())


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
