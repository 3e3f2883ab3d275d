"""What is decided about cancelling and make-ups, and by which level."""

from dataclasses import replace
from datetime import date
from enum import Enum
from typing import Any, Generic, TypeVar

import strawberry

from domain.nouns import policy as domain
from domain.nouns.policy import (
    SETTINGS,
    CapPeriod,
    CategoryGuard,
    Choices,
    CreditScope,
    Days,
    ExpiryMeans,
    ExpiryRounding,
    HoursBefore,
    LateCancellation,
    Level,
    Off,
    OnEnrolmentEnd,
    OnMakeUpCancellation,
    Policy,
    PriceGuard,
    RedeemableFrom,
    Until,
    level_of,
    policy_of,
)
from schema.scalars import LocalTime
from schema.settings import WORDS

T = TypeVar("T")


@strawberry.enum(description="How a deadline is given.")
class DeadlineForm(Enum):
    HOURS_BEFORE = strawberry.enum_value("HOURS_BEFORE", description="So many elapsed hours before the start.")
    LOCAL_TIME = strawberry.enum_value(
        "LOCAL_TIME", description="A wall clock, so many days before the session's date."
    )


@strawberry.type(
    description="Until when a cancellation is in time. Never compute with it: ask `Session.cancellationDeadline`."
)
class CancellationDeadline:
    form: DeadlineForm = strawberry.field(description="Which of the following fields are given.")
    hours_before: int | None = strawberry.field(description="How many elapsed hours before the start.")
    days_before: int | None = strawberry.field(description="How many days before the session's local date.")
    local_time: LocalTime | None = strawberry.field(description="The wall clock on that day.")

    @classmethod
    def of(cls, deadline: domain.CancellationDeadline) -> "CancellationDeadline":
        if isinstance(deadline, HoursBefore):
            return cls(form=DeadlineForm.HOURS_BEFORE, hours_before=deadline.hours, days_before=None, local_time=None)
        return cls(
            form=DeadlineForm.LOCAL_TIME,
            hours_before=None,
            days_before=deadline.days_before,
            local_time=LocalTime(deadline.clock),
        )


@strawberry.type(description="How long a credit lives, counted from the cancellation that earned it: one of three.")
class Validity:
    days: int | None = strawberry.field(description="How many days; null where their number is not fixed.")
    until: date | None = strawberry.field(
        description="The last local date on which the credits of a term can be spent; null where there is no term."
    )
    never: bool = strawberry.field(description="Whether credits never expire.")

    @classmethod
    def of(cls, validity: domain.Validity) -> "Validity":
        return cls(
            days=validity.days if isinstance(validity, Days) else None,
            until=validity.last_day if isinstance(validity, Until) else None,
            never=isinstance(validity, domain.Never),
        )


@strawberry.type(
    description="How many credits a client earns at most, by the local dates of the sessions that they gave up."
)
class EarnCap:
    max: int = strawberry.field(description="How many credits.")
    per: CapPeriod = strawberry.field(description="In which period.")
    days: int | None = strawberry.field(description="How many days a period of `ROLLING_DAYS` has; null for others.")

    @classmethod
    def of(cls, cap: "domain.EarnCap | Off") -> "EarnCap | None":
        return None if isinstance(cap, Off) else cls(max=cap.most, per=cap.per, days=cap.days)


