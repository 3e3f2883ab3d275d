from datetime import time
from zoneinfo import ZoneInfo

import pytest

from domain.policy import (
    MOST_DAYS,
    MOST_HOURS,
    CancellationDeadline,
    Days,
    ExpiryRounding,
    HoursBefore,
    LateCancellation,
    LocalTime,
    Never,
    StudioPolicy,
    wrong_settings,
)
from domain.refusals import FixableBy, RefusalCode
from tests.domain.builders import local, utc

PRAGUE = "Europe/Prague"


def test_the_built_in_defaults_are_those_of_the_rule_book():
    assert StudioPolicy() == StudioPolicy(
        make_ups_enabled=False,  # E1
        cancellation_deadline=HoursBefore(24),  # E2
        late_cancellation=LateCancellation.ALLOW_WITHOUT_CREDIT,  # E4
        single_bookings_earn=True,  # E11
        earning_needs_payment=True,  # E13
        validity=Days(30),  # V1
        expiry_rounding=ExpiryRounding.END_OF_LOCAL_DAY,  # V2
        max_days_ahead=90,  # V3
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
    "a missing day": ("Pacific/Apia", LocalTime(1, time(18)), "2011-12-31 18:00", "2011-12-30T10:00:00Z"),
    "after the start": (PRAGUE, LocalTime(0, time(23, 59)), "2026-11-24 18:00", "2026-11-24T22:59:00Z"),
}


@pytest.mark.parametrize(("zone", "deadline", "start", "expected"), DEADLINES.values(), ids=DEADLINES)
def test_e2_a_deadline_is_an_instant(zone: str, deadline: CancellationDeadline, start: str, expected: str):
    assert deadline.instant(local(zone, start), ZoneInfo(zone)) == utc(expected)


RIGHT = {
    "the defaults": StudioPolicy(),
    "a deadline at the start": StudioPolicy(cancellation_deadline=HoursBefore(0)),
    "the earliest deadline": StudioPolicy(cancellation_deadline=HoursBefore(MOST_HOURS)),
    "a deadline on the same day": StudioPolicy(cancellation_deadline=LocalTime(0, time(0))),
    "one day of validity": StudioPolicy(validity=Days(1)),
    "the longest validity": StudioPolicy(validity=Days(MOST_DAYS)),
    "no expiry": StudioPolicy(validity=Never()),
    "today only": StudioPolicy(max_days_ahead=0),
    "as far ahead as can be": StudioPolicy(max_days_ahead=MOST_DAYS),
}


@pytest.mark.parametrize("policy", RIGHT.values(), ids=RIGHT)
def test_a_setting_at_its_limit_is_right(policy: StudioPolicy):
    assert wrong_settings(policy) == ()


WRONG = {
    "a deadline after the start": (StudioPolicy(cancellation_deadline=HoursBefore(-1)), ("hoursBefore", -1, 0)),
    "hours beyond ten years": (
        StudioPolicy(cancellation_deadline=HoursBefore(MOST_HOURS + 1)),
        ("hoursBefore", MOST_HOURS + 1, MOST_HOURS),
    ),
    "a day after the session": (
        StudioPolicy(cancellation_deadline=LocalTime(-1, time(0))),
        ("daysBefore", -1, 0),
    ),
    "no validity (V1: n ≥ 1)": (StudioPolicy(validity=Days(0)), ("days", 0, 1)),
    "validity beyond ten years": (StudioPolicy(validity=Days(MOST_DAYS + 1)), ("days", MOST_DAYS + 1, MOST_DAYS)),
    "yesterday": (StudioPolicy(max_days_ahead=-1), ("maxDaysAhead", -1, 0)),
    "beyond ten years ahead": (
        StudioPolicy(max_days_ahead=MOST_DAYS + 1),
        ("maxDaysAhead", MOST_DAYS + 1, MOST_DAYS),
    ),
}


@pytest.mark.parametrize(("policy", "expected"), WRONG.values(), ids=WRONG)
def test_a_setting_beyond_its_limit_is_refused_with_both_values(policy: StudioPolicy, expected: tuple[str, int, int]):
    (refusal,) = wrong_settings(policy)

    assert (refusal.path[-1], refusal.actual, refusal.required) == expected
    assert refusal.code is RefusalCode.INVALID_POLICY
    assert refusal.fixable_by is FixableBy.STAFF


def test_every_wrong_setting_is_reported():
    policy = StudioPolicy(cancellation_deadline=HoursBefore(-1), validity=Days(0), max_days_ahead=-1)

    assert [refusal.path[0] for refusal in wrong_settings(policy)] == [
        "cancellationDeadline",
        "validity",
        "maxDaysAhead",
    ]
