"""Dates and wall clocks of a studio's zone, as instants. The zone's odd days are handled here and nowhere else."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_ONE_DAY = timedelta(days=1)


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """The date that a calendar in the zone shows at the instant."""
    return instant.astimezone(zone).date()


def instant_of(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The instant of a wall clock (E2): a skipped time is the first instant after the gap, a doubled one the later."""
    return _resolve(datetime.combine(day, clock), zone, fold=1)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local date (V2), also where its midnight is skipped or doubled."""
    return _resolve(datetime.combine(day, time()), zone, fold=0)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The local midnight that ends a date: the first instant that no longer belongs to it (V2)."""
    return start_of(day + _ONE_DAY, zone)


def begun(instant: datetime, zone: ZoneInfo) -> date:
    """The last local date that has begun: where clocks go back over midnight, calendars show the day before again."""
    following = local_date(instant, zone) + _ONE_DAY
    return following if start_of(following, zone) <= instant else following - _ONE_DAY


@lru_cache(maxsize=256)
def offsets(first: date, last: date, zone: ZoneInfo) -> tuple[tuple[datetime, timedelta], ...]:
    """The zone's offsets from UTC from the start of one local date until the end of another, each with its beginning.

    Of dates, not of instants: so all requests of a day ask the same.
    """
    at, end = start_of(first, zone), end_of(last, zone)
    found = [(at, _offset(at, zone))]
    while at < end:
        before, at = at, min(at + _ONE_DAY, end)
        if (offset := _offset(at, zone)) != found[-1][1]:
            found.append((_first_instant(before, at, zone), offset))
    return tuple(found)


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _resolve(wall: datetime, zone: ZoneInfo, fold: int) -> datetime:
    instant = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    return _first_instant_after_gap(wall, zone)


def _first_instant_after_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    # In a gap, fold 1 reads the wall with the offset after it and so lands before the gap; fold 0 the reverse.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return _first_instant(before, after, zone)


def _first_instant(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first at which the zone has the offset of `after`; clocks change on a whole second."""
    new_offset = _offset(after, zone)
    seconds_low, seconds_high = 0, int((after - before).total_seconds())
    while seconds_high - seconds_low > 1:
        middle = (seconds_low + seconds_high) // 2
        if _offset(before + timedelta(seconds=middle), zone) == new_offset:
            seconds_high = middle
        else:
            seconds_low = middle
    return (before + timedelta(seconds=seconds_high)).replace(microsecond=0)
