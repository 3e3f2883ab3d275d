"""A studio's policy as JSON and back."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import time
from typing import Any

from domain.policy import (
    CancellationDeadline,
    Days,
    ExpiryRounding,
    HoursBefore,
    LateCancellation,
    LocalTime,
    Never,
    StudioPolicy,
    Validity,
)


def dump(policy: StudioPolicy) -> dict[str, Any]:
    """Only what differs from the defaults."""
    defaults = StudioPolicy()
    return {
        field.name: _dump(getattr(policy, field.name))
        for field in fields(StudioPolicy)
        if getattr(policy, field.name) != getattr(defaults, field.name)
    }


def load(stored: Mapping[str, Any]) -> StudioPolicy:
    values: dict[str, Any] = {name: _LOADERS.get(name, _as_it_is)(value) for name, value in stored.items()}
    return StudioPolicy(**values)


def _dump(value: object) -> Any:
    match value:
        case HoursBefore(hours):
            return {"hoursBefore": hours}
        case LocalTime(days_before, clock):
            return {"daysBefore": days_before, "localTime": clock.isoformat("minutes")}
        case Days(days):
            return {"days": days}
        case Never():
            return {"never": True}
        case _:
            return value


def _deadline(value: Any) -> CancellationDeadline:
    if "hoursBefore" in value:
        return HoursBefore(value["hoursBefore"])
    return LocalTime(value["daysBefore"], time.fromisoformat(value["localTime"]))


def _validity(value: Any) -> Validity:
    return Days(value["days"]) if "days" in value else Never()


def _as_it_is(value: Any) -> Any:
    return value


_LOADERS: dict[str, Callable[[Any], Any]] = {
    "cancellation_deadline": _deadline,
    "validity": _validity,
    "late_cancellation": lambda name: LateCancellation[name],
    "expiry_rounding": lambda name: ExpiryRounding[name],
}
