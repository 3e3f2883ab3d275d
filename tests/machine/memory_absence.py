"""An absence as a use case loads it, from plain dictionaries."""

from collections.abc import Set
from uuid import UUID

from domain.cancellation.absence import MOST_AT_ONCE, Absence, too_many
from domain.dates import Dates
from domain.faults import NotFound
from domain.nouns.booking import Booking
from domain.ports import Work
from tests.machine.memory_rows import MemoryStudio


async def locked_absence(
    work: Work, rows: MemoryStudio, client_id: UUID, dates: Dates, shown: Set[UUID], by_staff: bool
) -> Absence:
    """Each of its bookings as it would be loaded by itself."""
    first, end = dates.instants((await work.studio()).zone)
    theirs = {each.id: each for each in rows.bookings.values() if each.client_id == client_id}
    if not theirs.keys() >= shown:
        raise NotFound("There is no such booking.", "expect", "bookingId")

    def is_meant(booking: Booking) -> bool:
        starts_at = rows.sessions[booking.session_id].starts_at
        live = booking.live or booking.changed_at > work.now
        return (live and first <= starts_at < end and starts_at > work.now) or booking.id in shown

    meant = [each for each in theirs.values() if is_meant(each)]
    if len(meant) > MOST_AT_ONCE:
        raise too_many()
    await work.locked_client(client_id)
    by_start = sorted(meant, key=lambda each: (rows.sessions[each.session_id].starts_at, each.id))
    places = [await work.booking_place(each.id) for each in by_start]
    return Absence(dates, tuple([await work.locked_cancellation(place, by_staff) for place in places]))
