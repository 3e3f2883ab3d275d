"""Reads for the API: nouns by id in batches, and what hangs on them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.credits.ledger import LedgerEntry
from domain.issuing.earning import EarnedBefore
from domain.nouns.account import Account
from domain.nouns.booking import Booking, BookingStatus
from domain.nouns.credit import OUTSTANDING, CreditOrigin, CreditState, MakeUpCredit
from domain.nouns.session import SessionStatus
from domain.nouns.studio import Studio
from persistence import shapes as s
from persistence import tables as t
from persistence.reads.bookable import Bookable, counts
from persistence.reads.credit_states import as_of, in_states
from persistence.reads.keys import Key, SeatKey, by_studio, seats_by_studio
from persistence.reads.ledgers import LEDGER_OF_CREDITS, entry_of
from persistence.shapes import Noun, Shape


async def by_id(connection: AsyncConnection, shape: Shape[Noun], keys: Sequence[Key]) -> Mapping[Key, Noun]:
    """The nouns that exist, in one statement a studio."""
    found: dict[Key, Noun] = {}
    column = shape.table.c.id
    for studio_id, ids in by_studio(keys).items():
        select = shape.select().add_columns(column).where(shape.table.c.studio_id == studio_id, column.in_(ids))
        for row in await connection.execute(select):
            found[studio_id, row[-1]] = shape.make(row[:-1])
    return found


async def studios(connection: AsyncConnection, ids: Sequence[int]) -> Mapping[int, Studio]:
    rows = await connection.execute(s.STUDIO.select().where(t.studios.c.id.in_(ids)))
    return {studio.id: studio for studio in map(s.STUDIO.make, rows)}


async def studio_with_slug(connection: AsyncConnection, slug: str) -> Studio | None:
    rows = await connection.execute(s.STUDIO.select().where(t.studios.c.slug == slug))
    return s.STUDIO.make_or_none(rows.first())


async def anything_there(connection: AsyncConnection) -> bool:
    """Whether the database has an account or a studio."""
    for column in (t.accounts.c.id, t.studios.c.id):
        if (await connection.execute(sa.select(column).limit(1))).first() is not None:
            return True
    return False


async def accounts_among(connection: AsyncConnection, ids: Collection[UUID]) -> Collection[UUID]:
    """Those of the ids that are an account's."""
    found = await connection.execute(sa.select(t.accounts.c.id).where(t.accounts.c.id.in_(ids)))
    return found.scalars().all()


async def account(connection: AsyncConnection, account_id: UUID) -> Account | None:
    rows = await connection.execute(
        s.ACCOUNT.select().where(t.accounts.c.id == account_id, t.accounts.c.deleted_at.is_(None))
    )
    return s.ACCOUNT.make_or_none(rows.first())


async def deleted_at(connection: AsyncConnection, account_id: UUID) -> datetime | None:
    """Since when the account is deleted; None where it is not."""
    rows = await connection.execute(sa.select(t.accounts.c.deleted_at).where(t.accounts.c.id == account_id))
    return rows.scalar()


async def account_with_email(connection: AsyncConnection, email: str) -> Account | None:
    rows = await connection.execute(s.ACCOUNT.select().where(t.accounts.c.email == email))
    return s.ACCOUNT.make_or_none(rows.first())


async def managed(connection: AsyncConnection, account_ids: Sequence[UUID]) -> Mapping[UUID, tuple[Key, ...]]:
    """By account that is not deleted: every client that it manages, at every studio."""
    found: dict[UUID, tuple[Key, ...]] = {}
    c, account = t.client_accounts.c, t.accounts.c
    select = (
        sa.select(account.id, c.studio_id, c.client_id)
        .select_from(t.accounts.outerjoin(t.client_accounts, c.account_id == account.id))
        .where(account.id.in_(account_ids), account.deleted_at.is_(None))
    )
    for account_id, studio_id, client_id in await connection.execute(select):
        more = () if client_id is None else ((studio_id, client_id),)
        found[account_id] = (*found.get(account_id, ()), *more)
    return found


