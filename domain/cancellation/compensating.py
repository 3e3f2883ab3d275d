"""What the studio gives for the seats of a session that it cancels (E6, E7, C3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.cancellation.cancelling import Verdict
from domain.credits.validity import NEVER, Expiry, expiring_after
from domain.issuing.earning import Missed, booking_is_paid, terms, validity_has_not_ended
from domain.nouns.booking import Booking, BookingStatus, CancellationOutcome, EarnedNothing
from domain.nouns.credit import TAKEN_BACK, MakeUpCredit
from domain.nouns.local_time import local_date
from domain.nouns.session import Compensation, ScheduledSession
from domain.rules import broken, rule


@dataclass(frozen=True)
class LiveSeat(Missed):
    """A live booking of the session. `credit` is the one that paid it, if one did.

    `already_credited`: the client has a credit for this session that counts.
    """

    credit: MakeUpCredit | None
    already_credited: bool


def live_seats(
    target: ScheduledSession, course_size: int, bookings: Iterable[Booking], credits: Iterable[MakeUpCredit]
) -> tuple[LiveSeat, ...]:
    """Of bookings that are live those of one session, each with the credit that paid it.

    `credits`: all that paid them, and all that somebody has for the session.
    """
    session_id, by_id = target.session.id, {credit.id: credit for credit in credits}
    counting = [
        each for each in by_id.values() if each.missed_session_id == session_id and each.state not in TAKEN_BACK
    ]
    holders, standing = {each.client_id for each in counting}, {each.missed_booking_id: each for each in counting}
    return tuple(
        LiveSeat(
            target,
            booking,
            course_size,
            None if booking.credit_id is None else by_id[booking.credit_id],
            booking.client_id in holders,
            earned_before=(),
            standing=standing.get(booking.id),
        )
        for booking in bookings
        if booking.session_id == session_id
    )


@rule("E7", EarnedNothing.ALREADY_CREDITED)
def client_has_no_credit_for_the_session(seat: LiveSeat, now: datetime) -> EarnedNothing | None:
    """Whoever holds a credit for the session, neither undone nor revoked, gets no second."""
    return EarnedNothing.ALREADY_CREDITED if seat.already_credited else None


COMPENSATION_RULES = (client_has_no_credit_for_the_session, booking_is_paid, validity_has_not_ended)
"""E6: all that is asked of a seat that money paid. Caps, deadlines and whether make-ups are enabled are not."""


def judge(seat: LiveSeat, compensation: Compensation, now: datetime) -> Verdict:
    """What the seat brings its client. Preview and act both ask here."""
    if seat.credit is not None:
        lives = returned_expiry(seat.target, seat.credit, now)
        return _verdict(CancellationOutcome.CREDIT_RETURNED, (EarnedNothing.PAID_WITH_CREDIT,), lives)
    if compensation is Compensation.NONE:
        return _verdict(CancellationOutcome.NOTHING, (EarnedNothing.NO_COMPENSATION,))
    if reasons := broken(COMPENSATION_RULES, seat, now):
        return _verdict(CancellationOutcome.NOTHING, reasons)
    return _verdict(CancellationOutcome.CREDIT, (), terms(seat, now))


def _verdict(
    outcome: CancellationOutcome, why_not_earned: tuple[EarnedNothing, ...], expiry: Expiry | None = None
) -> Verdict:
    return Verdict(BookingStatus.CANCELLED, outcome, why_not_earned, expiry)


def returned_expiry(target: ScheduledSession, credit: MakeUpCredit, now: datetime) -> Expiry:
    """C3: the later of its own end and the end of the local date so many days after today's; never stays never."""
    if credit.expires_at is None:
        return NEVER
    zone, days = target.studio.zone, target.policy.studio_cancellation_grace_days
    grace = expiring_after(local_date(now, zone) + timedelta(days=days), zone)
    own = Expiry(credit.expires_at, credit.expires_on)
    return grace if grace.at is not None and grace.at > credit.expires_at else own
