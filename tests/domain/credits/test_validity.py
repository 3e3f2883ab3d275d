from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.credits.validity import NEVER, earned_expiry, ended, expiring, expiry
from domain.nouns.policy import OFF, Days, ExpiryRounding, Never, Off, Policy, Until, Validity
from tests.domain.builders import A_MICROSECOND, NOW, a_credit, local, utc

PRAGUE, NEW_YORK = "Europe/Prague", "America/New_York"
LORD_HOWE, CASABLANCA = "Australia/Lord_Howe", "Africa/Casablanca"
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
    "over a missing day": ("Pacific/Apia", "2011-12-28 12:00", 3, "2011-12-31", "2011-12-31T10:00:00Z"),
    "to a day of half an hour more": (LORD_HOWE, "2026-04-04 12:00", 1, "2026-04-05", "2026-04-05T13:30:00Z"),
    "to a day of half an hour less": (LORD_HOWE, "2026-10-03 12:00", 1, "2026-10-04", "2026-10-04T13:00:00Z"),
    "into Ramadan": (CASABLANCA, "2026-02-14 12:00", 1, "2026-02-15", "2026-02-16T00:00:00Z"),
    "out of Ramadan": (CASABLANCA, "2026-03-21 12:00", 1, "2026-03-22", "2026-03-22T23:00:00Z"),
    "from a leap day": (PRAGUE, "2028-02-29 23:59:59.999999", 1, "2028-03-01", "2028-03-01T23:00:00Z"),
    "from a leap day to no leap day": (PRAGUE, "2028-02-29 12:00", 365, "2029-02-28", "2029-02-28T23:00:00Z"),
    "to the year's last day": (NEW_YORK, "2026-12-17 12:00", 14, "2026-12-31", "2027-01-01T05:00:00Z"),
    "from the year's last instant": (PRAGUE, "2026-12-31 23:59:59.999999", 1, "2027-01-01", "2027-01-01T23:00:00Z"),
    "from the year's first instant": (PRAGUE, "2027-01-01 00:00", 1, "2027-01-02", "2027-01-02T23:00:00Z"),
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
    "over half an hour lost": (LORD_HOWE, "2026-10-03T13:15:00Z", 1, "2026-10-04T13:15:00Z", "2026-10-05"),
    "over half an hour won": (LORD_HOWE, "2026-04-04T13:15:00Z", 1, "2026-04-05T13:15:00Z", "2026-04-05"),
    "into Ramadan, within one long day": (CASABLANCA, "2026-02-14T23:30:00Z", 1, "2026-02-15T23:30:00Z", "2026-02-15"),
    "out of Ramadan, over one short day": (CASABLANCA, "2026-03-21T23:30:00Z", 1, "2026-03-22T23:30:00Z", "2026-03-23"),
    "over a missing day": ("Pacific/Apia", "2011-12-29T20:00:00Z", 1, "2011-12-30T20:00:00Z", "2011-12-31"),
    "to a leap day": (PRAGUE, "2028-02-28T12:00:00Z", 1, "2028-02-29T12:00:00Z", "2028-02-29"),
    "over the year's end": (NEW_YORK, "2026-12-31T05:00:00.000001Z", 1, "2027-01-01T05:00:00.000001Z", "2027-01-01"),
    "to the year's end": (NEW_YORK, "2026-12-31T05:00:00Z", 1, "2027-01-01T05:00:00Z", "2026-12-31"),
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


