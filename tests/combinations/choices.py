"""What the combination table tries of each setting: a few choices that differ in what they do, at each level."""

from datetime import time

from domain.nouns.policy import (
    SETTINGS,
    CapPeriod,
    CategoryGuard,
    CreditScope,
    Days,
    EarnCap,
    ExpiryMeans,
    ExpiryRounding,
    HoursBefore,
    LateCancellation,
    Level,
    LocalTime,
    Never,
    OnEnrolmentEnd,
    OnMakeUpCancellation,
    PriceGuard,
    RedeemableFrom,
)
from tests.combinations.covering import Choice, Chosen, Hidden, Pair, Row
from tests.machine.decided import Term
from tests.machine.records import DEFAULTS

STUDIO, COURSE, SESSION = Level.STUDIO, Level.COURSE, Level.SESSION

DECIDED: dict[str, tuple[Choice, ...]] = {
    "make_ups_enabled": ((STUDIO, True), (COURSE, True), (COURSE, False)),
    "cancellation_deadline": (
        (STUDIO, HoursBefore(48)),
        (COURSE, LocalTime(1, time(18))),
        (SESSION, HoursBefore(6)),
        (SESSION, HoursBefore(0)),
    ),
    "late_cancellation": ((STUDIO, LateCancellation.BLOCK), (COURSE, LateCancellation.BLOCK)),
    "single_bookings_earn": ((STUDIO, False),),
    "earning_needs_payment": ((STUDIO, False),),
    "earn_cap": (
        (STUDIO, EarnCap(1, CapPeriod.CALENDAR_MONTH)),
        (STUDIO, EarnCap(2, CapPeriod.ROLLING_DAYS, 30)),
        (COURSE, EarnCap(1, CapPeriod.COURSE)),
    ),
    "max_outstanding": ((STUDIO, 1), (STUDIO, 2)),
    "validity": ((STUDIO, Days(2)), (COURSE, Term(12)), (COURSE, Never())),
    "expiry_rounding": ((STUDIO, ExpiryRounding.EXACT),),
    "never_before_missed_session": ((STUDIO, 7), (COURSE, 0)),
    "expiry_means": ((STUDIO, ExpiryMeans.ATTEND_BY),),
    "redeemable_from": ((STUDIO, RedeemableFrom.AFTER_MISSED_SESSION),),
    "max_days_ahead": ((STUDIO, 10), (STUDIO, 0)),
    "make_ups_open_days_before": ((STUDIO, 30), (COURSE, 3), (SESSION, 1)),
    "make_ups_close_minutes_before": ((STUDIO, 90), (COURSE, 45), (SESSION, 0)),
    "extra_make_up_seats": ((COURSE, 1), (SESSION, 2)),
    "max_make_ups": ((COURSE, 1), (SESSION, 2)),
    "freed_seats_only": ((COURSE, True), (SESSION, True)),
    "price_guard": ((STUDIO, PriceGuard.SAME_OR_LOWER),),
    "category_guard": ((STUDIO, CategoryGuard.SAME_CATEGORY),),
    "credit_scope": ((STUDIO, CreditScope.SAME_ACCOUNT),),
    "on_make_up_cancellation": ((STUDIO, OnMakeUpCancellation.FORFEIT),),
    "studio_cancellation_grace_days": ((STUDIO, 0), (STUDIO, 30)),
    "on_enrolment_end": ((STUDIO, OnEnrolmentEnd.REVOKE_UNUSED),),
    "excused_absence_earns": ((STUDIO, True),),
    "hold_release_grace_hours": ((STUDIO, 0),),
    "auto_seat_hours_before_deadline": ((STUDIO, 0), (STUDIO, 24)),
}
CHOICES = {name: ((Level.DEFAULT, DEFAULTS[name]), *choices) for name, choices in DECIDED.items()}
"""With that nobody decides."""

NOTHING_IS_EARNED = ("make_ups_enabled", (COURSE, False))
HIDDEN: frozenset[Hidden] = frozenset(
    {
        # The deadline is the start: there is no instant at which a cancellation would be late and could be blocked.
        *(
            (("cancellation_deadline", (SESSION, HoursBefore(0))), ("late_cancellation", choice))
            for choice in DECIDED["late_cancellation"]
        ),
        # What never expires cannot expire before the session that was missed.
        *(
            (("validity", (COURSE, Never())), ("never_before_missed_session", choice))
            for choice in DECIDED["never_before_missed_session"]
        ),
        # What is earned nowhere meets no cap, has no terms, comes from no category and is not taken back.
        *(
            (NOTHING_IS_EARNED, (setting, choice))
            for setting in (
                *("earn_cap", "max_outstanding", "never_before_missed_session", "redeemable_from"),
                *("category_guard", "on_enrolment_end"),
            )
            for choice in DECIDED[setting]
        ),
        (NOTHING_IS_EARNED, ("validity", (COURSE, Never()))),
    }
)
"""Where the first of two is chosen, the rules leave the second nothing to decide."""
OF_GRANTS_ONLY: frozenset[Hidden] = frozenset(
    (("validity", choice), ("expiry_rounding", (STUDIO, ExpiryRounding.EXACT)))
    for choice in ((COURSE, Term(12)), (COURSE, Never()))
)
"""Nor here, but for credits that staff give, which no course decides about: only days are rounded."""

_TWO_IN_A_MONTH: Chosen = ("earn_cap", (STUDIO, EarnCap(2, CapPeriod.ROLLING_DAYS, 30)))
_GIVEN_UNTIL_THE_DEADLINE: Chosen = ("auto_seat_hours_before_deadline", (STUDIO, 0))
FAINT: frozenset[Pair] = frozenset(
    (one, other) if one[0] < other[0] else (other, one)
    for one, others in (
        (
            _TWO_IN_A_MONTH,
            (
                ("extra_make_up_seats", (SESSION, 2)),
                ("make_ups_open_days_before", (COURSE, 3)),
                ("max_outstanding", (STUDIO, 2)),
                ("never_before_missed_session", (COURSE, 0)),
                ("validity", (COURSE, Term(12))),
            ),
        ),
        (
            _GIVEN_UNTIL_THE_DEADLINE,
            (
                ("earn_cap", (COURSE, EarnCap(1, CapPeriod.COURSE))),
                ("never_before_missed_session", (COURSE, 0)),
                ("validity", (COURSE, Term(12))),
            ),
        ),
    )
    for other in others
)
"""In the row that holds them, those who could meet the other are stopped by something else: they get one row more."""


BELOW = {Level.DEFAULT: (), STUDIO: (), COURSE: (STUDIO,), SESSION: (STUDIO, COURSE)}


def decided_at(level: Level, row: Row) -> dict[str, object]:
    """What a level decides. Where a level above it does, it decides something else, which must not hold."""
    decided: dict[str, object] = {}
    for setting, (by, value) in row.items():
        if by is level:
            decided[setting] = value
        elif level in SETTINGS[setting] and level in BELOW[by]:
            _, decided[setting] = taken_back(setting, (by, value))
    return decided


def taken_back(setting: str, choice: Choice) -> Choice:
    """What holds once its level no longer decides: what one above it does, or else the default."""
    return next(each for each in CHOICES[setting] if each[1] != choice[1])
