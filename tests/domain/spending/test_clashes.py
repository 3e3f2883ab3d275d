"""F1: which seats of one family meet in time, and which do not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.nouns.booking import Booking, BookingStatus
from domain.nouns.session import Session, SessionStatus
from domain.spending.clashes import Seat, clash, clashing
from tests.domain.builders import A_MICROSECOND, OTHER_ID, START, a_booking, a_session, uuid

AN_HOUR, PRAGUE = timedelta(hours=1), ZoneInfo("Europe/Prague")
ONE = replace(a_session(), starts_at=START, ends_at=START + AN_HOUR)


def another(starts_at: datetime, ends_at: datetime, id: int = 99) -> Session:
    return replace(ONE, id=uuid(id), starts_at=starts_at, ends_at=ends_at)


TIMES = {
    "long before": (START - 3 * AN_HOUR, START - 2 * AN_HOUR, False),
    "ends a microsecond before the start": (START - AN_HOUR, START - A_MICROSECOND, False),
    "ends at the start": (START - AN_HOUR, START, False),
    "ends a microsecond after the start": (START - AN_HOUR, START + A_MICROSECOND, True),
    "at the same time": (START, START + AN_HOUR, True),
    "within": (START + AN_HOUR / 4, START + AN_HOUR / 2, True),
    "around": (START - AN_HOUR, START + 2 * AN_HOUR, True),
    "starts a microsecond before the end": (START + AN_HOUR - A_MICROSECOND, START + 2 * AN_HOUR, True),
    "starts at the end": (START + AN_HOUR, START + 2 * AN_HOUR, False),
    "starts a microsecond after the end": (START + AN_HOUR + A_MICROSECOND, START + 2 * AN_HOUR, False),
}


@pytest.mark.parametrize(("starts_at", "ends_at", "expected"), TIMES.values(), ids=TIMES)
def test_f1_sessions_clash_where_an_instant_belongs_to_both_and_each_with_the_other(
    starts_at: datetime, ends_at: datetime, expected: bool
) -> None:
    other = another(starts_at, ends_at)
    assert clash(ONE, other) is expected
    assert clash(other, ONE) is expected


def test_f1_a_session_that_is_cancelled_clashes_with_none() -> None:
    other = another(ONE.starts_at, ONE.ends_at)
    off = replace(other, status=SessionStatus.CANCELLED)
    assert clash(ONE, other)
    assert not clash(ONE, off)
    assert not clash(off, ONE)


def test_f1_who_sit_in_the_same_session_are_together() -> None:
    assert not clash(ONE, ONE)


def in_prague(day: str, clock: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=PRAGUE, fold=fold).astimezone(UTC)


def test_f1_in_the_night_that_is_an_hour_longer_the_same_clock_comes_twice_without_a_clash() -> None:
    day = "2026-10-25"
    first = another(in_prague(day, "02:00"), in_prague(day, "02:59"), 1)
    second = another(in_prague(day, "02:00", fold=1), in_prague(day, "02:59", fold=1), 2)
    through = another(in_prague(day, "02:30"), in_prague(day, "02:30", fold=1), 3)
    assert not clash(first, second)
    assert clash(first, through)
    assert clash(through, second)


def test_f1_in_the_night_that_is_an_hour_shorter_the_clocks_before_and_after_the_gap_touch() -> None:
    day = "2027-03-28"
    before = another(in_prague(day, "01:00"), in_prague(day, "01:00") + AN_HOUR, 1)
    after = another(in_prague(day, "03:00"), in_prague(day, "04:00"), 2)
    longer = replace(before, ends_at=before.ends_at + A_MICROSECOND)
    assert before.ends_at == after.starts_at
    assert not clash(before, after)
    assert clash(longer, after)


def seat(session: Session, booking_id: int, **fields: BookingStatus) -> Seat:
    return Seat(replace(a_booking(id=uuid(booking_id)), session_id=session.id, client_id=OTHER_ID, **fields), session)


def ids(found: tuple[Booking, ...]) -> list[int]:
    return [booking.id.int for booking in found]


def test_f1_of_a_familys_seats_the_live_ones_that_clash_are_told_by_their_start() -> None:
    early, late = another(START - AN_HOUR / 2, START + AN_HOUR, 91), another(START + AN_HOUR / 2, START + AN_HOUR, 92)
    next_one, off = another(START + AN_HOUR, START + 2 * AN_HOUR, 93), replace(late, status=SessionStatus.CANCELLED)
    seats = [
        seat(late, 14),
        seat(early, 13),
        seat(early, 12),
        seat(late, 15, status=BookingStatus.CANCELLED),
        seat(late, 16, status=BookingStatus.CANCELLED_LATE),
        seat(next_one, 17),
        seat(off, 18),
        seat(ONE, 19),
    ]
    assert ids(clashing(ONE, seats)) == [12, 13, 14]
    assert clashing(ONE, ()) == ()