@strawberry.type(description="What a studio has decided. A change touches no credit that is already issued.")
class StudioPolicy:
    make_ups_enabled: bool = strawberry.field(description=WORDS["make_ups_enabled"] + " A course may say otherwise.")
    cancellation_deadline: CancellationDeadline = strawberry.field(description=WORDS["cancellation_deadline"])
    late_cancellation: LateCancellation = strawberry.field(description=WORDS["late_cancellation"])
    single_bookings_earn: bool = strawberry.field(description=WORDS["single_bookings_earn"])
    earning_needs_payment: bool = strawberry.field(description=WORDS["earning_needs_payment"])
    earn_cap: EarnCap | None = strawberry.field(description=WORDS["earn_cap"] + " Null for no limit.")
    max_outstanding: int | None = strawberry.field(description=WORDS["max_outstanding"] + " Null for no limit.")
    validity: Validity = strawberry.field(description=WORDS["validity"])
    expiry_rounding: ExpiryRounding = strawberry.field(description=WORDS["expiry_rounding"])
    never_before_missed_session: int | None = strawberry.field(
        description=WORDS["never_before_missed_session"] + " Null where it may end before that session."
    )
    expiry_means: ExpiryMeans = strawberry.field(description=WORDS["expiry_means"])
    redeemable_from: RedeemableFrom = strawberry.field(description=WORDS["redeemable_from"])
    max_days_ahead: int = strawberry.field(description=WORDS["max_days_ahead"])
    make_ups_open_days_before: int | None = strawberry.field(
        description=WORDS["make_ups_open_days_before"] + " Null for no limit."
    )
    make_ups_close_minutes_before: int | None = strawberry.field(
        description=WORDS["make_ups_close_minutes_before"] + " Null for no limit."
    )
    price_guard: PriceGuard = strawberry.field(description=WORDS["price_guard"])
    category_guard: CategoryGuard = strawberry.field(description=WORDS["category_guard"])
    credit_scope: CreditScope = strawberry.field(description=WORDS["credit_scope"])
    on_make_up_cancellation: OnMakeUpCancellation = strawberry.field(description=WORDS["on_make_up_cancellation"])
    studio_cancellation_grace_days: int = strawberry.field(description=WORDS["studio_cancellation_grace_days"])
    on_enrolment_end: OnEnrolmentEnd = strawberry.field(description=WORDS["on_enrolment_end"])
    excused_absence_earns: bool = strawberry.field(description=WORDS["excused_absence_earns"])
    hold_release_grace_hours: int = strawberry.field(description=WORDS["hold_release_grace_hours"])
    auto_seat_hours_before_deadline: int = strawberry.field(description=WORDS["auto_seat_hours_before_deadline"])

    @classmethod
    def of(cls, policy: Policy) -> "StudioPolicy":
        names = [name for name, levels in SETTINGS.items() if Level.STUDIO in levels]
        return cls(**{name: _shown(getattr(policy, name)) for name in names})


_LEVEL = "Which level it comes from."


@strawberry.type(description="What holds for one setting, and who decided it.")
class Setting(Generic[T]):
    value: T = strawberry.field(description="What holds.")
    level: Level = strawberry.field(description=_LEVEL)


@strawberry.type(description="What holds for a number, and who decided it.")
class NumberSetting:
    value: int = strawberry.field(description="How many days, hours or seats, as the setting says.")
    level: Level = strawberry.field(description=_LEVEL)


@strawberry.type(description="What holds for a limit, and who decided it.")
class LimitSetting:
    value: int | None = strawberry.field(
        description="How many days, minutes, seats or credits, as the setting says; null for no limit."
    )
    level: Level = strawberry.field(description=_LEVEL)


@strawberry.type(description="What holds for the cap on earning, and who decided it.")
class EarnCapSetting:
    value: EarnCap | None = strawberry.field(description="The cap; null for no limit.")
    level: Level = strawberry.field(description=_LEVEL)


