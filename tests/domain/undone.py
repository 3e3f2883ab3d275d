"""Undoing in a studio in memory, for the tests of that."""

from datetime import datetime, timedelta
from uuid import UUID

from domain.credits.ledger import LedgerKind
from domain.nouns.booking import Booking, PaymentState
from domain.outcome import Done
from domain.refusals import RefusalCode
from domain.services.bookings import (
    BookWithMakeUp,
    book_with_make_up,
)
from domain.services.undoing import UndoCancellation, undo_cancellation
from tests.domain.builders import DEADLINE, NOW, START
from tests.domain.studio import StudioInMemory, known

PAID = PaymentState.PAID
ISSUED, REDEEMED, RESTORED = LedgerKind.ISSUED, LedgerKind.REDEEMED, LedgerKind.RESTORED
UNDONE = LedgerKind.UNDONE
A_DAY = timedelta(days=1)
LATER = NOW + timedelta(hours=1)
TARGET = START + A_DAY
TARGETS_DEADLINE = DEADLINE + A_DAY


def undo(studio: StudioInMemory, booking: UUID, now: datetime, by: str = "parent", swap_back: bool = False) -> Done:
    return studio.done(undo_cancellation, UndoCancellation(booking, swap_back), by, now)


def why_not(
    studio: StudioInMemory, booking: UUID, now: datetime, by: str = "parent", swap_back: bool = False
) -> list[RefusalCode]:
    before = studio.rows.copy()
    codes = studio.codes(undo_cancellation, UndoCancellation(booking, swap_back), by, now)
    assert studio.rows == before
    return codes


def given_up(studio: StudioInMemory, **policy: object) -> tuple[UUID, UUID]:
    """A booking that was cancelled in time, and its client."""
    studio.change_policy(**policy)
    client = studio.a_client()
    booking = studio.a_booking(studio.a_session(START, capacity=1), client)
    studio.cancel(booking, NOW)
    return booking, client


def spent(studio: StudioInMemory, client: UUID, now: datetime = LATER, starts_at: datetime = TARGET) -> UUID:
    """A make-up booking of the client's, for the credit that they have."""
    command = BookWithMakeUp(studio.a_session(starts_at), client, None)
    return known(studio.done(book_with_make_up, command, "parent", now).booking)


def booking_of(studio: StudioInMemory, key: UUID) -> Booking:
    return studio.rows.booking(studio.rows.bookings[key])
