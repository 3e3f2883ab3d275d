"""A booking that is to be given up, and the seat in another session that its client wants instead."""

from uuid import UUID

from domain.cancellation.swapping import Swap
from domain.faults import NotFound
from domain.ports import BookingPlace
from domain.spending.seats import SeatRequest
from persistence import shapes as s
from persistence import tables as t
from persistence.loads.cancelling import CancellationLoads


class SwapLoads(CancellationLoads):
    async def locked_swap(self, place: BookingPlace, session_id: UUID, by_staff: bool) -> Swap:
        both = {place.session_id, session_id}
        sessions = {each.id: each for each in await self._all(s.SESSION, t.sessions.c.id.in_(both))}
        if session_id not in sessions:
            raise NotFound("There is no such session.", "sessionId")
        await self._foresee([place.session_id], [session_id], place.client_id)
        given_up = await self._scheduled(sessions[place.session_id])
        wanted = await self._scheduled(sessions[session_id])
        scope = wanted.policy.credit_scope
        if place.credit_id is None:
            client, siblings = await self.locked_client(place.client_id), frozenset[UUID]()
        else:
            client, siblings = await self._locked_family(scope, place.client_id, place.credit_id)
        cancellation = await self._cancellation(place, given_up, by_staff)
        booked = await self._booked_sessions(place.client_id, (session_id,))
        ahead = await self._ahead(place.client_id, wanted)
        return Swap(cancellation, SeatRequest(wanted, client, session_id in booked, ahead=ahead), siblings)
