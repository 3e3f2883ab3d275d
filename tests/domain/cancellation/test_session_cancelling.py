from dataclasses import replace
from datetime import date, datetime

import pytest

from domain.cancellation.cancelling import Verdict
from domain.cancellation.compensating import LiveSeat, judge, live_seats
from domain.cancellation.session_cancelling import (
    CANCELLED_UNTIL,
    Counts,
    Expected,
    SessionCancellation,
    decide,
    events,
    foreseen,
    outcome_changed,
    session_is_not_over_for_long,
    why_not,
    why_not_all,
)
from domain.credits.validity import NEVER, Expiry
from domain.events import BookingCancelled, CreditIssued, CreditRestored, SessionCancelled
from domain.nouns.booking import Attendance, BookingStatus, CancellationOutcome, EarnedNothing, PaidWith, PaymentState
from domain.nouns.policy import CapPeriod, Days, EarnCap, Never, OnMakeUpCancellation, Policy, Until
from domain.nouns.session import Compensation, SessionStatus
from domain.refusals import FixableBy, RefusalCode
from tests.domain.builders import (
    A_MICROSECOND,
    BOOKING_ID,
    CREDIT_ID,
    NEW_ID,
    NOW,
    ONE_TIME,
    OTHER_ID,
    SESSION_ID,
    START,
    a_booking,
    a_credit,
    a_make_up_booking,
    a_session,
    a_studio,
    a_target,
    utc,
)
from tests.domain.cancelled_sessions import (
    CREDIT,
    CREDITS,
    ENDS,
    FORTNIGHT,
    IN_A_FORTNIGHT,
    NONE,
    NOTHING,
    RETURNED,
    SIXTH,
    TENTH,
    of,
    paid_with_credit,
    seat,
)


def brings(outcome: CancellationOutcome, *reasons: EarnedNothing, expiry: Expiry | None = None) -> Verdict:
    return Verdict(BookingStatus.CANCELLED, outcome, reasons, expiry)


DUE = a_booking(payment=PaymentState.DUE)
UNPAID_EARNS = replace(FORTNIGHT, earning_needs_payment=False)
NO_CREDITS_EARNED = EarnCap(0, CapPeriod.COURSE)
TERM = Policy(make_ups_enabled=True, validity=Until(date(2026, 11, 22)))
OVER = utc("2026-11-22T23:00:00Z")
ONE_CLASS = a_target(a_session(**ONE_TIME), studio=a_studio(Policy(validity=Days(14))))

VERDICTS: dict[str, tuple[LiveSeat, Compensation, datetime, Verdict]] = {
    "E6 a paid seat": (seat(), CREDITS, NOW, brings(CREDIT, expiry=SIXTH)),
    "E6 a waived seat": (
        seat(booking=a_booking(payment=PaymentState.WAIVED)),
        CREDITS,
        NOW,
        brings(CREDIT, expiry=SIXTH),
    ),
    "E6 a seat of an enrolment": (
        *(seat(booking=a_booking(paid_with=PaidWith.ENROLMENT)), CREDITS, NOW, brings(CREDIT, expiry=SIXTH)),
    ),
    "E6 one-time classes too": (seat(ONE_CLASS), CREDITS, NOW, brings(CREDIT, expiry=SIXTH)),
    "E6 whatever makeUpsEnabled says": (
        seat(of(Policy(validity=Days(14)))),
        CREDITS,
        NOW,
        brings(CREDIT, expiry=SIXTH),
    ),
    "E6 whatever singleBookingsEarn says": (
        *(seat(of(replace(FORTNIGHT, single_bookings_earn=False))), CREDITS, NOW, brings(CREDIT, expiry=SIXTH)),
    ),
    "E6 outside all caps": (
        seat(of(replace(FORTNIGHT, earn_cap=NO_CREDITS_EARNED, max_outstanding=0))),
        *(CREDITS, NOW, brings(CREDIT, expiry=SIXTH)),
    ),
    "E6 after the start": (
        *(seat(), CREDITS, START, brings(CREDIT, expiry=Expiry(utc("2026-12-27T23:00:00Z"), date(2026, 12, 27)))),
    ),
    "E13 a seat that is not paid": (seat(booking=DUE), CREDITS, NOW, brings(NOTHING, EarnedNothing.NOT_PAID)),
    "E13 where earning needs no payment": (*(seat(of(UNPAID_EARNS), DUE), CREDITS, NOW, brings(CREDIT, expiry=SIXTH)),),
    "V1 the last instant of a term": (
        *(seat(of(TERM)), CREDITS, OVER - A_MICROSECOND, brings(CREDIT, expiry=Expiry(OVER, date(2026, 11, 22)))),
    ),
    "V1 a term that is over": (seat(of(TERM)), CREDITS, OVER, brings(NOTHING, EarnedNothing.VALIDITY_ENDED)),
    "V4 a promise after the session": (
        seat(of(replace(FORTNIGHT, never_before_missed_session=1))),
        *(CREDITS, NOW, brings(CREDIT, expiry=Expiry(utc("2026-12-14T23:00:00Z"), date(2026, 12, 14)))),
    ),
    "E7 whoever has a credit for it": (
        *(seat(already_credited=True), CREDITS, NOW, brings(NOTHING, EarnedNothing.ALREADY_CREDITED)),
    ),
    "every reason": (
        seat(of(TERM), DUE, already_credited=True),
        *(CREDITS, OVER),
        brings(NOTHING, EarnedNothing.ALREADY_CREDITED, EarnedNothing.NOT_PAID, EarnedNothing.VALIDITY_ENDED),
    ),
    "E6 no compensation": (seat(), NONE, NOW, brings(NOTHING, EarnedNothing.NO_COMPENSATION)),
    "E6 no compensation for what is not paid": (
        *(seat(booking=DUE), NONE, NOW, brings(NOTHING, EarnedNothing.NO_COMPENSATION)),
    ),
    "C3 a seat that a credit paid": (
        *(paid_with_credit(), CREDITS, NOW, brings(RETURNED, EarnedNothing.PAID_WITH_CREDIT, expiry=SIXTH)),
    ),
    "C3 whatever the choice": (
        *(paid_with_credit(), NONE, NOW, brings(RETURNED, EarnedNothing.PAID_WITH_CREDIT, expiry=SIXTH)),
    ),
    "C3 whatever onMakeUpCancellation says": (
        paid_with_credit(replace(FORTNIGHT, on_make_up_cancellation=OnMakeUpCancellation.FORFEIT)),
        *(CREDITS, NOW, brings(RETURNED, EarnedNothing.PAID_WITH_CREDIT, expiry=SIXTH)),
    ),
}


