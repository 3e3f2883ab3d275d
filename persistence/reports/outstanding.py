"""The credits that are outstanding, of a studio and of some of its clients."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.nouns.client import Client
from domain.nouns.credit import OUTSTANDING, CreditState
from domain.reports import Amount, Outstanding
from persistence import shapes as s
from persistence import tables as t
from persistence.reads.credit_states import in_states
from persistence.reads.keys import Key, by_studio
from persistence.reads.pages import Listing
from persistence.shapes import AnyRow

Months = tuple[tuple[date | None, Amount], ...]


async def of_studio(connection: AsyncConnection, studio_id: int, now: datetime) -> Outstanding:
    """S1, S3."""
    by_month = _by_month(now).where(t.make_up_credits.c.studio_id == studio_id)
    return _outstanding([_month(row) for row in await connection.execute(by_month)])


async def of_clients(connection: AsyncConnection, keys: Sequence[Key], now: datetime) -> Mapping[Key, Outstanding]:
    """S1, by client: one statement a studio."""
    c = t.make_up_credits.c
    months: dict[Key, Months] = {}
    for studio_id, ids in by_studio(keys).items():
        by_month = _by_month(now, c.client_id).where(c.studio_id == studio_id, c.client_id.in_(ids))
        for row in await connection.execute(by_month):
            key = (studio_id, row.client_id)
            months[key] = (*months.get(key, ()), _month(row))
    return {key: _outstanding(found) for key, found in months.items()}


def clients_with_some(studio_id: int, now: datetime) -> Listing[Client]:
    """S1: the clients who hold any, by name."""
    c, credit = t.clients.c, t.make_up_credits.c
    holders = sa.select(credit.client_id).where(credit.studio_id == studio_id, in_states(OUTSTANDING, now))
    return Listing(s.CLIENT, s.CLIENT.source, (c.name, c.id), (c.studio_id == studio_id, c.id.in_(holders)))


def _by_month(now: datetime, *of: sa.ColumnElement[UUID]) -> sa.Select[Any]:
    c = t.make_up_credits.c
    month = sa.extract("year", c.expires_on).label("year"), sa.extract("month", c.expires_on).label("month")
    return (
        sa.select(
            *of,
            *month,
            sa.func.count().label("credits"),
            sa.func.sum(sa.case((in_states({CreditState.HELD}, now), 1), else_=0)).label("held"),
            sa.func.coalesce(sa.func.sum(c.worth), 0).label("worth"),
            (sa.func.count() - sa.func.count(c.worth)).label("unvalued"),
            sa.func.min(c.expires_on).label("first_on"),
        )
        .where(in_states(OUTSTANDING, now))
        .group_by(*of, *month)
    )


def _month(row: AnyRow) -> tuple[date | None, Amount]:
    amount = Amount(row.credits, row.held, row.worth, row.unvalued, row.first_on)
    return None if row.year is None else date(int(row.year), int(row.month), 1), amount


def _outstanding(months: Sequence[tuple[date | None, Amount]]) -> Outstanding:
    """In their order, never last."""
    return Outstanding(tuple(sorted(months, key=lambda each: (each[0] is None, each[0] or date.min))))
