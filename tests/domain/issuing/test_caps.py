"""E9: how many credits a client earns by cancelling, and holds, at most."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from domain.cancellation.cancelling import Cancellation, judge
from domain.issuing.caps import CAP_RULES, caps_are_decided, earn_cap_is_not_reached, outstanding_cap_is_not_reached
from domain.issuing.earning import EarnedBefore
from domain.nouns.booking import CancellationOutcome, EarnedNothing, PaymentState
from domain.nouns.credit import CreditState
from domain.nouns.policy import OFF, CapPeriod, Choices, EarnCap, Off, Policy, Until
from domain.rules import broken
from tests.domain.builders import (
    A_MICROSECOND,
    COURSE_ID,
    DEADLINE,
    NOW,
    OTHER_ID,
    a_booking,
    a_cancellation,
    a_course,
    a_session,
    a_studio,
    a_target,
    local,
    utc,
)

COURSE, MONTH, ROLLING = CapPeriod
EARN, OUTSTANDING = EarnedNothing.EARN_CAP_REACHED, EarnedNothing.OUTSTANDING_CAP_REACHED
PRAGUE = "Europe/Prague"
EXPIRY = utc("2026-12-06T23:00:00Z")


def before(
    missed: str | datetime,
    course_id: UUID = COURSE_ID,
    state: CreditState = CreditState.ACTIVE,
    expires_at: datetime | None = EXPIRY,
    zone: str = PRAGUE,
) -> EarnedBefore:
    """A credit earned for a session of that local date, at noon, or of that instant."""
    at = missed if isinstance(missed, datetime) else noon(missed, zone)
    return EarnedBefore(course_id, at, state, expires_at, changed_at=NOW, credit_id=OTHER_ID)


def noon(day: str, zone: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(12), ZoneInfo(zone))


def missing(
    missed: str | datetime,
    earned: Iterable[EarnedBefore],
    studio: Choices,
    course: Choices | None = None,
    zone: str = PRAGUE,
) -> Cancellation:
    """Of a session at noon of that local date, or at that instant."""
    starts_at = missed if isinstance(missed, datetime) else noon(missed, zone)
    target = a_target(a_session(starts_at=starts_at), a_course(choices=course or {}), a_studio(zone=zone))
    decided = replace(target, studio=replace(target.studio, choices={"make_ups_enabled": True, **studio}))
    return a_cancellation(decided, earned_before=tuple(earned))


def days(*texts: str, zone: str = PRAGUE) -> list[EarnedBefore]:
    return [before(text, zone=zone) for text in texts]


def cap(most: int, per: CapPeriod, length: int | None = None) -> Choices:
    return {"earn_cap": EarnCap(most, per, length)}


THREE = days("2026-12-01", "2026-12-08", "2026-12-15")
PERIODS: dict[str, tuple[Cancellation, EarnedNothing | None]] = {
    "none by default": (missing("2026-12-10", THREE * 10, {}), None),
    "switched off by the course": (missing("2026-12-10", THREE, cap(1, COURSE), {"earn_cap": OFF}), None),
    "nothing at all may be earned": (missing("2026-12-10", (), cap(0, COURSE)), EARN),
    "per course, one is left": (missing("2026-12-10", THREE, cap(4, COURSE)), None),
    "per course, none is left": (missing("2026-12-10", THREE, cap(3, COURSE)), EARN),
    "per course, whenever it was": (missing("2028-12-10", THREE, cap(3, COURSE)), EARN),
    "per course, lowered below what was earned": (missing("2026-12-10", THREE, cap(1, COURSE)), EARN),
    "per month, one is left": (missing("2026-12-31", THREE, cap(4, MONTH)), None),
    "per month, none is left": (missing("2026-12-31", THREE, cap(3, MONTH)), EARN),
    "per month, another month": (missing("2027-01-01", THREE, cap(3, MONTH)), None),
    "per month, the same month of another year": (missing("2027-12-10", THREE, cap(3, MONTH)), None),
    "rolling, one is left": (missing("2026-12-16", THREE, cap(3, ROLLING, 15)), None),
    "rolling, the first day still counts": (missing("2026-12-15", THREE, cap(3, ROLLING, 15)), EARN),
    "rolling, one day alone": (missing("2026-12-08", THREE, cap(1, ROLLING, 1)), EARN),
    "rolling, one day alone, the next": (missing("2026-12-09", THREE, cap(1, ROLLING, 1)), None),
    "rolling, days to come": (missing("2026-12-01", THREE, cap(3, ROLLING, 15)), EARN),
    "rolling, before them all": (missing("2026-11-30", THREE, cap(3, ROLLING, 15)), None),
    "rolling, both before and after": (missing("2026-12-08", THREE, cap(3, ROLLING, 15)), EARN),
    "rolling, no such days hold all of them": (missing("2026-12-08", THREE, cap(3, ROLLING, 14)), None),
    "rolling, some such days do": (missing("2026-12-08", THREE, cap(2, ROLLING, 8)), EARN),
    "rolling, some such days do, but not with this one": (missing("2026-12-16", THREE, cap(2, ROLLING, 8)), None),
    "rolling, over the year's end": (missing("2027-01-02", days("2026-12-30"), cap(1, ROLLING, 4)), EARN),
    "rolling, just not over the year's end": (missing("2027-01-02", days("2026-12-30"), cap(1, ROLLING, 3)), None),
    "rolling, over a leap day": (missing("2028-03-01", days("2028-02-28"), cap(1, ROLLING, 3)), EARN),
    "rolling, a leap day counts": (missing("2028-03-01", days("2028-02-28"), cap(1, ROLLING, 2)), None),
}


@pytest.mark.parametrize(("given", "expected"), PERIODS.values(), ids=PERIODS)
def test_e9_a_cap_counts_the_credits_of_its_period(given: Cancellation, expected: EarnedNothing | None):
    assert earn_cap_is_not_reached(given, NOW) is expected


ELSEWHERE = [before("2026-12-10", OTHER_ID)] * 2
LEVELS: dict[str, tuple[Cancellation, EarnedNothing | None]] = {
    "the studio's, per course": (missing("2026-12-10", ELSEWHERE, cap(2, COURSE)), None),
    "the studio's, per month": (missing("2026-12-10", ELSEWHERE, cap(2, MONTH)), EARN),
    "the studio's, rolling": (missing("2026-12-10", ELSEWHERE, cap(2, ROLLING, 1)), EARN),
    "the course's, per course": (missing("2026-12-10", ELSEWHERE, {}, cap(2, COURSE)), None),
    "the course's, per month": (missing("2026-12-10", ELSEWHERE, {}, cap(2, MONTH)), None),
    "the course's, rolling": (missing("2026-12-10", ELSEWHERE, {}, cap(2, ROLLING, 1)), None),
    "the course's, per month, its own": (missing("2026-12-10", THREE, {}, cap(3, MONTH)), EARN),
    "the course's goes before the studio's": (missing("2026-12-10", THREE, cap(1, MONTH), cap(4, MONTH)), None),
}


@pytest.mark.parametrize(("given", "expected"), LEVELS.values(), ids=LEVELS)
def test_e9_a_courses_cap_counts_that_course_and_the_studios_all(given: Cancellation, expected: EarnedNothing | None):
    assert earn_cap_is_not_reached(given, NOW) is expected


LOCAL_DATES: dict[str, tuple[str, str, str, EarnCap, EarnedNothing | None]] = {
    "the month ends at Prague's midnight": (
        *(PRAGUE, "2026-11-30 23:59:59.999999", "2026-12-01 00:00", EarnCap(1, MONTH), None),
    ),
    "the same month in New York, another in UTC": (
        *("America/New_York", "2026-11-30 23:30", "2026-11-01 00:30", EarnCap(1, MONTH), EARN),
    ),
    "the same day of 25 hours": (PRAGUE, "2026-10-25 00:00", "2026-10-25 23:59", EarnCap(1, ROLLING, 1), EARN),
    "one after a day of 23 hours": (PRAGUE, "2026-03-29 00:00", "2026-03-30 00:00", EarnCap(1, ROLLING, 1), None),
    "two days with half an hour's change": (
        *("Australia/Lord_Howe", "2026-04-04 23:59", "2026-04-06 00:00", EarnCap(1, ROLLING, 2), None),
    ),
    "three days with half an hour's change": (
        *("Australia/Lord_Howe", "2026-04-04 23:59", "2026-04-06 00:00", EarnCap(1, ROLLING, 3), EARN),
    ),
    "the months of Lord Howe": (
        *("Australia/Lord_Howe", "2026-04-30 23:59:59.999999", "2026-05-01 00:00", EarnCap(1, MONTH), None),
    ),
    "one month of Lord Howe, two in UTC": (
        *("Australia/Lord_Howe", "2026-04-01 00:00", "2026-04-30 23:59", EarnCap(1, MONTH), EARN),
    ),
    "the months of Casablanca, in UTC the same": (
        *("Africa/Casablanca", "2026-03-31 23:59", "2026-04-01 00:59", EarnCap(1, MONTH), None),
    ),
    "one month of Casablanca, half of it Ramadan": (
        *("Africa/Casablanca", "2026-03-01 00:00", "2026-03-31 23:59", EarnCap(1, MONTH), EARN),
    ),
    "the long day on which Ramadan begins": (
        *("Africa/Casablanca", "2026-02-15 00:00", "2026-02-15 23:59", EarnCap(1, ROLLING, 1), EARN),
    ),
    "one month in which a date is missing": (
        *("Pacific/Apia", "2011-12-01 00:00", "2011-12-31 23:59", EarnCap(1, MONTH), EARN),
    ),
    "the month after it": ("Pacific/Apia", "2011-12-31 23:59", "2012-01-01 00:00", EarnCap(1, MONTH), None),
    "a leap day is February's": (PRAGUE, "2028-02-01 00:00", "2028-02-29 23:59", EarnCap(1, MONTH), EARN),
    "and not March's": (PRAGUE, "2028-02-29 23:59:59.999999", "2028-03-01 00:00", EarnCap(1, MONTH), None),
    "New Year's Eve is another month": (
        *("America/New_York", "2026-12-31 23:59:59.999999", "2027-01-01 00:00", EarnCap(1, MONTH), None),
    ),
    "New Year's Eve is another day": (
        *("America/New_York", "2026-12-31 23:59:59.999999", "2027-01-01 00:00", EarnCap(1, ROLLING, 1), None),
    ),
    "New Year's Eve is one of two days": (
        *("America/New_York", "2026-12-31 23:59:59.999999", "2027-01-01 00:00", EarnCap(1, ROLLING, 2), EARN),
    ),
    "the day before Ramadan": (
        *("Africa/Casablanca", "2026-02-14 23:59", "2026-02-15 00:00", EarnCap(1, ROLLING, 1), None),
    ),
    "a missing date is counted through": (
        *("Pacific/Apia", "2011-12-29 23:59", "2011-12-31 00:00", EarnCap(1, ROLLING, 2), None),
    ),
    "a missing date is one of three": (
        *("Pacific/Apia", "2011-12-29 23:59", "2011-12-31 00:00", EarnCap(1, ROLLING, 3), EARN),
    ),
}


@pytest.mark.parametrize(("zone", "earned", "missed", "earn_cap", "expected"), LOCAL_DATES.values(), ids=LOCAL_DATES)
def test_e9_dates_are_those_of_the_studio(
    zone: str, earned: str, missed: str, earn_cap: EarnCap, expected: EarnedNothing | None
):
    given = missing(local(zone, missed), [before(local(zone, earned))], {"earn_cap": earn_cap}, zone=zone)

    assert earn_cap_is_not_reached(given, NOW) is expected


@pytest.mark.parametrize("state", CreditState)
def test_e9_what_was_used_expired_or_forfeited_counts_and_what_was_taken_back_does_not(state: CreditState):
    given = missing("2026-12-10", [before("2026-12-08", state=state)], cap(1, MONTH))

    assert earn_cap_is_not_reached(given, EXPIRY) is (
        None if state in (CreditState.UNDONE, CreditState.REVOKED) else EARN
    )


OUT: dict[str, tuple[CreditState, datetime | None, datetime, bool]] = {
    "active": (CreditState.ACTIVE, EXPIRY, NOW, True),
    "active, one microsecond before its expiry": (CreditState.ACTIVE, EXPIRY, EXPIRY - A_MICROSECOND, True),
    "expired at that instant": (CreditState.ACTIVE, EXPIRY, EXPIRY, False),
    "never expiring": (CreditState.ACTIVE, None, EXPIRY, True),
    "held": (CreditState.HELD, EXPIRY, NOW, True),
    "held beyond its expiry": (CreditState.HELD, EXPIRY, EXPIRY, True),
    "used": (CreditState.USED, EXPIRY, NOW, False),
    "forfeited": (CreditState.FORFEITED, EXPIRY, NOW, False),
    "revoked": (CreditState.REVOKED, EXPIRY, NOW, False),
    "undone": (CreditState.UNDONE, EXPIRY, NOW, False),
}


@pytest.mark.parametrize(("state", "expires_at", "now", "counts"), OUT.values(), ids=OUT)
def test_e9_outstanding_is_what_can_still_be_spent(
    state: CreditState, expires_at: datetime | None, now: datetime, counts: bool
):
    given = missing("2027-02-10", [before("2026-12-08", OTHER_ID, state, expires_at)], {"max_outstanding": 1})

    assert outstanding_cap_is_not_reached(given, now) is (OUTSTANDING if counts else None)


@pytest.mark.parametrize(("most", "expected"), [(OFF, None), (0, OUTSTANDING), (3, OUTSTANDING), (4, None)])
def test_e9_so_many_outstanding_and_no_more(most: int | Off, expected: EarnedNothing | None):
    assert outstanding_cap_is_not_reached(missing("2026-12-10", THREE, {"max_outstanding": most}), NOW) is expected


BOTH: Choices = {**cap(3, MONTH), "max_outstanding": 3}


def test_e9_both_caps_are_told():
    assert broken(CAP_RULES, missing("2026-12-10", THREE, BOTH), NOW) == (EARN, OUTSTANDING)


def test_e9_over_a_cap_the_cancellation_succeeds_and_earns_nothing():
    verdict = judge(missing("2026-12-10", THREE, BOTH), NOW)

    assert verdict.outcome is CancellationOutcome.NOTHING
    assert verdict.why_not_earned == (EARN, OUTSTANDING)


def test_e9_caps_are_asked_only_when_nothing_else_stops_the_earning():
    over = replace(missing("2026-12-13", THREE, BOTH), booking=a_booking(payment=PaymentState.DUE))

    assert judge(over, NOW).why_not_earned == (EarnedNothing.NOT_PAID,)
    ended = {**BOTH, "validity": Until(date(2026, 11, 21))}
    assert judge(missing("2026-12-13", THREE, ended), NOW).why_not_earned == (EarnedNothing.VALIDITY_ENDED,)
    late = DEADLINE + timedelta(hours=1)
    assert judge(missing("2026-12-13", THREE, BOTH), late).why_not_earned == (EarnedNothing.AFTER_DEADLINE,)


ASKED: dict[str, tuple[Policy, bool]] = {
    "none": (Policy(), False),
    "on earning": (Policy(earn_cap=EarnCap(0, COURSE)), True),
    "on holding": (Policy(max_outstanding=0), True),
    "both": (Policy(earn_cap=EarnCap(0, COURSE), max_outstanding=0), True),
}


@pytest.mark.parametrize(("policy", "asked"), ASKED.values(), ids=ASKED)
def test_e9_what_was_earned_before_matters_where_a_cap_is_decided(policy: Policy, asked: bool):
    assert caps_are_decided(policy) is asked
