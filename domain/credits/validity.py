"""When a credit expires: V1, V2 and V4."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.nouns.local_time import end_of, local_date
from domain.nouns.policy import Days, ExpiryRounding, Never, Off, Policy, Until

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
        case Days(days):
            return _days_after(clock_starts, days, policy, zone)


def earned_expiry(policy: Policy, cancelled_at: datetime, missed_at: datetime, zone: ZoneInfo) -> Expiry:
    """V4: as V1 says, but not sooner than so many days after the missed session, where that is promised."""
    lives = expiry(policy, cancelled_at, zone)
    if isinstance(policy.never_before_missed_session, Off) or lives.at is None:
        return lives
    promised = _days_after(missed_at, policy.never_before_missed_session, policy, zone)
    return promised if promised.at is not None and promised.at > lives.at else lives


def ended(policy: Policy, now: datetime, zone: ZoneInfo) -> date | None:
    """V1: the last day of a term that is past; None where there is no term, or it still runs."""
    if isinstance(policy.validity, Until) and now >= end_of(policy.validity.last_day, zone):
        return policy.validity.last_day
    return None


def expiring_after(last_day: date, zone: ZoneInfo) -> Expiry:
    """V2: valid through a local date, to the midnight that ends it."""
    return expiring(end_of(last_day, zone), zone)


def expiring(at: datetime, zone: ZoneInfo) -> Expiry:
    """V2: `on` is the local date of the last usable instant, whatever made the expiry."""
    return Expiry(at, local_date(at - _INSTANT, zone))


def _days_after(instant: datetime, days: int, policy: Policy, zone: ZoneInfo) -> Expiry:
    """V2: whole days of 24 hours, or to the end of the local date so many days after the instant's own."""
    if policy.expiry_rounding is ExpiryRounding.EXACT:
        return expiring(instant + timedelta(days=days), zone)
    return expiring_after(local_date(instant, zone) + timedelta(days=days), zone)
