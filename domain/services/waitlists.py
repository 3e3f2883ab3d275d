"""Waiting lists: joining and leaving them, claiming what is on offer, and seating those who wait."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from domain.authority import client_meant, require_client, require_entry_of
from domain.events import BookingCancelled, CancellationUndone, Event, SeatBooked
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused
from domain.services.paying import make_up_request, require_client_still
from domain.waiting import joining, leaving, seating
from domain.waiting.leaving import Waiter


@dataclass(frozen=True)
class JoinWaitlist:
    """`client_id` None: whose the credit is or, where none is named, the one client that the account manages.

    `with_credit`: a credit is held and will pay, the one named or else the best one (R10); else money will.
    """

    session_id: UUID
    client_id: UUID | None
    with_credit: bool
    credit_id: UUID | None = None


async def join_waitlist(work: Work, command: JoinWaitlist) -> Done | Refused:
    """W1: by the client's account, or by staff for any client. It is consent to be booked when a seat comes."""
    if command.with_credit:
        seat = await make_up_request(work, command.session_id, command.client_id, command.credit_id)
    else:
        authority = await work.authority()
        client_id = client_meant(authority, command.client_id)
        require_client(authority, client_id, "clientId")
        seat = await work.locked_seat_request(command.session_id, client_id)
        await require_client_still(work, authority, client_id)
    decision = joining.decide(seat, work.new_id(), work.now)
    if isinstance(decision, Refused):
        return decision
    await work.record(*decision.events)
    return Done(studio_id=work.studio_id, entry=decision.entry.id, credit=decision.entry.credit_id)


@dataclass(frozen=True)
class LeaveWaitlist:
    entry_id: UUID


async def leave_waitlist(work: Work, command: LeaveWaitlist) -> Done | Refused:
    """W1: by the client's account, or by staff; the second time it changes nothing and answers the same."""
    waiter = await _waiter(work, command.entry_id)
    entry = waiter.waiting.entry
    done = Done(studio_id=work.studio_id, entry=entry.id, credit=entry.credit_id)
    if waiter.left_before:
        return done
    decision = leaving.leave(waiter, work.now)
    if isinstance(decision, Refused):
        return decision
    await work.record(*decision)
    return done


@dataclass(frozen=True)
class ClaimSeat:
    entry_id: UUID


async def claim_seat(work: Work, command: ClaimSeat) -> Done | Refused:
    """W2: a seat that is on offer, for whoever of those who wait claims it first."""
    waiter = await _waiter(work, command.entry_id)
    decision = leaving.claim(waiter, work.new_id(), work.now)
    if isinstance(decision, Refused):
        return decision
    await work.record(*decision.events)
    booking = decision.booking
    return Done(studio_id=work.studio_id, entry=command.entry_id, booking=booking.id, credit=booking.credit_id)


async def _waiter(work: Work, entry_id: UUID) -> Waiter:
    """A1: of a place that the account may act for."""
    authority = await work.authority()
    place = await work.entry_place(entry_id)
    require_entry_of(authority, place.client_id)
    waiter = await work.locked_waiter(place)
    await require_client_still(work, authority, place.client_id, require_entry_of)
    return waiter


async def record_and_seat(work: Work, events: Collection[Event], more: Mapping[UUID, int] | None = None) -> None:
    """Records what an act did and then, last of all (C6), seats those who wait for what it freed (W2).

    `more`: sessions of whose queues something may follow that no cancelled booking tells, with the seats that became
    free in them.
    """
    await work.record(*events)
    await seat_those_who_wait(work, events, more or {})


async def seat_those_who_wait(work: Work, events: Collection[Event], more: Mapping[UUID, int]) -> None:
    """W2: all that follows for the queues, once an act has recorded what it did; see `record_and_seat`."""
    given_up = Counter(event.booking.session_id for event in events if isinstance(event, BookingCancelled))
    # What an act takes again in the same session, as an undo does that gives up another seat there, was never free.
    taken = Counter(event.booking.session_id for event in events if isinstance(event, (SeatBooked, CancellationUndone)))
    freed = {**more, **{key: max(0, seats - taken[key]) for key, seats in given_up.items()}}
    queues = await work.locked_queues(freed.keys())
    booking_ids = [work.new_id() for queue in queues for _ in queue.waiting]
    await work.record(*seating.decide(queues, freed, booking_ids, work.now))


async def wait_no_longer(work: Work, client_id: UUID, session_ids: Iterable[UUID]) -> None:
    """Ends the places of a client on the lists of sessions in which an act has given them a seat."""
    if sessions := frozenset(session_ids):
        await work.record(*seating.with_seats(await work.locked_places(client_id, sessions), work.now))
