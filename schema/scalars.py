"""Scalars: instants in UTC, local dates, wall clocks. Strict, so that a wrong value is refused and never guessed."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

LocalTime = NewType("LocalTime", time)
Json = NewType("Json", dict[str, Any])

_DATE = r"(?:19[7-9]\d|2\d{3})-\d{2}-\d{2}"  # 1970 to 2999: what every part of Encore can count with
_YEARS = range(1970, 3000)
_INSTANT = re.compile(rf"{_DATE}T\d{{2}}:\d{{2}}:\d{{2}}(?:\.\d{{1,6}})?(?:Z|[+-]\d{{2}}:[0-5]\d)", re.ASCII)
_LOCAL_DATE = re.compile(_DATE, re.ASCII)
_LOCAL_TIME = re.compile(r"\d{2}:\d{2}", re.ASCII)


def format_instant(instant: datetime) -> str:
    """RFC 3339 in UTC, with as many digits of a second as are needed: `2026-12-06T23:00:00Z`."""
    text = instant.astimezone(UTC).isoformat()
    return text.removesuffix("+00:00") + "Z"


def parse_instant(value: object) -> datetime:
    """ValueError for anything but an RFC 3339 instant with a zone, from 1970 to 2999."""
    text = _matching(_INSTANT, value, "an instant such as 2026-12-06T23:00:00Z")
    instant = datetime.fromisoformat(text).astimezone(UTC)
    if instant.year not in _YEARS:  # its offset carried it out of them
        raise ValueError("not an instant from 1970 to 2999")
    return instant


def parse_date(value: object) -> date:
    """ValueError for anything but YYYY-MM-DD, from 1970 to 2999."""
    return date.fromisoformat(_matching(_LOCAL_DATE, value, "a date such as 2026-12-06"))


def parse_local_time(value: object) -> time:
    """ValueError for anything but hh:mm."""
    return time.fromisoformat(_matching(_LOCAL_TIME, value, "a time of day such as 18:00"))


def _matching(pattern: re.Pattern[str], value: object, wanted: str) -> str:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise ValueError(f"not {wanted}")
    return value


def _never_given(value: object) -> Any:
    raise ValueError("only in answers")


def _scalar(
    name: str, description: str, serialize: Callable[[Any], str], parse: Callable[[object], Any]
) -> ScalarDefinition:
    return strawberry.scalar(name=name, description=description, serialize=serialize, parse_value=parse)


SCALARS: dict[object, ScalarDefinition] = {
    datetime: _scalar(
        "DateTime",
        "An instant, RFC 3339 in UTC, to the microsecond at most: `2026-12-06T23:00:00Z`."
        " Input may carry any offset, but must carry one.",
        format_instant,
        parse_instant,
    ),
    date: _scalar("Date", "A calendar date in the studio's time zone: `2026-12-06`.", date.isoformat, parse_date),
    LocalTime: _scalar(
        "LocalTime",
        "A wall clock in the studio's time zone, to the minute: `18:00`.",
        lambda clock: clock.isoformat("minutes"),
        parse_local_time,
    ),
    Json: strawberry.scalar(
        name="JSON",
        description="An object of JSON, whose shape is told where it is used. Only in answers.",
        serialize=dict,
        parse_value=_never_given,
    ),
}
