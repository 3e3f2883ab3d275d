"""The inputs that decide a policy, at each level: a field left out stays as it is; null takes a decision back."""

from dataclasses import fields
from datetime import date
from typing import Any

import strawberry

from domain.faults import BadUserInput
from domain.nouns import policy as domain
from domain.nouns.policy import (
    OFF,
    SETTINGS,
    CapPeriod,
    CategoryGuard,
    CreditScope,
    ExpiryMeans,
    ExpiryRounding,
    LateCancellation,
    OnEnrolmentEnd,
    OnMakeUpCancellation,
    PriceGuard,
    RedeemableFrom,
)
from schema.acting import KEY
from schema.scalars import LocalTime
from schema.settings import WORDS

_LEFT_OUT = " A field left out stays as it is; null takes the decision back, so that what lies above it holds."
_NEW = " A field that is left out or null is not decided: what lies above it holds."
_OWNERS = " `extraMakeUpSeats`, `maxMakeUps` and `freedSeatsOnly` are the managers' too, all else is the owner's."


def _setting(name: str, default: str, *, description: str = "") -> Any:
    return strawberry.field(
        default=strawberry.UNSET, description=f"{WORDS[name]}{description} Where nobody decides: {default}."
    )


@strawberry.input(one_of=True, description="Until when a cancellation is in time.")
class CancellationDeadlineInput:
    hours_before: int | None = strawberry.field(
        default=strawberry.UNSET, description="How many elapsed hours before the start, 0 to 87600."
    )
    local_time: "LocalTimeDeadlineInput | None" = strawberry.field(
        default=strawberry.UNSET, description="A wall clock in the studio's time zone."
    )


@strawberry.input(
    description="A wall clock. A skipped time is the first instant after the gap, a doubled one the later of the two."
)
class LocalTimeDeadlineInput:
    days_before: int = strawberry.field(description="How many days before the session's local date, 0 to 3650.")
    time: LocalTime = strawberry.field(description="The wall clock of that day.")


@strawberry.input(one_of=True, description="How long a credit lives, counted from the cancellation that earned it.")
class ValidityInput:
    days: int | None = strawberry.field(default=strawberry.UNSET, description="How many days, 1 to 3650.")
    until: date | None = strawberry.field(
        default=strawberry.UNSET,
        description="The last local date on which the credits earned from now on can be spent, a term's end, unless"
        " `neverBeforeMissedSession` promises them more. Once it is past, a cancellation earns nothing.",
    )
    never: bool | None = strawberry.field(default=strawberry.UNSET, description="True: credits never expire.")


@strawberry.input(one_of=True, description="A limit, or none.")
class LimitInput:
    limit: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="How many days (at most 3650), minutes (5256000), seats (100000) or credits (10000), as the"
        " setting says; 0 or more.",
    )
    off: bool | None = strawberry.field(default=strawberry.UNSET, description="True: no limit, whatever lies above it.")


@strawberry.input(one_of=True, description="A cap on earning, or none.")
class EarnCapInput:
    cap: "EarnCapLimitInput | None" = strawberry.field(default=strawberry.UNSET, description="The cap.")
    off: bool | None = strawberry.field(default=strawberry.UNSET, description="True: no cap, whatever lies above it.")


@strawberry.input(description="How many credits a client earns at most in a period.")
class EarnCapLimitInput:
    max: int = strawberry.field(description="How many credits, 0 to 10000.")
    per: CapPeriod = strawberry.field(
        description="In which period, by the local dates of the sessions given up. A course's cap counts its own"
        " sessions; a studio's counts those of all courses, but `per: COURSE` for each course by itself."
    )
    days: int | None = strawberry.field(
        default=None, description="How many days a period of `ROLLING_DAYS` has, 1 to 3650; for it alone."
    )


@strawberry.input
class _AnyLevel:
    cancellation_deadline: CancellationDeadlineInput | None = _setting("cancellation_deadline", "24 hours before")
    make_ups_open_days_before: LimitInput | None = _setting("make_ups_open_days_before", "no limit")
    make_ups_close_minutes_before: LimitInput | None = _setting("make_ups_close_minutes_before", "no limit")

    def changes(self) -> dict[str, object]:
        """By the names of the settings, those that are given; None for what is taken back."""
        given = {each.name: getattr(self, each.name) for each in fields(self) if each.name in SETTINGS}
        return {name: _domain(name, value) for name, value in given.items() if value is not strawberry.UNSET}

    def choices(self) -> dict[str, Any]:
        """Those that are decided."""
        return {name: value for name, value in self.changes().items() if value is not None}


