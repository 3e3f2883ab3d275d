from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.policy import Days, ExpiryRounding, Never, Policy
from domain.validity import NEVER, expiring, expiry
from tests.domain.builders import NOW, a_credit, local, utc

PRAGUE, NEW_YORK = "Europe/Prague", "America/New_York"
EXACT = ExpiryRounding.EXACT

DAYS = {
    "golden example 1": (PRAGUE, "2026-11-22 18:00", 14, "2026-12-06", "2026-12-06T23:00:00Z"),
    "golden example 9": (NEW_YORK, "2026-11-22 00:30", 14, "2026-12-06", "2026-12-07T05:00:00Z"),
    "golden example 10": (PRAGUE, "2027-03-20 10:00", 14, "2027-04-03", "2027-04-03T22:00:00Z"),
    "one day": (PRAGUE, "2026-11-22 18:00", 1, "2026-11-23", "2026-11-23T23:00:00Z"),
    "from the first instant of a day": (PRAGUE, "2026-11-22 00:00", 1, "2026-11-23", "2026-11-23T23:00:00Z"),
    "from the last one": (PRAGUE, "2026-11-22 23:59:59.999999", 1, "2026-11-23", "2026-11-23T23:00:00Z"),
    "across the beginning of summer time": (PRAGUE, "2026-03-28 12:00", 1, "2026-03-29", "2026-03-29T22:00:00Z"),
    "across the end of summer time": (PRAGUE, "2026-10-24 12:00", 1, "2026-10-25", "2026-10-25T23:00:00Z"),
    "to a leap day": (PRAGUE, "2028-02-15 12:00", 14, "2028-02-29", "2028-02-29T23:00:00Z"),
    "over the year's end": (PRAGUE, "2026-12-30 12:00", 14, "2027-01-13", "2027-01-13T23:00:00Z"),
    "to a skipped midnight": ("Africa/Cairo", "2026-04-22 12:00", 1, "2026-04-23", "2026-04-23T22:00:00Z"),
    "to a doubled midnight": ("America/Havana", "2026-10-30 12:00", 1, "2026-10-31", "2026-11-01T04:00:00Z"),
    "to the day before a missing one": ("Pacific/Apia", "2011-12-28 12:00", 1, "2011-12-29", "2011-12-30T10:00:00Z"),
    "to a missing day": ("Pacific/Apia", "2011-12-28 12:00", 2, "2011-12-29", "2011-12-30T10:00:00Z"),
}


@pytest.mark.parametrize(("zone", "cancelled", "days", "on", "at"), DAYS.values(), ids=DAYS)
def test_v1_v2_a_credit_lives_to_the_midnight_that_ends_its_last_local_day(
    zone: str, cancelled: str, days: int, on: str, at: str
):
    lives = expiry(Policy(validity=Days(days)), local(zone, cancelled), ZoneInfo(zone))

    assert lives.at == utc(at)
    assert lives.on == date.fromisoformat(on)


EXACTLY = {
    "in the middle of a day": (PRAGUE, "2026-11-22T17:00:00Z", 14, "2026-12-06T17:00:00Z", "2026-12-06"),
    "elapsed hours across a change": (PRAGUE, "2026-03-28T17:00:00Z", 1, "2026-03-29T17:00:00Z", "2026-03-29"),
    "to the microsecond": (PRAGUE, "2026-11-22T17:00:00.000001Z", 1, "2026-11-23T17:00:00.000001Z", "2026-11-23"),
    "at midnight its last day is the one before": (
        *(PRAGUE, "2026-11-21T23:00:00Z", 1, "2026-11-22T23:00:00Z", "2026-11-22"),
    ),
    "and one microsecond later the next": (
        *(PRAGUE, "2026-11-21T23:00:00.000001Z", 1, "2026-11-22T23:00:00.000001Z", "2026-11-23"),
    ),
}


@pytest.mark.parametrize(("zone", "cancelled", "days", "at", "on"), EXACTLY.values(), ids=EXACTLY)
def test_v2_exact_rounding_counts_whole_days_of_24_hours(zone: str, cancelled: str, days: int, at: str, on: str):
    policy = Policy(validity=Days(days), expiry_rounding=EXACT)

    lives = expiry(policy, utc(cancelled), ZoneInfo(zone))

    assert lives.at == utc(at)
    assert lives.on == date.fromisoformat(on)


@pytest.mark.parametrize("rounding", ExpiryRounding)
def test_v1_never_is_never_however_it_is_rounded(rounding: ExpiryRounding):
    assert expiry(Policy(validity=Never(), expiry_rounding=rounding), NOW, ZoneInfo(PRAGUE)) == NEVER


def test_v1_the_default_is_thirty_days():
    assert expiry(Policy(), NOW, ZoneInfo(PRAGUE)).on == date(2026, 12, 22)


@pytest.mark.parametrize(
    ("at", "on"),
    [
        ("2026-12-06T23:00:00Z", date(2026, 12, 6)),
        ("2026-12-06T23:00:00.000001Z", date(2026, 12, 7)),
        ("2026-12-06T22:59:59.999999Z", date(2026, 12, 6)),
    ],
)
def test_v2_expires_on_is_the_local_date_of_the_last_usable_instant(at: str, on: date):
    assert expiring(utc(at), ZoneInfo(PRAGUE)).on == on


USABLE = {
    "golden example 2, the last second": ("2026-12-06T22:59:59Z", True),
    "the last microsecond": ("2026-12-06T22:59:59.999999Z", True),
    "the expiry itself": ("2026-12-06T23:00:00Z", False),
    "one microsecond later": ("2026-12-06T23:00:00.000001Z", False),
}


@pytest.mark.parametrize(("now", "usable"), USABLE.values(), ids=USABLE)
def test_v2_a_credit_is_usable_before_its_expiry_and_not_at_it(now: str, usable: bool):
    assert a_credit().spendable(utc(now)) is usable


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=365 * 1000)])
def test_a_credit_without_an_expiry_stays_usable(later: timedelta):
    credit = replace(a_credit(), expires_at=None, expires_on=None)

    assert credit.spendable(NOW + later)


def test_the_clock_starts_at_the_cancellation_whatever_the_zone_of_the_instant():
    told_elsewhere: datetime = NOW.astimezone(ZoneInfo(NEW_YORK))

    assert expiry(Policy(), told_elsewhere, ZoneInfo(PRAGUE)) == expiry(Policy(), NOW, ZoneInfo(PRAGUE))
