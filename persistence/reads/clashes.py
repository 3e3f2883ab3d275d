"""Reads for the API: where clients sit at a time, for asking what clashes with what."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.nouns.booking import BookingStatus
from domain.nouns.session import SessionStatus
from domain.spending.clashes import Seat, Span, span_of
from persistence import shapes as s
from persistence import tables as t
from persistence.reads.keys import Key, by_studio

During = tuple[Key, Span]
"""A client, and a time."""

_SEATS = s.BOOKING.source.join(
    t.sessions, sa.and_(t.sessions.c.studio_id == t.bookings.c.studio_id, t.sessions.c.id == t.bookings.c.session_id)
)


async def seats_during(connection: AsyncConnection, keys: Sequence[During]) -> Mapping[During, tuple[Seat, ...]]:
    """By client and time: their live seats in sessions that take place then; one statement a studio."""
    found = dict[During, tuple[Seat, ...]]()
    booking, session = t.bookings.c, t.sessions.c
    first, last = min(span.starts_at for _, span in keys), max(span.ends_at for _, span in keys)
    for studio_id, clients in by_studio({client for client, _ in keys}).items():
        select = (
            sa.select(*s.BOOKING.columns, *s.SESSION.columns)
            .select_from(_SEATS)
            .where(
                booking.studio_id == studio_id,
                booking.client_id.in_(clients),
                booking.status == BookingStatus.BOOKED,
                session.status == SessionStatus.SCHEDULED,
                session.starts_at < last,
                session.ends_at > first,
            )
        )
        seats = dict[UUID, list[Seat]]()
        for row in await connection.execute(select):
            seat = _seat(row)
            seats.setdefault(seat.booking.client_id, []).append(seat)
        for key in keys:
            (at, client_id), span = key
            if at == studio_id:
                theirs = seats.get(client_id, ())
                found[key] = tuple(seat for seat in theirs if span.meets(span_of(seat.session)))
    return found


def _seat(row: s.AnyRow) -> Seat:
    width = len(s.BOOKING.columns)
    return Seat(s.BOOKING.make(row[:width]), s.SESSION.make(row[width:]))