@strawberry.input
class _StudioOrCourse(_AnyLevel):
    make_ups_enabled: bool | None = _setting("make_ups_enabled", "false")
    late_cancellation: LateCancellation | None = _setting("late_cancellation", "`ALLOW_WITHOUT_CREDIT`")
    earn_cap: EarnCapInput | None = _setting("earn_cap", "no cap")
    validity: ValidityInput | None = _setting("validity", "30 days")
    never_before_missed_session: LimitInput | None = _setting("never_before_missed_session", "no such days")


@strawberry.input
class _CourseOrSession(_AnyLevel):
    extra_make_up_seats: int | None = _setting("extra_make_up_seats", "0", description=" 0 to 100000.")
    max_make_ups: LimitInput | None = _setting("max_make_ups", "no limit")
    freed_seats_only: bool | None = _setting("freed_seats_only", "false")


@strawberry.input(description="What a new course decides, for all its sessions." + _NEW + _OWNERS)
class CoursePolicyInput(_StudioOrCourse, _CourseOrSession):
    pass


@strawberry.input(description="What a new session decides for itself." + _NEW + _OWNERS)
class SessionPolicyInput(_CourseOrSession):
    pass


@strawberry.input(
    description="What the studio decides, for all its courses and classes. A field left out stays as it is; null takes"
    " the decision back, so that the built-in default holds."
)
class UpdateStudioPolicyInput(_StudioOrCourse):
    studio_id: strawberry.ID = strawberry.field(description="The studio.")
    single_bookings_earn: bool | None = _setting("single_bookings_earn", "true")
    earning_needs_payment: bool | None = _setting("earning_needs_payment", "true")
    max_outstanding: LimitInput | None = _setting("max_outstanding", "no limit")
    expiry_rounding: ExpiryRounding | None = _setting("expiry_rounding", "`END_OF_LOCAL_DAY`")
    expiry_means: ExpiryMeans | None = _setting("expiry_means", "`BOOK_BY`")
    redeemable_from: RedeemableFrom | None = _setting("redeemable_from", "`ON_CANCELLATION`")
    max_days_ahead: int | None = _setting("max_days_ahead", "90", description=" 0 to 3650.")
    price_guard: PriceGuard | None = _setting("price_guard", "`OFF`")
    category_guard: CategoryGuard | None = _setting("category_guard", "`OFF`")
    credit_scope: CreditScope | None = _setting("credit_scope", "`SAME_CLIENT`")
    on_make_up_cancellation: OnMakeUpCancellation | None = _setting("on_make_up_cancellation", "`RESTORE`")
    studio_cancellation_grace_days: int | None = _setting(
        "studio_cancellation_grace_days", "14", description=" 0 to 3650."
    )
    on_enrolment_end: OnEnrolmentEnd | None = _setting("on_enrolment_end", "`KEEP`")
    excused_absence_earns: bool | None = _setting("excused_absence_earns", "false")
    hold_release_grace_hours: int | None = _setting("hold_release_grace_hours", "72", description=" 0 to 720.")
    auto_seat_hours_before_deadline: int | None = _setting(
        "auto_seat_hours_before_deadline", "2", description=" 0 to 720."
    )
    idempotency_key: str = KEY


@strawberry.input(description="What a course decides, for all its sessions." + _LEFT_OUT + _OWNERS)
class UpdateCoursePolicyInput(CoursePolicyInput):
    course_id: strawberry.ID = strawberry.field(description="The course.")
    idempotency_key: str = KEY


@strawberry.input(description="What a session decides for itself." + _LEFT_OUT + _OWNERS)
class UpdateSessionPolicyInput(SessionPolicyInput):
    session_id: strawberry.ID = strawberry.field(description="The session.")
    idempotency_key: str = KEY


def _domain(name: str, value: Any) -> Any:
    match value:
        case CancellationDeadlineInput(local_time=LocalTimeDeadlineInput() as local):
            return domain.LocalTime(local.days_before, local.time)
        case CancellationDeadlineInput():
            return domain.HoursBefore(value.hours_before or 0)
        case ValidityInput():
            return _validity(value)
        case LimitInput(off=True) | EarnCapInput(off=True):
            return OFF
        case LimitInput(off=False) | EarnCapInput(off=False):
            raise BadUserInput("Give the limit, or `off: true`.", _camel(name), "off")
        case LimitInput():
            return value.limit
        case EarnCapInput(cap=EarnCapLimitInput() as cap):
            if (cap.days is None) == (cap.per is CapPeriod.ROLLING_DAYS):
                raise BadUserInput("Give the days of `ROLLING_DAYS`, and of nothing else.", _camel(name), "cap", "days")
            return domain.EarnCap(cap.max, cap.per, cap.days)
        case _:
            return value


def _validity(given: ValidityInput) -> domain.Validity:
    if given.never is True:
        return domain.Never()
    if given.never is False:
        raise BadUserInput("Give the days, a date, or `never: true`.", "validity", "never")
    if isinstance(given.until, date):
        return domain.Until(given.until)
    return domain.Days(given.days or 0)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.title, rest))
