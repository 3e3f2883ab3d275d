"""The load of undoing a cancellation, in plain dictionaries."""

from domain.cancellation.undoing import Undoing
from domain.issuing.earning import Missed
from domain.nouns.credit import CreditOrigin, CreditState, MakeUpCredit
from domain.ports import BookingPlace, Work
from tests.machine.memory_rows import MemoryStudio


async def locked_undoing(work: Work, rows: MemoryStudio, place: BookingPlace, swap_back: bool) -> Undoing:
    seat = await work.locked_seat_request(place.session_id, place.client_id)
    booking, account_id = await work.locked_booking(place), seat.client.account_id
    found = [credit for credit in rows.credits.values() if _brought(place, credit)]
    credit = await work.credit(found[0].id) if found else None
    spent = None
    if credit and credit.state is CreditState.USED and credit.booking_id not in (None, place.booking_id):
        other = await work.booking_place(credit.booking_id)
        target = await work.locked_target(other.session_id)
        spent = Missed(target, await work.locked_booking(other), 0, earned_before=(), standing=None)
    return Undoing(
        *(seat.target, seat.client, seat.already_booked),
        booking=booking,
        enrolment=None if booking.enrolment_id is None else await work.locked_enrolment(booking.enrolment_id),
        credit=credit,
        siblings={each.id for each in rows.clients.values() if account_id and each.account_id == account_id},
        spent=spent,
        swap_back=swap_back,
        ahead=seat.ahead,
    )


def _brought(place: BookingPlace, credit: MakeUpCredit) -> bool:
    """It paid the booking, or its cancellation earned it and it is not undone."""
    if place.credit_id is not None:
        return credit.id == place.credit_id
    earned = credit.origin is CreditOrigin.CANCELLATION and credit.missed_booking_id == place.booking_id
    return earned and credit.state is not CreditState.UNDONE
