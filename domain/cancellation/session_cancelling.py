"""The studio cancels a session: the preview of what that brings, and the act (E6)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from domain.cancellation.cancelling import Verdict
from domain.cancellation.compensating import LiveSeat, judge
from domain.credits.validity import NEVER
from domain.events import BookingCancelled, CreditIssued, CreditRestored, Event, SessionCancelled
from domain.issuing.earning import earned_credit
from domain.nouns.booking import Attendance, CancellationOutcome, EarnedNothing
from domain.nouns.credit import CreditOrigin, MakeUpCredit
from domain.nouns.session import Compensation, ScheduledSession, Session, SessionStatus
from domain.refusals import FixableBy, Refusal, RefusalCode
from domain.rules import broken, codes_of, rule

CANCELLED_UNTIL = timedelta(days=7)
"""How long after its end a session can still be cancelled: whoever waited for a teacher in vain tells it later."""


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


CANCELLING_RULES = (session_is_not_over_for_long, nobody_was_there)
CODES = (*codes_of(*CANCELLING_RULES), RefusalCode.OUTCOME_CHANGED)
CODES_OF_ALL = (RefusalCode.OUTCOME_CHANGED,)
"""Of all the sessions of a course that are to come: none of them is over."""


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
