"""What makes a setting wrong: INVALID_POLICY, with the value given and the nearest one that is right."""

from collections.abc import Iterable, Iterator
from datetime import date

from domain.nouns.policy import SETTINGS, CapPeriod, Choices, Days, EarnCap, HoursBefore, Level, LocalTime, Until
from domain.refusals import FixableBy, Refusal, RefusalCode

MOST_DAYS = 3650
MOST_HOURS = MOST_DAYS * 24
MOST_WAITING_HOURS = 30 * 24
MOST_MINUTES = MOST_HOURS * 60
MOST_SEATS = 100_000
MOST_CREDITS = 10_000
CODES = (RefusalCode.INVALID_POLICY,)


def wrong_choices(choices: Choices, level: Level, today: date) -> tuple[Refusal, ...]:
    """A refusal for each choice that the level cannot make, or that is outside of what the rules allow.

    `today` is the studio's local date.
    """
    strange = choices.keys() - {name for name, levels in SETTINGS.items() if level in levels}
    if strange:
        raise ValueError(f"a {level.lower()} does not decide {sorted(strange)}")
    return tuple(wrong for name in SETTINGS if name in choices for wrong in _wrong(name, choices[name], today))


def _wrong(name: str, value: object, today: date) -> Iterator[Refusal]:
    path = _camel(name)
    match value:
        case HoursBefore(hours):
            yield from _outside(hours, 0, MOST_HOURS, path, "hoursBefore")
        case LocalTime(days_before=days):
            yield from _outside(days, 0, MOST_DAYS, path, "localTime", "daysBefore")
        case Days(days):
            yield from _outside(days, 1, MOST_DAYS, path, "days")
        case Until(last_day) if last_day < today:
            yield _refusal(last_day, today, "The last day lies in the past.", path, "until")
        case EarnCap(most, per, days):
            yield from _outside(most, 0, MOST_CREDITS, path, "cap", "max")
            if per is CapPeriod.ROLLING_DAYS:
                yield from _outside(days or 0, 1, MOST_DAYS, path, "cap", "days")
        case int() if name in _RANGES:
            yield from _outside(value, 0, _RANGES[name], *(path, *_INNER.get(name, ())))
        case _:
            return


_RANGES = {
    "max_outstanding": MOST_CREDITS,
    "never_before_missed_session": MOST_DAYS,
    "max_days_ahead": MOST_DAYS,
    "studio_cancellation_grace_days": MOST_DAYS,
    "make_ups_open_days_before": MOST_DAYS,
    "make_ups_close_minutes_before": MOST_MINUTES,
    "extra_make_up_seats": MOST_SEATS,
    "max_make_ups": MOST_SEATS,
    "hold_release_grace_hours": MOST_WAITING_HOURS,
    "auto_seat_hours_before_deadline": MOST_WAITING_HOURS,
}
_INNER = {
    "max_outstanding": ("limit",),
    "never_before_missed_session": ("limit",),
    "make_ups_open_days_before": ("limit",),
    "make_ups_close_minutes_before": ("limit",),
    "max_make_ups": ("limit",),
}
"""Where the number stands in the input of a limit that can be off."""


def _outside(value: int, least: int, most: int, *path: str) -> Iterator[Refusal]:
    if not least <= value <= most:
        required = least if value < least else most
        yield _refusal(value, required, f"{path[-1]} must be from {least} to {most}.", *path)


def _refusal(actual: int | date, required: int | date, message: str, *path: str) -> Refusal:
    return Refusal(RefusalCode.INVALID_POLICY, message, FixableBy.STAFF, actual=actual, required=required, path=path)


def of_studio_too(settings: Iterable[str], *within: str) -> tuple[str, ...]:
    """The path to the first of these that the studio decides too, in an input; empty where there is none."""
    names = (name for name in settings if Level.STUDIO in SETTINGS[name])
    return next(((*within, _camel(name)) for name in names), ())


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.title, rest))
