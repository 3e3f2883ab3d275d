"""What credits ask of the sessions that they pay, as a condition in SQL. The rules stand in `domain.credit_rules`."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from domain.credit import MakeUpCredit
from domain.policy import CategoryGuard, ExpiryMeans, Policy, PriceGuard
from persistence import tables as t


@dataclass(frozen=True)
class Terms:
    """Of one credit, or of all that ask the same; None: it does not matter.

    Not the session that was missed (R7), a start before an instant (V3), a price of at most so much, a category (R9).
    """

    missed_session_id: UUID | None
    starts_before: datetime | None
    costs_at_most: int | None
    category: str | None

    def condition(self, price: sa.ColumnElement[Any], category: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        """On a row of `sessions`, whose seats have this price and which is of this category."""
        c = t.sessions.c
        asked: list[sa.ColumnElement[bool]] = []
        if self.missed_session_id is not None:
            asked.append(c.id != self.missed_session_id)
        if self.starts_before is not None:
            asked.append(c.starts_at < self.starts_before)
        if self.costs_at_most is not None:
            asked.append(sa.or_(price.is_(None), price <= self.costs_at_most))
        if self.category is not None:
            asked.append(category == self.category)
        return sa.and_(sa.true(), *asked)


def terms_of(credits: Iterable[MakeUpCredit], policy: Policy) -> frozenset[Terms]:
    """A session is paid by one of the credits iff it fits some of these. Few: what several ask alike stands once."""
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
