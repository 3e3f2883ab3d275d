"""Swaps: a client gives up one seat for another, in one step."""

from dataclasses import dataclass
from uuid import UUID

from domain.authority import require_seat_of
from domain.cancellation import swapping
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused
from domain.services.paying import require_client_still
from domain.services.waitlists import seat_those_who_wait, wait_no_longer


@dataclass(frozen=True)
class SwapSession:
    """`session_id`: where the seat is wanted."""

    booking_id: UUID
    session_id: UUID


async def swap_session(work: Work, command: SwapSession) -> Done | Refused:
    """C6: by whoever may cancel the booking. `bookings` are the one given up and the new one."""
    authority = await work.authority()
    place = await work.booking_place(command.booking_id)
    require_seat_of(authority, place.client_id, place.instructor_id)
    swap = await work.locked_swap(place, command.session_id, by_staff=authority.manages_studio)
    await require_client_still(work, authority, place.client_id)
    decision = swapping.decide(swap, work.new_id(), work.new_id(), work.now)
    if isinstance(decision, Refused):
        return decision
    await work.record(*decision.events)
    if swap.wanted.ahead.waits:
        await wait_no_longer(work, place.client_id, [command.session_id])
    await seat_those_who_wait(work, decision.events, {})
    return Done(
        studio_id=work.studio_id,
        bookings=(command.booking_id, decision.booking.id),
        credit=decision.credit.id,
    )
