"""The load of a swap in plain dictionaries, as a mixin."""

from uuid import UUID

from domain.cancellation.swapping import Swap
from domain.ports import BookingPlace, Work


class SwapsInMemory:
    async def locked_swap(self: Work, place: BookingPlace, session_id: UUID, by_staff: bool) -> Swap:
        cancellation = await self.locked_cancellation(place, by_staff)
        if place.credit_id is None:
            seat = await self.locked_seat_request(session_id, place.client_id)
            return Swap(cancellation, seat, frozenset[UUID]())
        request = await self.locked_make_up_request(session_id, place.client_id, place.credit_id)
        return Swap(cancellation, request, request.siblings)