UNTIL = {
    "a term's end": (PRAGUE, "2027-01-31", "2027-01-31T23:00:00Z", "2027-01-31"),
    "across the beginning of summer time": (PRAGUE, "2027-03-28", "2027-03-28T22:00:00Z", "2027-03-28"),
    "a leap day": (PRAGUE, "2028-02-29", "2028-02-29T23:00:00Z", "2028-02-29"),
    "the year's end": (NEW_YORK, "2026-12-31", "2027-01-01T05:00:00Z", "2026-12-31"),
    "the day that Ramadan begins": (CASABLANCA, "2026-02-15", "2026-02-16T00:00:00Z", "2026-02-15"),
    "the day that Ramadan ends": (CASABLANCA, "2026-03-22", "2026-03-22T23:00:00Z", "2026-03-22"),
    "the day of half an hour's change": (LORD_HOWE, "2026-10-04", "2026-10-04T13:00:00Z", "2026-10-04"),
    "the day before a skipped midnight": ("Africa/Cairo", "2026-04-23", "2026-04-23T22:00:00Z", "2026-04-23"),
    "a missing day": ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", "2011-12-29"),
}


@pytest.mark.parametrize("rounding", ExpiryRounding)
@pytest.mark.parametrize(("zone", "until", "at", "on"), UNTIL.values(), ids=UNTIL)
def test_v1_v2_until_a_date_is_to_the_end_of_that_day_however_it_is_rounded(
    zone: str, until: str, at: str, on: str, rounding: ExpiryRounding
):
    policy = Policy(validity=Until(date.fromisoformat(until)), expiry_rounding=rounding)
    zone_info, lives_until = ZoneInfo(zone), utc(at)

    for now in (lives_until - timedelta(days=100), lives_until - A_MICROSECOND):
        lives = expiry(policy, now, zone_info)
        assert (lives.at, lives.on) == (lives_until, date.fromisoformat(on))
        assert ended(policy, now, zone_info) is None
    assert ended(policy, lives_until, zone_info) == date.fromisoformat(until)


@pytest.mark.parametrize("validity", [Days(1), Never()])
def test_v1_only_a_term_ends(validity: Validity):
    assert ended(Policy(validity=validity), utc("2999-01-01T00:00:00Z"), ZoneInfo(PRAGUE)) is None


