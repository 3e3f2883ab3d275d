"""How the seats of sessions in a period are filled, and by how many make-ups."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.nouns.session import Session, SessionStatus
from domain.reports import Seats
from persistence import tables as t
from persistence.reads import listings
from persistence.reads.listings import Archived, SessionFilter
from persistence.reads.pages import Listing


async def seats(connection: AsyncConnection, studio_id: int, first: datetime, end: datetime) -> Seats:
    """S4: of the sessions that start in [first, end)."""
    c, meant = t.sessions.c, _meant(studio_id, first, end)
    numbers = (sa.case((c.make_ups > 0, 1), else_=0), c.capacity, c.taken, c.make_ups)
    (row,) = await connection.execute(
        sa.select(sa.func.count(), *(sa.func.coalesce(sa.func.sum(number), 0) for number in numbers))
        .select_from(meant.source)
        .where(*meant.where)
    )
    return Seats(*row)


def filled_by_make_ups(studio_id: int, first: datetime, end: datetime) -> Listing[Session]:
    """S4: those of them in which credits have paid a seat, by start."""
    meant = _meant(studio_id, first, end)
    return replace(meant, where=(*meant.where, t.sessions.c.make_ups > 0))


def _meant(studio_id: int, first: datetime, end: datetime) -> Listing[Session]:
    """Also what was archived once it had started: what has taken place stays as it was, whenever it is put away."""
    wanted = SessionFilter(
        starts_from=first, starts_until=end, status=SessionStatus.SCHEDULED, archived=Archived.INCLUDE
    )
    c, course = t.sessions.c, t.courses.c
    takes_place = (
        sa.or_(archived_at.is_(None), archived_at >= c.starts_at, c.taken > 0)
        for archived_at in (c.archived_at, course.archived_at)
    )
    meant = listings.sessions(studio_id, wanted)
    return replace(meant, where=(*meant.where, *takes_place))