@pytest.mark.parametrize(("live", "compensation", "now", "expected"), VERDICTS.values(), ids=VERDICTS)
def test_e6_what_a_seat_in_a_cancelled_session_brings(
    live: LiveSeat, compensation: Compensation, now: datetime, expected: Verdict
):
    assert judge(live, compensation, now) == expected


def test_the_act_does_what_the_preview_says():
    for live, compensation, now, verdict in VERDICTS.values():
        cancellation = SessionCancellation(live.target, (live,))
        (seat,) = decide(cancellation, compensation, "", (NEW_ID,), now).seats

        assert seat.verdict == verdict
        assert (seat.issued is not None) is (verdict.outcome is CREDIT)
        assert (seat.restored is not None) is (verdict.outcome is RETURNED)
        told = foreseen((cancellation,), compensation, now)
        assert (told.credits, told.returned, told.nothing) == tuple(
            int(verdict.outcome is each) for each in (CREDIT, RETURNED, NOTHING)
        )


OVERS: dict[str, tuple[datetime, RefusalCode | None]] = {
    "before the start": (NOW, None),
    "after the start": (START, None),
    "a week after its end": (ENDS + CANCELLED_UNTIL, None),
    "one microsecond later": (ENDS + CANCELLED_UNTIL + A_MICROSECOND, RefusalCode.SESSION_OVER),
}


@pytest.mark.parametrize(("now", "expected"), OVERS.values(), ids=OVERS)
def test_e6_a_session_can_be_cancelled_until_a_week_after_its_end(now: datetime, expected: RefusalCode | None):
    refusal = session_is_not_over_for_long(SessionCancellation(of(FORTNIGHT), ()), now)

    assert (refusal and refusal.code) is expected


@pytest.mark.parametrize("mark", [None, *Attendance])
def test_e6_a_session_that_somebody_attended_took_place_and_is_not_cancelled(mark: Attendance | None):
    seats = tuple(seat(booking=replace(a_booking(), attendance=each)) for each in (mark, mark, Attendance.NO_SHOW))
    reasons = why_not(SessionCancellation(of(FORTNIGHT), seats), CREDITS, ENDS)

    if mark is Attendance.ATTENDED:
        (reason,) = reasons
        assert (reason.code, reason.actual, reason.required) == (RefusalCode.SESSION_ATTENDED, 2, 0)
        assert (reason.session_id, reason.fixable_by) == (SESSION_ID, FixableBy.STAFF)
    else:
        assert reasons == ()


def test_e6_a_session_that_is_over_for_long_tells_until_when_it_could_be_cancelled():
    now = ENDS + CANCELLED_UNTIL + A_MICROSECOND
    (refusal,) = why_not(SessionCancellation(of(FORTNIGHT), ()), CREDITS, now)

    assert (refusal.actual, refusal.required) == (now, ENDS + CANCELLED_UNTIL)
    assert (refusal.fixable_by, refusal.session_id) == (FixableBy.STAFF, SESSION_ID)