async def categories(connection: AsyncConnection, studio_ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """By studio: those of its courses and one-time classes that are not archived, by name."""
    of = [
        sa.select(table.c.studio_id, table.c.category).where(
            table.c.studio_id.in_(studio_ids), table.c.category.is_not(None), table.c.archived_at.is_(None)
        )
        for table in (t.courses, t.sessions)
    ]
    found: dict[int, tuple[str, ...]] = {}
    for studio_id, category in sorted(tuple(row) for row in await connection.execute(sa.union(*of))):
        found[studio_id] = (*found.get(studio_id, ()), category)
    return found


async def credits_earned_by(
    connection: AsyncConnection, keys: Sequence[Key], now: datetime
) -> Mapping[Key, MakeUpCredit]:
    """By missed booking: the credit that stands for it; where none does, the last that was revoked."""
    c, found = t.make_up_credits.c, dict[Key, MakeUpCredit]()
    for studio_id, ids in by_studio(keys).items():
        of_bookings = (c.studio_id == studio_id, c.missed_booking_id.in_(ids), c.state != CreditState.UNDONE)
        standing_last = (sa.case((c.state == CreditState.REVOKED, 0), else_=1), c.issued_at, c.id)
        select = s.CREDIT.select().where(*of_bookings).order_by(*standing_last)
        for credit in map(as_of(now).make, await connection.execute(select)):
            assert credit.missed_booking_id is not None
            found[studio_id, credit.missed_booking_id] = credit
    return found


async def earned_before(connection: AsyncConnection, keys: Sequence[Key]) -> Mapping[Key, tuple[EarnedBefore, ...]]:
    """By client: the credits that they have earned by cancelling, for the caps (E9)."""
    found: dict[Key, tuple[EarnedBefore, ...]] = {}
    c = t.make_up_credits.c
    for studio_id, ids in by_studio(keys).items():
        select = s.EARNED_BEFORE.select().add_columns(c.client_id)
        of_clients = (c.studio_id == studio_id, c.client_id.in_(ids), c.origin == CreditOrigin.CANCELLATION)
        for row in await connection.execute(select.where(*of_clients)):
            key = (studio_id, row[-1])
            found[key] = (*found.get(key, ()), s.EARNED_BEFORE.make(row[:-1]))
    return found


async def unspent_credits(
    connection: AsyncConnection, keys: Sequence[Key], now: datetime
) -> Mapping[Key, tuple[MakeUpCredit, ...]]:
    """By client: those that are active or held at `now`."""
    found: dict[Key, tuple[MakeUpCredit, ...]] = {}
    c = t.make_up_credits.c
    for studio_id, ids in by_studio(keys).items():
        select = s.CREDIT.select().where(c.studio_id == studio_id, c.client_id.in_(ids), in_states(OUTSTANDING, now))
        for credit in map(as_of(now).make, await connection.execute(select)):
            key = (studio_id, credit.client_id)
            found[key] = (*found.get(key, ()), credit)
    return found


async def families(connection: AsyncConnection, keys: Sequence[Key]) -> Mapping[Key, frozenset[UUID]]:
    """By account: the clients whom it manages at the studio."""
    found: dict[Key, frozenset[UUID]] = {}
    c = t.client_accounts.c
    for studio_id, ids in by_studio(keys).items():
        select = sa.select(c.account_id, c.client_id).where(c.studio_id == studio_id, c.account_id.in_(ids))
        for account_id, client_id in await connection.execute(select):
            key = (studio_id, account_id)
            found[key] = found.get(key, frozenset()) | {client_id}
    return found


async def live_bookings(connection: AsyncConnection, keys: Sequence[SeatKey]) -> Mapping[SeatKey, Booking]:
    """By studio, client and session: the seat that the client has there."""
    found: dict[SeatKey, Booking] = {}
    c = t.bookings.c
    for studio_id, (clients, sessions) in seats_by_studio(keys).items():
        select = s.BOOKING.select().where(
            c.studio_id == studio_id,
            c.client_id.in_(clients),
            c.session_id.in_(sessions),
            c.status == BookingStatus.BOOKED,
        )
        for booking in map(s.BOOKING.make, await connection.execute(select)):
            found[studio_id, booking.client_id, booking.session_id] = booking
    return found


async def course_sizes(connection: AsyncConnection, keys: Sequence[Key]) -> Mapping[Key, int]:
    """By course: how many of its sessions are not cancelled."""
    found: dict[Key, int] = dict.fromkeys(keys, 0)
    c = t.sessions.c
    for studio_id, ids in by_studio(keys).items():
        select = (
            sa.select(c.course_id, sa.func.count())
            .where(c.studio_id == studio_id, c.course_id.in_(ids), c.status != SessionStatus.CANCELLED)
            .group_by(c.course_id)
        )
        for course_id, size in await connection.execute(select):
            found[studio_id, course_id] = size
    return found


async def ledgers(connection: AsyncConnection, keys: Sequence[Key]) -> Mapping[Key, tuple[LedgerEntry, ...]]:
    """By credit: its lines, oldest first."""
    found: dict[Key, tuple[LedgerEntry, ...]] = {}
    for studio_id, ids in by_studio(keys).items():
        rows = await connection.execute(LEDGER_OF_CREDITS, {"studio_id": studio_id, "credit_ids": ids})
        for row in rows:
            key = (studio_id, row.credit_id)
            found[key] = (*found.get(key, ()), entry_of(row))
    return found


async def count_bookable(connection: AsyncConnection, keys: Sequence[Bookable]) -> Mapping[Bookable, int]:
    """How many sessions each can book: one statement a studio."""
    found = dict.fromkeys(keys, 0)
    asking = [key for key in keys if key.terms]
    for offered in {key.offered for key in asking}:
        of_studio = [key for key in asking if key.offered == offered]
        for place, count in await connection.execute(counts(offered, of_studio)):
            found[of_studio[place]] = count
    return found
