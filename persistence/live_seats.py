"""The seats of sessions that the studio may cancel, and what ended with those that it did."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.credit import TAKEN_BACK
from persistence import tables as t


def crediting(studio_id: int, session_ids: Sequence[UUID]) -> sa.ColumnElement[bool]:
    """E7: the credits that count of those that somebody has for the sessions."""
    c = t.make_up_credits.c
    return sa.and_(c.studio_id == studio_id, c.missed_session_id.in_(session_ids), c.state.not_in(tuple(TAKEN_BACK)))


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
