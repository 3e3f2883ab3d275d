"""Whether a seat can be swapped for another, and if not, why: the same decision as `swapSession` (C6), as data."""

import strawberry

from domain.authority import require_client
from domain.cancellation import cancelling, swapping
from domain.cancellation.swapping import Swap
from domain.faults import NotFound
from domain.nouns import session as domain
from domain.spending import make_ups
from persistence.reads.bookable import Bookable
from schema.context import Info
from schema.ids import Kind, expect_in
from schema.nouns.booking import Booking
from schema.nouns.client import siblings_of
from schema.nouns.eligibility import seat_request
from schema.refusals import Refusal


@strawberry.type(description="Whether a booking can be swapped for a seat in a session at this moment.")
class SwapEligibility:
    eligible: bool = strawberry.field(description="Whether `swapSession` would swap it now.")
    reasons: list[Refusal] = strawberry.field(
        description="Every rule that says no, of giving the booking up and of the other seat: `sessionId` tells which."
        " Empty where it is eligible."
    )


async def swap_eligibility(info: Info, wanted: domain.Session, booking_id: str) -> SwapEligibility:
    """P2: for a booking that the viewer may swap; `NotFound` for others."""
    studio_id, load = wanted.studio_id, info.context.load
    authority = await info.context.signed_in_at(studio_id)
    found = await load.booking.load((studio_id, expect_in(studio_id, Kind.BOOKING, booking_id, "bookingId")))
    if found is None or not authority.sees_client(found.client_id):
        raise NotFound("There is no such booking.", "bookingId")
    swap = await _swap(info, Booking.of(found), wanted)
    reasons = swapping.eligibility(swap, info.context.now).reasons
    return SwapEligibility(eligible=not reasons, reasons=[Refusal.of(reason, studio_id) for reason in reasons])


async def _swap(info: Info, booking: Booking, wanted: domain.Session) -> Swap:
    client = (await booking.client(info)).row
    seat = await seat_request(info, wanted, client)
    return Swap(await booking.as_cancellation(info), seat, await siblings_of(info, client))


async def swappable_for(info: Info, booking: Booking) -> Bookable:
    """The same for all sessions of the studio at once, as a condition on them."""
    row, now = booking.row, info.context.now
    require_client(await info.context.authority(row.studio_id), row.client_id)
    cancellation, client = await booking.as_cancellation(info), (await booking.client(info)).row
    studio, brought = cancellation.target.studio, None
    if row.live and not cancelling.why_not(cancellation, now):
        brought = cancelling.credit_brought(cancellation, now)
    credits = () if brought is None else (brought,)
    spendable = make_ups.spendable_for(client, await siblings_of(info, client), credits, studio.policy, now)
    return Bookable.by(studio, client.id, now, spendable, other_than=row.session_id)
