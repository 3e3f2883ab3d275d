"""Staff move the end of a credit (V6): later, earlier but never below now, or away. An expired one lives again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.credits.credit_codes import codes_but_of, state_against_change
from domain.credits.holding import extended, own_expiry
from domain.credits.validity import NEVER, Expiry, expiring_after
from domain.events import CreditExtended
from domain.issuing.granting import NoExpiry, ThroughDate
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.local_time import local_date
from domain.refusals import FixableBy, Refusal, RefusalCode
from domain.rules import broken, codes_of, rule

MOST_DAYS = 3650
LAST_DATE = date(2999, 12, 31)
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
                last_day = own_expiry(self.credit).on
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


@rule("V6", RefusalCode.EXPIRY_TOO_LATE)
def new_end_can_be_told(extension: Extension, now: datetime) -> Refusal | None:
    """The new last date is one that everybody can give back as a date."""
    last_day = extension.expiry.on
    if last_day is None or last_day <= LAST_DATE:
        return None
    return Refusal(
        RefusalCode.EXPIRY_TOO_LATE,
        f"The credit would end after {LAST_DATE}; let it never expire instead.",
        FixableBy.STAFF,
        actual=last_day,
        required=LAST_DATE,
        path=("expiry",),
        credit_id=extension.credit.id,
    )


EXTENSION_RULES = (credit_can_have_another_end, new_end_is_to_come, new_end_can_be_told)
CODES = codes_of(*EXTENSION_RULES)


def decide(extension: Extension, now: datetime) -> CreditExtended | tuple[Refusal, ...]:
    """The reasons against it, none where the credit ends then already; or what happens."""
    credit, expiry = extension.credit, extension.expiry
    if reasons := broken(EXTENSION_RULES, extension, now):
        return reasons
    if expiry == own_expiry(credit):
        return ()
    return CreditExtended(credit, extended(credit, expiry, extension.zone), extension.note)
