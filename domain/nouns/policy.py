"""What is decided where: the settings of a studio, its courses and its sessions, with the rule book's defaults.

A session's decision goes before its course's, that before its studio's, and the built-in default holds where nobody
has decided. What one level has decided are its `Choices`; what holds is a `Policy`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.nouns.local_time import instant_of, local_date
from domain.nouns.words import Word


class Level(Word):
    SESSION = "SESSION", "The session's own decision."
    COURSE = "COURSE", "The course's decision, for all its sessions."
    STUDIO = "STUDIO", "The studio's decision, for all its courses and classes."
    DEFAULT = "DEFAULT", "Nobody has decided: the built-in default."


@dataclass(frozen=True)
class Off:
    """No such limit: nothing is asked."""


OFF = Off()


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


class CapPeriod(Word):
    COURSE = "COURSE", "Sessions of the course of the one given up."
    CALENDAR_MONTH = "CALENDAR_MONTH", "Sessions of one month of the studio's calendar."
    ROLLING_DAYS = "ROLLING_DAYS", "Sessions of any so many consecutive local dates."


@dataclass(frozen=True)
class EarnCap:
    """At most `most` credits earned for missed sessions of one period (E9); `days` of ROLLING_DAYS only."""

    most: int
    per: CapPeriod
    days: int | None = None


@dataclass(frozen=True)
class Days:
    """A credit lives some days from the day of its cancellation (V1)."""

    days: int


@dataclass(frozen=True)
class Until:
    """A credit lives through a local date, a term's end; once that is past, none is earned (V1)."""

    last_day: date


@dataclass(frozen=True)
class Never:
    """A credit never expires (V1)."""


Validity = Days | Until | Never


class ExpiryRounding(Word):
    END_OF_LOCAL_DAY = "END_OF_LOCAL_DAY", "Until the midnight that ends the last day, in the studio's zone."
    EXACT = "EXACT", "To the same clock time, whole days of 24 hours later."


class ExpiryMeans(Word):
    BOOK_BY = "BOOK_BY", "The seat must be booked before the credit expires; the session may lie later."
    ATTEND_BY = "ATTEND_BY", "The session must start before the credit expires, too."


class PriceGuard(Word):
    OFF = "OFF", "Prices are not compared."
    SAME_OR_LOWER = "SAME_OR_LOWER", "A credit books no session that is dearer than the credit's worth."


class CategoryGuard(Word):
    OFF = "OFF", "Categories are not compared."
    SAME_CATEGORY = "SAME_CATEGORY", "A credit books sessions of the category that it was earned in."


class CreditScope(Word):
    SAME_CLIENT = "SAME_CLIENT", "A credit is spent by the client who holds it."
    SAME_ACCOUNT = "SAME_ACCOUNT", "A credit is spent by any client whom the same account manages at the studio."


class RedeemableFrom(Word):
    ON_CANCELLATION = "ON_CANCELLATION", "At once."
    AFTER_MISSED_SESSION = "AFTER_MISSED_SESSION", "When the session that was given up is over."


class OnEnrolmentEnd(Word):
    """What becomes of the unspent credits of an enrolment that ends (C12)."""

    KEEP = "KEEP", "Credits earned in the course stay."
    REVOKE_UNUSED = "REVOKE_UNUSED", "Credits earned by the enrolment and not yet spent are revoked."


class OnMakeUpCancellation(Word):
    """What becomes of the credit when its client cancels in time the booking that it paid (C1)."""

    RESTORE = "RESTORE", "It comes back, with its own expiry."
    FORFEIT = "FORFEIT", "It is lost. Where the studio cancels the session, it comes back all the same."


Choices = Mapping[str, Any]
"""What one level has decided: values by the names of `Policy`'s fields. A name that is missing is not decided."""


