from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.nouns.local_time import begun, end_of, instant_of, local_date, offsets, start_of
from tests.domain.builders import A_MICROSECOND, local, utc

FIRST_INSTANTS = {
    "an ordinary day": ("Europe/Prague", "2026-12-06", "2026-12-05T23:00:00Z"),
    "the day that summer time begins": ("Europe/Prague", "2026-03-29", "2026-03-28T23:00:00Z"),
    "the day after summer time began": ("Europe/Prague", "2026-03-30", "2026-03-29T22:00:00Z"),
    "the day that summer time ends": ("Europe/Prague", "2026-10-25", "2026-10-24T22:00:00Z"),
    "the day after summer time ended": ("Europe/Prague", "2026-10-26", "2026-10-25T23:00:00Z"),
    "west of Greenwich": ("America/New_York", "2026-12-07", "2026-12-07T05:00:00Z"),
    "the day after New York's change": ("America/New_York", "2026-11-02", "2026-11-02T05:00:00Z"),
    "before a change of half an hour": ("Australia/Lord_Howe", "2026-10-04", "2026-10-03T13:30:00Z"),
    "after a change of half an hour": ("Australia/Lord_Howe", "2026-10-05", "2026-10-04T13:00:00Z"),
    "Ramadan in Casablanca": ("Africa/Casablanca", "2026-02-16", "2026-02-16T00:00:00Z"),
    "outside of Ramadan in Casablanca": ("Africa/Casablanca", "2026-02-15", "2026-02-14T23:00:00Z"),
    "a skipped midnight in São Paulo": ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"),
    "a skipped midnight in Cairo": ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z"),
    "a skipped midnight in Beirut": ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z"),
    "a doubled midnight in Havana": ("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"),
    "a doubled midnight on the Azores": ("Atlantic/Azores", "2026-10-25", "2026-10-25T00:00:00Z"),
    "after a doubled last hour in Cairo": ("Africa/Cairo", "2026-10-30", "2026-10-29T22:00:00Z"),
    "a midnight that came twice, an hour apart": ("America/St_Johns", "2010-11-07", "2010-11-07T02:30:00Z"),
    "the last day before Samoa's missing one": ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z"),
    "Samoa's missing day": ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),
    "the first day after Samoa's missing one": ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"),
    "a leap day": ("Europe/Prague", "2028-02-29", "2028-02-28T23:00:00Z"),
    "the day after a leap day": ("Europe/Prague", "2028-03-01", "2028-02-29T23:00:00Z"),
    "the first day of a year": ("America/New_York", "2027-01-01", "2027-01-01T05:00:00Z"),
}

EVERY_FIRST_INSTANT = pytest.mark.parametrize(("zone", "day", "expected"), FIRST_INSTANTS.values(), ids=FIRST_INSTANTS)


@EVERY_FIRST_INSTANT
def test_a_local_date_starts_at_its_first_instant(zone: str, day: str, expected: str):
    assert start_of(date.fromisoformat(day), ZoneInfo(zone)) == utc(expected)


@EVERY_FIRST_INSTANT
def test_a_local_date_ends_where_the_next_one_starts(zone: str, day: str, expected: str):
    assert end_of(date.fromisoformat(day) - timedelta(days=1), ZoneInfo(zone)) == utc(expected)


EXISTING_DAYS = {name: case for name, case in FIRST_INSTANTS.items() if name != "Samoa's missing day"}


@pytest.mark.parametrize(("zone", "day", "expected"), EXISTING_DAYS.values(), ids=EXISTING_DAYS)
def test_the_calendar_turns_exactly_at_the_first_instant(zone: str, day: str, expected: str):
    first = utc(expected)

    assert local_date(first, ZoneInfo(zone)) == date.fromisoformat(day)
    assert local_date(first - A_MICROSECOND, ZoneInfo(zone)) < date.fromisoformat(day)


@pytest.mark.parametrize(("zone", "day", "expected"), EXISTING_DAYS.values(), ids=EXISTING_DAYS)
def test_a_date_has_begun_from_its_first_instant_on(zone: str, day: str, expected: str):
    first = utc(expected)

    assert begun(first, ZoneInfo(zone)) == date.fromisoformat(day)
    assert begun(first - A_MICROSECOND, ZoneInfo(zone)) < date.fromisoformat(day)


def test_a_date_that_has_begun_has_begun_although_clocks_go_back_before_it():
    after = utc("2010-11-07T02:31:00Z")
    zone = ZoneInfo("America/St_Johns")

    assert local_date(after, zone) == date(2010, 11, 6)
    assert begun(after, zone) == date(2010, 11, 7)


CHANGES = {
    "none": ("Europe/Prague", "2026-12-01", "2027-03-01", ["1:00:00"]),
    "the day before summer time": ("Europe/Prague", "2026-03-01", "2026-03-28", ["1:00:00"]),
    "until the day of summer time": ("Europe/Prague", "2026-03-01", "2026-03-29", ["1:00:00", "2:00:00"]),
    "that day alone": ("Europe/Prague", "2026-03-29", "2026-03-29", ["1:00:00", "2:00:00"]),
    "the day after": ("Europe/Prague", "2026-03-30", "2026-04-01", ["2:00:00"]),
    "half an hour": ("Australia/Lord_Howe", "2026-03-01", "2026-05-01", ["11:00:00", "10:30:00"]),
    "there and back": ("Africa/Casablanca", "2026-02-01", "2026-04-01", ["1:00:00", "0:00:00", "1:00:00"]),
    "a day without midnight": ("Africa/Cairo", "2026-04-24", "2026-04-24", ["3:00:00"]),
}


