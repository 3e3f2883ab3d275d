"""Local dates and wall clocks, found by looking at every minute: slow, and too simple to be wrong."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
MOST_OFFSET = timedelta(hours=15)
LONGEST_GAP = timedelta(hours=25)  # Samoa left out a whole day


def date_at(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


@cache
def first_instant_of(day: date, zone: ZoneInfo) -> datetime:
    """Of the date, or of the next one where the zone has left the date out."""
    return next(instant for instant, wall in _minutes_around(day, zone) if wall.date() >= day)


@cache
def last_instant_at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The last at which clocks show it; where they never do, the first after they jumped over it."""
    wanted = datetime.combine(day, clock)
    minutes = list(_minutes_around(day, zone))
    shown = [instant for instant, wall in minutes if wall == wanted]
    return shown[-1] if shown else next(instant for instant, wall in minutes if wall > wanted)


def _minutes_around(day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    instant = datetime.combine(day, time(), UTC) - MOST_OFFSET
    end = instant + 2 * MOST_OFFSET + LONGEST_GAP
    while instant < end:
        yield instant, instant.astimezone(zone).replace(tzinfo=None)
        instant += MINUTE
