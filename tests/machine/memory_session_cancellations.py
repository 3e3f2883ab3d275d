"""Sessions that the studio cancels, with every seat in them, in plain dictionaries."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from domain.cancellation.compensating import live_seats
from domain.cancellation.session_cancelling import SessionCancellation
from domain.nouns.booking import Booking
from domain.nouns.course import Course
from domain.nouns.credit import TAKEN_BACK
from domain.nouns.session import ScheduledSession, SessionStatus
from tests.machine.memory_rows import MemoryStudio


class _Rows(Protocol):
    rows: MemoryStudio
    now: datetime

    async def course(self, course_id: UUID) -> Course: ...

    async def _target(self, session_id: UUID) -> ScheduledSession: ...

    def _booking(self, booking_id: UUID) -> Booking: ...

    def _found(self, table: Mapping[UUID, Any], key: UUID) -> Any: ...

    async def locked_session_cancellation(self, session_id: UUID) -> SessionCancellation: ...


class MemorySessionCancellations:
    async def locked_session_cancellation(self: _Rows, session_id: UUID) -> SessionCancellation:
        target = await self._target(session_id)
        bookings = [self._booking(b.id) for b in self.rows.bookings.values() if b.live and b.session_id == session_id]
        paid = {booking.credit_id for booking in bookings}
        credits = [
            self._found(self.rows.credits, credit.id)
            for credit in self.rows.credits.values()
            if credit.id in paid or (credit.missed_session_id == session_id and credit.state not in TAKEN_BACK)
        ]
        for booking in bookings:
            self._found(self.rows.clients, booking.client_id)
        course_id = target.session.course_id
        size = sum(
            session.course_id == course_id and session.status is not SessionStatus.CANCELLED
            for session in self.rows.sessions.values()
        )
        seats = live_seats(target, size, bookings, credits)
        return SessionCancellation(target, seats, self.rows.ended_with.get(session_id, ()))

    async def locked_course_cancellation(
        self: _Rows, course_id: UUID, starts_from: datetime | None
    ) -> tuple[SessionCancellation, ...]:
        await self.course(course_id)
        coming = [
            session
            for session in self.rows.sessions.values()
            if session.course_id == course_id
            and not session.started(self.now)
            and (starts_from is None or session.starts_at >= starts_from)
        ]
        coming.sort(key=lambda session: (session.starts_at, session.id))
        return tuple([await self.locked_session_cancellation(session.id) for session in coming])
