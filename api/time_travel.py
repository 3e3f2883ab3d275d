"""Time travel, for development: a request header that says what time it is in the domain."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from api.refused import RequestRefused

HEADER = "Encore-Now"

_RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2})")
# Far from the ends of the calendar, where adding a few days would overflow.
_YEARS = range(2000, 2101)


def instant_of(values: Sequence[str], *, allowed: bool) -> datetime | None:
    """The instant in UTC that the header asks for, given all its values; None when it is absent.

    Raises `RequestRefused` (400) when time travel is off, or for anything but one RFC 3339 instant.
    """
    if not values:
        return None
    if not allowed:
        raise RequestRefused(400, f"Time travel is off: this server does not take the header {HEADER}.")
    instant = _parsed(values[0]) if len(values) == 1 else None
    if instant is None:
        raise RequestRefused(
            400,
            f"{HEADER} must be one instant with a time zone, such as 2026-11-22T18:00:00Z, "
            f"from the year {_YEARS.start} to {_YEARS.stop - 1}.",
        )
    return instant


def _parsed(value: str) -> datetime | None:
    if not _RFC_3339.fullmatch(value):
        return None
    try:
        instant = datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return instant if instant.year in _YEARS else None
