"""What a credit says to the seat that it is to pay (R7, R8, R9, R12, V3). Its terms are fixed, the guards are live."""

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.credits.credit_codes import CODE_OF_STATE
from domain.credits.holding import own_expiry
from domain.nouns.client import Client
from domain.nouns.credit import CreditState, MakeUpCredit
from domain.nouns.money import Money
from domain.nouns.policy import CategoryGuard, CreditScope, ExpiryMeans, Policy, PriceGuard
from domain.refusals import FixableBy, Refusal, RefusalCode
from domain.rules import broken, rule
from domain.spending.seats import SeatRequest


@dataclass(frozen=True)
class MakeUp(SeatRequest):
    """A client who wants a seat, and the credit that is to pay it.

    `siblings`: other clients whom the same account manages. `held`: the credit is held for this very seat (W1).
    """

    credit: MakeUpCredit
    siblings: Set[UUID]
    held: bool = field(default=False, kw_only=True)


def may_pay_for(client: Client, siblings: Set[UUID], credit: MakeUpCredit, policy: Policy) -> bool:
    """R8: the client's own credit, or with SAME_ACCOUNT a sibling's."""
    if policy.credit_scope is CreditScope.SAME_ACCOUNT and credit.client_id in siblings:
        return True
    return credit.client_id == client.id


@rule("R8", RefusalCode.CREDIT_OF_OTHER_CLIENT)
def credit_is_theirs_to_spend(make_up: MakeUp, now: datetime) -> Refusal | None:
    """The credit belongs to the client who is to attend or, with SAME_ACCOUNT, to one whom the same account manages."""
    if may_pay_for(make_up.client, make_up.siblings, make_up.credit, make_up.target.policy):
        return None
    return Refusal(RefusalCode.CREDIT_OF_OTHER_CLIENT, "The credit belongs to another client.", FixableBy.CLIENT)


@rule("R8", *CODE_OF_STATE.values())
def credit_is_active(make_up: MakeUp, now: datetime) -> Refusal | None:
    """The credit is active and now < its expiry, or held for the seat: then its expiry was asked when it was held."""
    state = make_up.credit.state_at(now)
    if state is CreditState.ACTIVE or (make_up.held and state is CreditState.HELD):
        return None
    if state is CreditState.EXPIRED:
        return Refusal(
            RefusalCode.CREDIT_EXPIRED,
            "The credit has expired.",
            FixableBy.STAFF,
            actual=now,
            required=make_up.credit.expires_at,
        )
    return Refusal(
        CODE_OF_STATE[state],
        f"The credit cannot be spent: it is {state.value.lower()}.",
        FixableBy.CLIENT,
        actual=state.value,
        required=CreditState.ACTIVE.value,
    )


@rule("R12", RefusalCode.CREDIT_NOT_YET_VALID)
def credit_is_redeemable_already(make_up: MakeUp, now: datetime) -> Refusal | None:
    """Where the studio wanted so when the credit was issued, the missed session is over."""
    redeemable_from = make_up.credit.redeemable_from
    if make_up.credit.redeemable(now):
        return None
    return Refusal(
        RefusalCode.CREDIT_NOT_YET_VALID,
        "The credit cannot be spent yet.",
        FixableBy.TIME,
        actual=now,
        required=redeemable_from,
        available_from=redeemable_from,
    )


@rule("R7", RefusalCode.SAME_SESSION)
def credit_was_not_earned_here(make_up: MakeUp, now: datetime) -> Refusal | None:
    """A credit cannot buy back the very session whose cancellation earned it."""
    if make_up.credit.missed_session_id != make_up.target.session.id:
        return None
    return Refusal(RefusalCode.SAME_SESSION, "The credit was earned by cancelling this very session.", FixableBy.CLIENT)


@rule("V3", RefusalCode.STARTS_AFTER_EXPIRY)
def session_starts_while_the_credit_lives(make_up: MakeUp, now: datetime) -> Refusal | None:
    """A credit that says ATTEND_BY pays only sessions that start before it expires, whatever waiting adds to that."""
    credit, starts_at, ends_at = make_up.credit, make_up.target.session.starts_at, own_expiry(make_up.credit).at
    if credit.expiry_means is not ExpiryMeans.ATTEND_BY or ends_at is None or starts_at < ends_at:
        return None
    return Refusal(
        RefusalCode.STARTS_AFTER_EXPIRY,
        "The session must start before the credit expires.",
        FixableBy.CLIENT,
        actual=starts_at,
        required=ends_at,
    )


@rule("R9", RefusalCode.PRICE_ABOVE_CREDIT)
def session_is_not_dearer_than_the_credit(make_up: MakeUp, now: datetime) -> Refusal | None:
    """With SAME_OR_LOWER the price of one seat is at most the credit's worth; where either is none, it passes."""
    guard, price, worth = make_up.target.policy.price_guard, make_up.target.single_price, make_up.credit.worth
    if guard is PriceGuard.OFF or price is None or worth is None or price <= worth:
        return None
    currency = make_up.target.studio.currency
    return Refusal(
        RefusalCode.PRICE_ABOVE_CREDIT,
        "The session costs more than the credit is worth.",
        FixableBy.CLIENT,
        actual=Money(price, currency),
        required=Money(worth, currency),
    )


@rule("R9", RefusalCode.CATEGORY_MISMATCH)
def session_is_of_the_credits_category(make_up: MakeUp, now: datetime) -> Refusal | None:
    """With SAME_CATEGORY the session has the credit's category; a credit without one passes."""
    guard, category, wanted = make_up.target.policy.category_guard, make_up.target.category, make_up.credit.category
    if guard is CategoryGuard.OFF or wanted is None or category == wanted:
        return None
    return Refusal(
        RefusalCode.CATEGORY_MISMATCH,
        "The session is of another category than the credit.",
        FixableBy.CLIENT,
        actual=category,
        required=wanted,
    )


CREDIT_RULES = (
    credit_is_theirs_to_spend,
    credit_is_active,
    credit_is_redeemable_already,
    credit_was_not_earned_here,
    session_starts_while_the_credit_lives,
    session_is_not_dearer_than_the_credit,
    session_is_of_the_credits_category,
)


def against_what_was_theirs(make_up: MakeUp, now: datetime) -> tuple[Refusal, ...]:
    """Why a credit does not pay that was theirs to spend once.

    A1: of one that has come to be a stranger's, nothing is told but that.
    """
    return broken((credit_is_theirs_to_spend,), make_up, now) or broken(CREDIT_RULES, make_up, now)
