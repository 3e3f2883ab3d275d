"""The seats of sessions that the studio may cancel, and what ended with those that it did."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.nouns.booking import Booking, BookingStatus
from domain.nouns.credit import TAKEN_BACK, MakeUpCredit
from domain.nouns.session import Session
from persistence import shapes as s
from persistence import tables as t
from persistence.reads.keys import Key, by_studio

Seats = tuple[tuple[Booking, ...], tuple[MakeUpCredit, ...]]
"""Live bookings, and the credits that a decision on them asks for."""


def live_in(studio_id: int, session_ids: Sequence[UUID]) -> sa.ColumnElement[bool]:
    c = t.bookings.c
    return sa.and_(c.studio_id == studio_id, c.session_id.in_(session_ids), c.status == BookingStatus.BOOKED)


def asked_of(studio_id: int, session_ids: Sequence[UUID]) -> sa.ColumnElement[bool]:
    """E7, C3: the credits that paid the seats, and those that count of what somebody has for the sessions."""
    c, other = t.make_up_credits.c, t.make_up_credits.alias("earned").c
    paid = sa.select(t.bookings.c.credit_id).where(live_in(studio_id, session_ids))
    earned = sa.select(other.id).where(
        other.studio_id == studio_id, other.missed_session_id.in_(session_ids), other.state.not_in(tuple(TAKEN_BACK))
    )
    # Not either of two conditions, of which no index serves both.
    return sa.and_(c.studio_id == studio_id, c.id.in_(paid.union(earned)))


async def seats_of(connection: AsyncConnection, keys: Sequence[Key]) -> Mapping[Key, Seats]:
    """By session: two statements a studio, whatever the number of sessions and seats."""
    found: dict[Key, Seats] = {}
    for studio_id, ids in by_studio(keys).items():
        live = s.BOOKING.select().where(live_in(studio_id, ids)).order_by(t.bookings.c.id)
        bookings = tuple(s.BOOKING.make(row) for row in await connection.execute(live))
        asked = s.CREDIT.select().where(asked_of(studio_id, ids))
        credits = tuple(s.CREDIT.make(row) for row in await connection.execute(asked))
        paid = {booking.credit_id: booking.session_id for booking in bookings if booking.credit_id is not None}
        for key in ids:
            found[studio_id, key] = (
                tuple(booking for booking in bookings if booking.session_id == key),
                tuple(each for each in credits if key in (paid.get(each.id), each.missed_session_id)),
            )
    return found


async def coming_sessions(
    connection: AsyncConnection, keys: Sequence[Key], now: datetime
) -> Mapping[Key, tuple[Session, ...]]:
    """By course: its sessions that have not started."""
    found: dict[Key, tuple[Session, ...]] = {}
    c = t.sessions.c
    for studio_id, ids in by_studio(keys).items():
        coming = s.SESSION.select().where(c.studio_id == studio_id, c.course_id.in_(ids), c.starts_at > now)
        for row in await connection.execute(coming):
            session = s.SESSION.make(row)
            if session.course_id is not None:
                key = studio_id, session.course_id
                found[key] = (*found.get(key, ()), session)
    return found


async def ended_with(
    connection: AsyncConnection, studio_id: int, session_ids: Sequence[UUID]
) -> Mapping[UUID, tuple[UUID, ...]]:
    """By cancelled session: the bookings that ended when it was."""
    if not session_ids:
        return {}
    line = t.events.c
    rows = await connection.execute(
        sa.select(line.session_id, line.data).where(
            line.studio_id == studio_id, line.session_id.in_(session_ids), line.kind == "SESSION_CANCELLED"
        )
    )
    return {row.session_id: tuple(map(UUID, row.data["bookings"])) for row in rows}