def test_e6_the_seats_of_a_session_are_its_own_with_the_credits_that_paid_them():
    elsewhere = a_booking(id=OTHER_ID, session_id=OTHER_ID)

    seats = live_seats(of(FORTNIGHT), 3, (a_make_up_booking(), elsewhere), (a_credit(),))

    assert [(each.booking.id, each.credit and each.credit.id) for each in seats] == [(BOOKING_ID, CREDIT_ID)]


def test_e6_seats_are_given_up_before_the_session_is_cancelled():
    bought, by_credit = seat(), paid_with_credit()
    cancellation = SessionCancellation(bought.target, (bought, by_credit))

    cancelled = decide(cancellation, CREDITS, "ill", (NEW_ID, OTHER_ID), TENTH)

    issued = cancelled.seats[0].issued
    assert issued is not None
    assert by_credit.credit is not None
    assert events([cancelled], CREDITS, "ill") == (
        BookingCancelled(bought.booking, BookingStatus.CANCELLED, CREDIT, ()),
        BookingCancelled(by_credit.booking, BookingStatus.CANCELLED, RETURNED, (EarnedNothing.PAID_WITH_CREDIT,)),
        CreditIssued(issued),
        CreditRestored(by_credit.credit, by_credit.booking, IN_A_FORTNIGHT),
        SessionCancelled(a_session(), CREDITS, "ill", (BOOKING_ID, BOOKING_ID)),
    )


def test_c4_what_is_cancelled_already_is_answered_alike_and_nothing_happens():
    target = of(FORTNIGHT, status=SessionStatus.CANCELLED)
    long_after = ENDS + CANCELLED_UNTIL + A_MICROSECOND
    before = SessionCancellation(target, (), (BOOKING_ID,))

    assert why_not(before, NONE, long_after, Expected(7, 7, 7)) == ()
    cancelled = decide(before, NONE, "again", (), long_after)

    assert (cancelled.bookings, cancelled.first_time) == ((BOOKING_ID,), False)
    assert events([cancelled], NONE, "again") == ()


def test_p1_the_preview_counts_what_each_seat_brings_and_why_some_bring_nothing():
    seats = (seat(), seat(), paid_with_credit(), seat(booking=DUE), seat(booking=DUE, already_credited=True))
    cancellation = SessionCancellation(of(FORTNIGHT), seats)

    assert foreseen((cancellation,), CREDITS, NOW) == Counts(
        *(5, 2, 1, 2), ((EarnedNothing.NOT_PAID, 2), (EarnedNothing.ALREADY_CREDITED, 1))
    )
    assert foreseen((cancellation,), NONE, NOW) == Counts(5, 0, 1, 4, ((EarnedNothing.NO_COMPENSATION, 4),))


CHANGED: dict[str, tuple[Expected, bool]] = {
    "what is so": (Expected(1, 1, 1), False),
    "fewer credits": (Expected(0, 1, 1), True),
    "more that come back": (Expected(1, 2, 1), True),
    "nobody goes without": (Expected(1, 1, 0), True),
}


@pytest.mark.parametrize(("expected", "changed"), CHANGED.values(), ids=CHANGED)
def test_p1_an_outcome_other_than_the_one_shown_is_refused(expected: Expected, changed: bool):
    seats = (seat(), paid_with_credit(), seat(booking=DUE))
    cancellation = SessionCancellation(of(FORTNIGHT), seats)

    refusal = outcome_changed(expected, foreseen((cancellation,), CREDITS, NOW))

    assert (refusal and refusal.code) is (RefusalCode.OUTCOME_CHANGED if changed else None)
    assert why_not(cancellation, CREDITS, NOW, expected) == (() if refusal is None else (refusal,))


def test_p1_of_a_course_all_the_seats_of_its_sessions_are_counted_together():
    two = [SessionCancellation(of(FORTNIGHT), seats) for seats in ((seat(),), (paid_with_credit(), seat(booking=DUE)))]
    done_before = SessionCancellation(of(FORTNIGHT, status=SessionStatus.CANCELLED), (), (BOOKING_ID,))

    for expected, changed in CHANGED.values():
        refusals = why_not_all((done_before, *two), CREDITS, NOW, expected)
        assert [each.code for each in refusals] == ([RefusalCode.OUTCOME_CHANGED] if changed else [])
        assert [bool(why_not_all(each, CREDITS, NOW, expected)) for each in ((done_before,), ())] == [False, True]
    assert why_not_all(two, CREDITS, NOW, None) == ()


def test_never_has_no_end_to_give():
    never = seat(of(Policy(make_ups_enabled=True, validity=Never())))

    assert judge(never, CREDITS, NOW) == brings(CREDIT, expiry=NEVER)
