"""Reads for the API: nouns by id in batches, and the listings that its connections page through."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.account import Account
from domain.booking import Booking, BookingStatus
from domain.client import Client
from domain.course import Course
from domain.credit import CreditState, MakeUpCredit
from domain.ledger import LedgerEntry
from domain.session import Session, SessionStatus
from domain.studio import Studio
from persistence import shapes as s
from persistence import tables as t
from persistence.bookable import Bookable
from persistence.ledgers import LEDGER_OF_CREDITS, entry_of
from persistence.pages import Listing
from persistence.shapes import Noun, Shape

Key = tuple[int, UUID]
SeatKey = tuple[int, UUID, UUID]
_NEVER = sa.literal(2**62, type_=sa.BigInteger)


async def by_id(connection: AsyncConnection, shape: Shape[Noun], keys: Sequence[Key]) -> Mapping[Key, Noun]:
    """The nouns that exist, in one statement a studio."""
    return await _by(connection, shape, shape.table.c.id, keys)


async def _by(
    connection: AsyncConnection,
    shape: Shape[Noun],
    column: sa.ColumnElement[Any],
    keys: Sequence[Key],
    *where: sa.ColumnElement[bool],
) -> Mapping[Key, Noun]:
    found: dict[Key, Noun] = {}
    for studio_id, ids in _by_studio(keys).items():
        select = shape.select().add_columns(column).where(shape.table.c.studio_id == studio_id, column.in_(ids), *where)
        for row in await connection.execute(select):
            found[studio_id, row[-1]] = shape.make(row[:-1])
    return found


def _by_studio(keys: Iterable[Key]) -> dict[int, list[UUID]]:
    studios: dict[int, list[UUID]] = {}
    for studio_id, key in keys:
        studios.setdefault(studio_id, []).append(key)
    return studios


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
    rows = await connection.execute(s.ACCOUNT.select().where(t.accounts.c.id == account_id))
    return s.ACCOUNT.make_or_none(rows.first())


async def account_with_email(connection: AsyncConnection, email: str) -> Account | None:
    rows = await connection.execute(s.ACCOUNT.select().where(t.accounts.c.email == email))
    return s.ACCOUNT.make_or_none(rows.first())


async def clients_of_account(connection: AsyncConnection, account_id: UUID) -> tuple[Client, ...]:
    """Every client that the account manages, at every studio."""
    select = s.CLIENT.select().where(t.client_accounts.c.account_id == account_id)
    rows = await connection.execute(select.order_by(t.clients.c.studio_id, t.clients.c.name, t.clients.c.id))
    return tuple(map(s.CLIENT.make, rows))


async def credits_earned_by(connection: AsyncConnection, keys: Sequence[Key]) -> Mapping[Key, MakeUpCredit]:
    """By missed booking: the credit that its cancellation earned, but for those taken back."""
    column, state = t.make_up_credits.c.missed_booking_id, t.make_up_credits.c.state
    standing = state.not_in((CreditState.UNDONE, CreditState.REVOKED))
    return await _by(connection, s.CREDIT, column, keys, standing)


async def active_credits(connection: AsyncConnection, keys: Sequence[Key]) -> Mapping[Key, tuple[MakeUpCredit, ...]]:
    """By client: the credits that nothing but time can have spent."""
    found: dict[Key, tuple[MakeUpCredit, ...]] = {}
    c = t.make_up_credits.c
    for studio_id, ids in _by_studio(keys).items():
        select = s.CREDIT.select().where(c.studio_id == studio_id, c.client_id.in_(ids), c.state == CreditState.ACTIVE)
        for credit in map(s.CREDIT.make, await connection.execute(select)):
            key = (studio_id, credit.client_id)
            found[key] = (*found.get(key, ()), credit)
    return found


async def seats_of_clients(connection: AsyncConnection, keys: Sequence[SeatKey]) -> Mapping[SeatKey, bool]:
    """By studio, client and session: whether the client has a live booking there."""
    found: dict[SeatKey, bool] = dict.fromkeys(keys, False)
    c = t.bookings.c
    for studio_id in {key[0] for key in keys}:
        clients = {key[1] for key in keys if key[0] == studio_id}
        sessions = {key[2] for key in keys if key[0] == studio_id}
        select = sa.select(c.client_id, c.session_id).where(
            c.studio_id == studio_id,
            c.client_id.in_(clients),
            c.session_id.in_(sessions),
            c.status == BookingStatus.BOOKED,
        )
        for client_id, session_id in await connection.execute(select):
            found[studio_id, client_id, session_id] = True
    return found


async def course_sizes(connection: AsyncConnection, keys: Sequence[Key]) -> Mapping[Key, int]:
    """By course: how many of its sessions are not cancelled."""
    found: dict[Key, int] = dict.fromkeys(keys, 0)
    c = t.sessions.c
    for studio_id, ids in _by_studio(keys).items():
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
    for studio_id, ids in _by_studio(keys).items():
        rows = await connection.execute(LEDGER_OF_CREDITS, {"studio_id": studio_id, "credit_ids": ids})
        for row in rows:
            key = (studio_id, row.credit_id)
            found[key] = (*found.get(key, ()), entry_of(row))
    return found


@dataclass(frozen=True)
class SessionFilter:
    """Sessions that start in [from, until), of one course, by one instructor, and so on; None: all.

    `accepts_make_ups` is the effective value, the session's own or its course's.
    """

    starts_from: datetime | None = None
    starts_until: datetime | None = None
    course_id: UUID | None = None
    instructor_id: UUID | None = None
    accepts_make_ups: bool | None = None
    bookable: Bookable | None = None


def sessions(studio_id: int, wanted: SessionFilter) -> Listing[Session]:
    """By start."""
    c = t.sessions.c
    where = [c.studio_id == studio_id]
    if wanted.starts_from is not None:
        where.append(c.starts_at >= wanted.starts_from)
    if wanted.starts_until is not None:
        where.append(c.starts_at < wanted.starts_until)
    if wanted.course_id is not None:
        where.append(c.course_id == wanted.course_id)
    if wanted.instructor_id is not None:
        where.append(c.instructor_id == wanted.instructor_id)
    if wanted.accepts_make_ups is not None:
        where.append(_accepts_make_ups() == wanted.accepts_make_ups)
    if wanted.bookable is not None:
        where.append(wanted.bookable.condition())
    return Listing(s.SESSION, t.sessions, (c.starts_at, c.id), tuple(where))


def _accepts_make_ups() -> sa.ColumnElement[bool]:
    c, course = t.sessions.c, t.courses.c
    of_course = (
        sa.select(course.accepts_make_ups)
        .where(course.studio_id == c.studio_id, course.id == c.course_id)
        .scalar_subquery()
    )
    return sa.func.coalesce(c.accepts_make_ups, of_course, sa.false())


async def count_bookable(connection: AsyncConnection, keys: Sequence[Bookable]) -> Mapping[Bookable, int]:
    """How many sessions each can book; one statement each, and a page of one client's bookings asks for one."""
    return {key: await sessions(key.studio.id, SessionFilter(bookable=key)).count(connection) for key in keys}


