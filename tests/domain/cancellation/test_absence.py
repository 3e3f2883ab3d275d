"""C7: what a client gives up between two local dates, and what comes of each seat."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from domain.cancellation.absence import CODES, Absence, GivenUp, preview
from domain.dates import MOST_DAYS, Dates
from domain.events import BookingCancelled, CreditIssued, CreditRestored
from domain.faults import BadUserInput
from domain.issuing.earning import EarnedBefore
from domain.nouns.booking import BookingStatus, CancellationOutcome, EarnedNothing, PaymentState
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.policy import CapPeriod, EarnCap, Policy
from domain.refusals import RefusalCode
from tests.domain.absences import (
    A_DAY,
    BLOCK,
    CREDIT,
    FORTNIGHT,
    LATE,
    NOTHING,
    RETURNED,
    SIXTH,
    USED,
    away,
    done,
    make_up,
    numbers,
    refused,
    seat,
    shown_of,
)
from tests.domain.builders import (
    A_MICROSECOND,
    COURSE_ID,
    CREDIT_ID,
    DEADLINE,
    NOW,
    OTHER_ID,
    START,
    a_booking,
    a_credit,
    local,
    uuid,
)

PRAGUE = "Europe/Prague"
ONE_HELD = replace(FORTNIGHT, max_outstanding=1)


def spent(expires_at: datetime | None = None) -> EarnedBefore:
    """What the credit of the builders is to the caps, where it was earned."""
    return EarnedBefore(COURSE_ID, START - 9 * A_DAY, CreditState.USED, expires_at, NOW, CREDIT_ID)


def outcomes(absence: Absence, now: datetime = NOW) -> list[CancellationOutcome | None]:
    return [part.given_up and part.given_up.verdict.outcome for part in preview(absence, now)]


def why_not(absence: Absence, number: int) -> tuple[EarnedNothing, ...]:
    given_up = preview(absence, NOW)[number - 1].given_up
    assert given_up is not None
    return given_up.verdict.why_not_earned


# The dates


def test_c7_an_absence_lasts_from_one_day_to_a_year():
    day = date(2028, 1, 1)

    assert Dates(day, day).last == day
    assert Dates(day, day + (MOST_DAYS - 1) * A_DAY).last == date(2028, 12, 31)
    for last in (day - A_DAY, day + MOST_DAYS * A_DAY):
        with pytest.raises(BadUserInput) as wrong:
            Dates(day, last)
        assert wrong.value.path == ("through",)


ONE_DAY = Dates(date(2026, 12, 13), date(2026, 12, 13))
STARTS: dict[str, tuple[datetime, bool]] = {
    "just before its first midnight": (local(PRAGUE, "2026-12-13 00:00") - A_MICROSECOND, False),
    "at its first midnight": (local(PRAGUE, "2026-12-13 00:00"), True),
    "just before its last midnight": (local(PRAGUE, "2026-12-14 00:00") - A_MICROSECOND, True),
    "at its last midnight": (local(PRAGUE, "2026-12-14 00:00"), False),
}


@pytest.mark.parametrize(("starts_at", "meant"), STARTS.values(), ids=STARTS)
def test_c7_a_seat_is_meant_by_the_studios_calendar(starts_at: datetime, meant: bool):
    absence = away(seat(1, starts_at=starts_at), dates=ONE_DAY)

    assert (len(preview(absence, NOW)) == 1) is meant
    assert (done(absence).changed == (uuid(2001),)) is meant


@pytest.mark.parametrize(
    ("now", "meant"), [(START - A_MICROSECOND, True), (START, False), (START + A_MICROSECOND, False)]
)
@pytest.mark.parametrize("by_staff", [True, False])
def test_c7_what_has_started_is_not_meant_whoever_acts(now: datetime, meant: bool, by_staff: bool):
    assert bool(preview(away(seat(1, by_staff=by_staff)), now)) is meant


def test_c7_where_there_is_no_seat_nothing_happens():
    for absence in (away(), away(seat(1, starts_at=START + 90 * A_DAY))):
        assert done(absence) == GivenUp((), (), (), ())


# One after the other


def test_c7_every_seat_brings_what_it_would_by_itself():
    unpaid = seat(4, booking=a_booking(payment=PaymentState.DUE))

    decision = done(away(seat(1), make_up(2), seat(3), unpaid))

    assert numbers(decision.changed) == numbers(decision.bookings) == [1, 2, 3, 4]
    assert [type(event) for event in decision.events] == [
        *(BookingCancelled, CreditIssued, BookingCancelled, CreditRestored),
        *(BookingCancelled, CreditIssued, BookingCancelled),
    ]
    issued = [event.credit for event in decision.events if isinstance(event, CreditIssued)]
    assert [(credit.id, credit.missed_booking_id) for credit in issued] == [
        (uuid(3000), uuid(2001)),
        (uuid(3002), uuid(2003)),
    ]
    assert decision.against == ()


def test_c7_the_preview_says_what_the_act_does():
    seats = seat(1, ONE_HELD), make_up(2, ONE_HELD), seat(3, ONE_HELD), seat(4, BLOCK, NOW + A_DAY / 2)
    absence = away(*seats, dates=Dates(date(2026, 11, 22), date(2026, 12, 31)))
    cancelled = [event for event in done(absence).events if isinstance(event, BookingCancelled)]

    given_up = [part.given_up for part in preview(absence, NOW) if part.given_up is not None]

    assert [(each.booking, each.verdict.outcome, each.verdict.why_not_earned) for each in given_up] == [
        (event.booking, event.outcome, event.why_not_earned) for event in cancelled
    ]
    assert outcomes(absence) == [CREDIT, RETURNED, NOTHING, None]


CAPS: dict[str, tuple[Policy, EarnedNothing]] = {
    "outstanding": (ONE_HELD, EarnedNothing.OUTSTANDING_CAP_REACHED),
    "in a course": (replace(FORTNIGHT, earn_cap=EarnCap(1, CapPeriod.COURSE)), EarnedNothing.EARN_CAP_REACHED),
    "in a month": (replace(FORTNIGHT, earn_cap=EarnCap(1, CapPeriod.CALENDAR_MONTH)), EarnedNothing.EARN_CAP_REACHED),
    "in days": (replace(FORTNIGHT, earn_cap=EarnCap(1, CapPeriod.ROLLING_DAYS, 2)), EarnedNothing.EARN_CAP_REACHED),
}


@pytest.mark.parametrize(("policy", "reached"), CAPS.values(), ids=CAPS)
def test_c7_e9_what_the_first_seats_earn_counts_for_those_after_them(policy: Policy, reached: EarnedNothing):
    absence = away(seat(1, policy), seat(2, policy))

    assert outcomes(absence) == [CREDIT, NOTHING]
    assert why_not(absence, 2) == (reached,)


def test_c7_e9_a_cap_of_another_course_or_month_or_of_days_gone_by_is_not_reached():
    month, days = CAPS["in a month"][0], CAPS["in days"][0]

    assert outcomes(away(seat(1, CAPS["in a course"][0]), seat(2, CAPS["in a course"][0], course_id=OTHER_ID))) == [
        CREDIT,
        CREDIT,
    ]
    january = away(
        seat(1, month), seat(2, month, START + 19 * A_DAY), dates=Dates(date(2026, 12, 1), SIXTH + 90 * A_DAY)
    )
    assert outcomes(january) == [CREDIT, CREDIT]
    assert outcomes(away(seat(1, days), seat(3, days))) == [CREDIT, CREDIT]


def test_c7_e9_a_credit_that_comes_back_is_outstanding_again_for_the_seats_after_it():
    earned = (spent(USED.expires_at),)
    course_first = away(seat(1, ONE_HELD, earned=earned), make_up(2, ONE_HELD, earned=earned))
    make_up_first = away(make_up(1, ONE_HELD, earned=earned), seat(2, ONE_HELD, earned=earned))

    assert outcomes(course_first) == [CREDIT, RETURNED]
    assert outcomes(make_up_first) == [RETURNED, NOTHING]
    assert why_not(make_up_first, 2) == (EarnedNothing.OUTSTANDING_CAP_REACHED,)


@pytest.mark.parametrize(
    ("credit", "earned"),
    [
        (USED, ()),
        (USED, (replace(spent(USED.expires_at), credit_id=OTHER_ID),)),
        (a_credit(state=CreditState.USED, expires_at=NOW), (spent(NOW),)),
    ],
    ids=["a granted or a sibling's one", "another than theirs", "one that has expired"],
)
def test_c7_e9_what_comes_back_counts_only_where_the_cap_counts_it(
    credit: MakeUpCredit, earned: tuple[EarnedBefore, ...]
):
    absence = away(make_up(1, ONE_HELD, credit, earned), seat(2, ONE_HELD, earned=earned))

    assert outcomes(absence) == [RETURNED, CREDIT]


def test_c7_e4_what_is_late_is_given_up_late_and_earns_nothing():
    decision = done(away(seat(1), seat(2)), now=LATE)

    late, in_time, issued = decision.events
    assert isinstance(late, BookingCancelled)
    assert isinstance(in_time, BookingCancelled)
    assert (late.status, late.outcome) == (BookingStatus.CANCELLED_LATE, NOTHING)
    assert (in_time.status, in_time.outcome) == (BookingStatus.CANCELLED, CREDIT)
    assert isinstance(issued, CreditIssued)


# What a rule says no to


def test_c7_what_cannot_be_given_up_stays_and_tells_why():
    decision = done(away(seat(1, BLOCK), seat(2, BLOCK)), now=LATE)

    assert numbers(decision.bookings) == [1, 2]
    assert numbers(decision.changed) == [2]
    (reason,) = decision.against
    assert reason.code is RefusalCode.LATE_CANCELLATION_BLOCKED
    assert (reason.session_id, reason.actual, reason.required) == (uuid(1001), LATE, DEADLINE)
    assert reason.booking_id == uuid(2001)


def test_c7_refused_is_only_what_would_change_nothing_at_all():
    same_day = away(seat(1, BLOCK), seat(2, BLOCK, START + A_MICROSECOND))

    assert numbers(done(same_day, now=LATE).changed) == [2]
    assert refused(same_day, now=LATE + A_MICROSECOND) == [
        (RefusalCode.LATE_CANCELLATION_BLOCKED, 1),
        (RefusalCode.LATE_CANCELLATION_BLOCKED, 2),
    ]
    assert refused(same_day, shown_of(None, None), LATE + A_MICROSECOND) == refused(same_day, now=LATE + A_MICROSECOND)


def test_c7_no_answer_is_a_code_that_is_not_announced():
    assert set(CODES) == {RefusalCode.LATE_CANCELLATION_BLOCKED, RefusalCode.OUTCOME_CHANGED}
