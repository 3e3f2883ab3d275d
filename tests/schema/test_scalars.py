"""Scalars: strict, so that a wrong value is refused and never guessed."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schema.scalars import SCALARS, LocalTime, format_instant, parse_date, parse_instant, parse_local_time

FIRST = datetime(1970, 1, 1, tzinfo=UTC)
LAST = datetime(2999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None), timezones=st.just(UTC))


@given(instants)
@example(FIRST)
@example(LAST)
def test_an_instant_is_read_as_it_was_written(instant: datetime) -> None:
    assert parse_instant(format_instant(instant)) == instant


@given(instants, offsets)
def test_an_instant_is_the_same_whatever_its_offset(instant: datetime, offset: timezone) -> None:
    local = instant.astimezone(offset)
    text = f"{local.replace(tzinfo=None).isoformat()}{local:%z}"
    text = f"{text[:-2]}:{text[-2:]}"
    if 1970 <= local.year <= 2999:
        assert parse_instant(text) == instant
        assert parse_instant(text).tzinfo is UTC


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2026, 12, 6, 23, tzinfo=UTC), "2026-12-06T23:00:00Z"),
        (datetime(2026, 12, 6, 23, 0, 0, 1000, tzinfo=UTC), "2026-12-06T23:00:00.001000Z"),
        (datetime(2026, 12, 7, tzinfo=timezone(timedelta(hours=1))), "2026-12-06T23:00:00Z"),
    ],
)
def test_an_instant_is_written_in_utc(instant: datetime, text: str) -> None:
    assert format_instant(instant) == text


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-06T23:00:00",
        "2026-12-06T23:00Z",
        "2026-12-06 23:00:00Z",
        "2026-12-06t23:00:00z",
        "2026-12-06",
        "2026-12-06T23:00:00+1",
        "2026-12-06T23:00:00+0100",
        "2026-12-06T23:00:00+24:00",
        "2026-12-06T23:00:00+01:60",
        "2026-12-06T23:00:00.Z",
        "2026-12-06T23:00:00.1234567Z",
        "2026-12-06T23:00:00,5Z",
        "2026-12-06T23:00:00Z ",
        "2026-12-06T23:00:00Z\n",
        " 2026-12-06T23:00:00Z",
        "2026-12-06T24:00:00Z",
        "2026-12-06T23:60:00Z",
        "2016-12-31T23:59:60Z",
        "2027-02-29T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-00-01T12:00:00Z",
        "2026-12-00T12:00:00Z",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:59:59+01:00",
        "3000-01-01T00:00:00Z",
        "2999-12-31T23:59:59-00:01",
        "0000-01-01T00:00:00Z",
        "+2026-12-06T23:00:00Z",
        "12026-12-06T23:00:00Z",
        "2026-W49-7T23:00:00Z",
        "2026-340T23:00:00Z",
        "20261206T230000Z",
        "1796598000",
        "now",
        "",
        "\N{ARABIC-INDIC DIGIT TWO}026-12-06T23:00:00Z",
        "2026-12-06T23:00:0\N{FULLWIDTH DIGIT ZERO}Z",
        "2026-12-06T23:00:00Z\0",
        1_796_598_000,
        None,
        True,
        ["2026-12-06T23:00:00Z"],
    ],
    ids=repr,
)
def test_what_is_no_instant_is_refused(text: object) -> None:
    assert is_refused(parse_instant, text)


@given(st.dates(date(1970, 1, 1), date(2999, 12, 31)))
@example(date(2028, 2, 29))
def test_a_date_is_read_as_it_was_written(day: date) -> None:
    write = SCALARS[date].serialize
    assert write is not None
    assert parse_date(write(day)) == day


@pytest.mark.parametrize(
    "text",
    [
        "1969-12-31",
        "3000-01-01",
        "2027-02-29",
        "2100-02-29",
        "2026-04-31",
        "2026-1-1",
        "2026-13-01",
        "20261206",
        "2026-W49-7",
        "2026-340",
        "2026-12-06T00:00:00Z",
        "2026/12/06",
        "2026-12-06 ",
        "2026-12-06\n",
        "-2026-12-06",
        "\N{ARABIC-INDIC DIGIT TWO}026-12-06",
        "2026-12-06\0",
        "",
        20261206,
        None,
        False,
    ],
    ids=repr,
)
def test_what_is_no_date_is_refused(text: object) -> None:
    assert is_refused(parse_date, text)


@given(st.times().map(lambda clock: clock.replace(second=0, microsecond=0)))
def test_a_wall_clock_is_read_as_it_was_written(clock: time) -> None:
    write = SCALARS[LocalTime].serialize
    assert write is not None
    assert parse_local_time(write(clock)) == clock


@pytest.mark.parametrize(
    "text",
    [
        "24:00",
        "23:60",
        "8:00",
        "08:00:00",
        "08:00Z",
        "08",
        "0800",
        "T08:00",
        "08:00 ",
        "08:0\n0",
        "",
        "\N{ARABIC-INDIC DIGIT ZERO}8:00",
        8,
        None,
    ],
    ids=repr,
)
def test_what_is_no_wall_clock_is_refused(text: object) -> None:
    assert is_refused(parse_local_time, text)


@pytest.mark.parametrize("parse", [parse_instant, parse_date, parse_local_time])
@given(text=st.one_of(st.text(), st.from_regex(r"\A[0-9T:Z.+-]{1,30}\Z", fullmatch=True)))
def test_any_text_is_read_or_refused_and_never_a_crash(parse: Callable[[object], object], text: str) -> None:
    assert is_refused(parse, text) or re.fullmatch(r"[0-9T:Z.+-]+", text)


def is_refused(parse: Callable[[object], object], value: object) -> bool:
    try:
        parse(value)
    except ValueError:
        return True
    return False
