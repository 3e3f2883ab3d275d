from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain.cancellation.marking import (
    CODES,
    Marked,
    Roster,
    decide,
    excused_absences_earn,
    seat_is_booked,
    session_has_started,
    to_take_back,
    why_not_earned,
)
from domain.events import AttendanceMarked, CreditIssued, CreditUndone, WaitlistEntryEnded
from domain.issuing.caps import CAP_RULES
from domain.issuing.earning import Missed
from domain.nouns.booking import Attendance, Booking, BookingStatus, EarnedNothing, PaidWith, PaymentState
from domain.nouns.credit import CreditOrigin, CreditState, MakeUpCredit
from domain.nouns.policy import CapPeriod, Days, EarnCap, Policy, RedeemableFrom, Until
from domain.nouns.session import ScheduledSession, SessionStatus
from domain.nouns.waitlist import WaitlistState
from domain.refusals import FixableBy, RefusalCode, Refused
from domain.rules import broken
from tests.domain.builders import (
    A_MICROSECOND,
    BOOKING_ID,
    NEW_ID,
    NOW,
    ONE_TIME,
    OTHER_ID,
    START,
    a_booking,
    a_course,
    a_credit,
    a_make_up_booking,
    a_seat,
    a_session,
    a_studio,
    a_target,
    utc,
)
from tests.domain.waiters import a_held_credit, a_place

ATTENDED, ABSENT, EXCUSED, NO_SHOW = Attendance
EARNING = Policy(make_ups_enabled=True, excused_absence_earns=True, validity=Days(14))
NEXT_DAY = START + timedelta(days=1)


def target(policy: Policy = EARNING) -> ScheduledSession:
    return a_target(studio=a_studio(policy))


EXCUSED_CREDIT = a_credit(origin=CreditOrigin.EXCUSED_ABSENCE, missed_booking_id=BOOKING_ID)
USED = replace(EXCUSED_CREDIT, state=CreditState.USED, booking_id=OTHER_ID)


def mark(seat: Missed, attendance: Attendance, now: datetime = NEXT_DAY) -> Marked:
    key = seat.booking.id
    decision = decide(Roster(seat.target, {key: seat}), {key: attendance}, {key: NEW_ID}, now)
    assert not isinstance(decision, Refused)
    (marked,) = decision
    return marked


@pytest.mark.parametrize(
    ("now", "expected"),
    [(START - A_MICROSECOND, RefusalCode.SESSION_NOT_STARTED), (START, None), (START + A_MICROSECOND, None)],
)
def test_e5_nobody_is_marked_before_the_start(now: datetime, expected: RefusalCode | None):
    refusal = session_has_started(target(), now)

    assert (refusal and refusal.code) is expected
    if refusal:
        assert (refusal.actual, refusal.required, refusal.available_from) == (now, START, START)
        assert refusal.fixable_by is FixableBy.TIME


@pytest.mark.parametrize("status", [BookingStatus.CANCELLED, BookingStatus.CANCELLED_LATE])
def test_e5_only_a_live_seat_is_marked_and_a_refusal_names_the_other(status: BookingStatus):
    refusal = seat_is_booked(a_seat(booking=a_booking(status=status, cancelled_at=NOW)), NEXT_DAY)

    assert seat_is_booked(a_seat(), NEXT_DAY) is None
    assert refusal is not None
    assert (refusal.code, refusal.actual, refusal.booking_id) == (RefusalCode.NOT_BOOKED, status, BOOKING_ID)


def test_e5_every_reason_is_told_and_nobody_is_marked():
    cancelled = a_target(a_session(status=SessionStatus.CANCELLED))
    gone = a_seat(cancelled, a_booking(id=OTHER_ID, status=BookingStatus.CANCELLED, cancelled_at=NOW))
    roster = Roster(cancelled, {BOOKING_ID: a_seat(cancelled), OTHER_ID: gone})

    refused = decide(roster, {BOOKING_ID: ATTENDED, OTHER_ID: ABSENT}, {BOOKING_ID: NEW_ID, OTHER_ID: NEW_ID}, NOW)

    assert isinstance(refused, Refused)
    assert tuple(reason.code for reason in refused.reasons) == CODES


@pytest.mark.parametrize("attendance", [ATTENDED, ABSENT, NO_SHOW])
def test_e5_a_mark_that_excuses_nothing_earns_nothing(attendance: Attendance):
    seat = a_seat(target())

    assert mark(seat, attendance) == Marked(BOOKING_ID, (AttendanceMarked(seat.booking, attendance),), (), None)