@strawberry.type(
    description="What holds, setting by setting: the session's decision goes before its course's, that before its"
    " studio's, and the built-in default holds where nobody has decided."
)
class EffectivePolicy:
    make_ups_enabled: Setting[bool] = strawberry.field(description=WORDS["make_ups_enabled"])
    cancellation_deadline: Setting[CancellationDeadline] = strawberry.field(description=WORDS["cancellation_deadline"])
    late_cancellation: Setting[LateCancellation] = strawberry.field(description=WORDS["late_cancellation"])
    single_bookings_earn: Setting[bool] = strawberry.field(description=WORDS["single_bookings_earn"])
    earning_needs_payment: Setting[bool] = strawberry.field(description=WORDS["earning_needs_payment"])
    earn_cap: EarnCapSetting = strawberry.field(description=WORDS["earn_cap"])
    max_outstanding: LimitSetting = strawberry.field(description=WORDS["max_outstanding"])
    validity: Setting[Validity] = strawberry.field(description=WORDS["validity"])
    expiry_rounding: Setting[ExpiryRounding] = strawberry.field(description=WORDS["expiry_rounding"])
    never_before_missed_session: LimitSetting = strawberry.field(description=WORDS["never_before_missed_session"])
    expiry_means: Setting[ExpiryMeans] = strawberry.field(description=WORDS["expiry_means"])
    redeemable_from: Setting[RedeemableFrom] = strawberry.field(description=WORDS["redeemable_from"])
    max_days_ahead: NumberSetting = strawberry.field(description=WORDS["max_days_ahead"])
    make_ups_open_days_before: LimitSetting = strawberry.field(description=WORDS["make_ups_open_days_before"])
    make_ups_close_minutes_before: LimitSetting = strawberry.field(description=WORDS["make_ups_close_minutes_before"])
    extra_make_up_seats: NumberSetting = strawberry.field(description=WORDS["extra_make_up_seats"])
    max_make_ups: LimitSetting = strawberry.field(description=WORDS["max_make_ups"])
    freed_seats_only: Setting[bool] = strawberry.field(description=WORDS["freed_seats_only"])
    price_guard: Setting[PriceGuard] = strawberry.field(description=WORDS["price_guard"])
    category_guard: Setting[CategoryGuard] = strawberry.field(description=WORDS["category_guard"])
    credit_scope: Setting[CreditScope] = strawberry.field(description=WORDS["credit_scope"])
    on_make_up_cancellation: Setting[OnMakeUpCancellation] = strawberry.field(
        description=WORDS["on_make_up_cancellation"]
    )
    studio_cancellation_grace_days: NumberSetting = strawberry.field(
        description=WORDS["studio_cancellation_grace_days"]
    )
    on_enrolment_end: Setting[OnEnrolmentEnd] = strawberry.field(description=WORDS["on_enrolment_end"])
    excused_absence_earns: Setting[bool] = strawberry.field(description=WORDS["excused_absence_earns"])
    hold_release_grace_hours: NumberSetting = strawberry.field(description=WORDS["hold_release_grace_hours"])
    auto_seat_hours_before_deadline: NumberSetting = strawberry.field(
        description=WORDS["auto_seat_hours_before_deadline"]
    )
    accepts_make_ups: Setting[bool] | None = strawberry.field(
        description="Whether sessions can be booked with a make-up credit: each course and each one-time class says so,"
        " and a session of a course may say otherwise. Null for a studio."
    )

    @classmethod
    def of(
        cls, *levels: Choices, accepts_make_ups: Setting[bool] | None = None, extra_make_up_seats: int | None = None
    ) -> "EffectivePolicy":
        """Of what a studio has decided, then its course, then the session; `extra_make_up_seats` that a session has."""
        policy = policy_of(*levels)
        if extra_make_up_seats is not None:
            policy = replace(policy, extra_make_up_seats=extra_make_up_seats)
        settings = {name: _setting(name, policy, level_of(name, *levels)) for name in SETTINGS}
        return cls(**settings, accepts_make_ups=accepts_make_ups)


_OTHER_KINDS: dict[str, Any] = {
    name: kind
    for name, kind in EffectivePolicy.__annotations__.items()
    if kind in (NumberSetting, LimitSetting, EarnCapSetting)
}


def _setting(name: str, policy: Policy, level: Level) -> Any:
    return _OTHER_KINDS.get(name, Setting)(value=_shown(getattr(policy, name)), level=level)


def _shown(value: Any) -> Any:
    match value:
        case domain.HoursBefore() | domain.LocalTime():
            return CancellationDeadline.of(value)
        case domain.Days() | domain.Until() | domain.Never():
            return Validity.of(value)
        case domain.EarnCap():
            return EarnCap.of(value)
        case Off():
            return None
        case _:
            return value
