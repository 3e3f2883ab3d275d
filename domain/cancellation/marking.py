"""Marking who was there (E5), and what an excused absence earns or, when it is corrected, gives back (C9)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.cancellation.moving import studio_has_not_cancelled_it
from domain.events import AttendanceMarked, CreditIssued, CreditUndone, Event
from domain.issuing.earning import (
    Missed,
    booking_is_paid,
    booking_was_not_paid_with_a_credit,
    earned_credit,
    make_ups_are_enabled,
    no_credit_stands_for_it,
    session_belongs_to_a_course,
    this_kind_of_booking_earns,
    validity_has_not_ended,
)
from domain.nouns.booking import Attendance, EarnedNothing, PaidWith
from domain.nouns.credit import OUTSTANDING, CreditOrigin, MakeUpCredit
from domain.nouns.session import ScheduledSession
from domain.refusals import FixableBy, Refusal, RefusalCode, Refused
from domain.rules import broken, codes_of, rule
from domain.waiting.giving_up import given_up
from domain.waiting.queueing import Place

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Roster:
    """The seats of a session that are to be marked: of each booking what stands for it.

    `places`: by credit those on waiting lists that it holds.
    """

    target: ScheduledSession
    seats: Mapping[UUID, Missed]
    places: Mapping[UUID, tuple[Place, ...]] = field(default_factory=dict[UUID, tuple[Place, ...]])


@rule("E5", RefusalCode.SESSION_NOT_STARTED)
def session_has_started(target: ScheduledSession, now: datetime) -> Refusal | None:
    """Nobody is there or missing before the start; it has started iff now >= start."""
    session = target.session
    if session.started(now):
        return None
    return Refusal(
        RefusalCode.SESSION_NOT_STARTED,
        "The session has not started yet.",
        FixableBy.TIME,
        actual=now,
        required=session.starts_at,
        available_from=session.starts_at,
    )


@rule("E5", RefusalCode.NOT_BOOKED)
def seat_is_booked(seat: Missed, now: datetime) -> Refusal | None:
    """Only who has a seat can be there or miss it; a booking that is cancelled keeps what was marked before."""
    if seat.booking.live:
        return None
    return Refusal(
        RefusalCode.NOT_BOOKED,
        "The booking is cancelled, and the client has no such seat.",
        actual=seat.booking.status.value,
        booking_id=seat.booking.id,
    )


@rule("E5", EarnedNothing.EXCUSED_ABSENCES_DO_NOT_EARN)
def excused_absences_earn(seat: Missed, now: datetime) -> EarnedNothing | None:
    """The studio gives a credit for an absence that it excuses."""
    return None if seat.target.policy.excused_absence_earns else EarnedNothing.EXCUSED_ABSENCES_DO_NOT_EARN


ROSTER_RULES = (studio_has_not_cancelled_it, session_has_started)
SEAT_RULES = (seat_is_booked,)
CODES = codes_of(*ROSTER_RULES, *SEAT_RULES)
# No deadline, for the session has started, and no caps (E9).
EXCUSED_RULES = (
    excused_absences_earn,
    session_belongs_to_a_course,
    make_ups_are_enabled,
    this_kind_of_booking_earns,
    booking_is_paid,
    validity_has_not_ended,
    no_credit_stands_for_it,
)


def why_not_earned(seat: Missed, now: datetime) -> tuple[EarnedNothing, ...]:
    """E5, E3: why excusing the absence would earn nothing now. A make-up booking is asked nothing else."""
    if seat.booking.paid_with is PaidWith.MAKE_UP:
        return broken((booking_was_not_paid_with_a_credit,), seat, now)
    return broken(EXCUSED_RULES, seat, now)


def to_take_back(seat: Missed) -> MakeUpCredit | None:
    """C9: what an absence earned that is not excused after all, if it is unused; time may have expired it."""
    credit = seat.standing
    if credit is None or credit.origin is not CreditOrigin.EXCUSED_ABSENCE or credit.state not in OUTSTANDING:
        return None
    return credit


@dataclass(frozen=True)
class Marked:
    """One booking. `events` is empty where it was marked so already; `why_not_earned` of new excuses only."""

    booking_id: UUID
    events: tuple[Event, ...]
    why_not_earned: tuple[EarnedNothing, ...]
    taken_back: MakeUpCredit | None


def decide(
    roster: Roster, marks: Mapping[UUID, Attendance], credit_ids: Mapping[UUID, UUID], now: datetime
) -> tuple[Marked, ...] | Refused:
    """E5: all of the marks or none. `credit_ids` names the credit of each booking, should one be earned."""
    seats = {key: roster.seats[key] for key in marks}
    against = (reason for seat in seats.values() for reason in broken(SEAT_RULES, seat, now))
    if reasons := (*broken(ROSTER_RULES, roster.target, now), *against):
        return Refused(reasons)
    return tuple(_mark(roster, seat, marks[key], credit_ids[key], now) for key, seat in seats.items())


def _mark(roster: Roster, seat: Missed, attendance: Attendance, credit_id: UUID, now: datetime) -> Marked:
    booking = seat.booking
    if booking.attendance is attendance:
        return Marked(booking.id, (), (), None)
    excused = attendance is Attendance.EXCUSED
    why_not = why_not_earned(seat, now) if excused else ()
    taken_back = None if excused else to_take_back(seat)

    def happened() -> Iterator[Event]:
        yield AttendanceMarked(booking, attendance)
        if excused and not why_not:
            yield CreditIssued(earned_credit(seat, credit_id, now, CreditOrigin.EXCUSED_ABSENCE))
        if taken_back is not None:
            yield CreditUndone(taken_back, booking)
            yield from given_up(roster.places.get(taken_back.id, ()))

    return Marked(booking.id, tuple(happened()), why_not, taken_back)
