from dataclasses import fields
from datetime import time
from zoneinfo import ZoneInfo

import pytest

from domain.nouns.policy import (
    OFF,
    SETTINGS,
    CancellationDeadline,
    CapPeriod,
    CategoryGuard,
    Choices,
    CreditScope,
    Days,
    EarnCap,
    ExpiryMeans,
    ExpiryRounding,
    HoursBefore,
    LateCancellation,
    Level,
    LocalTime,
    Never,
    OnEnrolmentEnd,
    Policy,
    PriceGuard,
    RedeemableFrom,
    changed,
    level_of,
    policy_of,
)
from tests.domain.builders import local, utc

PRAGUE = "Europe/Prague"


def test_the_built_in_defaults_are_those_of_the_rule_book():
    assert Policy() == Policy(
        make_ups_enabled=False,  # E1
        cancellation_deadline=HoursBefore(24),  # E2
        late_cancellation=LateCancellation.ALLOW_WITHOUT_CREDIT,  # E4
        single_bookings_earn=True,  # E11
        earning_needs_payment=True,  # E13
        validity=Days(30),  # V1
        expiry_rounding=ExpiryRounding.END_OF_LOCAL_DAY,  # V2
        max_days_ahead=90,  # V3
        earn_cap=OFF,  # E9: none by default
        max_outstanding=OFF,  # E9
        never_before_missed_session=OFF,  # V4: off by default
        expiry_means=ExpiryMeans.BOOK_BY,  # V3
        redeemable_from=RedeemableFrom.ON_CANCELLATION,  # R12
        make_ups_open_days_before=OFF,  # R5: none by default
        make_ups_close_minutes_before=OFF,  # R5
        extra_make_up_seats=0,  # R6
        max_make_ups=OFF,  # R6
        freed_seats_only=False,  # R6
        price_guard=PriceGuard.OFF,  # R9: off by default
        category_guard=CategoryGuard.OFF,  # R9
        credit_scope=CreditScope.SAME_CLIENT,  # R8
        on_enrolment_end=OnEnrolmentEnd.KEEP,  # C12
        excused_absence_earns=False,  # E5
        hold_release_grace_hours=72,  # W1
        auto_seat_hours_before_deadline=2,  # W2
    )


