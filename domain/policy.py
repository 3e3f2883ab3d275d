"""A studio's settings, with the built-in defaults of the rule book, and what makes a setting wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.local_time import instant_of, local_date
from domain.refusals import FixableBy, Refusal, RefusalCode
from domain.words import Word

MOST_DAYS = 3650
MOST_HOURS = MOST_DAYS * 24


@dataclass(frozen=True)
class HoursBefore:
    """A deadline some elapsed hours before the start (E2)."""

    hours: int

    def instant(self, starts_at: datetime, zone: ZoneInfo) -> datetime:
        del zone  # elapsed hours are the same in every zone
        return starts_at - timedelta(hours=self.hours)


@dataclass(frozen=True)
class LocalTime:
    """A deadline on the studio's wall clock, some days before the session's local date (E2)."""

    days_before: int
    clock: time

    def instant(self, starts_at: datetime, zone: ZoneInfo) -> datetime:
        return instant_of(local_date(starts_at, zone) - timedelta(days=self.days_before), self.clock, zone)


CancellationDeadline = HoursBefore | LocalTime


class LateCancellation(Word):
    ALLOW_WITHOUT_CREDIT = "ALLOW_WITHOUT_CREDIT", "The seat is freed and nothing is earned."
    BLOCK = "BLOCK", "Clients cannot cancel after the deadline; staff still can."


@dataclass(frozen=True)
class Days:
    """A credit lives some days from the day of its cancellation (V1)."""

    days: int


@dataclass(frozen=True)
class Never:
    """A credit never expires (V1)."""


Validity = Days | Never


class ExpiryRounding(Word):
    END_OF_LOCAL_DAY = "END_OF_LOCAL_DAY", "Until the midnight that ends the last day, in the studio's zone."
    EXACT = "EXACT", "To the same clock time, whole days of 24 hours later."


@dataclass(frozen=True)
class StudioPolicy:
    """What a studio decides. The defaults are those of the rule book; days and hours are whole numbers."""

    make_ups_enabled: bool = False
    cancellation_deadline: CancellationDeadline = field(default=HoursBefore(24))
    late_cancellation: LateCancellation = LateCancellation.ALLOW_WITHOUT_CREDIT
    single_bookings_earn: bool = True
    earning_needs_payment: bool = True
    validity: Validity = field(default=Days(30))
    expiry_rounding: ExpiryRounding = ExpiryRounding.END_OF_LOCAL_DAY
    max_days_ahead: int = 90


def wrong_settings(policy: StudioPolicy) -> tuple[Refusal, ...]:
    """INVALID_POLICY for each setting that is outside of what the rules allow."""
    return tuple(_wrong_settings(policy))


def _wrong_settings(policy: StudioPolicy) -> Iterator[Refusal]:
    match policy.cancellation_deadline:
        case HoursBefore(hours):
            yield from _outside(hours, 0, MOST_HOURS, "cancellationDeadline", "hoursBefore")
        case LocalTime(days_before=days):
            yield from _outside(days, 0, MOST_DAYS, "cancellationDeadline", "localTime", "daysBefore")
    if isinstance(policy.validity, Days):
        yield from _outside(policy.validity.days, 1, MOST_DAYS, "validity", "days")
    yield from _outside(policy.max_days_ahead, 0, MOST_DAYS, "maxDaysAhead")


def _outside(value: int, least: int, most: int, *path: str) -> Iterator[Refusal]:
    if not least <= value <= most:
        yield Refusal(
            RefusalCode.INVALID_POLICY,
            f"{path[-1]} must be from {least} to {most}.",
            FixableBy.STAFF,
            actual=value,
            required=least if value < least else most,
            path=path,
        )
