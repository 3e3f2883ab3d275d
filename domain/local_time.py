"""Dates and wall clocks of a studio's zone, as instants. The zone's odd days are handled here and nowhere else."""

from datetime import UTC, date, datetime, time, timedelta
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


def _resolve(wall: datetime, zone: ZoneInfo, fold: int) -> datetime:
    instant = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    return _first_instant_after_gap(wall, zone)


def _first_instant_after_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    # In a gap, fold 1 reads the wall with the offset after it and so lands before the gap; fold 0 the reverse.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    new_offset = after.astimezone(zone).utcoffset()
    seconds_low, seconds_high = 0, int((after - before).total_seconds())
    while seconds_high - seconds_low > 1:
        middle = (seconds_low + seconds_high) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == new_offset:
            seconds_high = middle
        else:
            seconds_low = middle
    return (before + timedelta(seconds=seconds_high)).replace(microsecond=0)