def test_e5_an_excused_absence_earns_one_credit_whose_clock_starts_when_it_is_marked():
    marked = mark(a_seat(target()), EXCUSED)

    was_marked, issued = marked.events
    assert was_marked == AttendanceMarked(a_booking(), EXCUSED)
    assert isinstance(issued, CreditIssued)
    credit = issued.credit
    assert (credit.id, credit.origin, credit.missed_booking_id) == (NEW_ID, CreditOrigin.EXCUSED_ABSENCE, BOOKING_ID)
    assert (credit.issued_at, credit.expires_on) == (NEXT_DAY, date(2026, 12, 28))
    assert credit.expires_at == utc("2026-12-28T23:00:00Z")
    assert marked.why_not_earned == ()


def test_v4_a_credit_for_an_absence_lives_some_days_after_its_session_too():
    marked = mark(a_seat(target(replace(EARNING, validity=Days(1), never_before_missed_session=5))), EXCUSED)

    issued = marked.events[-1]
    assert isinstance(issued, CreditIssued)
    assert issued.credit.expires_on == date(2026, 12, 18)


def test_r12_a_credit_for_an_absence_waits_for_the_end_of_its_session():
    policy = replace(EARNING, redeemable_from=RedeemableFrom.AFTER_MISSED_SESSION)

    issued = mark(a_seat(target(policy)), EXCUSED, START).events[-1]

    assert isinstance(issued, CreditIssued)
    assert issued.credit.redeemable_from == START + timedelta(hours=1)


REASONS: dict[str, tuple[Missed, tuple[EarnedNothing, ...]]] = {
    "E5 switched on": (a_seat(target()), ()),
    "E5 off": (a_seat(target(Policy(make_ups_enabled=True))), (EarnedNothing.EXCUSED_ABSENCES_DO_NOT_EARN,)),
    "E1 a one-time class": (
        a_seat(a_target(a_session(**ONE_TIME), studio=a_studio(EARNING))),
        (EarnedNothing.ONE_TIME_CLASS,),
    ),
    "E1 make-ups are off": (
        a_seat(target(replace(EARNING, make_ups_enabled=False))),
        (EarnedNothing.MAKE_UPS_DISABLED,),
    ),
    "E1 the course's are on": (
        a_seat(
            a_target(
                course=a_course(choices={"make_ups_enabled": True}),
                studio=a_studio(replace(EARNING, make_ups_enabled=False)),
            )
        ),
        (),
    ),
    "E3 a make-up, and nothing else is asked": (
        a_seat(target(Policy()), a_make_up_booking()),
        (EarnedNothing.PAID_WITH_CREDIT,),
    ),
    "E11 single bookings do not earn": (
        a_seat(target(replace(EARNING, single_bookings_earn=False))),
        (EarnedNothing.SINGLE_BOOKINGS_DO_NOT_EARN,),
    ),
    "E11 an enrolment does": (
        a_seat(target(replace(EARNING, single_bookings_earn=False)), a_booking(paid_with=PaidWith.ENROLMENT)),
        (),
    ),
    "E13 not paid": (a_seat(target(), a_booking(payment=PaymentState.DUE)), (EarnedNothing.NOT_PAID,)),
    "E13 waived": (a_seat(target(), a_booking(payment=PaymentState.WAIVED)), ()),
    "V1 on the last day of the term": (a_seat(target(replace(EARNING, validity=Until(date(2026, 12, 14))))), ()),
    "V1 the term is over": (
        a_seat(target(replace(EARNING, validity=Until(date(2026, 12, 13))))),
        (EarnedNothing.VALIDITY_ENDED,),
    ),
    "E10 a credit stands for it": (a_seat(target(), standing=USED), (EarnedNothing.ALREADY_CREDITED,)),
    "E9 whatever the caps": (
        a_seat(target(replace(EARNING, earn_cap=EarnCap(0, CapPeriod.COURSE), max_outstanding=0))),
        (),
    ),
    "all at once": (
        a_seat(target(Policy(single_bookings_earn=False)), a_booking(payment=PaymentState.DUE)),
        (
            EarnedNothing.EXCUSED_ABSENCES_DO_NOT_EARN,
            EarnedNothing.MAKE_UPS_DISABLED,
            EarnedNothing.SINGLE_BOOKINGS_DO_NOT_EARN,
            EarnedNothing.NOT_PAID,
        ),
    ),
}


@pytest.mark.parametrize(("seat", "reasons"), REASONS.values(), ids=REASONS)
def test_e5_what_must_hold_for_an_excused_absence_to_earn(seat: Missed, reasons: tuple[EarnedNothing, ...]):
    marked = mark(seat, EXCUSED)

    assert why_not_earned(seat, NEXT_DAY) == marked.why_not_earned == reasons
    assert [type(event) for event in marked.events] == [AttendanceMarked, *([] if reasons else [CreditIssued])]


def test_e5_the_setting_decides():
    assert excused_absences_earn(a_seat(target()), NEXT_DAY) is None