@pytest.mark.parametrize(("name", "first", "last", "expected"), CHANGES.values(), ids=CHANGES)
def test_the_offsets_of_a_zone_between_two_dates(name: str, first: str, last: str, expected: list[str]):
    zone, first_day = ZoneInfo(name), date.fromisoformat(first)
    found = offsets(first_day, date.fromisoformat(last), zone)

    assert [str(offset) for _, offset in found] == expected
    assert found[0][0] == start_of(first_day, zone)
    for since, _ in found[1:]:
        around = [instant.astimezone(zone).utcoffset() for instant in (since - A_MICROSECOND, since)]
        assert around[0] != around[1]


WALL_CLOCKS = {
    "an ordinary clock": ("Europe/Prague", "2026-12-06 18:00", "2026-12-06T17:00:00Z"),
    "the last minute before a gap": ("Europe/Prague", "2026-03-29 01:59", "2026-03-29T00:59:00Z"),
    "the first instant of a gap": ("Europe/Prague", "2026-03-29 02:00", "2026-03-29T01:00:00Z"),
    "the middle of a gap": ("Europe/Prague", "2026-03-29 02:30", "2026-03-29T01:00:00Z"),
    "the last microsecond of a gap": ("Europe/Prague", "2026-03-29 02:59:59.999999", "2026-03-29T01:00:00Z"),
    "the first minute after a gap": ("Europe/Prague", "2026-03-29 03:00", "2026-03-29T01:00:00Z"),
    "the last minute before a doubled hour": ("Europe/Prague", "2026-10-25 01:59", "2026-10-24T23:59:00Z"),
    "the first instant of a doubled hour": ("Europe/Prague", "2026-10-25 02:00", "2026-10-25T01:00:00Z"),
    "the middle of a doubled hour": ("Europe/Prague", "2026-10-25 02:30", "2026-10-25T01:30:00Z"),
    "the first minute after a doubled hour": ("Europe/Prague", "2026-10-25 03:00", "2026-10-25T02:00:00Z"),
    "New York's gap": ("America/New_York", "2026-03-08 02:15", "2026-03-08T07:00:00Z"),
    "New York's doubled hour": ("America/New_York", "2026-11-01 01:15", "2026-11-01T06:15:00Z"),
    "a gap of half an hour": ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:30:00Z"),
    "a doubled half-hour": ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04T15:15:00Z"),
    "Casablanca's doubled hour": ("Africa/Casablanca", "2026-02-15 02:30", "2026-02-15T02:30:00Z"),
    "Casablanca's gap": ("Africa/Casablanca", "2026-03-22 02:30", "2026-03-22T02:00:00Z"),
    "noon of Samoa's missing day": ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30T10:00:00Z"),
    "a skipped midnight": ("Africa/Cairo", "2026-04-24 00:00", "2026-04-23T22:00:00Z"),
    "half past a skipped midnight": ("America/Sao_Paulo", "2018-11-04 00:30", "2018-11-04T03:00:00Z"),
    "a doubled midnight": ("America/Havana", "2026-11-01 00:00", "2026-11-01T05:00:00Z"),
    "a doubled last hour": ("Africa/Cairo", "2026-10-29 23:30", "2026-10-29T21:30:00Z"),
    "a leap day": ("Europe/Prague", "2028-02-29 10:00", "2028-02-29T09:00:00Z"),
    "the last minute of a year": ("America/New_York", "2026-12-31 23:59", "2027-01-01T04:59:00Z"),
}


@pytest.mark.parametrize(("zone", "wall", "expected"), WALL_CLOCKS.values(), ids=WALL_CLOCKS)
def test_e2_a_skipped_clock_is_the_first_instant_after_the_gap_and_a_doubled_one_the_later(
    zone: str, wall: str, expected: str
):
    clock = datetime.fromisoformat(wall)

    assert instant_of(clock.date(), clock.time(), ZoneInfo(zone)) == utc(expected)


@pytest.mark.parametrize("hours", [0, 1, 23, 24, 25])
def test_a_date_is_the_same_for_any_zone_that_an_instant_is_told_in(hours: int):
    instant = utc("2026-11-22T00:00:00Z") + timedelta(hours=hours)
    elsewhere = instant.astimezone(ZoneInfo("America/New_York"))

    assert local_date(elsewhere, ZoneInfo("Europe/Prague")) == local_date(instant, ZoneInfo("Europe/Prague"))


def test_the_answers_are_instants_in_utc():
    zone = ZoneInfo("Europe/Prague")

    assert start_of(date(2026, 3, 29), zone).utcoffset() == timedelta()
    assert instant_of(date(2026, 3, 29), time(2, 30), zone).utcoffset() == timedelta()
    assert instant_of(date(2026, 7, 1), time(12), zone) == local("Europe/Prague", "2026-07-01 12:00")
