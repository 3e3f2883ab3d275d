"""Staff grant credits by hand (E8)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.archive import client_is_not_archived, studio_is_not_archived
from domain.credits.validity import NEVER, Expiry, ended, expiring_after, expiry
from domain.nouns.client import Client
from domain.nouns.credit import CreditOrigin, CreditState, GrantReason, MakeUpCredit
from domain.nouns.local_time import local_date
from domain.nouns.studio import Studio
from domain.refusals import FixableBy, Refusal, RefusalCode, Refused
from domain.rules import broken, codes_of, rule

MOST_AT_ONCE = 20
LONGEST_NOTE = 1000


@dataclass(frozen=True)
class StudioValidity:
    """As long as the studio's credits live, counted from the grant."""


@dataclass(frozen=True)
class ThroughDate:
    """Through a local date, today or later."""

    last_day: date


@dataclass(frozen=True)
class NoExpiry:
    """The credits never expire."""


GrantValidity = StudioValidity | ThroughDate | NoExpiry


@dataclass(frozen=True)
class Grant:
    """`worth` in minor units, where staff give one."""

    studio: Studio
    client: Client
    reason: GrantReason
    note: str
    validity: GrantValidity
    worth: int | None


@rule("E8", RefusalCode.EXPIRY_IN_PAST)
def expiry_is_today_or_later(grant: Grant, now: datetime) -> Refusal | None:
    """A given expiry date is not before today in the studio's zone."""
    today = local_date(now, grant.studio.zone)
    if not isinstance(grant.validity, ThroughDate) or grant.validity.last_day >= today:
        return None
    return Refusal(
        RefusalCode.EXPIRY_IN_PAST,
        "The expiry lies before today.",
        FixableBy.STAFF,
        actual=grant.validity.last_day,
        required=today,
        path=("validity", "expiresOn"),
    )


@rule("V1", RefusalCode.VALIDITY_ENDED)
def studio_validity_has_not_ended(grant: Grant, now: datetime) -> Refusal | None:
    """Where the studio's credits live until a date, a grant needs its own expiry once that date is past."""
    last_day = ended(grant.studio.policy, now, grant.studio.zone)
    if not isinstance(grant.validity, StudioValidity) or last_day is None:
        return None
    return Refusal(
        RefusalCode.VALIDITY_ENDED,
        "The last day of the studio's validity is past; give the credits an expiry of their own.",
        FixableBy.STAFF,
        actual=last_day,
        required=local_date(now, grant.studio.zone),
        path=("validity",),
    )


GRANT_RULES = (
    studio_is_not_archived,
    client_is_not_archived,
    expiry_is_today_or_later,
    studio_validity_has_not_ended,
)
CODES = codes_of(*GRANT_RULES)


def decide(grant: Grant, credit_ids: tuple[UUID, ...], now: datetime) -> tuple[MakeUpCredit, ...] | Refused:
    """One credit for each id, outside of all caps."""
    if reasons := broken(GRANT_RULES, grant, now):
        return Refused(reasons)
    lives = _expiry(grant, now)
    return tuple(
        MakeUpCredit(
            studio_id=grant.studio.id,
            id=credit_id,
            client_id=grant.client.id,
            origin=CreditOrigin.GRANT,
            missed_booking_id=None,
            missed_session_id=None,
            missed_paid_with=None,
            issued_at=now,
            expires_at=lives.at,
            expires_on=lives.on,
            expiry_means=grant.studio.policy.expiry_means,
            redeemable_from=None,
            worth=grant.worth,
            category=None,
            reason=grant.reason,
            note=grant.note,
            state=CreditState.ACTIVE,
            booking_id=None,
            expiry_written=None,
            changed_at=now,
        )
        for credit_id in credit_ids
    )


def _expiry(grant: Grant, now: datetime) -> Expiry:
    match grant.validity:
        case StudioValidity():
            return expiry(grant.studio.policy, now, grant.studio.zone)
        case ThroughDate(last_day):
            return expiring_after(last_day, grant.studio.zone)
        case NoExpiry():
            return NEVER