@dataclass(frozen=True)
class Policy:
    """What holds, with the built-in defaults. Days, hours, minutes and seats are whole numbers."""

    make_ups_enabled: bool = False
    cancellation_deadline: CancellationDeadline = field(default=HoursBefore(24))
    late_cancellation: LateCancellation = LateCancellation.ALLOW_WITHOUT_CREDIT
    single_bookings_earn: bool = True
    earning_needs_payment: bool = True
    earn_cap: EarnCap | Off = OFF
    max_outstanding: int | Off = OFF
    validity: Validity = field(default=Days(30))
    expiry_rounding: ExpiryRounding = ExpiryRounding.END_OF_LOCAL_DAY
    never_before_missed_session: int | Off = OFF
    expiry_means: ExpiryMeans = ExpiryMeans.BOOK_BY
    redeemable_from: RedeemableFrom = RedeemableFrom.ON_CANCELLATION
    max_days_ahead: int = 90
    make_ups_open_days_before: int | Off = OFF
    make_ups_close_minutes_before: int | Off = OFF
    extra_make_up_seats: int = 0
    max_make_ups: int | Off = OFF
    freed_seats_only: bool = False
    price_guard: PriceGuard = PriceGuard.OFF
    category_guard: CategoryGuard = CategoryGuard.OFF
    credit_scope: CreditScope = CreditScope.SAME_CLIENT
    on_make_up_cancellation: OnMakeUpCancellation = OnMakeUpCancellation.RESTORE
    studio_cancellation_grace_days: int = 14
    on_enrolment_end: OnEnrolmentEnd = OnEnrolmentEnd.KEEP
    excused_absence_earns: bool = False
    hold_release_grace_hours: int = 72
    auto_seat_hours_before_deadline: int = 2


_STUDIO = frozenset({Level.STUDIO})
_STUDIO_AND_COURSE = frozenset({Level.STUDIO, Level.COURSE})
_COURSE_AND_SESSION = frozenset({Level.COURSE, Level.SESSION})
_ALL = frozenset({Level.STUDIO, Level.COURSE, Level.SESSION})

SETTINGS: Mapping[str, frozenset[Level]] = {
    "make_ups_enabled": _STUDIO_AND_COURSE,
    "cancellation_deadline": _ALL,
    "late_cancellation": _STUDIO_AND_COURSE,
    "single_bookings_earn": _STUDIO,
    "earning_needs_payment": _STUDIO,
    "earn_cap": _STUDIO_AND_COURSE,
    "max_outstanding": _STUDIO,
    "validity": _STUDIO_AND_COURSE,
    "expiry_rounding": _STUDIO,
    "never_before_missed_session": _STUDIO_AND_COURSE,
    "expiry_means": _STUDIO,
    "redeemable_from": _STUDIO,
    "max_days_ahead": _STUDIO,
    "make_ups_open_days_before": _ALL,
    "make_ups_close_minutes_before": _ALL,
    "extra_make_up_seats": _COURSE_AND_SESSION,
    "max_make_ups": _COURSE_AND_SESSION,
    "freed_seats_only": _COURSE_AND_SESSION,
    "price_guard": _STUDIO,
    "category_guard": _STUDIO,
    "credit_scope": _STUDIO,
    "on_make_up_cancellation": _STUDIO,
    "studio_cancellation_grace_days": _STUDIO,
    "on_enrolment_end": _STUDIO,
    "excused_absence_earns": _STUDIO,
    "hold_release_grace_hours": _STUDIO,
    "auto_seat_hours_before_deadline": _STUDIO,
}
"""The name of every setting, and the levels that can decide it."""

UNDECIDED: Choices = {}


def policy_of(studio: Choices, course: Choices = UNDECIDED, session: Choices = UNDECIDED) -> Policy:
    """What holds where these have decided: session before course before studio, then the default."""
    return Policy(**{**studio, **course, **session})


def level_of(setting: str, studio: Choices, course: Choices = UNDECIDED, session: Choices = UNDECIDED) -> Level:
    """Which level the value of a setting comes from."""
    levels = {Level.SESSION: session, Level.COURSE: course, Level.STUDIO: studio}
    return next((level for level, choices in levels.items() if setting in choices), Level.DEFAULT)


def changed(choices: Choices, changes: Mapping[str, object]) -> Choices:
    """The choices with some of them made anew; None takes one back."""
    return {name: value for name, value in {**choices, **changes}.items() if value is not None}
