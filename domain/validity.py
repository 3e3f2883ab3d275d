"""When a credit expires: V1 and V2."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.local_time import end_of, local_date
from domain.policy import Days, ExpiryRounding, Never, Policy, Until

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Expiry:
    """`at`: the first instant that is too late. `on`: the local date of the last one that is not. None: never."""

    at: datetime | None
    on: date | None


NEVER = Expiry(None, None)


def expiry(policy: Policy, clock_starts: datetime, zone: ZoneInfo) -> Expiry:
    """V1, V2: the clock starts at the cancellation (or the grant), not at the missed session."""
    match policy.validity:
        case Never():
            return NEVER
        case Until(last_day):
            return expiring_after(last_day, zone)
        case Days(days) if policy.expiry_rounding is ExpiryRounding.EXACT:
            return expiring(clock_starts + timedelta(days=days), zone)
        case Days(days):
            return expiring_after(local_date(clock_starts, zone) + timedelta(days=days), zone)


def expiring_after(last_day: date, zone: ZoneInfo) -> Expiry:
    """V2: valid through a local date, to the midnight that ends it."""
    return expiring(end_of(last_day, zone), zone)


def expiring(at: datetime, zone: ZoneInfo) -> Expiry:
    """V2: `on` is the local date of the last usable instant, whatever made the expiry."""
    return Expiry(at, local_date(at - _INSTANT, zone))
