"""Staff move the end of a credit (V6): later, earlier but never below now, or away. An expired one lives again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.credit import CreditState, MakeUpCredit
from domain.credit_codes import codes_but_of, state_against_change
from domain.events import CreditExtended
from domain.granting import NoExpiry, ThroughDate
from domain.local_time import local_date
from domain.refusals import FixableBy, Refusal, RefusalCode
from domain.rules import broken, codes_of, rule
from domain.validity import NEVER, Expiry, expiring_after

MOST_DAYS = 3650
_EXTENDABLE = (CreditState.ACTIVE, CreditState.HELD, CreditState.EXPIRED)


@dataclass(frozen=True)
class MoreDays:
    """So many days after its last local date, and to the end of that one. What never expires never does."""

    days: int


NewExpiry = ThroughDate | MoreDays | NoExpiry


@dataclass(frozen=True)
class Extension:
    """A credit, and when it is to end, by the calendar of the studio's zone."""

    credit: MakeUpCredit
    wanted: NewExpiry
    zone: ZoneInfo
    note: str

    @property
    def expiry(self) -> Expiry:
        match self.wanted:
            case NoExpiry():
                return NEVER
            case ThroughDate(last_day):
                return expiring_after(last_day, self.zone)
            case MoreDays(days):
                last_day = self.credit.expires_on
                return NEVER if last_day is None else expiring_after(last_day + timedelta(days=days), self.zone)


@rule("V6", *codes_but_of(_EXTENDABLE))
def credit_can_have_another_end(extension: Extension, now: datetime) -> Refusal | None:
    """The credit is active, held or expired."""
    return state_against_change(extension.credit, _EXTENDABLE, "The credit has no end to move", now)


@rule("V6", RefusalCode.EXPIRY_IN_PAST)
def new_end_is_to_come(extension: Extension, now: datetime) -> Refusal | None:
    """The new end lies after now."""
    expiry = extension.expiry
    if expiry.at is None or expiry.at > now:
        return None
    return Refusal(
        RefusalCode.EXPIRY_IN_PAST,
        "The credit would end before now.",
        FixableBy.STAFF,
        actual=expiry.on,
        required=local_date(now, extension.zone),
        path=("expiry",),
        credit_id=extension.credit.id,
    )


EXTENSION_RULES = (credit_can_have_another_end, new_end_is_to_come)
CODES = codes_of(*EXTENSION_RULES)


def decide(extension: Extension, now: datetime) -> CreditExtended | tuple[Refusal, ...]:
    """The reasons against it, none where the credit ends then already; or what happens."""
    credit, expiry = extension.credit, extension.expiry
    if reasons := broken(EXTENSION_RULES, extension, now):
        return reasons
    if expiry == Expiry(credit.expires_at, credit.expires_on):
        return ()
    return CreditExtended(credit, expiry, extension.note)
