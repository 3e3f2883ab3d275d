"""Taking a cancellation back."""

from dataclasses import dataclass
from uuid import UUID

from domain import undoing
from domain.authority import require_seat_of
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused


@dataclass(frozen=True)
class UndoCancellation:
    """`swap_back`: also gives up the booking that the credit has paid, where that is still in time."""

    booking_id: UUID
    swap_back: bool


async def undo_cancellation(work: Work, command: UndoCancellation) -> Done | Refused:
    """C5: by whoever could cancel the booking; the seat is the client's again, and the credit taken back."""
    authority = await work.authority()
    place = await work.booking_place(command.booking_id)
    require_seat_of(authority, place.client_id, place.instructor_id)
    loaded = await work.locked_undoing(place, command.swap_back)
    if not authority.manages_studio:  # while the client's lock was waited for, they may have been linked to another
        authority = await work.authority()
        require_seat_of(authority, place.client_id, place.instructor_id)
    decision = undoing.decide(undoing.within_reach(loaded, authority), work.now)
    if isinstance(decision, Refused):
        return decision
    await work.record(*decision.events)
    return Done(
        studio_id=work.studio_id,
        booking=decision.booking.id,
        bookings=() if decision.given_up is None else (decision.given_up.id,),
        credit=decision.credit and decision.credit.id,
    )
