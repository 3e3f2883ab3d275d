"""Taking a cancellation back."""

from dataclasses import dataclass
from uuid import UUID

from domain.authority import Authority, require_seat_of
from domain.cancellation import undoing
from domain.outcome import Done
from domain.ports import BookingPlace, Work
from domain.refusals import Refused
from domain.services.waitlists import seat_those_who_wait, wait_no_longer


@dataclass(frozen=True)
class UndoCancellation:
    """`swap_back`: also gives up the booking that the credit has paid, where that is still in time.

    `gives_up`: which the person was told that it is (P1); None takes whichever it is.
    """

    booking_id: UUID
    swap_back: bool
    gives_up: UUID | None = None


async def undo_cancellation(work: Work, command: UndoCancellation) -> Done | Refused:
    """C5: by whoever could cancel the booking; the seat is the client's again, and the credit taken back."""
    authority = await work.authority()
    place = await work.booking_place(command.booking_id)
    require_seat_of(authority, place.client_id, place.instructor_id)
    shown = None if command.gives_up is None else await work.booking_place(command.gives_up, "givesUp")
    _require_shown(authority, shown)
    loaded = await work.locked_undoing(place, command.swap_back)
    if not authority.manages_studio:  # while the client's lock was waited for, they may have been linked to another
        authority = await work.authority()
        require_seat_of(authority, place.client_id, place.instructor_id)
        _require_shown(authority, shown)
    decision = undoing.decide(undoing.within_reach(loaded, authority), command.gives_up, work.now)
    if isinstance(decision, Refused):
        return decision
    await work.record(*decision.events)
    if loaded.ahead.waits:
        await wait_no_longer(work, place.client_id, [place.session_id])
    await seat_those_who_wait(work, decision.events, {})
    return Done(
        studio_id=work.studio_id,
        booking=decision.booking.id,
        bookings=() if decision.given_up is None else (decision.given_up.id,),
        credit=decision.credit and decision.credit.id,
    )


def _require_shown(authority: Authority, shown: BookingPlace | None) -> None:
    if shown is not None:
        require_seat_of(authority, shown.client_id, shown.instructor_id, "givesUp")
