"""Reads for the API: who waits, for which sessions and with which credits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.nouns.waitlist import WaitlistEntry
from domain.waiting.queueing import Place, Waiting
from persistence import shapes as s
from persistence import tables as t
from persistence.reads.entry_states import ENTRIES, waits
from persistence.reads.keys import Key, SeatKey, by_studio, seats_by_studio

HOLDERS = t.client_accounts.alias("holders")
"""Which accounts manage those whose credits are held."""
WHO_WAITS = (
    ENTRIES.join(
        t.clients,
        sa.and_(
            t.clients.c.studio_id == t.waitlist_entries.c.studio_id, t.clients.c.id == t.waitlist_entries.c.client_id
        ),
    )
    .outerjoin(
        t.client_accounts,
        sa.and_(
            t.client_accounts.c.studio_id == t.clients.c.studio_id, t.client_accounts.c.client_id == t.clients.c.id
        ),
    )
    .outerjoin(
        t.make_up_credits,
        sa.and_(
            t.make_up_credits.c.studio_id == t.waitlist_entries.c.studio_id,
            t.make_up_credits.c.id == t.waitlist_entries.c.credit_id,
        ),
    )
    .outerjoin(
        HOLDERS,
        sa.and_(
            HOLDERS.c.studio_id == t.make_up_credits.c.studio_id,
            HOLDERS.c.client_id == t.make_up_credits.c.client_id,
        ),
    )
)
"""Places with their sessions, their clients and these's accounts and, where there is one, the credit that is held."""

_PARTS = len(s.ENTRY.columns), len(s.ENTRY.columns) + len(s.CLIENT.columns)


async def queues(connection: AsyncConnection, keys: Sequence[Key], now: datetime) -> Mapping[Key, tuple[Waiting, ...]]:
    """By session: all who wait for it, in their order; one statement a studio, whatever the number of either.

    Of the siblings only who holds the credit: nobody asks for others (R8). Without the places elsewhere.
    """
    found: dict[Key, tuple[Waiting, ...]] = {}
    c = t.waitlist_entries.c
    for studio_id, ids in by_studio(keys).items():
        select = (
            sa.select(*s.ENTRY.columns, *s.CLIENT.columns, *s.CREDIT.columns, HOLDERS.c.account_id.label("holders"))
            .select_from(WHO_WAITS)
            .where(c.studio_id == studio_id, c.session_id.in_(ids), waits(now))
            .order_by(c.session_id, c.joined_at, c.id)
        )
        for row in await connection.execute(select):
            each = _waiting(row)
            key = (studio_id, each.entry.session_id)
            found[key] = (*found.get(key, ()), each)
    return found


def _waiting(row: s.AnyRow) -> Waiting:
    first, second = _PARTS
    entry, client = s.ENTRY.make(row[:first]), s.CLIENT.make(row[first:second])
    credit = None if entry.credit_id is None else s.CREDIT.make(row[second:-1])
    siblings = frozenset[UUID]()
    if credit is not None and client.account_id is not None and row[-1] == client.account_id:
        siblings = frozenset({credit.client_id}) - {client.id}
    return Waiting(entry, client, credit, siblings)


async def waiting_counts(connection: AsyncConnection, keys: Sequence[Key], now: datetime) -> Mapping[Key, int]:
    """By session: how many wait for it."""
    found = dict.fromkeys(keys, 0)
    c = t.waitlist_entries.c
    for studio_id, ids in by_studio(keys).items():
        select = (
            sa.select(c.session_id, sa.func.count())
            .select_from(ENTRIES)
            .where(c.studio_id == studio_id, c.session_id.in_(ids), waits(now))
            .group_by(c.session_id)
        )
        for session_id, count in await connection.execute(select):
            found[studio_id, session_id] = count
    return found


async def places_of(connection: AsyncConnection, keys: Sequence[Key], now: datetime) -> Mapping[Key, tuple[Place, ...]]:
    """By credit: the places on which it waits, by the start of their sessions."""
    found: dict[Key, tuple[Place, ...]] = {}
    c, starts_at = t.waitlist_entries.c, t.sessions.c.starts_at
    for studio_id, ids in by_studio(keys).items():
        select = (
            sa.select(*s.ENTRY.columns, starts_at)
            .select_from(ENTRIES)
            .where(c.studio_id == studio_id, c.credit_id.in_(ids), waits(now))
            .order_by(starts_at, c.id)
        )
        for row in await connection.execute(select):
            place = Place(s.ENTRY.make(row[:-1]), row[-1])
            assert place.entry.credit_id is not None
            key = (studio_id, place.entry.credit_id)
            found[key] = (*found.get(key, ()), place)
    return found


async def live_entries(
    connection: AsyncConnection, keys: Sequence[SeatKey], now: datetime
) -> Mapping[SeatKey, WaitlistEntry]:
    """By studio, client and session: the place on which the client waits there."""
    found: dict[SeatKey, WaitlistEntry] = {}
    c = t.waitlist_entries.c
    for studio_id, (clients, sessions) in seats_by_studio(keys).items():
        select = (
            sa.select(*s.ENTRY.columns)
            .select_from(ENTRIES)
            .where(c.studio_id == studio_id, c.client_id.in_(clients), c.session_id.in_(sessions), waits(now))
        )
        for entry in map(s.ENTRY.make, await connection.execute(select)):
            found[studio_id, entry.client_id, entry.session_id] = entry
    return found
