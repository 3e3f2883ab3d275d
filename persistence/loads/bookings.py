"""Bookings and enrolments."""

from collections.abc import Iterable, Set
from uuid import UUID

import sqlalchemy as sa

from domain.faults import NotFound
from domain.nouns.booking import Booking, BookingStatus, Enrolment
from domain.ports import BookingPlace
from persistence import shapes as s
from persistence import tables as t
from persistence.rows import Rows


class BookingLoads(Rows):
    async def booking_place(self, booking_id: UUID, named_by: str = "bookingId") -> BookingPlace:
        b, in_session = t.bookings.c, t.sessions.c
        rows = await self._rows(
            sa.select(b.id, b.session_id, b.client_id, b.credit_id, in_session.instructor_id)
            .join_from(
                t.bookings,
                t.sessions,
                sa.and_(in_session.studio_id == b.studio_id, in_session.id == b.session_id),
            )
            .where(b.studio_id == self.studio_id, b.id == booking_id)
        )
        if not rows:
            raise NotFound("There is no such booking.", named_by)
        return BookingPlace(*rows[0])

    async def _locked_booking(self, booking_id: UUID) -> Booking:
        return await self._of_studio(s.BOOKING, booking_id, "There is no such booking.", "bookingId", lock=True)

    async def _booked_sessions(self, client_id: UUID, session_ids: Iterable[UUID]) -> Set[UUID]:
        rows = await self._rows(
            sa.select(t.bookings.c.session_id).where(
                t.bookings.c.studio_id == self.studio_id,
                t.bookings.c.client_id == client_id,
                t.bookings.c.session_id.in_(tuple(session_ids)),
                t.bookings.c.status == BookingStatus.BOOKED,
            )
        )
        return {row[0] for row in rows}

    async def enrolment(self, enrolment_id: UUID) -> Enrolment:
        return await self._of_studio(
            s.ENROLMENT, enrolment_id, "There is no such enrolment.", "enrolmentId", timed=False
        )

    async def locked_enrolment(self, enrolment_id: UUID) -> Enrolment:
        return await self._of_studio(s.ENROLMENT, enrolment_id, "There is no such enrolment.", "enrolmentId", lock=True)
