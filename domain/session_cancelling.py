"""The studio cancels a session: what each of its seats brings, the preview of that, and the act (E6, E7, C3)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from domain.booking import Attendance, Booking, BookingStatus, CancellationOutcome, EarnedNothing
from domain.cancelling import Verdict
from domain.credit import TAKEN_BACK, CreditOrigin, MakeUpCredit
from domain.earning import Missed, booking_is_paid, earned_credit, terms, validity_has_not_ended
from domain.events import BookingCancelled, CreditIssued, CreditRestored, Event, SessionCancelled
from domain.local_time import local_date
from domain.refusals import FixableBy, Refusal, RefusalCode
from domain.rules import broken, codes_of, rule
from domain.session import Compensation, ScheduledSession, Session, SessionStatus
from domain.validity import NEVER, Expiry, expiring_after

CANCELLED_UNTIL = timedelta(days=7)
"""How long after its end a session can still be cancelled: whoever waited for a teacher in vain tells it later."""


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


@dataclass(frozen=True)
class SessionCancellation:
    """A session that the studio wants to cancel. `seats`: all that are live.

    `ended_with_it`: the bookings that ended when it was cancelled before.
    """

    target: ScheduledSession
    seats: tuple[LiveSeat, ...]
    ended_with_it: tuple[UUID, ...] = field(default=())

    @property
    def session(self) -> Session:
        return self.target.session

    @property
    def done_before(self) -> bool:
        return self.session.status is SessionStatus.CANCELLED


@rule("E6", RefusalCode.SESSION_OVER)
def session_is_not_over_for_long(cancellation: SessionCancellation, now: datetime) -> Refusal | None:
    """A session can be cancelled until seven days of 24 hours after its end, that instant included."""
    latest = cancellation.session.ends_at + CANCELLED_UNTIL
    if now <= latest:
        return None
    return Refusal(
        RefusalCode.SESSION_OVER,
        "The session has been over for too long to be cancelled; grant credits instead.",
        FixableBy.STAFF,
        actual=now,
        required=latest,
        session_id=cancellation.session.id,
    )


@rule("E6", RefusalCode.SESSION_ATTENDED)
def nobody_was_there(cancellation: SessionCancellation, now: datetime) -> Refusal | None:
    """A session has taken place for whoever is marked as having attended it; a wrong mark can be corrected first."""
    attended = sum(seat.booking.attendance is Attendance.ATTENDED for seat in cancellation.seats)
    if not attended:
        return None
    return Refusal(
        RefusalCode.SESSION_ATTENDED,
        f"{attended} clients are marked as having been there, so the session took place.",
        FixableBy.STAFF,
        actual=attended,
        required=0,
        session_id=cancellation.session.id,
    )


@rule("E7", EarnedNothing.ALREADY_CREDITED)
def client_has_no_credit_for_the_session(seat: LiveSeat, now: datetime) -> EarnedNothing | None:
    """Whoever holds a credit for the session, neither undone nor revoked, gets no second."""
    return EarnedNothing.ALREADY_CREDITED if seat.already_credited else None


CANCELLING_RULES = (session_is_not_over_for_long, nobody_was_there)
COMPENSATION_RULES = (client_has_no_credit_for_the_session, booking_is_paid, validity_has_not_ended)
"""E6: all that is asked of a seat that money paid. Caps, deadlines and whether make-ups are enabled are not."""
CODES = (*codes_of(*CANCELLING_RULES), RefusalCode.OUTCOME_CHANGED)
CODES_OF_ALL = (RefusalCode.OUTCOME_CHANGED,)
"""Of all the sessions of a course that are to come: none of them is over."""


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


@dataclass(frozen=True)
class Counts:
    """How many of the seats bring what; `nothing`: how many bring nothing for each of the reasons."""

    bookings: int
    credits: int
    returned: int
    nothing: int
    why_not_earned: tuple[tuple[EarnedNothing, int], ...]


def counts(verdicts: Iterable[Verdict]) -> Counts:
    verdicts = tuple(verdicts)
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    of_nothing = (each.why_not_earned for each in verdicts if each.outcome is CancellationOutcome.NOTHING)
    reasons = Counter(reason for each in of_nothing for reason in each)
    return Counts(
        bookings=len(verdicts),
        credits=outcomes[CancellationOutcome.CREDIT],
        returned=outcomes[CancellationOutcome.CREDIT_RETURNED],
        nothing=outcomes[CancellationOutcome.NOTHING],
        why_not_earned=tuple((reason, reasons[reason]) for reason in EarnedNothing if reasons[reason]),
    )


def foreseen(cancellations: Iterable[SessionCancellation], compensation: Compensation, now: datetime) -> Counts:
    """What cancelling them now would bring in all; of what is cancelled already nothing is left."""
    return counts(judge(seat, compensation, now) for each in cancellations for seat in each.seats)


@dataclass(frozen=True)
class Expected:
    """What the person was shown before confirming: how many credits, how many back, how many seats for nothing."""

    credits: int
    returned: int
    nothing: int


def outcome_changed(expected: Expected, actual: Counts) -> Refusal | None:
    """P1: refuses where the truth is no longer what the preview said."""
    now_so = Expected(actual.credits, actual.returned, actual.nothing)
    if expected == now_so:
        return None
    return Refusal(
        RefusalCode.OUTCOME_CHANGED,
        "Cancelling would now have another outcome than the one expected; ask for the preview again.",
        FixableBy.STAFF,
        actual=_told(now_so),
        required=_told(expected),
    )


def _told(each: Expected) -> str:
    return f"{each.credits} credits, {each.returned} returned, {each.nothing} nothing"


def why_not(
    cancellation: SessionCancellation,
    compensation: Compensation,
    now: datetime,
    expected: Expected | None = None,
) -> tuple[Refusal, ...]:
    """Every reason against cancelling; none where it is cancelled already (C4)."""
    if cancellation.done_before:
        return ()
    if reasons := broken(CANCELLING_RULES, cancellation, now):
        return reasons
    changed = expected and outcome_changed(expected, foreseen((cancellation,), compensation, now))
    return () if changed is None else (changed,)


def why_not_all(
    cancellations: Sequence[SessionCancellation], compensation: Compensation, now: datetime, expected: Expected | None
) -> tuple[Refusal, ...]:
    """P1: every reason against cancelling all that is to come of a course; none where all is cancelled already (C4)."""
    if cancellations and all(each.done_before for each in cancellations):
        return ()
    changed = expected and outcome_changed(expected, foreseen(cancellations, compensation, now))
    return () if changed is None else (changed,)


@dataclass(frozen=True)
class CancelledSeat:
    """`issued`: the credit given. `restored`: the one that comes back, as it was before."""

    seat: LiveSeat
    verdict: Verdict
    issued: MakeUpCredit | None
    restored: MakeUpCredit | None


@dataclass(frozen=True)
class CancelledSession:
    """Its seats as they end now; none where it was cancelled before."""

    session: Session
    seats: tuple[CancelledSeat, ...]
    bookings: tuple[UUID, ...]
    first_time: bool


def decide(
    cancellation: SessionCancellation,
    compensation: Compensation,
    note: str,
    credit_ids: Sequence[UUID],
    now: datetime,
) -> CancelledSession:
    """Cancels it with every live booking. `credit_ids`: one for each seat, should it bring a credit.

    What is cancelled already is answered alike, and nothing happens (C4).
    """
    if cancellation.done_before:
        return CancelledSession(cancellation.session, (), cancellation.ended_with_it, first_time=False)
    seats = tuple(
        _cancelled(seat, compensation, note, credit_id, now)
        for seat, credit_id in zip(cancellation.seats, credit_ids, strict=True)
    )
    bookings = tuple(each.seat.booking.id for each in seats)
    return CancelledSession(cancellation.session, seats, bookings, first_time=True)


def _cancelled(seat: LiveSeat, compensation: Compensation, note: str, credit_id: UUID, now: datetime) -> CancelledSeat:
    verdict = judge(seat, compensation, now)
    given = verdict.outcome is CancellationOutcome.CREDIT
    issued = earned_credit(seat, credit_id, now, CreditOrigin.STUDIO_CANCELLATION, note) if given else None
    return CancelledSeat(seat, verdict, issued, seat.credit)


def events(cancelled: Sequence[CancelledSession], compensation: Compensation, note: str) -> tuple[Event, ...]:
    """By kind, so that each kind can be written at once. A session is cancelled when nobody has a seat in it."""
    new = [each for each in cancelled if each.first_time]
    seats = [seat for each in new for seat in each.seats]
    given_up = (
        BookingCancelled(each.seat.booking, each.verdict.status, each.verdict.outcome, each.verdict.why_not_earned)
        for each in seats
    )
    issued = (CreditIssued(each.issued) for each in seats if each.issued is not None)
    restored = (
        CreditRestored(each.restored, each.seat.booking, each.verdict.expiry or NEVER)
        for each in seats
        if each.restored is not None
    )
    ended = (SessionCancelled(each.session, compensation, note, each.bookings) for each in new)
    return *given_up, *issued, *restored, *ended
