"""The state of a credit at an instant, and a filter of credits, as conditions in SQL: a page is one statement.

The rule stands in `domain.credit.state_at` (V5). A test holds the two against each other for every state.
"""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from domain.choosing import CreditFilter
from domain.credit import CreditState
from persistence import tables as t


def in_states(states: Collection[CreditState], now: datetime) -> sa.ColumnElement[bool]:
    """On a row of `make_up_credits`: whether its state at `now` is one of these."""
    c = t.make_up_credits.c
    run_out = sa.and_(c.state == CreditState.ACTIVE, c.expires_at.is_not(None), c.expires_at <= now)
    recorded = sa.and_(c.state.in_(states), sa.not_(run_out))
    return sa.or_(recorded, run_out) if CreditState.EXPIRED in states else recorded


def matching(wanted: CreditFilter, now: datetime) -> list[sa.ColumnElement[bool]]:
    """On a row of `make_up_credits`: that it is one of those wanted."""
    c = t.make_up_credits.c
    conditions = [] if wanted.states is None else [in_states(wanted.states, now)]
    if wanted.client_id is not None:
        conditions.append(c.client_id == wanted.client_id)
    if wanted.expires_from is not None:
        conditions.append(c.expires_on >= wanted.expires_from)
    if wanted.expires_until is not None:
        conditions.append(c.expires_on <= wanted.expires_until)
    return conditions
