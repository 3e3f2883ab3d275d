"""A cancellation that somebody wants to undo: two seats, if its credit has paid another."""

from uuid import UUID

import sqlalchemy as sa

from domain.cancellation.undoing import Undoing
from domain.faults import ConflictRetry
from domain.issuing.earning import Missed
from domain.nouns.credit import CreditOrigin, CreditState, MakeUpCredit
from domain.ports import BookingPlace
from persistence import shapes as s
from persistence import tables as t
from persistence.loads.queues import QueueLoads


class UndoingLoads(QueueLoads):
    async def locked_undoing(self, place: BookingPlace, swap_back: bool) -> Undoing:
        foreseen = await self._paid_instead(place)
        places = [place] if foreseen is None else [place, foreseen]
        holder_id = place.client_id if place.credit_id is None else (await self.credit(place.credit_id)).client_id
        in_sessions = t.sessions.c.id.in_({each.session_id for each in places})
        sessions = {each.id: each for each in await self._all(s.SESSION, in_sessions)}
        freeing = () if foreseen is None or not swap_back else (foreseen.session_id,)
        await self._foresee(freeing, [place.session_id], place.client_id)
        clients = await self._locked_clients({holder_id, *(each.client_id for each in places)})
        credit = next(iter(await self._locked_credits(_brought(place))), None)
        if _pays_instead(credit, place) != (foreseen and foreseen.booking_id):
            raise ConflictRetry("The credit has come to pay another booking; send the same request again.")
        of_places = t.bookings.c.id.in_({each.booking_id for each in places})
        bookings = {each.id: each for each in await self._all(s.BOOKING, of_places)}
        booking, client = bookings[place.booking_id], clients[place.client_id]
        enrolment = None if booking.enrolment_id is None else await self.locked_enrolment(booking.enrolment_id)
        spent = None
        if foreseen is not None:
            other = await self._scheduled(sessions[foreseen.session_id])
            spent = Missed(other, bookings[foreseen.booking_id], 0, earned_before=(), standing=None)
        target = await self._scheduled(sessions[place.session_id])
        return Undoing(
            target=target,
            client=client,
            already_booked=place.session_id in await self._booked_sessions(client.id, (place.session_id,)),
            booking=booking,
            enrolment=enrolment,
            credit=credit,
            siblings={
                each.id for each in clients.values() if client.account_id and each.account_id == client.account_id
            }
            - {client.id},
            spent=spent,
            swap_back=swap_back,
            ahead=await self._ahead(client.id, target),
        )

    async def _paid_instead(self, place: BookingPlace) -> BookingPlace | None:
        """Not locked, and so only foreseen."""
        rows = await self._rows(
            s.CREDIT.select().where(t.make_up_credits.c.studio_id == self.studio_id, _brought(place))
        )
        booking_id = _pays_instead(s.CREDIT.make_or_none(next(iter(rows), None)), place)
        return None if booking_id is None else await self.booking_place(booking_id)


def _brought(place: BookingPlace) -> sa.ColumnElement[bool]:
    """The credit that paid the booking, or that its cancellation earned and that is not undone."""
    c = t.make_up_credits.c
    if place.credit_id is not None:
        return c.id == place.credit_id
    earned = (c.missed_booking_id == place.booking_id, c.origin == CreditOrigin.CANCELLATION)
    return sa.and_(*earned, c.state != CreditState.UNDONE)


def _pays_instead(credit: MakeUpCredit | None, place: BookingPlace) -> UUID | None:
    """The other booking that the credit pays."""
    if credit is None or credit.state is not CreditState.USED or credit.booking_id == place.booking_id:
        return None
    return credit.booking_id
