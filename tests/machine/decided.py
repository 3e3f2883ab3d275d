"""What a studio, a course and a session may decide in the runs of the state machine; also what is no policy."""

from dataclasses import dataclass
from datetime import time

from domain.nouns.policy import (
    OFF,
    CapPeriod,
    CategoryGuard,
    CreditScope,
    Days,
    EarnCap,
    ExpiryMeans,
    ExpiryRounding,
    HoursBefore,
    LateCancellation,
    LocalTime,
    Never,
    OnEnrolmentEnd,
    OnMakeUpCancellation,
    PriceGuard,
    RedeemableFrom,
)


@dataclass(frozen=True)
class Term:
    """A term's end, so many days from the local date at which it is decided (V1)."""

    days: int


SETTINGS: dict[str, tuple[object, ...]] = {
    "make_ups_enabled": (True, True, True, False, None),
    "cancellation_deadline": (
        *map(HoursBefore, (0, 1, 24, 48)),
        *(LocalTime(0, time(*clock)) for clock in ((0, 0), (0, 30), (1, 45), (2, 30), (23, 59))),
        *(LocalTime(1, time(*clock)) for clock in ((0, 0), (2, 30), (18, 0))),
        None,
    ),
    "late_cancellation": (*LateCancellation, None),
    "single_bookings_earn": (True, False, None),
    "earning_needs_payment": (True, False, None),
    "validity": (Days(1), Days(2), Days(14), Days(30), Never(), Term(0), Term(3), Term(20), None),
    "expiry_rounding": (*ExpiryRounding, None),
    "max_days_ahead": (0, 1, 7, 90, None),
    "earn_cap": (
        *(OFF, OFF, None, EarnCap(0, CapPeriod.COURSE), EarnCap(1, CapPeriod.COURSE), EarnCap(2, CapPeriod.COURSE)),
        *(EarnCap(most, CapPeriod.CALENDAR_MONTH) for most in (1, 2)),
        *(EarnCap(most, CapPeriod.ROLLING_DAYS, days) for most, days in ((1, 1), (1, 8), (2, 15), (2, 30))),
    ),
    "max_outstanding": (OFF, OFF, None, 0, 1, 2),
    "never_before_missed_session": (OFF, None, 0, 1, 7),
    "expiry_means": (*ExpiryMeans, None),
    "redeemable_from": (*RedeemableFrom, None),
    "make_ups_open_days_before": (OFF, OFF, None, 0, 1, 3, 30),
    "make_ups_close_minutes_before": (OFF, OFF, None, 0, 1, 90, 24 * 60),
    "price_guard": (*PriceGuard, None),
    "category_guard": (*CategoryGuard, None),
    "credit_scope": (*CreditScope, None),
    "on_make_up_cancellation": (*OnMakeUpCancellation, None),
    "studio_cancellation_grace_days": (0, 1, 14, 30, None),
    "on_enrolment_end": (*OnEnrolmentEnd, None),
    "excused_absence_earns": (True, True, False, None),
    "hold_release_grace_hours": (0, 1, 24, 72, None),
    "auto_seat_hours_before_deadline": (0, 1, 2, 24, None),
}
SEATS: dict[str, tuple[object, ...]] = {
    "extra_make_up_seats": (0, 1, 1, 2, None),
    "max_make_ups": (OFF, OFF, None, 0, 1, 2),
    "freed_seats_only": (True, False, False, None),
}
WINDOWS = ("cancellation_deadline", "make_ups_open_days_before", "make_ups_close_minutes_before")
SESSION_SETTINGS = {name: SETTINGS[name] for name in WINDOWS} | SEATS
COURSE_SETTINGS = {
    name: SETTINGS[name]
    for name in ("make_ups_enabled", "late_cancellation", "validity", "earn_cap", "never_before_missed_session")
} | SESSION_SETTINGS
EVERYTHING_EARNS: dict[str, object] = {
    "make_ups_enabled": True,
    "single_bookings_earn": True,
    "earning_needs_payment": False,
    "earn_cap": OFF,
    "max_outstanding": OFF,
    "validity": Days(14),
    "cancellation_deadline": HoursBefore(0),
}
EVERYTHING_IS_OPEN: dict[str, object] = {
    "redeemable_from": RedeemableFrom.ON_CANCELLATION,
    "expiry_means": ExpiryMeans.BOOK_BY,
    "max_days_ahead": 90,
    "price_guard": PriceGuard.OFF,
    "category_guard": CategoryGuard.OFF,
}
AT_ANY_TIME: dict[str, object] = {
    "cancellation_deadline": HoursBefore(0),
    "make_ups_open_days_before": OFF,
    "make_ups_close_minutes_before": OFF,
    "max_make_ups": OFF,
    "freed_seats_only": False,
}
"""What a session decides so that nothing its course does stands in the way."""
WRONG_SETTINGS: dict[str, tuple[object, ...]] = {
    "cancellation_deadline": (HoursBefore(-1), LocalTime(-1, time(12))),
    "validity": (Days(0), Days(-5), Term(-1)),
    "max_days_ahead": (-1,),
    "studio_cancellation_grace_days": (-1,),
    "hold_release_grace_hours": (-1,),
    "auto_seat_hours_before_deadline": (-1,),
    "earn_cap": (EarnCap(-1, CapPeriod.COURSE), EarnCap(1, CapPeriod.ROLLING_DAYS, 0)),
    "max_outstanding": (-1,),
    "never_before_missed_session": (-1,),
    "make_ups_open_days_before": (-1,),
    "make_ups_close_minutes_before": (-1,),
}
WRONG_SEATS: dict[str, tuple[object, ...]] = {"extra_make_up_seats": (-1,), "max_make_ups": (-1,)}
