"""The roster of a session whose attendance is marked, in plain dictionaries."""

from collections.abc import Collection, Mapping, Set
from typing import Protocol
from uuid import UUID

from domain.cancellation.marking import MOST_AT_ONCE, Roster
from domain.faults import BadUserInput, NotFound
from domain.issuing.earning import Missed
from domain.nouns.booking import Booking
from domain.nouns.credit import TAKEN_BACK, MakeUpCredit
from domain.nouns.session import ScheduledSession
from domain.waiting.queueing import Place
from tests.machine.memory_rows import MemoryStudio


class InMemory(Protocol):
    rows: MemoryStudio

    async def _target(self, session_id: UUID) -> ScheduledSession: ...

    def _course_size(self, target: ScheduledSession) -> int: ...

    def _booking(self, booking_id: UUID) -> Booking: ...

    def _standing(self, booking_id: UUID) -> MakeUpCredit | None: ...

    async def places_of(self, credit_ids: Collection[UUID]) -> Mapping[UUID, tuple[Place, ...]]: ...


class AttendanceInMemory:
    rows: MemoryStudio

    async def locked_roster(self: InMemory, session_id: UUID, named: Set[UUID], unmarked: bool) -> Roster:
        target = await self._target(session_id)
        of_session = [each for each in self.rows.bookings.values() if each.session_id == session_id]
        if named - {each.id for each in of_session}:
            raise NotFound("There is no such booking in the session.", "marks", "bookingId")
        others = {each.id for each in of_session if unmarked and each.live and each.attendance is None}
        size, meant = self._course_size(target), named | others
        if len(meant) > MOST_AT_ONCE:
            raise BadUserInput("Too many.", "unmarked")
        bookings = {key: self._booking(key) for key in meant}
        seats = {
            key: Missed(target, booking, size, earned_before=(), standing=self._standing(key))
            for key, booking in bookings.items()
        }
        held = [seat.standing.id for seat in seats.values() if seat.standing is not None]
        return Roster(target, seats, await self.places_of(held))

    def _standing(self, booking_id: UUID) -> MakeUpCredit | None:
        of_booking = (each for each in self.rows.credits.values() if each.missed_booking_id == booking_id)
        return next((each for each in of_booking if each.state not in TAKEN_BACK), None)