DEADLINES = {
    "24 hours": (PRAGUE, HoursBefore(24), "2026-11-24 18:00", "2026-11-23T17:00:00Z"),
    "no hours": (PRAGUE, HoursBefore(0), "2026-11-24 18:00", "2026-11-24T17:00:00Z"),
    "elapsed hours over a change, golden example 10": (
        *(PRAGUE, HoursBefore(24), "2027-03-28 18:00", "2027-03-27T16:00:00Z"),
    ),
    "the wall clock over a change, golden example 10": (
        *(PRAGUE, LocalTime(1, time(18)), "2027-03-28 18:00", "2027-03-27T17:00:00Z"),
    ),
    "elapsed hours over the end of summer time": (
        *(PRAGUE, HoursBefore(24), "2026-10-25 18:00", "2026-10-24T17:00:00Z"),
    ),
    "the same day": (PRAGUE, LocalTime(0, time(9)), "2026-11-24 18:00", "2026-11-24T08:00:00Z"),
    "counted from the local date, not from UTC's": (
        *("America/New_York", LocalTime(1, time(18)), "2026-11-23 23:30", "2026-11-22T23:00:00Z"),
    ),
    "a skipped hour": (PRAGUE, LocalTime(1, time(2, 30)), "2027-03-29 18:00", "2027-03-28T01:00:00Z"),
    "a doubled hour": (PRAGUE, LocalTime(1, time(2, 30)), "2026-10-26 18:00", "2026-10-25T01:30:00Z"),
    "a doubled midnight": ("America/Havana", LocalTime(0, time(0)), "2026-11-01 18:00", "2026-11-01T05:00:00Z"),
    "a skipped half-hour": (
        "Australia/Lord_Howe",
        LocalTime(1, time(2, 15)),
        "2026-10-05 09:00",
        "2026-10-03T15:30:00Z",
    ),
    "a doubled half-hour": (
        "Australia/Lord_Howe",
        LocalTime(1, time(1, 45)),
        "2026-04-06 09:00",
        "2026-04-04T15:15:00Z",
    ),
    "the wall clock over half an hour won": (
        *("Australia/Lord_Howe", LocalTime(1, time(18)), "2026-04-05 18:00", "2026-04-04T07:00:00Z"),
    ),
    "elapsed hours over half an hour won": (
        *("Australia/Lord_Howe", HoursBefore(24), "2026-04-05 18:00", "2026-04-04T07:30:00Z"),
    ),
    "the hour that Ramadan doubles": (
        *("Africa/Casablanca", LocalTime(0, time(2, 30)), "2026-02-15 18:00", "2026-02-15T02:30:00Z"),
    ),
    "the hour that is skipped after Ramadan": (
        *("Africa/Casablanca", LocalTime(1, time(2, 30)), "2026-03-23 18:00", "2026-03-22T02:00:00Z"),
    ),
    "the wall clock in Ramadan": (
        *("Africa/Casablanca", LocalTime(1, time(18)), "2026-02-16 18:00", "2026-02-15T18:00:00Z"),
    ),
    "the wall clock before Ramadan": (
        *("Africa/Casablanca", LocalTime(1, time(18)), "2026-02-15 18:00", "2026-02-14T17:00:00Z"),
    ),
    "a missing day": ("Pacific/Apia", LocalTime(1, time(18)), "2011-12-31 18:00", "2011-12-30T10:00:00Z"),
    "the day before a missing one": (
        *("Pacific/Apia", LocalTime(2, time(18)), "2011-12-31 18:00", "2011-12-30T04:00:00Z"),
    ),
    "elapsed hours over a missing day": ("Pacific/Apia", HoursBefore(24), "2011-12-31 18:00", "2011-12-30T04:00:00Z"),
    "a leap day": (PRAGUE, LocalTime(1, time(12)), "2028-03-01 18:00", "2028-02-29T11:00:00Z"),
    "New Year's Eve": ("America/New_York", LocalTime(1, time(23, 59)), "2027-01-01 10:00", "2027-01-01T04:59:00Z"),
    "after the start": (PRAGUE, LocalTime(0, time(23, 59)), "2026-11-24 18:00", "2026-11-24T22:59:00Z"),
}


@pytest.mark.parametrize(("zone", "deadline", "start", "expected"), DEADLINES.values(), ids=DEADLINES)
def test_e2_a_deadline_is_an_instant(zone: str, deadline: CancellationDeadline, start: str, expected: str):
    assert deadline.instant(local(zone, start), ZoneInfo(zone)) == utc(expected)


def test_every_setting_has_levels_that_can_decide_it():
    assert SETTINGS.keys() == {each.name for each in fields(Policy)}
    assert all(levels and Level.DEFAULT not in levels for levels in SETTINGS.values())


STUDIO: Choices = {"validity": Days(14), "max_days_ahead": 7, "make_ups_enabled": True}
COURSE: Choices = {"validity": Never(), "make_ups_enabled": False}
SESSION: Choices = {"cancellation_deadline": HoursBefore(2)}


def test_a_sessions_decision_goes_before_its_courses_and_that_before_its_studios():
    policy = policy_of(STUDIO, COURSE, SESSION)
    assert policy == Policy(validity=Never(), max_days_ahead=7, cancellation_deadline=HoursBefore(2))
    asked = ("cancellation_deadline", "validity", "max_days_ahead", "expiry_rounding")
    assert [level_of(name, STUDIO, COURSE, SESSION) for name in asked] == [
        Level.SESSION,
        Level.COURSE,
        Level.STUDIO,
        Level.DEFAULT,
    ]
    assert policy_of(STUDIO).validity == Days(14)
    assert level_of("validity", STUDIO) is Level.STUDIO


def test_a_decision_that_is_the_default_is_still_a_decision():
    assert level_of("validity", {"validity": Days(30)}) is Level.STUDIO
    assert policy_of({"earn_cap": EarnCap(1, CapPeriod.COURSE)}, {"earn_cap": OFF}).earn_cap == OFF


def test_null_takes_a_decision_back():
    assert changed(STUDIO, {"validity": None, "max_days_ahead": 8}) == {"max_days_ahead": 8, "make_ups_enabled": True}
    assert changed({}, {"validity": None}) == {}