def courses(studio_id: int) -> Listing[Course]:
    """By name."""
    c = t.courses.c
    return Listing(s.COURSE, t.courses, (c.name, c.id), (c.studio_id == studio_id,))


def clients(studio_id: int) -> Listing[Client]:
    """By name."""
    c = t.clients.c
    return Listing(s.CLIENT, s.CLIENT.source, (c.name, c.id), (c.studio_id == studio_id,))


def bookings_of_clients(keys: Iterable[Key]) -> Listing[Booking]:
    """By the start of their sessions."""
    return _bookings(_of_clients(t.bookings, keys))


def bookings_of_studio(studio_id: int) -> Listing[Booking]:
    """By the start of their sessions."""
    return _bookings(t.bookings.c.studio_id == studio_id)


def _bookings(where: sa.ColumnElement[bool]) -> Listing[Booking]:
    in_session = sa.and_(t.sessions.c.studio_id == t.bookings.c.studio_id, t.sessions.c.id == t.bookings.c.session_id)
    return Listing(
        s.BOOKING,
        s.BOOKING.source.join(t.sessions, in_session),
        (t.sessions.c.starts_at, t.bookings.c.id),
        (where,),
    )


def credits_of_clients(keys: Iterable[Key]) -> Listing[MakeUpCredit]:
    """By expiry, never-expiring last."""
    return _credits(_of_clients(t.make_up_credits, keys))


def credits_of_studio(studio_id: int) -> Listing[MakeUpCredit]:
    """By expiry, never-expiring last."""
    return _credits(t.make_up_credits.c.studio_id == studio_id)


def _credits(where: sa.ColumnElement[bool]) -> Listing[MakeUpCredit]:
    c = t.make_up_credits.c
    expires = sa.func.coalesce(sa.type_coerce(c.expires_at, sa.BigInteger), _NEVER)
    return Listing(s.CREDIT, t.make_up_credits, (expires, c.id), (where,))


def _of_clients(table: sa.Table, keys: Iterable[Key]) -> sa.ColumnElement[bool]:
    of_studios = (
        sa.and_(table.c.studio_id == studio_id, table.c.client_id.in_(ids))
        for studio_id, ids in sorted(_by_studio(keys).items())
    )
    return sa.or_(sa.false(), *of_studios)
