"""What credits ask of the sessions that they pay, as a condition in SQL. The rules stand in `domain.credit_rules`."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from domain.credit import MakeUpCredit
from domain.policy import CategoryGuard, ExpiryMeans, Policy, PriceGuard
from persistence.given import Types
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
class Target:
    """What terms ask about, of a session."""

    id: sa.ColumnElement[Any]
    starts_at: sa.ColumnElement[Any]
    price: sa.ColumnElement[Any]
    category: sa.ColumnElement[Any]


def fits(target: Target, terms: sa.CTE) -> sa.ColumnElement[bool]:
    """On a row of `terms`."""
    c = terms.c
    return sa.and_(
        sa.or_(c.missed_session_id.is_(None), target.id != c.missed_session_id),
        sa.or_(c.starts_before.is_(None), target.starts_at < c.starts_before),
        sa.or_(c.costs_at_most.is_(None), target.price.is_(None), target.price <= c.costs_at_most),
        sa.or_(c.category.is_(None), target.category == c.category),
    )


def terms_of(credits: Iterable[MakeUpCredit], policy: Policy) -> frozenset[Terms]:
    """A session is paid by one of the credits iff it fits some of these. What several ask alike stands once."""
    missed: dict[Terms, set[UUID | None]] = {}
    for credit in credits:
        terms = Terms(
            missed_session_id=None,
            starts_before=credit.expires_at if credit.expiry_means is ExpiryMeans.ATTEND_BY else None,
            costs_at_most=None if policy.price_guard is PriceGuard.OFF else credit.worth,
            category=None if policy.category_guard is CategoryGuard.OFF else credit.category,
        )
        missed.setdefault(terms, set()).add(credit.missed_session_id)
    # What one of two may not pay, the session that it was earned in, the other may.
    return frozenset(
        replace(terms, missed_session_id=next(iter(sessions)) if len(sessions) == 1 else None)
        for terms, sessions in missed.items()
    )