END_OF_DAY = ExpiryRounding.END_OF_LOCAL_DAY
MISSED = "2026-12-13 18:00"
PROMISED: dict[str, tuple[str, Validity, ExpiryRounding, int | Off, str, str | None, str | None]] = {
    "nothing is promised": (PRAGUE, Days(14), END_OF_DAY, OFF, MISSED, "2026-12-06T23:00:00Z", "2026-12-06"),
    "the day of the session": (PRAGUE, Days(14), END_OF_DAY, 0, MISSED, "2026-12-13T23:00:00Z", "2026-12-13"),
    "a week later": (PRAGUE, Days(14), END_OF_DAY, 7, MISSED, "2026-12-20T23:00:00Z", "2026-12-20"),
    "one day less than the days": (PRAGUE, Days(22), END_OF_DAY, 0, MISSED, "2026-12-14T23:00:00Z", "2026-12-14"),
    "as much as the days": (PRAGUE, Days(21), END_OF_DAY, 0, MISSED, "2026-12-13T23:00:00Z", "2026-12-13"),
    "one day more than the days": (PRAGUE, Days(21), END_OF_DAY, 1, MISSED, "2026-12-14T23:00:00Z", "2026-12-14"),
    "exactly": (PRAGUE, Days(14), EXACT, 7, MISSED, "2026-12-20T17:00:00Z", "2026-12-20"),
    "exactly, at the start": (PRAGUE, Days(14), EXACT, 0, MISSED, "2026-12-13T17:00:00Z", "2026-12-13"),
    "exactly, the days are longer": (PRAGUE, Days(22), EXACT, 0, MISSED, "2026-12-14T17:00:00Z", "2026-12-14"),
    "with a term that ends before": (
        *(PRAGUE, Until(date(2026, 12, 10)), END_OF_DAY, 1, MISSED, "2026-12-14T23:00:00Z", "2026-12-14"),
    ),
    "with a term that ends later": (
        *(PRAGUE, Until(date(2026, 12, 31)), END_OF_DAY, 1, MISSED, "2026-12-31T23:00:00Z", "2026-12-31"),
    ),
    "exactly, with a term that ends later that day": (
        *(PRAGUE, Until(date(2026, 12, 13)), EXACT, 0, MISSED, "2026-12-13T23:00:00Z", "2026-12-13"),
    ),
    "never is never": (PRAGUE, Never(), END_OF_DAY, 3650, MISSED, None, None),
    "never is never, exactly": (PRAGUE, Never(), EXACT, 3650, MISSED, None, None),
    "the local date of the session": (
        *(NEW_YORK, Days(1), END_OF_DAY, 0, "2026-12-13 23:30", "2026-12-14T05:00:00Z", "2026-12-13"),
    ),
    "to a day of 23 hours": (PRAGUE, Days(1), END_OF_DAY, 1, "2027-03-27 12:00", "2027-03-28T22:00:00Z", "2027-03-28"),
    "24 hours across it": (PRAGUE, Days(1), EXACT, 1, "2027-03-27 12:00", "2027-03-28T11:00:00Z", "2027-03-28"),
    "to a leap day": (PRAGUE, Days(1), END_OF_DAY, 1, "2028-02-28 12:00", "2028-02-29T23:00:00Z", "2028-02-29"),
    "over the year's end": (PRAGUE, Days(1), END_OF_DAY, 1, "2026-12-31 12:00", "2027-01-01T23:00:00Z", "2027-01-01"),
    "into Ramadan": (CASABLANCA, Days(1), END_OF_DAY, 1, "2026-02-14 12:00", "2026-02-16T00:00:00Z", "2026-02-15"),
    "24 hours into Ramadan": (CASABLANCA, Days(1), EXACT, 1, "2026-02-14 12:00", "2026-02-15T11:00:00Z", "2026-02-15"),
    "24 hours over half an hour lost": (
        *(LORD_HOWE, Days(1), EXACT, 1, "2026-10-03 23:45", "2026-10-04T13:15:00Z", "2026-10-05"),
    ),
    "over a missing day": (
        *("Pacific/Apia", Days(1), END_OF_DAY, 2, "2011-12-29 12:00", "2011-12-31T10:00:00Z", "2011-12-31"),
    ),
    "24 hours over a missing day": (
        *("Pacific/Apia", Days(1), EXACT, 1, "2011-12-29 10:00", "2011-12-30T20:00:00Z", "2011-12-31"),
    ),
    "to the end of Ramadan": (
        *(CASABLANCA, Days(1), END_OF_DAY, 1, "2026-03-21 12:00", "2026-03-22T23:00:00Z", "2026-03-22"),
    ),
    "half an hour's change": (
        *(LORD_HOWE, Days(1), END_OF_DAY, 1, "2026-10-03 12:00", "2026-10-04T13:00:00Z", "2026-10-04"),
    ),
    "to a missing day": (
        *("Pacific/Apia", Days(1), END_OF_DAY, 1, "2011-12-29 12:00", "2011-12-30T10:00:00Z", "2011-12-29"),
    ),
}


@pytest.mark.parametrize(
    ("zone", "validity", "rounding", "promised", "missed", "at", "on"), PROMISED.values(), ids=PROMISED
)
def test_v4_a_credit_never_ends_before_what_is_promised_after_its_session(
    zone: str,
    validity: Validity,
    rounding: ExpiryRounding,
    promised: int | Off,
    missed: str,
    at: str | None,
    on: str | None,
):
    policy = Policy(validity=validity, expiry_rounding=rounding, never_before_missed_session=promised)
    missed_at = local(zone, missed)
    cancelled_at = NOW if missed == MISSED else missed_at - timedelta(days=30)

    lives = earned_expiry(policy, cancelled_at, missed_at, ZoneInfo(zone))

    assert (lives.at, lives.on) == (at and utc(at), on and date.fromisoformat(on))
