"""Sessions that the studio cancels, with every seat in them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from domain.cancellation.compensating import live_seats
from domain.cancellation.session_cancelling import SessionCancellation
from domain.nouns.session import ScheduledSession, Session, SessionStatus
from persistence import shapes as s
from persistence import tables as t
from persistence.loads.queues import QueueLoads
from persistence.reads.live_seats import asked_of, ended_with, live_in


class SessionCancellationLoads(QueueLoads):
    async def locked_session_cancellation(self, session_id: UUID) -> SessionCancellation:
        (cancellation,) = await self._cancellations([await self._locked_session(session_id)])
        return cancellation

    async def locked_course_cancellation(
        self, course_id: UUID, starts_from: datetime | None
    ) -> tuple[SessionCancellation, ...]:
        await self.locked_course(course_id)
        since = sa.true() if starts_from is None else t.sessions.c.starts_at >= starts_from
        coming = (t.sessions.c.course_id == course_id, t.sessions.c.starts_at > self.now, since)
        found = await self._cancellations(await self._all(s.SESSION, *coming))
        return tuple(sorted(found, key=lambda each: (each.session.starts_at, each.session.id)))

    async def _cancellations(self, sessions: Sequence[Session]) -> tuple[SessionCancellation, ...]:
        """Of sessions that are locked, so that nobody takes or gives up a seat in them; all of one course, or one."""
        if not sessions:
            return ()
        first = await self._scheduled(sessions[0])
        waiting = await self._numbers_waiting(sessions)
        targets = [
            ScheduledSession(first.studio, session, first.course, waiting.get(session.id, 0)) for session in sessions
        ]
        keys = [session.id for session in sessions]
        live = live_in(self.studio_id, keys)
        clients = await self._rows(sa.select(t.bookings.c.client_id).where(live).distinct())
        await self._foresee(keys)
        await self._locked_clients({row.client_id for row in clients})
        credits = await self._locked_credits(asked_of(self.studio_id, keys))
        bookings = await self._all(s.BOOKING, live)
        size = await self._course_size(first)
        over = [session.id for session in sessions if session.status is SessionStatus.CANCELLED]
        before = await ended_with(self.connection, self.studio_id, over)
        return tuple(
            SessionCancellation(target, live_seats(target, size, bookings, credits), before.get(target.session.id, ()))
            for target in targets
        )
