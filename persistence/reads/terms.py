"""What credits ask of the sessions that they pay, as a condition in SQL.

The rules stand in `domain.spending.credit_rules`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from domain.credits.holding import own_expiry
from domain.nouns.credit import MakeUpCredit
from domain.nouns.policy import CategoryGuard, ExpiryMeans, Policy, PriceGuard
from persistence import tables as t
from persistence.reads.given import Types
from persistence.types import Instant


@dataclass(frozen=True)
class Terms:
    """Of one credit, or of all that ask the same; None: it does not matter.

    Not the session that was missed (R7), a start before an instant (V3), a price of at most so much, a category (R9).
    """

    missed_session_id: UUID | None
    starts_before: datetime | None
    costs_at_most: int | None
    category: str | None


TYPES: Types = {
    "missed_session_id": sa.Uuid(),
    "starts_before": Instant(),
    "costs_at_most": sa.BigInteger(),
    "category": sa.Text(),
}
"""Of a table of terms."""


@dataclass(frozen=True)
class Columns:
    """`Terms`, of a row."""

    missed_session_id: sa.ColumnElement[Any]
    starts_before: sa.ColumnElement[Any]
    costs_at_most: sa.ColumnElement[Any]
    category: sa.ColumnElement[Any]

    @classmethod
    def of(cls, table: sa.CTE) -> "Columns":
        """Of a table of terms."""
        return cls(*(table.c[name] for name in TYPES))


@dataclass(frozen=True)
class Target:
    """What terms ask about, of a session."""

    id: sa.ColumnElement[Any]
    starts_at: sa.ColumnElement[Any]
    price: sa.ColumnElement[Any]
    category: sa.ColumnElement[Any]


def fits(target: Target, asked: Columns) -> sa.ColumnElement[bool]:
    return sa.and_(
        sa.or_(asked.missed_session_id.is_(None), target.id != asked.missed_session_id),
        sa.or_(asked.starts_before.is_(None), target.starts_at < asked.starts_before),
        sa.or_(asked.costs_at_most.is_(None), target.price.is_(None), target.price <= asked.costs_at_most),
        sa.or_(asked.category.is_(None), target.category == asked.category),
    )


def terms_of(credits: Iterable[MakeUpCredit], policy: Policy) -> frozenset[Terms]:
    """A session is paid by one of the credits iff it fits some of these. What several ask alike stands once."""
    missed: dict[Terms, set[UUID | None]] = {}
    for credit in credits:
        terms = Terms(
            missed_session_id=None,
            starts_before=own_expiry(credit).at if credit.expiry_means is ExpiryMeans.ATTEND_BY else None,
            costs_at_most=None if policy.price_guard is PriceGuard.OFF else credit.worth,
            category=None if policy.category_guard is CategoryGuard.OFF else credit.category,
        )
        missed.setdefault(terms, set()).add(credit.missed_session_id)
    # What one of two may not pay, the session that it was earned in, the other may.
    return frozenset(
        replace(terms, missed_session_id=next(iter(sessions)) if len(sessions) == 1 else None)
        for terms, sessions in missed.items()
    )


def terms_of_held(policy: Policy) -> Columns:
    """Of a held credit, on a row of `make_up_credits`. What waiting adds to its end is no end to attend by."""
    return _terms(policy, t.make_up_credits.c.own_expires_at)


def terms_of_active(policy: Policy) -> Columns:
    """Of an active one, also where its row says yet that it is held."""
    return _terms(policy, t.make_up_credits.c.expires_at)


def _terms(policy: Policy, ends_at: sa.ColumnElement[Any]) -> Columns:
    c = t.make_up_credits.c
    return Columns(
        missed_session_id=c.missed_session_id,
        starts_before=sa.case((c.expiry_means == ExpiryMeans.ATTEND_BY, ends_at)),
        costs_at_most=sa.literal(None, TYPES["costs_at_most"]) if policy.price_guard is PriceGuard.OFF else c.worth,
        category=sa.literal(None, TYPES["category"]) if policy.category_guard is CategoryGuard.OFF else c.category,
    )
