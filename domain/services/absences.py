"""Absences: a client gives up all seats between two dates."""

from dataclasses import dataclass
from uuid import UUID

from domain.authority import require_client
from domain.cancellation import absence
from domain.cancellation.absence import Shown
from domain.dates import Dates
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused
from domain.services.paying import require_client_still
from domain.services.waitlists import record_and_seat


@dataclass(frozen=True)
class CancelBookings:
    """`shown`: at most `absence.MOST_AT_ONCE`; None takes whatever comes of each seat."""

    client_id: UUID
    dates: Dates
    shown: Shown | None


async def cancel_bookings(work: Work, command: CancelBookings) -> Done | Refused:
    """C7: by the client's account, or by the studio's owner and managers."""
    authority = await work.authority()
    client_id = (await work.client(command.client_id)).id
    require_client(authority, client_id, "clientId")
    loaded = await work.locked_absence(
        client_id, command.dates, frozenset(command.shown or ()), by_staff=authority.manages_studio
    )
    await require_client_still(work, authority, client_id)
    credit_ids = [work.new_id() for _ in loaded.cancellations]
    decision = absence.decide(loaded, command.shown, credit_ids, work.now)
    if isinstance(decision, Refused):
        return decision
    await record_and_seat(work, decision.events)
    return Done(
        studio_id=work.studio_id,
        client=client_id,
        bookings=decision.bookings,
        changed=decision.changed,
        against=decision.against,
    )
