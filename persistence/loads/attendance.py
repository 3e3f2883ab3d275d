"""The seats of a session whose attendance is marked, each with the credit that stands for it."""

from collections.abc import Set
from uuid import UUID

import sqlalchemy as sa

from domain.cancellation.marking import MOST_AT_ONCE, Roster
from domain.faults import BadUserInput, NotFound
from domain.issuing.earning import Missed
from domain.nouns.booking import BookingStatus
from domain.nouns.credit import CreditState
from persistence import shapes as s
from persistence import tables as t
from persistence.loads.queues import QueueLoads


class AttendanceLoads(QueueLoads):
    async def locked_roster(self, session_id: UUID, named: Set[UUID], unmarked: bool) -> Roster:
        target = await self.locked_target(session_id)
        booking = t.bookings.c
        meant = booking.id.in_(named)
        if unmarked:
            meant = sa.or_(meant, sa.and_(booking.status == BookingStatus.BOOKED, booking.attendance.is_(None)))
        # Under the lock of their session, without which no booking of it comes or changes.
        rows = await self._rows(
            sa.select(booking.id, booking.client_id)
            .where(booking.studio_id == self.studio_id, booking.session_id == session_id, meant)
            .limit(MOST_AT_ONCE + 1)
        )
        keys = {row.id for row in rows}
        if len(keys) > MOST_AT_ONCE:
            raise BadUserInput(f"These are more than {MOST_AT_ONCE} seats; name them.", "unmarked")
        if named - keys:
            raise NotFound("There is no such booking in the session.", "marks", "bookingId")
        await self._foresee_who_waits_with(t.make_up_credits.c.missed_booking_id.in_(keys))
        await self._locked_clients({row.client_id for row in rows})
        standing = await self._locked_standing(keys)
        bookings = await self._all(s.BOOKING, booking.id.in_(keys))
        size = await self._course_size(target)
        seats = {
            each.id: Missed(target, each, size, earned_before=(), standing=standing.get(each.id)) for each in bookings
        }
        held = [credit.id for credit in standing.values() if credit.state is CreditState.HELD]
        return Roster(target, seats, await self.places_of(held))
