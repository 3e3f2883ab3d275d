"""A booking that somebody wants to cancel, with all that decides what this brings."""

from uuid import UUID

from domain.cancellation.cancelling import Cancellation
from domain.issuing.caps import caps_are_decided
from domain.issuing.earning import EarnedBefore
from domain.nouns.session import ScheduledSession
from domain.ports import BookingPlace
from persistence.loads.queues import QueueLoads
from persistence.reads import queries


class CancellationLoads(QueueLoads):
    async def locked_cancellation(self, place: BookingPlace, by_staff: bool) -> Cancellation:
        target = await self.locked_target(place.session_id)
        await self._foresee([place.session_id])
        await self.locked_client(place.client_id)
        return await self._cancellation(place, target, by_staff)

    async def _cancellation(self, place: BookingPlace, target: ScheduledSession, by_staff: bool) -> Cancellation:
        """Once its session and its client are locked. Locks the credits that are foreseen, too."""
        credit = None if place.credit_id is None else await self._locked_credit(place.credit_id)
        # Of what a credit paid no other is born (E3), so none can stand for it.
        standing = None
        if credit is None:
            standing = (await self._locked_standing((place.booking_id,))).get(place.booking_id)
        booking = await self._locked_booking(place.booking_id)
        course_size, earned = await self._course_size(target), await self._earned_before(target, place.client_id)
        return Cancellation(target, booking, course_size, credit, by_staff, earned_before=earned, standing=standing)

    async def _earned_before(self, target: ScheduledSession, client_id: UUID) -> tuple[EarnedBefore, ...]:
        """Asked only where a cap is decided."""
        return await self._earned_by(client_id) if caps_are_decided(target.policy) else ()

    async def _earned_by(self, client_id: UUID) -> tuple[EarnedBefore, ...]:
        """Under the lock of the client, without which nobody earns."""
        key = self.studio_id, client_id
        found = (await queries.earned_before(self.connection, (key,))).get(key, ())
        for each in found:
            self._not_after_now(each.changed_at)
        return found
