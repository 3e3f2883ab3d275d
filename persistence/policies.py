"""What a level has decided, as JSON and back."""

from collections.abc import Callable, Mapping
from datetime import date, time
from enum import Enum
from typing import Any

from domain.nouns.policy import (
    OFF,
    CancellationDeadline,
    CapPeriod,
    CategoryGuard,
    Choices,
    CreditScope,
    Days,
    EarnCap,
    ExpiryMeans,
    ExpiryRounding,
    HoursBefore,
    LateCancellation,
    LocalTime,
    Never,
    Off,
    OnEnrolmentEnd,
    OnMakeUpCancellation,
    PriceGuard,
    RedeemableFrom,
    Until,
    Validity,
)


def dump(choices: Choices) -> dict[str, Any]:
    return {name: _dump(value) for name, value in choices.items()}


def load(stored: Mapping[str, Any]) -> Choices:
    return {name: _LOADERS.get(name, _as_it_is)(value) for name, value in stored.items()}


def _dump(value: object) -> Any:
    match value:
        case HoursBefore(hours):
            return {"hoursBefore": hours}
        case LocalTime(days_before, clock):
            return {"daysBefore": days_before, "localTime": clock.isoformat("minutes")}
        case Days(days):
            return {"days": days}
        case Until(last_day):
            return {"until": last_day.isoformat()}
        case Never():
            return {"never": True}
        case EarnCap(most, per, days):
            return {"max": most, "per": per.value, "days": days}
        case Off():
            return {"off": True}
        case Enum():
            return value.value
        case _:
            return value


def _deadline(value: Any) -> CancellationDeadline:
    if "hoursBefore" in value:
        return HoursBefore(value["hoursBefore"])
    return LocalTime(value["daysBefore"], time.fromisoformat(value["localTime"]))


def _validity(value: Any) -> Validity:
    if "until" in value:
        return Until(date.fromisoformat(value["until"]))
    return Days(value["days"]) if "days" in value else Never()


def _cap(value: Any) -> EarnCap | Off:
    return OFF if "off" in value else EarnCap(value["max"], CapPeriod[value["per"]], value["days"])


def _limit(value: Any) -> Any:
    return OFF if isinstance(value, dict) else value


def _as_it_is(value: Any) -> Any:
    return value


_LOADERS: dict[str, Callable[[Any], Any]] = {
    "cancellation_deadline": _deadline,
    "validity": _validity,
    "earn_cap": _cap,
    **dict.fromkeys(
        (
            "max_outstanding",
            "never_before_missed_session",
            "make_ups_open_days_before",
            "make_ups_close_minutes_before",
            "max_make_ups",
        ),
        _limit,
    ),
    "late_cancellation": lambda name: LateCancellation[name],
    "expiry_rounding": lambda name: ExpiryRounding[name],
    "expiry_means": lambda name: ExpiryMeans[name],
    "redeemable_from": lambda name: RedeemableFrom[name],
    "price_guard": lambda name: PriceGuard[name],
    "category_guard": lambda name: CategoryGuard[name],
    "credit_scope": lambda name: CreditScope[name],
    "on_make_up_cancellation": lambda name: OnMakeUpCancellation[name],
    "on_enrolment_end": lambda name: OnEnrolmentEnd[name],
}
