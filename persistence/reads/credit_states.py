"""The state of a credit at an instant, and a filter of credits, as conditions in SQL: a page is one statement.

The rules stand in `domain.nouns.credit.state_at` (V5, W2). A test holds the two against each other for every state.
"""

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa

from domain.credits.choosing import CreditFilter
from domain.credits.holding import settled
from domain.nouns.credit import CreditState, MakeUpCredit
from persistence import shapes as s
from persistence import tables as t
from persistence.shapes import Shape


def as_of(now: datetime) -> Shape[MakeUpCredit]:
    """Credits as acts load them: without a hold that has ended by itself, whether or not a job has written that."""
    return s.CREDIT.and_then(lambda credit: settled(credit, now))


def in_states(states: Collection[CreditState], now: datetime) -> sa.ColumnElement[bool]:
    """On a row of `make_up_credits`: whether its state at `now` is one of these."""
    c = t.make_up_credits.c
    released = sa.and_(c.state == CreditState.HELD, c.held_until <= now)
    active = sa.or_(c.state == CreditState.ACTIVE, released)
    run_out = sa.and_(active, c.expires_at.is_not(None), c.expires_at <= now)
    found = [sa.and_(c.state.in_(states), sa.not_(released), sa.not_(run_out))]
    if CreditState.ACTIVE in states:
        found.append(sa.and_(released, sa.not_(run_out)))
    if CreditState.EXPIRED in states:
        found.append(run_out)
    return sa.or_(*found)


def matching(wanted: CreditFilter, now: datetime) -> list[sa.ColumnElement[bool]]:
    """On a row of `make_up_credits`: that it is one of those wanted."""
    c = t.make_up_credits.c
    conditions = [] if wanted.states is None else [in_states(wanted.states, now)]
    if wanted.client_id is not None:
        conditions.append(c.client_id == wanted.client_id)
    if wanted.expires_from is not None or wanted.expires_until is not None:
        held = sa.and_(c.state == CreditState.HELD, c.held_until > now)
        conditions.append(sa.or_(_within(c.expires_on, wanted), sa.and_(held, _within(c.own_expires_on, wanted))))
    return conditions


def _within(day: sa.ColumnElement[date], wanted: CreditFilter) -> sa.ColumnElement[bool]:
    first = sa.true() if wanted.expires_from is None else day >= wanted.expires_from
    return first if wanted.expires_until is None else sa.and_(first, day <= wanted.expires_until)
