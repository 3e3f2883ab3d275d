"""Enrolments that there are: ending them."""

from dataclasses import dataclass
from uuid import UUID

from domain.authority import require_enrolment_of, require_manager
from domain.cancellation import ending
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import Refused
from domain.services.waitlists import record_and_seat


@dataclass(frozen=True)
class EndEnrolment:
    enrolment_id: UUID


async def end_enrolment(work: Work, command: EndEnrolment) -> Done | Refused:
    """C12: by staff; the second time it changes nothing and answers the same."""
    authority = await work.authority()
    require_enrolment_of(authority, (await work.enrolment(command.enrolment_id)).client_id)
    require_manager(authority)
    decision = ending.decide(await work.locked_ending(command.enrolment_id), work.now)
    if decision.events:
        await record_and_seat(work, decision.events)
    return Done(
        studio_id=work.studio_id,
        enrolment=command.enrolment_id,
        bookings=decision.bookings,
        credits=decision.credits,
    )
