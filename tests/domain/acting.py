"""Acts of section 5 in a studio in memory, for the tests of one upon what another has left."""

from datetime import date, datetime, timedelta
from uuid import UUID

from domain.cancellation import absence
from domain.cancellation.absence import Shown
from domain.cancellation.cancelling import Expected
from domain.credits.validity import NEVER
from domain.dates import Dates
from domain.nouns.booking import BookingStatus, CancellationOutcome, EarnedNothing
from domain.nouns.session import Compensation
from domain.outcome import Done
from domain.ports import Work
from domain.refusals import RefusalCode
from domain.services.absences import CancelBookings, cancel_bookings
from domain.services.bookings import BookWithMakeUp, book_with_make_up
from domain.services.moving import MoveSession, move_session
from domain.services.session_cancellations import CancelSession, cancel_session
from domain.services.swaps import SwapSession, swap_session
from tests.domain.builders import A_MICROSECOND, START
from tests.domain.studio import HOUR, StudioInMemory, known

DAY = timedelta(days=1)
CREDIT, RETURNED, NOTHING = CancellationOutcome
BEFORE = START - 2 * DAY
"""In time for a session at START."""
FAR = START + 5 * DAY
MOVED_AT = START - HOUR
MOVED_TO = START + 30 * HOUR
DEADLINE_MOVED = MOVED_TO - DAY
"""The policy's: earlier than the end of the day after the move."""
DAY_ENDS = MOVED_AT + DAY
AROUND_THE_END_OF_THE_DAY = [(DAY_ENDS - A_MICROSECOND, True), (DAY_ENDS, True), (DAY_ENDS + A_MICROSECOND, False)]


def move(studio: StudioInMemory, session: UUID, to: datetime = MOVED_TO, now: datetime = MOVED_AT) -> None:
    studio.done(move_session, MoveSession(session, to, to + HOUR), "manager", now)


def session_of(studio: StudioInMemory, booking: UUID) -> UUID:
    return studio.rows.bookings[booking].session_id


def earned_by(studio: StudioInMemory, client: UUID, start: datetime = FAR) -> tuple[UUID, UUID]:
    """A booking that is cancelled in time, and the credit that it earns."""
    booking = studio.a_booking(studio.a_session(start), client)
    studio.cancel(booking, BEFORE)
    return booking, studio.earned(booking).id


def spend(studio: StudioInMemory, credit: UUID, client: UUID, start: datetime = START, now: datetime = BEFORE) -> UUID:
    command = BookWithMakeUp(studio.a_session(start), client, credit)
    return known(studio.done(book_with_make_up, command, "parent", now).booking)


def swap(studio: StudioInMemory, booking: UUID, session: UUID, now: datetime) -> UUID:
    return studio.done(swap_session, SwapSession(booking, session), "parent", now).bookings[1]


def refused_swap(studio: StudioInMemory, booking: UUID, session: UUID, now: datetime) -> list[RefusalCode]:
    """Nothing changes, and nothing is burnt."""
    rows = studio.rows.copy()
    codes = studio.codes(swap_session, SwapSession(booking, session), "parent", now)
    assert studio.rows == rows
    return codes


def away(studio: StudioInMemory, client: UUID, dates: Dates, now: datetime, shown: Shown | None = None) -> Done:
    return studio.done(cancel_bookings, CancelBookings(client, dates, shown), "parent", now)


def foreseen(studio: StudioInMemory, client: UUID, dates: Dates, now: datetime) -> dict[UUID, Expected | None]:
    """What the preview of an absence says of each seat; None of one that stays."""
    shown: dict[UUID, Expected | None] = {}

    async def look(work: Work) -> Done:
        loaded = await work.locked_absence(client, dates, frozenset(), by_staff=False)
        for part in absence.preview(loaded, work.now):
            verdict = part.given_up and part.given_up.verdict
            told = verdict and Expected(verdict.outcome, (verdict.expiry or NEVER).on)
            shown[part.cancellation.booking.id] = told
        return Done(work.studio_id)

    studio.harness.perform(studio.id, studio.accounts["parent"], now, look)
    return shown


def studio_cancels(
    studio: StudioInMemory, session: UUID, now: datetime, compensation: Compensation = Compensation.CREDITS
) -> Done:
    return studio.done(cancel_session, CancelSession(session, compensation, ""), "manager", now)


Brought = tuple[BookingStatus, CancellationOutcome | None, tuple[EarnedNothing, ...]]


def brought(studio: StudioInMemory, booking: UUID) -> Brought:
    row = studio.rows.bookings[booking]
    return row.status, row.outcome, row.why_not_earned


def local_dates(first: int, last: int) -> Dates:
    """Of December 2026."""
    return Dates(date(2026, 12, first), date(2026, 12, last))