def test_e9_a_cap_would_have_stopped_a_cancellation():
    capped = a_seat(target(replace(EARNING, earn_cap=EarnCap(0, CapPeriod.COURSE), max_outstanding=0)))

    assert len(broken(CAP_RULES, capped, NEXT_DAY)) == 2


@pytest.mark.parametrize("attendance", Attendance)
def test_e5_the_same_mark_again_changes_nothing(attendance: Attendance):
    """Not even where the credit could be taken back, or another one earned."""
    for standing in (None, EXCUSED_CREDIT):
        seat = a_seat(target(), a_booking(attendance=attendance), standing)
        assert mark(seat, attendance) == Marked(BOOKING_ID, (), (), None)


def marked_before(attendance: Attendance, standing: MakeUpCredit | None) -> Missed:
    return a_seat(target(), a_booking(attendance=attendance), standing)


@pytest.mark.parametrize("attendance", [ATTENDED, ABSENT, NO_SHOW])
@pytest.mark.parametrize("expires_at", [None, NEXT_DAY + A_MICROSECOND, NEXT_DAY], ids=["never", "active", "expired"])
def test_c9_an_unused_credit_is_taken_back_when_the_absence_is_not_excused_after_all(
    attendance: Attendance, expires_at: datetime | None
):
    credit = replace(EXCUSED_CREDIT, expires_at=expires_at)
    seat = marked_before(EXCUSED, credit)

    marked = mark(seat, attendance)

    assert marked.events == (AttendanceMarked(seat.booking, attendance), CreditUndone(credit, seat.booking))
    assert marked.taken_back == credit


def test_c9_a_credit_that_waits_is_unused_and_gives_up_its_places():
    waits, place = a_held_credit(credit=EXCUSED_CREDIT), a_place()
    seat = marked_before(EXCUSED, waits)
    roster = Roster(seat.target, {BOOKING_ID: seat}, {waits.id: (place,)})

    marked = decide(roster, {BOOKING_ID: ABSENT}, {BOOKING_ID: NEW_ID}, NEXT_DAY)

    assert not isinstance(marked, Refused)
    assert marked[0].events == (
        AttendanceMarked(seat.booking, ABSENT),
        CreditUndone(waits, seat.booking),
        WaitlistEntryEnded(place.entry, WaitlistState.GIVEN_UP, None),
    )


NOT_TAKEN: dict[str, MakeUpCredit | None] = {
    "used": USED,
    "forfeited": replace(USED, state=CreditState.FORFEITED),
    "of a cancellation": replace(EXCUSED_CREDIT, origin=CreditOrigin.CANCELLATION),
    "none at all": None,
}


@pytest.mark.parametrize("standing", NOT_TAKEN.values(), ids=NOT_TAKEN)
def test_c9_what_is_used_stays_and_nothing_turns_negative(standing: MakeUpCredit | None):
    seat = marked_before(EXCUSED, standing)

    assert to_take_back(seat) is None
    assert mark(seat, ABSENT) == Marked(BOOKING_ID, (AttendanceMarked(seat.booking, ABSENT),), (), None)


def test_e10_corrected_back_while_the_used_credit_stands_it_earns_no_second():
    marked = mark(marked_before(ABSENT, USED), EXCUSED)

    assert len(marked.events) == 1
    assert marked.why_not_earned == (EarnedNothing.ALREADY_CREDITED,)


def test_c9_a_credit_that_came_back_is_taken_with_the_next_correction():
    """It was used when the absence was corrected first, and its booking was given up since."""
    seat = marked_before(ABSENT, EXCUSED_CREDIT)

    assert mark(seat, NO_SHOW).taken_back == EXCUSED_CREDIT
    assert mark(seat, EXCUSED).why_not_earned == (EarnedNothing.ALREADY_CREDITED,)


def test_e5_excused_again_after_it_was_taken_back_is_a_new_credit():
    assert isinstance(mark(marked_before(ABSENT, None), EXCUSED).events[-1], CreditIssued)


def test_e5_each_seat_of_the_roster_is_told_by_itself_in_the_order_of_the_marks():
    due: Booking = a_booking(id=OTHER_ID, payment=PaymentState.DUE)
    seats = {BOOKING_ID: a_seat(target()), OTHER_ID: a_seat(target(), due)}

    decision = decide(
        Roster(target(), seats), {OTHER_ID: EXCUSED, BOOKING_ID: ATTENDED}, dict.fromkeys(seats, NEW_ID), NEXT_DAY
    )

    assert decision == (
        Marked(OTHER_ID, (AttendanceMarked(due, EXCUSED),), (EarnedNothing.NOT_PAID,), None),
        Marked(BOOKING_ID, (AttendanceMarked(a_booking(), ATTENDED),), (), None),
    )
